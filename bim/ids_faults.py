"""The words for what is wrong with an IDS file (bim/ifc/ids_audit)."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bim import reasons
from bim.ifc.records import Reason
from bim.schema_wording import worded

WORDS = {
    "ids.too_large": gettext_lazy("The file is larger than %(mb)s MB."),
    "ids.too_deep": gettext_lazy("The file is nested too deeply, or has too many parts."),
    "ids.not_xml": gettext_lazy("The file is no well-formed XML: %(detail)s"),
    "ids.doctype": gettext_lazy("The file brings a document type (DOCTYPE), which is not accepted."),
    "ids.not_ids": gettext_lazy("The file is no IDS 1.0 file; it begins with “%(name)s”."),
    "ids.schema": gettext_lazy("Against the IDS schema at %(place)s: %(detail)s"),
    "ids.no_title": gettext_lazy("The file has no title."),
    "ids.no_name": gettext_lazy("The specification has no name."),
    "ids.no_version": gettext_lazy("No version of IFC is named."),
    "ids.applies_to_nothing": gettext_lazy("It does not say what it applies to."),
    "ids.asks_nothing": gettext_lazy("It is optional and asks for nothing."),
    "ids.requirements_empty": gettext_lazy("The list of requirements is empty."),
    "ids.prohibited_with_requirements": gettext_lazy("It forbids the elements and yet asks something of them."),
    "ids.occurrence": gettext_lazy(
        "minOccurs %(least)s and maxOccurs %(most)s: neither required, optional nor prohibited."
    ),
    "ids.value_empty": gettext_lazy("An empty value is asked for."),
    "ids.restriction_empty": gettext_lazy("A restriction restricts nothing."),
    "ids.pattern": gettext_lazy("“%(pattern)s” is no valid pattern: %(detail)s"),
    "ids.pattern_costly": gettext_lazy("The pattern “%(pattern)s” could take endless time to compare."),
    "ids.facet_base": gettext_lazy("“%(facet)s” cannot restrict values of the kind %(base)s."),
    "ids.facet_value": gettext_lazy("“%(value)s” is no value for “%(facet)s”."),
    "ids.range": gettext_lazy("The lower bound lies above the upper one: no value can pass."),
    "ids.value_of_object": gettext_lazy("%(name)s holds other entities; it has no value to compare."),
    "ids.value_type": gettext_lazy("“%(value)s” is no value of the type %(type)s (%(name)s)."),
    "ids.base_type": gettext_lazy("Values of %(name)s are of the type %(type)s, not %(base)s."),
    "ids.entity": gettext_lazy("The schema %(schema)s knows no class %(name)s. Classes are written in capitals."),
    "ids.entity_pattern": gettext_lazy("No class of the schema %(schema)s matches “%(name)s”."),
    "ids.no_predefined": gettext_lazy("In %(schema)s the class %(name)s has no predefined types."),
    "ids.predefined": gettext_lazy("In %(schema)s the class %(name)s has no predefined type “%(value)s”."),
    "ids.relation": gettext_lazy("In %(schema)s nothing can be part of %(name)s by %(relation)s."),
    "ids.attribute": gettext_lazy("No class of the schema %(schema)s has an attribute “%(name)s”."),
    "ids.attribute_of": gettext_lazy("In %(schema)s the class %(entity)s has no attribute “%(name)s”."),
    "ids.data_type": gettext_lazy("The schema %(schema)s knows no data type %(name)s."),
    "ids.reserved": gettext_lazy(
        "%(schema)s publishes no set “%(name)s”; Pset_ and Qto_ are reserved for published sets."
    ),
    "ids.property": gettext_lazy("In %(schema)s the set %(set)s has no property “%(name)s”."),
    "ids.optional_without_value": gettext_lazy(
        "An optional requirement (%(facet)s) names no value, so it asks for nothing."
    ),
    "ids.contradiction": gettext_lazy("It applies to %(name)s and demands that they be %(wanted)s."),
}

# These quote what a reader of XML or of its schema says.
QUOTING = ("ids.not_xml", "ids.schema")


def said(reason: Reason | dict[str, Any]) -> str:
    """One fault in the reader's language, with the specification it stands in."""
    code, facts = (reason.code, reason.facts) if isinstance(reason, Reason) else (reason["code"], reason["facts"])
    template = WORDS.get(code)
    if template is None:
        return reasons.said({"code": code, "facts": facts})
    text = str(template) % (facts | {"detail": worded(facts["detail"])} if code in QUOTING else facts)
    where = facts.get("specification")
    return _("“%(where)s”: %(fault)s") % {"where": where, "fault": text} if where else text
