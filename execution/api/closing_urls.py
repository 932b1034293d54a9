"""Addresses of acceptance, settlement and audit."""

from django.urls import path

from execution.api.acceptance import (
    AcceptanceView,
    ClosingFileView,
    DefectCheckView,
    DefectMendView,
    DefectsView,
    OpinionView,
    PaperView,
    RoundResultView,
    RoundsView,
)
from execution.api.closing import (
    AuditModeView,
    ContractSettlementView,
    FindingEvidenceView,
    FindingsView,
    FindingView,
    SettlementReviewView,
    SettlementsView,
    SettlementView,
    TailWorksView,
    WaitingDefectsView,
    WaitingFindingsView,
)

urlpatterns = [
    path("projects/<int:pk>/acceptance/", AcceptanceView.as_view(), name="acceptance"),
    path("projects/<int:pk>/acceptance/rounds/", RoundsView.as_view(), name="acceptance-rounds"),
    path("projects/<int:pk>/acceptance/papers/<slug:kind>/", PaperView.as_view(), name="acceptance-paper"),
    path("acceptance/rounds/<int:pk>/parties/<slug:party>/", OpinionView.as_view(), name="acceptance-opinion"),
    path("acceptance/rounds/<int:pk>/defects/", DefectsView.as_view(), name="defects"),
    path("acceptance/rounds/<int:pk>/<slug:result>/", RoundResultView.as_view(), name="acceptance-result"),
    path("defects/<int:pk>/mend/", DefectMendView.as_view(), name="defect-mend"),
    path("defects/<int:pk>/check/", DefectCheckView.as_view(), name="defect-check"),
    path("projects/<int:pk>/settlements/", SettlementsView.as_view(), name="settlements"),
    path("contracts/<int:pk>/settlement/", ContractSettlementView.as_view(), name="contract-settlement"),
    path("contracts/<int:pk>/tail-works/", TailWorksView.as_view(), name="tail-works"),
    path("settlements/<int:pk>/", SettlementView.as_view(), name="settlement"),
    path("settlements/reviews/<int:pk>/", SettlementReviewView.as_view(), name="settlement-review"),
    path("projects/<int:pk>/findings/", FindingsView.as_view(), name="findings"),
    path("projects/<int:pk>/audit-mode/", AuditModeView.as_view(), name="audit-mode"),
    path("findings/<int:pk>/", FindingView.as_view(), name="finding"),
    path("findings/<int:pk>/evidence/", FindingEvidenceView.as_view(), name="finding-evidence"),
    path("evidence/<slug:kind>/<int:pk>/", ClosingFileView.as_view(), name="closing-file"),
    path("follow-up/findings/", WaitingFindingsView.as_view(), name="follow-up-findings"),
    path("follow-up/defects/", WaitingDefectsView.as_view(), name="follow-up-defects"),
]
