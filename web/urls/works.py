"""The works and what is paid for them: monthly reports, payments, results of the treasury."""

from django.urls import path

from web.views.execution.foresight import forecasts, milestones
from web.views.execution.payments import payment, payment_edit, payment_new, payment_split, payments
from web.views.execution.progress import (
    progress,
    progress_edit,
    progress_new,
    progress_photo,
    progress_photo_add,
    progress_photo_remove,
    progress_report,
)
from web.views.execution.treasury import treasury, treasury_import, treasury_template

urlpatterns = [
    path("projects/<int:pk>/progress/", progress, name="progress"),
    path("projects/<int:pk>/progress/new/", progress_new, name="progress_new"),
    path("projects/<int:pk>/milestones/", milestones, name="milestones"),
    path("projects/<int:pk>/forecasts/", forecasts, name="forecasts"),
    path("progress/<int:pk>/", progress_report, name="progress_report"),
    path("progress/<int:pk>/edit/", progress_edit, name="progress_edit"),
    path("progress/<int:pk>/photos/", progress_photo_add, name="progress_photo_add"),
    path("progress/photos/<int:pk>/", progress_photo, name="progress_photo"),
    path("progress/photos/<int:pk>/remove/", progress_photo_remove, name="progress_photo_remove"),
    path("projects/<int:pk>/payments/", payments, name="payments"),
    path("contracts/<int:pk>/payments/new/", payment_new, name="payment_new"),
    path("payments/<int:pk>/", payment, name="payment"),
    path("payments/<int:pk>/edit/", payment_edit, name="payment_edit"),
    path("payments/<int:pk>/split/", payment_split, name="payment_split"),
    path("treasury/", treasury, name="treasury"),
    path("treasury/template/", treasury_template, name="treasury_template"),
    path("treasury/<int:pk>/", treasury_import, name="treasury_import"),
]
