"""Addresses of asset cards, handovers, titles and the archive."""

from django.urls import path

from assets.api.element_links import AssetElementsFollowView
from assets.api.handover import (
    ArchiveFileView,
    ArchiveVerificationView,
    ArchiveView,
    AssetRemovalView,
    AssetsDraftView,
    AssetsFileView,
    AssetsImportView,
    AssetsView,
    AssetView,
    CaseFileView,
    HandoverDocumentsView,
    HandoverDocumentView,
    HandoverListView,
    HandoverStandingView,
    HandoversView,
    HandoverView,
    TitleCertificateView,
    TitlesView,
    TitleView,
)

urlpatterns = [
    path("projects/<int:pk>/assets/", AssetsView.as_view(), name="assets"),
    path("projects/<int:pk>/assets/draft/", AssetsDraftView.as_view(), name="assets-draft"),
    path("projects/<int:pk>/assets/file/", AssetsFileView.as_view(), name="assets-file"),
    path("projects/<int:pk>/assets/import/", AssetsImportView.as_view(), name="assets-import"),
    path(
        "models/<int:pk>/compare/<int:other>/assets/", AssetElementsFollowView.as_view(), name="asset-elements-follow"
    ),
    path("assets/<int:pk>/", AssetView.as_view(), name="asset"),
    path("assets/<int:pk>/remove/", AssetRemovalView.as_view(), name="asset-remove"),
    path("projects/<int:pk>/handover/standing/", HandoverStandingView.as_view(), name="handover-standing"),
    path("projects/<int:pk>/handovers/", HandoversView.as_view(), name="handovers"),
    path("handovers/<int:pk>/", HandoverView.as_view(), name="handover"),
    path("handovers/<int:pk>/documents/", HandoverDocumentsView.as_view(), name="handover-documents"),
    path("handovers/<int:pk>/documents/<int:file>/", HandoverDocumentView.as_view(), name="handover-document"),
    path("handovers/<int:pk>/list/", HandoverListView.as_view(), name="handover-list"),
    path("projects/<int:pk>/titles/", TitlesView.as_view(), name="titles"),
    path("titles/<int:pk>/", TitleView.as_view(), name="title"),
    path("titles/<int:pk>/certificate/", TitleCertificateView.as_view(), name="title-certificate"),
    path("projects/<int:pk>/archive/", ArchiveView.as_view(), name="archive"),
    path("archive/<int:pk>/verify/", ArchiveVerificationView.as_view(), name="archive-verify"),
    path("items/<int:pk>/case-file/", CaseFileView.as_view(), name="case-file"),
    path("archive/<int:pk>/file/", ArchiveFileView.as_view(), name="archive-file"),
]
