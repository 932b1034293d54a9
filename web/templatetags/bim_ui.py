"""How the status of a model and the classes of its elements are written on the pages."""

from typing import Any

from django import template

from bim.models import BimModel
from bim.states import ModelStatus
from web.templatetags import ui

register = template.Library()

TONES = {
    ModelStatus.QUEUED: "waiting",
    ModelStatus.CHECKING: "running",
    ModelStatus.ACCEPTED: "success",
    ModelStatus.REJECTED: "error",
    ModelStatus.CANCELLED: "ended",
}


@register.simple_tag
def model_state(model: BimModel) -> Any:
    """The chip of a model's status: {% model_state model %}."""
    return ui.state(model.status, model.get_status_display(), tone=TONES[ModelStatus(model.status)])


@register.filter
def measure(value: float) -> str:
    """A physical measure with at most three decimals and thousands separators: 1234.5 → "1,234.5"; never "-0"."""
    text = f"{value:z,.3f}"
    return text.rstrip("0").rstrip(".")


SIGNS = {"m2": "m²", "m3": "m³"}


@register.filter
def unit_sign(unit: str) -> str:
    """m² for m2; every other unit as it is."""
    return SIGNS.get(unit, unit)
