"""What the comparison of quantities says in words: the lights, and why a line has none."""

from django.utils.translation import gettext_lazy

from approvals.model_quantities import LineRow
from approvals.rules.quantities import COUNT, QuantityLight

LIGHTS = {
    QuantityLight.GREEN: gettext_lazy("Agrees"),
    QuantityLight.YELLOW: gettext_lazy("Differs"),
    QuantityLight.RED: gettext_lazy("Differs much"),
}
WHY_NONE = {
    "no_rule": gettext_lazy("Not tied to the model"),
    "not_declared": gettext_lazy("No declared quantity"),
    "no_elements": gettext_lazy("No element fits"),
    "not_authored": gettext_lazy("The model does not say it"),
    "units": gettext_lazy("Counted in other units"),
}
INDICES = {
    "total": gettext_lazy("Total"),
    "works": gettext_lazy("Works part"),
    "concrete": gettext_lazy("Concrete"),
    "steel": gettext_lazy("Steel"),
}
AREA_OF = {
    "IfcBuilding": gettext_lazy("as the buildings of the model say"),
    "IfcBuildingStorey": gettext_lazy("added up from the storeys of the model"),
    "IfcSpace": gettext_lazy("added up from the rooms of the model"),
}


def light_words(row: LineRow) -> str:
    return str(LIGHTS.get(row.light) or WHY_NONE.get(row.why_none, ""))


def quantity_words(name: str) -> str:
    """NetVolume as it is; the count of elements in words."""
    return str(gettext_lazy("Number of elements")) if name == COUNT else name
