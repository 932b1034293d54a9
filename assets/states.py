"""Vocabulary of final account, assets, handover, title and archive (DOMAIN §7)."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class AccountState(models.TextChoices):
    DRAFT = "DRAFT", _("Final account being compiled")
    COMPILED = "COMPILED", _("Final account compiled")
    SUBMITTED = "SUBMITTED", _("Final account submitted")
    APPROVED = "APPROVED", _("Final account approved by finance")


class AssetClass(models.TextChoices):
    """§7.3; public infrastructure is a class of its own."""

    FIXED = "FIXED", _("Fixed assets")
    PUBLIC_INFRA = "PUBLIC_INFRA", _("Public infrastructure")
    CURRENT = "CURRENT", _("Current assets")
    INTANGIBLE = "INTANGIBLE", _("Intangible assets")
    TRANSFER_OUT = "TRANSFER_OUT", _("Investment transferred out")
    WRITEOFF = "WRITEOFF", _("Expenditure to be written off")


class AssetKind(models.TextChoices):
    """The column of form 05."""

    STRUCTURE = "STRUCTURE", _("Buildings and structures")
    EQUIPMENT = "EQUIPMENT", _("Equipment")
    OTHER_FIXED = "OTHER_FIXED", _("Other fixed assets")
    CURRENT = "CURRENT", _("Current asset")
    INTANGIBLE = "INTANGIBLE", _("Intangible asset")


class BatchKind(models.TextChoices):
    """R-LC-08."""

    PROVISIONAL = "PROVISIONAL", _("Provisional handover")
    FINAL = "FINAL", _("Final handover")


class BatchState(models.TextChoices):
    DRAFT = "DRAFT", _("Handover being prepared")
    SIGNED_OVER = "SIGNED_OVER", _("Signed by the unit")
    RECEIVED = "RECEIVED", _("Signed by the receiver")
    CONFIRMED = "CONFIRMED", _("Handover confirmed")
    CANCELLED = "CANCELLED", _("Handover cancelled")


class TitleState(models.TextChoices):
    NOT_REQUIRED = "NOT_REQUIRED", _("No title needed")
    PENDING_PAPERS = "PENDING_PAPERS", _("Papers to be brought")
    FILED = "FILED", _("Application filed")
    REGISTERED = "REGISTERED", _("Registered")
    BLOCKED = "BLOCKED", _("Registration blocked")
