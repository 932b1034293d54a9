"""The end of the works: acceptance, settlement, audit findings, and what is open in all projects."""

from django.urls import path

from web.views.execution.acceptance import (
    acceptance,
    acceptance_close,
    acceptance_opinion,
    acceptance_paper,
    acceptance_round_new,
)
from web.views.execution.closing_file import closing_file
from web.views.execution.defects import defect_check, defect_mend, defect_new
from web.views.execution.findings import audit, audit_mode, finding, finding_edit, finding_new, finding_rectify
from web.views.execution.follow_up import follow_up
from web.views.execution.settlements import (
    settlement_edit,
    settlement_new,
    settlement_review,
    settlements,
    tail_works,
)

urlpatterns = [
    path("projects/<int:pk>/acceptance/", acceptance, name="acceptance"),
    path("projects/<int:pk>/acceptance/rounds/", acceptance_round_new, name="acceptance_round_new"),
    path("projects/<int:pk>/acceptance/papers/<slug:kind>/", acceptance_paper, name="acceptance_paper"),
    path("acceptance/<int:pk>/parties/<slug:party>/", acceptance_opinion, name="acceptance_opinion"),
    path("acceptance/<int:pk>/close/<slug:result>/", acceptance_close, name="acceptance_close"),
    path("acceptance/<int:pk>/defects/", defect_new, name="defect_new"),
    path("defects/<int:pk>/mend/", defect_mend, name="defect_mend"),
    path("defects/<int:pk>/check/", defect_check, name="defect_check"),
    path("projects/<int:pk>/settlements/", settlements, name="settlements"),
    path("contracts/<int:pk>/settlement/", settlement_new, name="settlement_new"),
    path("contracts/<int:pk>/tail-works/", tail_works, name="tail_works"),
    path("settlements/<int:pk>/edit/", settlement_edit, name="settlement_edit"),
    path("settlements/reviews/<int:pk>/", settlement_review, name="settlement_review"),
    path("projects/<int:pk>/audit/", audit, name="audit"),
    path("projects/<int:pk>/audit/mode/", audit_mode, name="audit_mode"),
    path("projects/<int:pk>/audit/findings/new/", finding_new, name="finding_new"),
    path("findings/<int:pk>/", finding, name="finding"),
    path("findings/<int:pk>/edit/", finding_edit, name="finding_edit"),
    path("findings/<int:pk>/rectify/", finding_rectify, name="finding_rectify"),
    path("evidence/<slug:kind>/<int:pk>/", closing_file, name="closing_file"),
    path("follow-up/", follow_up, name="follow_up"),
]
