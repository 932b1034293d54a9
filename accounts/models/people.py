"""Organisations, people and the posts they hold from one day to another."""

from datetime import date

from django.conf import settings
from django.contrib.auth.models import AbstractUser
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.roles import Role


class Organisation(models.Model):
    class Kind(models.TextChoices):
        PROJECT_UNIT = "PROJECT_UNIT", _("Project unit")
        INVESTMENT_AUTHORITY = "INVESTMENT_AUTHORITY", _("Investment authority")
        REVIEW_CENTER = "REVIEW_CENTER", _("Review centre")
        FINANCE = "FINANCE", _("Finance department")
        AUDIT = "AUDIT", _("Audit office")
        ASSET = "ASSET", _("Asset administration")
        COMPETENT_DEPT = "COMPETENT_DEPT", _("Competent department")
        SUPERVISION = "SUPERVISION", _("Discipline inspection")
        CONSTRUCTION_AUTHORITY = "CONSTRUCTION_AUTHORITY", _("Housing and construction authority")
        REGISTRY = "REGISTRY", _("Real-estate registry")
        CO_REVIEW_FIRM = "CO_REVIEW_FIRM", _("Co-review firm")
        PLATFORM = "PLATFORM", _("System operation")

    name = models.CharField(_("name"), max_length=100, unique=True)
    short_name = models.CharField(_("short name"), max_length=30, blank=True)
    kind = models.CharField(_("kind"), max_length=30, choices=Kind.choices)
    document_prefix = models.CharField(_("document number prefix"), max_length=20, blank=True)
    is_active = models.BooleanField(default=True)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class User(AbstractUser):
    class MailChoice(models.TextChoices):
        AT_ONCE = "AT_ONCE", _("At once")
        DAILY = "DAILY", _("One daily digest")
        NEVER = "NEVER", _("In the system only")

    full_name = models.CharField(_("full name"), max_length=50)
    mail_choice = models.CharField(_("e-mail"), max_length=10, choices=MailChoice.choices, default=MailChoice.DAILY)
    language = models.CharField(_("language"), max_length=10, choices=settings.LANGUAGES, default="zh-hans")
    first_name = last_name = None

    def __str__(self) -> str:
        return self.full_name or self.username

    def get_full_name(self) -> str:
        return self.full_name

    def get_short_name(self) -> str:
        return self.full_name


class AppointmentQuerySet(models.QuerySet):
    def on(self, day: date) -> "AppointmentQuerySet":
        """Those held on that day."""
        return self.filter(held_from__lte=day).filter(Q(held_to__isnull=True) | Q(held_to__gte=day))


class Appointment(models.Model):
    """A post somebody holds: this person, in this organisation, in this role, from–to. One acts as one at a time."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="appointments")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="appointments")
    role = models.CharField(max_length=20, choices=Role.choices)
    section = models.CharField(_("section"), max_length=50, blank=True)
    held_from = models.DateField()
    held_to = models.DateField(null=True, blank=True)

    objects = AppointmentQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(held_to__isnull=True) | Q(held_to__gte=F("held_from")),
                name="appointment_ends_after_it_begins",
                violation_error_message=_("A post cannot end before it begins."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.user} · {self.get_role_display()} · {self.organisation}"


class Delegation(models.Model):
    """A substitute (代理) for one post: bounded in time, limited in scope, valid once the substitute has accepted."""

    appointment = models.ForeignKey(Appointment, on_delete=models.PROTECT, related_name="delegations")
    substitute = models.ForeignKey(User, on_delete=models.PROTECT, related_name="substitutions")
    valid_from = models.DateField()
    valid_to = models.DateField()
    item_types = models.JSONField(default=list, blank=True)
    reason = models.CharField(max_length=200)
    proposed_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True, blank=True)
    declined_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_to__gte=F("valid_from")),
                name="delegation_ends_after_it_begins",
                violation_error_message=_("A delegation cannot end before it begins."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.appointment} → {self.substitute}"

    def is_valid_on(self, day: date) -> bool:
        accepted = self.accepted_at is not None and self.revoked_at is None
        return accepted and self.valid_from <= day <= self.valid_to


class Interest(models.Model):
    """Why a person must keep out of an organisation's items (R-SOD-03): worked there, relative, compiled its papers."""

    class Kind(models.TextChoices):
        EMPLOYMENT = "EMPLOYMENT", _("Works or worked there")
        RELATIVE = "RELATIVE", _("A relative works there")
        COMPILED = "COMPILED", _("Compiled the papers earlier")

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="interests")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=12, choices=Kind.choices)
    until = models.DateField(null=True, blank=True)
    note = models.CharField(max_length=200, blank=True)
    declared_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.user} – {self.organisation} ({self.get_kind_display()})"
