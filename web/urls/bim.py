"""The model base: the register, a project's models, one model, the search."""

from django.urls import path

from web.views.bim.assets import assets, assets_file
from web.views.bim.checks import (
    check,
    check_export_file,
    check_failed,
    check_failures,
    checks,
    checks_start,
)
from web.views.bim.compare import (
    compare,
    compare_choose,
    compare_colours,
    compare_file,
    compare_follow,
    compare_follow_assets,
    compare_pair,
    compare_start,
    compare_unpair,
)
from web.views.bim.elements import element, elements
from web.views.bim.ids_files import ids_change, ids_file, ids_upload, library
from web.views.bim.line_elements import line_elements
from web.views.bim.model import model, model_cancel, model_check_again, model_file, model_status
from web.views.bim.project_models import models_of_project
from web.views.bim.register import register
from web.views.bim.search import search
from web.views.bim.topics import (
    snapshot,
    topic,
    topic_comment,
    topic_edit,
    topic_new,
    topics_export,
    topics_import,
    topics_of_project,
    viewpoint,
)
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
    path("items/<int:pk>/lines/<str:code>/elements/", line_elements, name="item_line_elements"),
    path("models/<int:pk>/assets/", assets, name="bim_assets"),
    path("models/<int:pk>/assets/<slug:format_name>/", assets_file, name="bim_assets_file"),
    path("models/<int:pk>/checks/", checks, name="bim_checks"),
    path("models/<int:pk>/checks/start/", checks_start, name="bim_checks_start"),
    path("models/<int:pk>/checks/<int:run>/", check, name="bim_check"),
    path("models/<int:pk>/checks/<int:run>/failed.json", check_failed, name="bim_check_failed"),
    path("models/<int:pk>/checks/<int:run>/results/<int:result>/", check_failures, name="bim_check_failures"),
    path("models/<int:pk>/checks/<int:run>/export/<str:format_name>/", check_export_file, name="bim_check_export"),
    path("models/requirements/", library, name="bim_ids"),
    path("models/requirements/upload/", ids_upload, name="bim_ids_upload"),
    path("models/requirements/<str:key>/file/", ids_file, name="bim_ids_file"),
    path("models/requirements/<str:key>/change/", ids_change, name="bim_ids_change"),
    path("models/<int:pk>/compare/", compare_choose, name="bim_compare_choose"),
    path("models/<int:pk>/compare/<int:other>/", compare, name="bim_compare"),
    path("models/<int:pk>/compare/<int:other>/start/", compare_start, name="bim_compare_start"),
    path("models/<int:pk>/compare/<int:other>/colours.json", compare_colours, name="bim_compare_colours"),
    path("models/<int:pk>/compare/<int:other>/pair/", compare_pair, name="bim_compare_pair"),
    path("models/<int:pk>/compare/<int:other>/pair/<int:pairing>/", compare_unpair, name="bim_compare_unpair"),
    path("models/<int:pk>/compare/<int:other>/items/<int:item>/", compare_follow, name="bim_compare_follow"),
    path("models/<int:pk>/compare/<int:other>/assets/", compare_follow_assets, name="bim_compare_follow_assets"),
    path("models/<int:pk>/compare/<int:other>/<slug:format_name>/", compare_file, name="bim_compare_file"),
    path("projects/<int:pk>/models/", models_of_project, name="bim_project"),
    path("projects/<int:pk>/models/upload/", upload, name="bim_upload"),
    path("projects/<int:pk>/topics/", topics_of_project, name="bim_topics"),
    path("projects/<int:pk>/topics/new/", topic_new, name="bim_topic_new"),
    path("projects/<int:pk>/topics/import/", topics_import, name="bim_topics_import"),
    path("projects/<int:pk>/topics/export/", topics_export, name="bim_topics_export"),
    path("topics/<int:pk>/", topic, name="bim_topic"),
    path("topics/<int:pk>/edit/", topic_edit, name="bim_topic_edit"),
    path("topics/<int:pk>/comment/", topic_comment, name="bim_topic_comment"),
    path("topics/viewpoints/<int:pk>.json", viewpoint, name="bim_viewpoint"),
    path("topics/viewpoints/<int:pk>/snapshot/", snapshot, name="bim_topic_snapshot"),
]
