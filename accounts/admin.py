"""Admin pages for people, organisations and posts (SYS_ADMIN)."""

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.utils.translation import gettext_lazy as _

from accounts.models import Appointment, Interest, Organisation, User


@admin.register(User)
class PersonAdmin(UserAdmin):
    list_display = ["username", "full_name", "email", "is_active"]
    search_fields = ["username", "full_name"]
    fieldsets = (
        (None, {"fields": ("username", "password")}),
        (_("Person"), {"fields": ("full_name", "email", "mail_choice", "language")}),
        (_("Access"), {"fields": ("is_active", "is_staff")}),
    )
    add_fieldsets = ((None, {"classes": ("wide",), "fields": ("username", "full_name", "password1", "password2")}),)


@admin.register(Organisation)
class OrganisationAdmin(admin.ModelAdmin):
    list_display = ["name", "kind", "is_active"]
    list_filter = ["kind"]
    search_fields = ["name"]


@admin.register(Appointment)
class AppointmentAdmin(admin.ModelAdmin):
    list_display = ["user", "organisation", "role", "section", "held_from", "held_to"]
    list_filter = ["role"]
    autocomplete_fields = ["user", "organisation"]


@admin.register(Interest)
class InterestAdmin(admin.ModelAdmin):
    list_display = ["user", "organisation", "kind", "until"]
