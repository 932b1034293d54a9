"""Asset cards, handovers, titles, the archive."""

from django.urls import path

from web.views.handover.archive import (
    archive,
    archive_file,
    archive_make,
    archive_package,
    archive_verify,
    case_file,
)
from web.views.handover.batches import (
    handover,
    handover_attach,
    handover_batch,
    handover_detach,
    handover_document,
    handover_edit,
    handover_new,
    handover_pdf,
    handovers,
)
from web.views.handover.cards import (
    asset,
    asset_edit,
    asset_new,
    asset_remove,
    assets,
    assets_draft,
    assets_export,
    assets_import,
)
from web.views.handover.titles import title, title_attach, title_document, titles

urlpatterns = [
    path("projects/<int:pk>/assets/", assets, name="assets"),
    path("projects/<int:pk>/assets/new/", asset_new, name="asset_new"),
    path("projects/<int:pk>/assets/draft/<int:model>/", assets_draft, name="assets_draft"),
    path("projects/<int:pk>/assets/export/", assets_export, name="assets_export"),
    path("projects/<int:pk>/assets/import/", assets_import, name="assets_import"),
    path("assets/<int:pk>/", asset, name="asset"),
    path("assets/<int:pk>/edit/", asset_edit, name="asset_edit"),
    path("assets/<int:pk>/remove/", asset_remove, name="asset_remove"),
    path("projects/<int:pk>/handover/", handover, name="handover"),
    path("projects/<int:pk>/handover/new/", handover_new, name="handover_new"),
    path("handovers/", handovers, name="handovers"),
    path("handovers/<int:pk>/", handover_batch, name="handover_batch"),
    path("handovers/<int:pk>/edit/", handover_edit, name="handover_edit"),
    path("handovers/<int:pk>/documents/", handover_attach, name="handover_attach"),
    path("handovers/<int:pk>/documents/<int:file>/", handover_document, name="handover_document"),
    path("handovers/<int:pk>/documents/<int:file>/remove/", handover_detach, name="handover_detach"),
    path("handovers/<int:pk>/list.pdf", handover_pdf, name="handover_pdf"),
    path("projects/<int:pk>/titles/", titles, name="titles"),
    path("titles/<int:pk>/", title, name="title"),
    path("titles/<int:pk>/certificate/", title_document, name="title_document"),
    path("titles/<int:pk>/certificate/attach/", title_attach, name="title_attach"),
    path("projects/<int:pk>/archive/", archive, name="archive"),
    path("projects/<int:pk>/archive/make/", archive_make, name="archive_make"),
    path("items/<int:pk>/case-file/", case_file, name="case_file"),
    path("archive/<int:pk>/", archive_package, name="archive_package"),
    path("archive/<int:pk>/file/", archive_file, name="archive_file"),
    path("archive/<int:pk>/verify/", archive_verify, name="archive_verify"),
]
