"""One pass over a model: header, spatial tree, elements, and a summary at the end.

The model is the parser's, or one read from its text (`step_model`), which most are; `reading` decides.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from bim.ifc import relations as rel
from bim.ifc.definitions import Definitions
from bim.ifc.elements import Elements
from bim.ifc.georeference import georeference_of
from bim.ifc.identity import insist_on_identity
from bim.ifc.intake import Prepared
from bim.ifc.records import ElementRow, Header, QuantityRow, Reason, SpatialRow, Summary
from bim.ifc.refusal import refused
from bim.ifc.schema import Schema
from bim.ifc.spatial import SpatialTree
from bim.ifc.step_text import StepText
from bim.ifc.text import text
from bim.ifc.units import Units, units_of

Row = Header | SpatialRow | ElementRow | Summary
Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Source:
    """What is to be read. `words` where the model was read from its text; `complaints` those since the last call."""

    model: Any
    schema: Schema
    prepared: Prepared
    words: StepText | None
    warnings: list[Reason]
    complaints: Callable[[], list[str]]


def extract(source: Source, progress: Progress) -> Iterator[Row]:
    """Header first, then the spatial tree, the elements, last the summary. Raises Refused before the first row."""
    model, schema, prepared = source.model, source.schema, source.prepared
    projects = model.by_type("IfcProject")
    products = list(model.by_type("IfcProduct"))
    _insist_on_content(products, projects)
    insist_on_identity([*projects, *products])
    project = projects[0]
    units = units_of(project, schema)
    yield header_of(model, schema, prepared, project, units)
    relations = rel.invert(model, schema, source.words)
    tree = SpatialTree(model, schema, relations)
    definitions = Definitions(model, schema, units, source.words, relations.shared_sets)
    reader = Elements(schema, relations, tree, definitions)
    counted = Counted(len(products))
    for node in tree.rows(units, reader.facts):
        counted.node(node)
        yield node
    for done, element in enumerate(reader.rows(model, products), 1):
        counted.element(element)
        yield element
        if done % 1000 == 0:
            progress(done, len(products))
    summary = counted.summary
    summary.storeys = len(model.by_type("IfcBuildingStorey"))
    summary.quantities = counted.sums()
    late = _complained(source.complaints())
    said = _warnings(prepared, definitions.quantities.n_unusable, len(projects), units)
    summary.warnings = [*source.warnings, *late, *said]
    yield summary


def _insist_on_content(products: list[Any], projects: Any) -> None:
    if not products:
        raise refused("model.empty")
    if not projects:
        raise refused("model.no_project")


def header_of(model: Any, schema: Schema, prepared: Prepared, project: Any, units: Units) -> Header:
    name, description = model.header.file_name, model.header.file_description
    return Header(
        schema=prepared.named,
        application=text(name.originating_system) or text(name.preprocessor_version),
        author=_joined(name.author),
        organisation=_joined(name.organization),
        timestamp=text(name.time_stamp),
        description=_joined(description.description),
        project_guid=text(schema.value(project, "GlobalId")),
        project_name=text(schema.value(project, "Name")),
        project_long_name=text(schema.value(project, "LongName")),
        units=units.names,
        georeference=georeference_of(model, schema, units),
        encoding=prepared.encoding,
    )


def _joined(parts: Any) -> str:
    return ", ".join(filter(None, (text(part) for part in parts or ())))


def _complained(complaints: list[str]) -> list[Reason]:
    """What the parser found wrong with entities only when it came to them."""
    return [Reason("parse.complaints", {"count": len(complaints), "first": complaints[:3]})] if complaints else []


def _warnings(prepared: Prepared, n_unusable: int, n_projects: int, units: Units) -> Iterator[Reason]:
    if prepared.encoding != "ascii":
        yield Reason("encoding.rewritten", {"encoding": prepared.encoding})
    if n_projects > 1:
        yield Reason("model.several_projects", {"count": n_projects})
    if n_unusable:
        yield Reason("quantity.unusable", {"count": n_unusable})
    if "LENGTHUNIT" not in units.names:
        yield Reason("units.missing", {})


class Counted:
    """Counts what goes by."""

    def __init__(self, n_products: int) -> None:
        self.summary = Summary(products=n_products)
        self._sums: dict[tuple[str, str, str], list[float]] = {}
        self._classes: Counter[str] = Counter()

    def node(self, node: SpatialRow) -> None:
        self.summary.n_properties += len(node.properties)
        self._add(node.quantities)

    def element(self, element: ElementRow) -> None:
        if element.is_element:
            self.summary.elements += 1
            self._classes[element.ifc_class] += 1
        self.summary.n_properties += len(element.properties)
        self._add(element.quantities)

    def _add(self, quantities: tuple[QuantityRow, ...]) -> None:
        self.summary.n_quantities += len(quantities)
        for set_name, name, value, unit in quantities:
            total = self._sums.setdefault((set_name, name, unit), [0.0, 0])
            total[0] += value
            total[1] += 1

    def sums(self) -> list[dict[str, Any]]:
        self.summary.by_class = dict(sorted(self._classes.items()))
        return [
            {"set": set_name, "name": name, "unit": unit, "sum": total, "count": count}
            for (set_name, name, unit), (total, count) in sorted(self._sums.items())
        ]
