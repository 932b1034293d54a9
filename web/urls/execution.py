"""Plans, tenders, contracts, works, changes, payments. Each room adds its own lines."""

from django.urls import path

from web.views.execution.changes import change, change_edit, change_new, changes
from web.views.execution.contract_files import contract_file, contract_file_keep, supplement_file
from web.views.execution.contracts import (
    contract,
    contract_discard,
    contract_edit,
    contract_new,
    contract_supplement,
    contracts,
)
from web.views.execution.control import control_export, control_sheet
from web.views.execution.moving import execution_move
from web.views.execution.tenders import (
    objection_answer,
    tender,
    tender_discard,
    tender_edit,
    tender_new,
    tender_object,
    tenders,
)

urlpatterns = [
    path("execution/<slug:kind>/<int:pk>/moves/<slug:move>/", execution_move, name="execution_move"),
    path("projects/<int:pk>/tenders/", tenders, name="tenders"),
    path("projects/<int:pk>/tenders/new/", tender_new, name="tender_new"),
    path("tenders/<int:pk>/", tender, name="tender"),
    path("tenders/<int:pk>/edit/", tender_edit, name="tender_edit"),
    path("tenders/<int:pk>/discard/", tender_discard, name="tender_discard"),
    path("tenders/<int:pk>/objections/", tender_object, name="tender_object"),
    path("tenders/objections/<int:pk>/answer/", objection_answer, name="tender_objection_answer"),
    path("projects/<int:pk>/contracts/", contracts, name="contracts"),
    path("projects/<int:pk>/contracts/new/", contract_new, name="contract_new"),
    path("contracts/<int:pk>/", contract, name="contract"),
    path("contracts/<int:pk>/edit/", contract_edit, name="contract_edit"),
    path("contracts/<int:pk>/discard/", contract_discard, name="contract_discard"),
    path("contracts/<int:pk>/file/", contract_file, name="contract_file"),
    path("contracts/<int:pk>/file/keep/", contract_file_keep, name="contract_file_keep"),
    path("supplements/<int:pk>/file/", supplement_file, name="supplement_file"),
    path("contracts/<int:pk>/supplements/", contract_supplement, name="contract_supplement"),
    path("contracts/<int:pk>/changes/new/", change_new, name="change_new"),
    path("projects/<int:pk>/control/", control_sheet, name="control"),
    path("projects/<int:pk>/control/export/", control_export, name="control_export"),
    path("projects/<int:pk>/changes/", changes, name="changes"),
    path("changes/<int:pk>/", change, name="change"),
    path("changes/<int:pk>/edit/", change_edit, name="change_edit"),
]
