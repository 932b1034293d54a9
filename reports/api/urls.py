"""Addresses of the reports."""

from django.urls import path

from reports.api.life import LifeView
from reports.api.views import ReportFileView, ReportsView, ReportView
from reports.api.waiting import WaitingView

urlpatterns = [
    path("projects/<int:pk>/life/", LifeView.as_view(), name="project-life"),
    path("waiting/", WaitingView.as_view(), name="waiting"),
    path("reports/", ReportsView.as_view(), name="reports"),
    path("reports/<slug:code>/", ReportView.as_view(), name="report"),
    path("reports/<slug:code>/file/", ReportFileView.as_view(), name="report-file"),
]
