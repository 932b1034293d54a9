"""Addresses of the works and what is paid for them."""

from django.urls import path

from execution.api.payments import (
    ContractPaymentsView,
    PaymentFundingView,
    PaymentsLedgerView,
    PaymentStandingView,
    PaymentView,
    ProjectPaymentsView,
    TreasuryImportsView,
    TreasuryImportView,
)
from execution.api.progress import (
    ForecastsView,
    MilestonesView,
    MilestoneView,
    PhotoView,
    ReportPhotosView,
    ReportsView,
    ReportView,
)

urlpatterns = [
    path("projects/<int:pk>/progress/", ReportsView.as_view(), name="progress-reports"),
    path("projects/<int:pk>/milestones/", MilestonesView.as_view(), name="milestones"),
    path("projects/<int:pk>/forecasts/", ForecastsView.as_view(), name="forecasts"),
    path("progress/<int:pk>/", ReportView.as_view(), name="progress-report"),
    path("progress/<int:pk>/photos/", ReportPhotosView.as_view(), name="progress-photos"),
    path("progress/photos/<int:pk>/", PhotoView.as_view(), name="progress-photo"),
    path("milestones/<int:pk>/", MilestoneView.as_view(), name="milestone"),
    path("projects/<int:pk>/payments/", ProjectPaymentsView.as_view(), name="project-payments"),
    path("projects/<int:pk>/payments/standing/", PaymentStandingView.as_view(), name="payment-standing"),
    path("contracts/<int:pk>/payments/", ContractPaymentsView.as_view(), name="contract-payments"),
    path("treasury/imports/", TreasuryImportsView.as_view(), name="treasury-imports"),
    path("treasury/imports/<int:pk>/", TreasuryImportView.as_view(), name="treasury-import"),
    path("payments/", PaymentsLedgerView.as_view(), name="payments-ledger"),
    path("payments/<int:pk>/", PaymentView.as_view(), name="payment"),
    path("payments/<int:pk>/funding/", PaymentFundingView.as_view(), name="payment-funding"),
]
