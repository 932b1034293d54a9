"""Pages of the system administrator for people, organisations and interests. Posts are given on /posts/ (SEC_ADMIN).

Nothing else is shown here: no business row, no token, no sign-in log. Being a superuser opens nothing; only whoever acts
as SYS_ADMIN gets in, and every change goes through accounts/services/registry.py into the trace.
"""

from typing import Any

from axes.models import AccessAttempt, AccessFailureLog, AccessLog
from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.models import Group
from django.db import transaction
from django.forms import ModelForm
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from django_tasks_db.models import DBTaskResult
from rest_framework.authtoken.models import TokenProxy

from accounts.models import Interest, Organisation, User
from accounts.services import registry

for model in (Group, TokenProxy, AccessAttempt, AccessFailureLog, AccessLog, DBTaskResult):
    if admin.site.is_registered(model):
        admin.site.unregister(model)


class KeptInTheTrace(admin.ModelAdmin):
    """Only for the system administrator; nothing is deleted, and what is saved is traced."""

    def _may(self, request: HttpRequest, obj: Any = None) -> bool:
        actor = getattr(request, "actor", None)
        return request.user.is_staff and actor is not None and registry.may_keep(actor) is None

    has_view_permission = has_add_permission = has_change_permission = has_module_permission = _may

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: Any, form: ModelForm, change: bool) -> None:
        registry.keep(obj, actor=request.actor, changed=form.changed_data)


@admin.register(User)
class PersonAdmin(KeptInTheTrace, UserAdmin):
    list_display = ["username", "full_name", "email", "is_active"]
    list_filter = ["is_active"]
    search_fields = ["username", "full_name"]
    fieldsets = (
        (None, {"fields": ("username", "password")}),
        (_("Person"), {"fields": ("full_name", "email", "mail_choice", "language")}),
        (_("Access"), {"fields": ("is_active", "is_staff")}),
    )
    add_fieldsets = ((None, {"classes": ("wide",), "fields": ("username", "full_name", "password1", "password2")}),)

    @transaction.atomic
    def user_change_password(self, request: HttpRequest, id: str, form_url: str = "") -> HttpResponse:
        response = super().user_change_password(request, id, form_url)
        if request.method == "POST" and response.status_code == 302:
            registry.note_password(User.objects.get(pk=id), actor=request.actor)
        return response


@admin.register(Organisation)
class OrganisationAdmin(KeptInTheTrace):
    list_display = ["name", "kind", "is_active"]
    list_filter = ["kind"]
    search_fields = ["name"]


@admin.register(Interest)
class InterestAdmin(KeptInTheTrace):
    list_display = ["user", "organisation", "kind", "until"]
    autocomplete_fields = ["user", "organisation"]
