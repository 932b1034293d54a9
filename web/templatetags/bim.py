"""How what a model says is written on the pages."""

from django import template

from bim.class_names import class_name

register = template.Library()


@register.filter
def ifc_class(name: str) -> str:
    """ "IfcWall" → 墙."""
    return class_name(name)
