"""Classification references: system, code, title."""

from typing import Any

from bim.ifc.schema import Schema
from bim.ifc.text import text

DEEPEST = 20  # references to references


class Classifications:
    """Rows per reference, each followed once."""

    def __init__(self, schema: Schema) -> None:
        self._schema = schema
        self._known: dict[int, tuple[str, str, str]] = {}

    def rows(self, references: list[Any]) -> tuple[tuple[str, str, str], ...]:
        if not references:
            return ()
        return tuple(dict.fromkeys(self._row(one) for one in references))

    def _row(self, reference: Any) -> tuple[str, str, str]:
        key = reference.id()
        if key not in self._known:
            self._known[key] = self._read(reference)
        return self._known[key]

    def _read(self, reference: Any) -> tuple[str, str, str]:
        value = self._schema.value
        if reference.is_a() == "IfcClassification":
            return (text(value(reference, "Name")), "", "")
        if reference.is_a() == "IfcClassificationNotation":
            facets = value(reference, "NotationFacets") or ()
            return ("", ".".join(text(value(facet, "NotationValue")) for facet in facets), "")
        code = value(reference, "Identification") or value(reference, "ItemReference")
        return (self._system(reference), text(code), text(value(reference, "Name")))

    def _system(self, reference: Any) -> str:
        source = reference
        for _step in range(DEEPEST):
            source = self._schema.value(source, "ReferencedSource")
            if source is None:
                return ""
            if source.is_a() == "IfcClassification":
                return text(self._schema.value(source, "Name"))
        return ""
