"""Addresses of building models and of what belongs to them."""

from django.urls import path

from bim.api.assets import AssetDraftView
from bim.api.checks import (
    CheckBcfView,
    CheckFailuresView,
    CheckRunView,
    ModelChecksView,
    RequirementsView,
    RequirementView,
)
from bim.api.compare import ComparisonPairsView, ComparisonPairView, ComparisonRowsView, ComparisonView
from bim.api.models import (
    ElementsView,
    ElementView,
    ModelCancelView,
    ModelCheckAgainView,
    ModelFileView,
    ModelsOfProjectView,
    ModelsView,
    ModelView,
)
from bim.api.search import ModelSearchView
from bim.api.topics import (
    TopicCommentsView,
    TopicsExportView,
    TopicsImportView,
    TopicSnapshotView,
    TopicsView,
    TopicView,
    TopicViewpointsView,
)

urlpatterns = [
    path("models/", ModelsView.as_view(), name="models"),
    path("models/search/", ModelSearchView.as_view(), name="models-search"),
    path("models/<int:pk>/", ModelView.as_view(), name="model"),
    path("models/<int:pk>/file/", ModelFileView.as_view(), name="model-file"),
    path("models/<int:pk>/cancel/", ModelCancelView.as_view(), name="model-cancel"),
    path("models/<int:pk>/check-again/", ModelCheckAgainView.as_view(), name="model-check-again"),
    path("models/<int:pk>/elements/", ElementsView.as_view(), name="model-elements"),
    path("models/<int:pk>/elements/<str:guid>/", ElementView.as_view(), name="model-element"),
    path("models/requirements/", RequirementsView.as_view(), name="requirements"),
    path("models/requirements/<str:key>/", RequirementView.as_view(), name="requirement"),
    path("models/<int:pk>/checks/", ModelChecksView.as_view(), name="model-checks"),
    path("models/<int:pk>/checks/<int:run>/", CheckRunView.as_view(), name="model-check"),
    path(
        "models/<int:pk>/checks/<int:run>/results/<int:result>/",
        CheckFailuresView.as_view(),
        name="model-check-failures",
    ),
    path("models/<int:pk>/checks/<int:run>/bcf/<str:version>/", CheckBcfView.as_view(), name="model-check-bcf"),
    path("models/<int:pk>/assets/", AssetDraftView.as_view(), name="model-assets"),
    path("models/<int:pk>/compare/<int:other>/", ComparisonView.as_view(), name="model-compare"),
    path("models/<int:pk>/compare/<int:other>/rows/", ComparisonRowsView.as_view(), name="model-compare-rows"),
    path("models/<int:pk>/compare/<int:other>/pairs/", ComparisonPairsView.as_view(), name="model-compare-pairs"),
    path(
        "models/<int:pk>/compare/<int:other>/pairs/<int:pairing>/",
        ComparisonPairView.as_view(),
        name="model-compare-pair",
    ),
    path("projects/<int:pk>/models/", ModelsOfProjectView.as_view(), name="project-models"),
    path("projects/<int:pk>/topics/", TopicsView.as_view(), name="project-topics"),
    path("projects/<int:pk>/topics/import/", TopicsImportView.as_view(), name="project-topics-import"),
    path("projects/<int:pk>/topics/export/", TopicsExportView.as_view(), name="project-topics-export"),
    path("topics/<int:pk>/", TopicView.as_view(), name="topic"),
    path("topics/<int:pk>/comments/", TopicCommentsView.as_view(), name="topic-comments"),
    path("topics/<int:pk>/viewpoints/", TopicViewpointsView.as_view(), name="topic-viewpoints"),
    path("topics/<int:pk>/viewpoints/<int:viewpoint>/snapshot/", TopicSnapshotView.as_view(), name="topic-snapshot"),
]
