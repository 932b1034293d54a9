"""Addresses of the works and what is paid for them."""

from django.urls import path

from execution.api.payments import (
    ContractPaymentsView,
    PaymentFundingView,
    PaymentsLedgerView,
    PaymentStandingView,
    PaymentView,
    ProjectPaymentsView,
)

urlpatterns = [
    path("projects/<int:pk>/payments/", ProjectPaymentsView.as_view(), name="project-payments"),
    path("projects/<int:pk>/payments/standing/", PaymentStandingView.as_view(), name="payment-standing"),
    path("contracts/<int:pk>/payments/", ContractPaymentsView.as_view(), name="contract-payments"),
    path("payments/", PaymentsLedgerView.as_view(), name="payments-ledger"),
    path("payments/<int:pk>/", PaymentView.as_view(), name="payment"),
    path("payments/<int:pk>/funding/", PaymentFundingView.as_view(), name="payment-funding"),
]
