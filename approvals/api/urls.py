"""Addresses of approval items and of what belongs to them."""

from django.urls import path

from approvals.api.cost_lines import CostImportView, CostLinesView, CostReviewView
from approvals.api.documents import DocumentPdfView, DocumentsView, VerificationView
from approvals.api.items import DeadlineView, ItemsOfProjectView, ItemsView, ItemView, TraceView
from approvals.api.materials import (
    DefectView,
    MaterialCommentsView,
    MaterialFileView,
    MaterialsView,
    MaterialVersionsView,
    NotApplicableView,
)
from approvals.api.model_quantities import (
    ComparedModelsView,
    ElementLinksView,
    ElementLinkView,
    QuantitiesView,
    QuantityRulesView,
    QuantityRuleView,
    QuantityTemplatesView,
)
from approvals.api.moves import BulkMoveView, ItemMoveView, ProjectMoveView
from approvals.api.objections import ObjectionAnswerView, ObjectionsView, PublicityView

urlpatterns = [
    path("projects/<int:pk>/moves/<slug:move>/", ProjectMoveView.as_view(), name="project-move"),
    path("projects/<int:pk>/items/", ItemsOfProjectView.as_view(), name="project-items"),
    path("items/", ItemsView.as_view(), name="items"),
    path("items/moves/<slug:move>/", BulkMoveView.as_view(), name="items-move"),
    path("items/<int:pk>/", ItemView.as_view(), name="item"),
    path("items/<int:pk>/moves/<slug:move>/", ItemMoveView.as_view(), name="item-move"),
    path("items/<int:pk>/deadline/", DeadlineView.as_view(), name="deadline"),
    path("items/<int:pk>/trace/", TraceView.as_view(), name="trace"),
    path("items/<int:pk>/documents/", DocumentsView.as_view(), name="documents"),
    path("items/<int:pk>/cost-lines/", CostLinesView.as_view(), name="cost-lines"),
    path("items/<int:pk>/cost-lines/review/", CostReviewView.as_view(), name="cost-review"),
    path("items/<int:pk>/cost-lines/import/", CostImportView.as_view(), name="cost-import"),
    path("items/<int:pk>/quantities/", QuantitiesView.as_view(), name="quantities"),
    path("items/<int:pk>/quantities/rules/", QuantityRulesView.as_view(), name="quantity-rules"),
    path("items/<int:pk>/quantities/rules/<int:rule>/", QuantityRuleView.as_view(), name="quantity-rule"),
    path("items/<int:pk>/quantities/shipped-rules/", QuantityTemplatesView.as_view(), name="quantity-templates"),
    path("items/<int:pk>/quantities/links/", ElementLinksView.as_view(), name="element-links"),
    path("items/<int:pk>/quantities/links/<int:link>/", ElementLinkView.as_view(), name="element-link"),
    path("items/<int:pk>/quantities/models/", ComparedModelsView.as_view(), name="compared-models"),
    path("items/<int:pk>/materials/", MaterialsView.as_view(), name="materials"),
    path("items/<int:pk>/materials/<slug:code>/versions/", MaterialVersionsView.as_view(), name="material-versions"),
    path(
        "items/<int:pk>/materials/<slug:code>/versions/<int:number>/file/",
        MaterialFileView.as_view(),
        name="material-file",
    ),
    path("items/<int:pk>/materials/<slug:code>/not-applicable/", NotApplicableView.as_view(), name="not-applicable"),
    path("items/<int:pk>/materials/<slug:code>/comments/", MaterialCommentsView.as_view(), name="material-comments"),
    path("items/<int:pk>/defects/<int:defect>/", DefectView.as_view(), name="defect"),
    path("items/<int:pk>/objections/", ObjectionsView.as_view(), name="objections"),
    path("items/<int:pk>/objections/<int:objection>/answer/", ObjectionAnswerView.as_view(), name="objection-answer"),
    path("publicity/", PublicityView.as_view(), name="publicity"),
    path("documents/<int:pk>/pdf/", DocumentPdfView.as_view(), name="document-pdf"),
    path("verify/<slug:token>/", VerificationView.as_view(), name="verify"),
]
