"""Addresses of the reports."""

from django.urls import path

from reports.api.views import ReportFileView, ReportsView, ReportView

urlpatterns = [
    path("reports/", ReportsView.as_view(), name="reports"),
    path("reports/<slug:code>/", ReportView.as_view(), name="report"),
    path("reports/<slug:code>/file/", ReportFileView.as_view(), name="report-file"),
]
