"""Addresses of signing in."""

from django.urls import path

from accounts.api.sign_in import MeView, TokenRevocationView, TokenView

urlpatterns = [
    path("token/", TokenView.as_view(), name="token"),
    path("token/revoke/", TokenRevocationView.as_view(), name="token-revoke"),
    path("me/", MeView.as_view(), name="me"),
]
