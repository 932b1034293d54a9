"""Addresses of final accounts."""

from django.urls import path

from assets.api.accounts import (
    AccountAllocateView,
    AccountBookView,
    AccountDeclareView,
    AccountDeferredView,
    AccountFormView,
    AccountTailsView,
    AccountView,
    ProjectAccountsView,
)

urlpatterns = [
    path("projects/<int:pk>/final-accounts/", ProjectAccountsView.as_view(), name="project-final-accounts"),
    path("final-accounts/<int:pk>/", AccountView.as_view(), name="final-account"),
    path("final-accounts/<int:pk>/forms/<slug:form>/", AccountFormView.as_view(), name="final-account-form"),
    path("final-accounts/<int:pk>/deferred/", AccountDeferredView.as_view(), name="final-account-deferred"),
    path("final-accounts/<int:pk>/tails/", AccountTailsView.as_view(), name="final-account-tails"),
    path("final-accounts/<int:pk>/allocate/", AccountAllocateView.as_view(), name="final-account-allocate"),
    path("final-accounts/<int:pk>/declare/", AccountDeclareView.as_view(), name="final-account-declare"),
    path("final-accounts/<int:pk>/book/<slug:format_name>/", AccountBookView.as_view(), name="final-account-book"),
]
