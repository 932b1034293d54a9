"""Reports, their files, and work done in the background."""

from django.urls import path

from web.views.reports import jobs, pages

urlpatterns = [
    path("reports/", pages.index, name="reports"),
    path("reports/<slug:code>/", pages.report, name="report"),
    path("reports/<slug:code>/export/", pages.export, name="report_export"),
    path("jobs/", jobs.mine, name="jobs"),
    path("jobs/<int:pk>/", jobs.job, name="job"),
    path("jobs/<int:pk>/file/", jobs.fetch, name="job_file"),
    path("jobs/<int:pk>/again/", jobs.again, name="job_again"),
]
