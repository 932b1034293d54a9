"""Addresses of plans, contracts, works and payments. Each room adds its own lines."""

from django.urls import path

from execution.api.contract_files import ContractFileView, SupplementFileView
from execution.api.contracts import (
    ChangeView,
    ContractChangesView,
    ContractsView,
    ContractView,
    ProjectChangesView,
    SupplementsView,
    TenderObjectionAnswerView,
    TenderObjectionsView,
    TendersView,
    TenderView,
)
from execution.api.control import ControlView
from execution.api.moves import ExecutionMovesView, ExecutionMoveView

urlpatterns = [
    path("execution/<slug:kind>/<int:pk>/moves/", ExecutionMovesView.as_view(), name="execution-moves"),
    path("execution/<slug:kind>/<int:pk>/moves/<slug:move>/", ExecutionMoveView.as_view(), name="execution-move"),
    path("projects/<int:pk>/tenders/", TendersView.as_view(), name="tenders"),
    path("tenders/<int:pk>/", TenderView.as_view(), name="tender"),
    path("tenders/<int:pk>/objections/", TenderObjectionsView.as_view(), name="tender-objections"),
    path("tenders/objections/<int:pk>/answer/", TenderObjectionAnswerView.as_view(), name="tender-objection-answer"),
    path("projects/<int:pk>/contracts/", ContractsView.as_view(), name="contracts"),
    path("contracts/<int:pk>/", ContractView.as_view(), name="contract"),
    path("contracts/<int:pk>/file/", ContractFileView.as_view(), name="contract-file"),
    path("supplements/<int:pk>/file/", SupplementFileView.as_view(), name="supplement-file"),
    path("contracts/<int:pk>/supplements/", SupplementsView.as_view(), name="supplements"),
    path("contracts/<int:pk>/changes/", ContractChangesView.as_view(), name="contract-changes"),
    path("projects/<int:pk>/control/", ControlView.as_view(), name="control"),
    path("projects/<int:pk>/changes/", ProjectChangesView.as_view(), name="changes"),
    path("changes/<int:pk>/", ChangeView.as_view(), name="change"),
]
