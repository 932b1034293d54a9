"""How the verdict of a check is shown."""

from typing import Any

from django import template
from django.utils.safestring import SafeString

from bim.check_wording import TONES
from bim.class_names import class_name
from bim.models.check import Verdict
from web.templatetags import ui

register = template.Library()


@register.simple_tag
def verdict_state(verdict: Any) -> SafeString:
    """The chip of a verdict: {% verdict_state run.verdict %}."""
    one = Verdict(verdict)
    return ui.state(one, one.label, tone=TONES[one])


@register.filter
def class_words(ifc_class: str) -> str:
    """What a class of IFC is called in words."""
    return str(class_name(ifc_class))
