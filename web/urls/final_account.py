"""The final account."""

from django.urls import path

from web.views.assets.final_account import (
    account_allocate,
    account_book,
    account_declare,
    account_deferred,
    account_edit,
    account_form,
    account_page,
    account_tails,
    final_account,
)

urlpatterns = [
    path("projects/<int:pk>/final-account/", final_account, name="final_account"),
    path("final-accounts/<int:pk>/", account_page, name="account_page"),
    path("final-accounts/<int:pk>/edit/", account_edit, name="account_edit"),
    path("final-accounts/<int:pk>/forms/<str:form>/", account_form, name="account_form"),
    path("final-accounts/<int:pk>/deferred/", account_deferred, name="account_deferred"),
    path("final-accounts/<int:pk>/tails/", account_tails, name="account_tails"),
    path("final-accounts/<int:pk>/allocate/", account_allocate, name="account_allocate"),
    path("final-accounts/<int:pk>/declare/", account_declare, name="account_declare"),
    path("final-accounts/<int:pk>/book/", account_book, name="account_book"),
]
