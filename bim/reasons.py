"""The words for why a model is refused, and for what to know about an accepted one. One place for page, API and command."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bim.ifc.records import Reason

WORDS = {
    "file.empty": gettext_lazy("The file is empty."),
    "file.too_large": gettext_lazy("The file is larger than %(mb)s MB."),
    "file.binary": gettext_lazy("The file is binary data, not an IFC model in STEP text."),
    "file.not_ifc": gettext_lazy("The file is no IFC model: it does not begin with ISO-10303-21."),
    "file.xml": gettext_lazy("IFC in XML is not accepted. Please export the model as .ifc (STEP)."),
    "file.truncated": gettext_lazy(
        "The file is incomplete: its end mark END-ISO-10303-21 is missing. Please export or transfer it again."
    ),
    "encoding.utf16": gettext_lazy("The file is encoded in UTF-16. Please export it as standard IFC."),
    "encoding.unknown": gettext_lazy(
        "The characters in line %(line)s are neither UTF-8 nor GB18030. Please export the model with standard encoding."
    ),
    "header.no_schema": gettext_lazy("The file's header names no IFC schema (FILE_SCHEMA)."),
    "schema.unsupported": gettext_lazy("The schema %(schema)s is not accepted. Accepted: %(accepted)s."),
    "zip.damaged": gettext_lazy("The archive is damaged."),
    "zip.bomb": gettext_lazy("The archive unpacks to far more than it should (over %(mb)s MB)."),
    "zip.no_model": gettext_lazy("The archive contains no .ifc file."),
    "zip.several": gettext_lazy("The archive contains %(count)s models. Please upload one model per file."),
    "zip.encrypted": gettext_lazy("The archive is protected by a password."),
    "zip.method": gettext_lazy(
        "The archive is packed by a method that is not accepted (%(method)s). Please pack it as ordinary ZIP (Deflate)."
    ),
    "parse.failed": gettext_lazy("The file cannot be read as IFC: %(detail)s"),
    "model.empty": gettext_lazy("The model is empty: not one building element or spatial structure could be read."),
    "model.no_project": gettext_lazy("The model contains no IfcProject."),
    "model.damaged": gettext_lazy(
        "The file is damaged: it names %(expected)s products and only %(found)s could be read."
    ),
    "entity.unknown": gettext_lazy(
        "The schema %(schema)s does not know these classes of the file: %(names)s. The header may name the wrong schema."
    ),
    "number.repeated": gettext_lazy("The file is damaged: the entity number #%(number)s is used twice."),
    "guid.repeated": gettext_lazy("%(count)s GlobalIds are used by more than one product: %(guids)s."),
    "guid.unusable": gettext_lazy("%(count)s products have no valid GlobalId: %(entities)s."),
    "limit.memory": gettext_lazy("Reading the model needs more memory than is allowed."),
    "limit.time": gettext_lazy("Reading the model took longer than is allowed (%(seconds)s seconds)."),
    "limit.output": gettext_lazy("The model holds more data than is allowed."),
    "reader.failed": gettext_lazy("The file is damaged in a way that stopped the reader: %(detail)s"),
    "reader.crashed": gettext_lazy("The file is damaged in a way that crashed the reader."),
    # What to know about an accepted one
    "parse.complaints": gettext_lazy("The reader found %(count)s errors in the file, among them: %(first)s"),
    "entity.skipped": gettext_lazy("Left out, because the schema %(schema)s does not know these classes: %(names)s."),
    "reference.dangling": gettext_lazy("%(count)s references lead to entities that are not in the file."),
    "encoding.rewritten": gettext_lazy(
        "The file contains characters in %(encoding)s, which the IFC standard does not allow; they were converted."
    ),
    "model.several_projects": gettext_lazy("The file contains %(count)s projects; the first one counts."),
    "quantity.unusable": gettext_lazy("%(count)s quantities are no numbers and were left out."),
    "file.changed": gettext_lazy("The stored file is missing or is not what was handed in."),
    "units.missing": gettext_lazy("The file names no unit of length; metres are assumed."),
}
PHASES = {
    "checking": gettext_lazy("Checking the file"),
    "opening": gettext_lazy("Opening the model"),
    "reading": gettext_lazy("Reading the elements"),
    "keeping": gettext_lazy("Keeping what was read"),
    "drawing": gettext_lazy("Working out the shapes"),
    "examining": gettext_lazy("Checking against the requirements"),
}


def said(reason: Reason | dict[str, Any]) -> str:
    """The reason in the reader's language; its bare code if the product no longer knows it."""
    code, facts = (
        (reason.code, reason.facts) if isinstance(reason, Reason) else (reason["code"], reason.get("facts", {}))
    )
    template = WORDS.get(code)
    if template is None:
        return code
    try:
        return str(template) % {name: _listed(value) for name, value in facts.items()}
    except (KeyError, TypeError, ValueError):
        return str(template)


def phase(code: str) -> str:
    return str(PHASES.get(code, code))


def _listed(value: Any) -> Any:
    return _(", ").join(map(str, value)) if isinstance(value, list | tuple) else value
