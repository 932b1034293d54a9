"""What is read out of an IFC file, as plain values. All measures are SI (m, m², m³, kg, s); angles in degrees."""

from dataclasses import dataclass, field
from typing import Any, NamedTuple

Value = str | float | int | bool | None


@dataclass(frozen=True)
class Reason:
    """Why a file is refused, or what to know about an accepted one. `facts` fill the words shown to people."""

    code: str
    facts: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Header:
    """The file as a whole. `units` maps kind to the file's own unit, e.g. {"LENGTHUNIT": "MILLIMETRE"}."""

    schema: str
    application: str = ""
    author: str = ""
    organisation: str = ""
    timestamp: str = ""
    description: str = ""
    project_guid: str = ""
    project_name: str = ""
    project_long_name: str = ""
    units: dict[str, str] = field(default_factory=dict)
    georeference: dict[str, Value] = field(default_factory=dict)
    encoding: str = "ascii"


@dataclass(slots=True)
class SpatialRow:
    """A node of the spatial tree: IfcProject, site, building, storey, space, road, bridge, part …"""

    guid: str
    ifc_class: str
    name: str
    long_name: str = ""
    elevation: float | None = None
    parent: str = ""
    properties: tuple["PropertyRow", ...] = ()
    quantities: tuple["QuantityRow", ...] = ()


class PropertyRow(NamedTuple):
    """One property of one element, of its own or of its type. `unit` as the file says it, empty for pure values."""

    set_name: str
    name: str
    value: str
    number: float | None = None
    unit: str = ""


class QuantityRow(NamedTuple):
    """One authored quantity. `unit` is m, m2, m3, kg, s or empty (count); `value` in that unit."""

    set_name: str
    name: str
    value: float
    unit: str


@dataclass(slots=True)
class ElementRow:
    """One IfcElement (or another product that is no spatial node: alignment, signal, annotation … `is_element` tells)."""

    guid: str
    ifc_class: str
    is_element: bool
    has_shape: bool
    predefined_type: str = ""
    name: str = ""
    tag: str = ""
    type_name: str = ""
    type_guid: str = ""
    spatial: str = ""
    storey: str = ""
    host: str = ""
    materials: tuple[str, ...] = ()
    classifications: tuple[tuple[str, str, str], ...] = ()
    at: tuple[float, float, float] | None = None
    properties: tuple[PropertyRow, ...] = ()
    quantities: tuple[QuantityRow, ...] = ()


@dataclass
class Summary:
    """The last word on a file: what was counted. `elements` are instances of IfcElement, `storeys` of IfcBuildingStorey.

    `quantities` sums up the authored ones by set, name and unit, of elements and of spatial nodes.
    """

    elements: int = 0
    storeys: int = 0
    products: int = 0
    by_class: dict[str, int] = field(default_factory=dict)
    quantities: list[dict[str, Any]] = field(default_factory=list)
    n_properties: int = 0
    n_quantities: int = 0
    warnings: list[Reason] = field(default_factory=list)


def plain(row: Any) -> dict[str, Any]:
    """The row as JSON values."""
    return {name: getattr(row, name) for name in row.__dataclass_fields__}
