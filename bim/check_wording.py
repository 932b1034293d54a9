"""The words of checks: what is asked, what is wrong, in the reader's language. One place for page, API and export."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from bim.class_names import NAMES, class_name
from bim.ids_library import MINIMUM, Requirements
from bim.models import CheckFailure, CheckResult, CheckRun
from bim.models.check import Verdict

MINIMUM_SET = {
    "project_code": gettext_lazy("The project's code stands in the model"),
    "georeference": gettext_lazy("The model says where it stands (georeference)"),
    "storeys": gettext_lazy("Every storey has a name"),
    "spaces": gettext_lazy("Every room has a number, a function and a net floor area"),
    "element_types": gettext_lazy("Every element has a type"),
    "classification": gettext_lazy("Every element has a classification code"),
    "material_grade": gettext_lazy("Load-bearing walls and columns name the grade of their material"),
    "fire_rating": gettext_lazy("Doors and walls have a fire rating"),
    "equipment": gettext_lazy("Equipment has asset tag, maker, model, serial number and warranty"),
}
REASONS = {
    "no_project": gettext_lazy("The model has no IfcProject."),
    "no_project_code": gettext_lazy("The project code %(detail)s does not stand in IfcProject."),
    "no_georeference": gettext_lazy(
        "Neither a coordinate system with a conversion nor the place of the site is given."
    ),
    "no_name": gettext_lazy("No name."),
    "no_storeys": gettext_lazy("The building has no storeys."),
    "no_type": gettext_lazy("No type."),
    "no_classification": gettext_lazy("No classification code."),
    "no_grade": gettext_lazy("No grade of the material. Material: %(detail)s"),
    "space_incomplete": gettext_lazy("Missing: %(detail)s"),
    "no_fire_rating": gettext_lazy("No fire rating."),
    "equipment_incomplete": gettext_lazy("Missing: %(detail)s"),
    "schema": gettext_lazy("Not meant for the schema of the model: %(detail)s"),
    "stumbled": gettext_lazy("Could not be examined: %(detail)s"),
    "forbidden": gettext_lazy("There must be no such element."),
    "nothing_applies": gettext_lazy("The model has no such element, but one is required."),
    "entity.name": gettext_lazy("It is of the class %(detail)s."),
    "entity.predefinedtype": gettext_lazy("Its predefined type is “%(detail)s”."),
    "attribute.novalue": gettext_lazy("The attribute is missing."),
    "attribute.falsey": gettext_lazy("The attribute is empty."),
    "attribute.value": gettext_lazy("The value is “%(detail)s”."),
    "attribute.prohibited": gettext_lazy("The attribute has a value that is forbidden."),
    "classification.novalue": gettext_lazy("No classification code."),
    "classification.value": gettext_lazy("The code is “%(detail)s”."),
    "classification.system": gettext_lazy("The classification system is “%(detail)s”."),
    "classification.prohibited": gettext_lazy("It has a classification that is forbidden."),
    "partof.novalue": gettext_lazy("It belongs to nothing of the kind."),
    "partof.entity": gettext_lazy("It belongs to: %(detail)s"),
    "partof.predefinedtype": gettext_lazy("What it belongs to is of the type “%(detail)s”."),
    "partof.prohibited": gettext_lazy("It belongs to something it must not belong to."),
    "property.nopset": gettext_lazy("The property set is missing."),
    "property.novalue": gettext_lazy("The property is missing or empty."),
    "property.datatype": gettext_lazy("The property is of the data type %(detail)s."),
    "property.value": gettext_lazy("The value is “%(detail)s”."),
    "property.prohibited": gettext_lazy("It has a property that is forbidden."),
    "material.novalue": gettext_lazy("No material."),
    "material.value": gettext_lazy("The material is “%(detail)s”."),
    "material.prohibited": gettext_lazy("It has a material that is forbidden."),
}
MISSING = {
    "number": gettext_lazy("number"),
    "function": gettext_lazy("function"),
    "NetFloorArea": gettext_lazy("net floor area"),
    "code": gettext_lazy("asset tag"),
    "manufacturer": gettext_lazy("maker"),
    "model": pgettext_lazy("of equipment", "model"),
    "serial": gettext_lazy("serial number"),
    "warranty_end": gettext_lazy("warranty"),
}
UPPER = {name.upper(): name for name in NAMES}
OF_THE_WHOLE = ("project_code", "georeference")  # they look at the model, not at its elements
LISTED = ("space_incomplete", "equipment_incomplete")
OPTIONS = {
    "minInclusive": "≥ %s",
    "minExclusive": "> %s",
    "maxInclusive": "≤ %s",
    "maxExclusive": "< %s",
}
TONES = {
    Verdict.PASSED: "success",
    Verdict.FAILED: "error",
    Verdict.NOT_CHECKED: "waiting",
    Verdict.NOT_APPLICABLE: "ended",
}


def title_of(requirements: Requirements | CheckRun) -> str:
    return _("Minimum set of the city") if requirements.key == MINIMUM else requirements.title


def result_name(result: CheckResult) -> str:
    """The check of the minimum set, or the specification of the IDS file."""
    if result.code in MINIMUM_SET and not result.requirement:
        return str(MINIMUM_SET[result.code])
    return result.specification


def is_of_the_whole(result: CheckResult) -> bool:
    """Whether there is nothing to count: one answer for the model."""
    return result.code in OF_THE_WHOLE and not result.requirement


def reason_text(failure: CheckFailure) -> str:
    """Why an element fails; the bare code if the product no longer knows it."""
    detail = failure.detail
    if failure.reason in LISTED:
        detail = _(", ").join(str(MISSING.get(one, one)) for one in detail.split(", "))
    template = REASONS.get(failure.reason)
    return str(template) % {"detail": detail or "—"} if template else failure.reason


def requirement_text(asked: dict[str, Any]) -> str:
    """One facet of an IDS file as a sentence."""
    kind = asked.get("facet", "")
    wanted = _value(asked.get("value"))
    if kind == "Entity":
        text = _("Class %(name)s") % {"name": _classes(asked)}
    elif kind == "Attribute":
        text = _("Attribute %(name)s") % {"name": _value(asked.get("name"))}
    elif kind == "Classification":
        text = _("Classification %(system)s") % {"system": _value(asked.get("system"))}
    elif kind == "PartOf":
        text = _("Part of %(name)s") % {"name": _classes(asked)}
    elif kind == "Property":
        names = {"set": _value(asked.get("propertySet")), "name": _value(asked.get("baseName"))}
        text = _("Property %(set)s.%(name)s") % names
    elif kind == "Material":
        text = _("Material")
    else:
        return ""
    if wanted:
        text = f"{text} = {wanted}"
    cardinality = asked.get("cardinality", "required")
    if cardinality == "prohibited":
        return _("%(what)s must not be there") % {"what": text}
    if cardinality == "optional":
        return _("%(what)s, if it is there") % {"what": text}
    return text


def applies_text(facets: list[dict[str, Any]]) -> str:
    """What a specification applies to."""
    return _(", ").join(requirement_text(facet) for facet in facets)


def _classes(asked: dict[str, Any]) -> str:
    name = asked.get("name")
    names = _names(name)
    said = _(", ").join(_class(one) for one in names) if names else _value(name)
    predefined = _value(asked.get("predefinedType"))
    return f"{said} ({predefined})" if predefined else said


def _class(upper: str) -> str:
    """IFCWALL → "Wall IfcWall" in the reader's language; as it is where nobody has named the class."""
    name = UPPER.get(upper)
    return f"{class_name(name)} {name}" if name else upper


def _names(value: Any) -> list[str]:
    if isinstance(value, str):
        return [value]
    options = value.get("options", {}) if isinstance(value, dict) else {}
    return list(options.get("enumeration", ()))


def _value(value: Any) -> str:
    """A simple value, or the words of a restriction."""
    if not isinstance(value, dict):
        return str(value or "")
    parts = []
    for kind, said in value.get("options", {}).items():
        if kind == "enumeration":
            parts.append(_(" or ").join(map(str, said)))
        elif kind == "pattern":
            parts.append(_("pattern %(pattern)s") % {"pattern": said})
        elif kind in OPTIONS:
            parts.append(OPTIONS[kind] % said)
        else:
            parts.append(f"{kind} {said}")
    return _(", ").join(parts)
