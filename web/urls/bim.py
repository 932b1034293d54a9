"""The model base: the register, a project's models, one model, the search."""

from django.urls import path

from web.views.bim.assets import assets, assets_file
from web.views.bim.elements import element, elements
from web.views.bim.model import model, model_cancel, model_check_again, model_file, model_status
from web.views.bim.project_models import models_of_project
from web.views.bim.register import register
from web.views.bim.search import search
from web.views.bim.upload import upload
from web.views.bim.viewer import geometry, model_tree, viewer

urlpatterns = [
    path("models/", register, name="bim"),
    path("models/search/", search, name="bim_search"),
    path("models/<int:pk>/", model, name="bim_model"),
    path("models/<int:pk>/status/", model_status, name="bim_status"),
    path("models/<int:pk>/file/", model_file, name="bim_file"),
    path("models/<int:pk>/cancel/", model_cancel, name="bim_cancel"),
    path("models/<int:pk>/check-again/", model_check_again, name="bim_check_again"),
    path("models/<int:pk>/view/", viewer, name="bim_viewer"),
    path("models/<int:pk>/tree.json", model_tree, name="bim_model_tree"),
    path("models/<int:pk>/geometry.glb", geometry, name="bim_geometry"),
    path("models/<int:pk>/elements/", elements, name="bim_elements"),
    path("models/<int:pk>/elements/<str:guid>/", element, name="bim_element"),
    path("models/<int:pk>/assets/", assets, name="bim_assets"),
    path("models/<int:pk>/assets/<slug:format_name>/", assets_file, name="bim_assets_file"),
    path("projects/<int:pk>/models/", models_of_project, name="bim_project"),
    path("projects/<int:pk>/models/upload/", upload, name="bim_upload"),
]
