"""Addresses of building models and of what belongs to them."""

from django.urls import path

from bim.api.assets import AssetDraftView
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

urlpatterns = [
    path("models/", ModelsView.as_view(), name="models"),
    path("models/search/", ModelSearchView.as_view(), name="models-search"),
    path("models/<int:pk>/", ModelView.as_view(), name="model"),
    path("models/<int:pk>/file/", ModelFileView.as_view(), name="model-file"),
    path("models/<int:pk>/cancel/", ModelCancelView.as_view(), name="model-cancel"),
    path("models/<int:pk>/check-again/", ModelCheckAgainView.as_view(), name="model-check-again"),
    path("models/<int:pk>/elements/", ElementsView.as_view(), name="model-elements"),
    path("models/<int:pk>/elements/<str:guid>/", ElementView.as_view(), name="model-element"),
    path("models/<int:pk>/assets/", AssetDraftView.as_view(), name="model-assets"),
    path("projects/<int:pk>/models/", ModelsOfProjectView.as_view(), name="project-models"),
]
