"""Vocabulary of the model register (DOMAIN §10)."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class ModelStage(models.TextChoices):
    """The deliverables of DOMAIN §10, in the order of a project's life."""

    CONCEPT = "CONCEPT", _("Concept model")
    PRELIMINARY = "PRELIMINARY", _("Preliminary design model")
    DRAWINGS = "DRAWINGS", _("Construction drawing model")
    CONSTRUCTION = "CONSTRUCTION", _("Construction model")
    AS_BUILT = "AS_BUILT", _("As-built model")


class Discipline(models.TextChoices):
    COMBINED = "COMBINED", _("All disciplines")
    ARCHITECTURE = "ARCHITECTURE", _("Architecture")
    STRUCTURE = "STRUCTURE", _("Structure")
    PLUMBING = "PLUMBING", _("Water supply and drainage")
    HVAC = "HVAC", _("Heating, ventilation and air conditioning")
    ELECTRICAL = "ELECTRICAL", _("Electrical")
    ROAD = "ROAD", _("Roads")
    BRIDGE = "BRIDGE", _("Bridges and tunnels")
    LANDSCAPE = "LANDSCAPE", _("Landscape and site")
    OTHER = "OTHER", _("Other discipline")


class ModelStatus(models.TextChoices):
    QUEUED = "QUEUED", _("Waiting for the check")
    CHECKING = "CHECKING", _("Being read and checked")
    ACCEPTED = "ACCEPTED", _("Accepted model")
    REJECTED = "REJECTED", _("Refused model")
    CANCELLED = "CANCELLED", _("Check cancelled")


class GeometryStatus(models.TextChoices):
    NONE = "NONE", _("No geometry yet")
    RUNNING = "RUNNING", _("Geometry being converted")
    READY = "READY", _("Geometry ready")
    FAILED = "FAILED", _("Geometry could not be converted")
