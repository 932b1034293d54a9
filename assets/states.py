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


# The assets of form 04 (交付使用资产): their values add up to what is delivered; the others are forms 07 and 08.
DELIVERED = (AssetClass.FIXED, AssetClass.PUBLIC_INFRA, AssetClass.CURRENT, AssetClass.INTANGIBLE)


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


OPEN_BATCH = (BatchState.DRAFT, BatchState.SIGNED_OVER, BatchState.RECEIVED)


class TitlePaper(models.TextChoices):
    """K01 of §2.2: what the registry wants to see."""

    APPLICATION = "APPLICATION", _("Application for registration")
    IDENTITY = "IDENTITY", _("Proof of identity of the applicant")
    LAND_RIGHT = "LAND_RIGHT", _("Source of the right to the land")
    PLANNING = "PLANNING", _("Proof of conformity with planning")
    COMPLETION = "COMPLETION", _("Proof of completion")
    SURVEY = "SURVEY", _("Survey report of the real estate")
    TAX = "TAX", _("Receipts of taxes and fees")


class TitleState(models.TextChoices):
    NOT_REQUIRED = "NOT_REQUIRED", _("No title needed")
    PENDING_PAPERS = "PENDING_PAPERS", _("Papers to be brought")
    FILED = "FILED", _("Application filed")
    REGISTERED = "REGISTERED", _("Registered")
    BLOCKED = "BLOCKED", _("Registration blocked")
