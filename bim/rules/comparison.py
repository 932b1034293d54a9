"""What is different between the two elements of a pair. Lengths in metres, measures in SI units."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from math import dist, isclose

Point = tuple[float, float, float]

STILL = 0.01  # metres within which a thing has not moved
SAME_SHAPE = 1e-4  # of area, volume and spread: half a millimetre on five metres
SAME_MEASURE = 1e-6


class Kind(StrEnum):
    """What may be different between the two elements of a pair."""

    CLASS = "CLASS"
    NAME = "NAME"
    TYPE = "TYPE"
    MATERIAL = "MATERIAL"
    STOREY = "STOREY"
    MOVED = "MOVED"
    GEOMETRY = "GEOMETRY"
    QUANTITY = "QUANTITY"
    PROPERTY = "PROPERTY"
    CLASSIFICATION = "CLASSIFICATION"


class Geometry(StrEnum):
    """`NONE`: neither element has a shape of its own. Not compared is never “the same”."""

    SAME = "SAME"
    CHANGED = "CHANGED"
    NOT_COMPARED = "NOT_COMPARED"
    NONE = "NONE"


@dataclass(frozen=True)
class Shape:
    """What a shape is, whatever its triangles: where its surface has its middle, area, volume, and how it spreads.

    `spread` holds xx, yy, zz, xy, xz, yz of the surface around its middle, in the axes of the model (m²).
    """

    middle: Point
    area: float
    volume: float
    spread: tuple[float, ...]

    def equals(self, other: "Shape") -> bool:
        """Up to `SAME_SHAPE`, wherever it stands."""
        size = max(sum(self.spread[:3]), sum(other.spread[:3]))
        return (
            isclose(self.area, other.area, rel_tol=SAME_SHAPE, abs_tol=1e-9)
            and isclose(self.volume, other.volume, rel_tol=SAME_SHAPE, abs_tol=1e-4 * self.area * size**0.5)
            and all(
                abs(one - two) <= SAME_SHAPE * size + 1e-9 for one, two in zip(self.spread, other.spread, strict=True)
            )
        )


@dataclass(frozen=True)
class Measure:
    """One quantity: its value and unit (m, m2, m3, kg, s or empty)."""

    value: float
    unit: str = ""


@dataclass(frozen=True)
class Element:
    """What is compared of one element. `at` is where its own coordinates begin; names of facts are “set.name”."""

    guid: str
    ifc_class: str
    name: str = ""
    tag: str = ""
    type_name: str = ""
    storey: str = ""
    material: str = ""
    at: Point | None = None
    has_shape: bool = False
    shape: Shape | None = None
    quantities: Mapping[str, Measure] = field(default_factory=dict)
    properties: Mapping[str, str] = field(default_factory=dict)
    codes: tuple[str, ...] = ()

    @property
    def family(self) -> str:
        """The class without what only says how the tool made it: IfcWallStandardCase is a wall."""
        return self.ifc_class.removesuffix("StandardCase").removesuffix("ElementedCase")

    @property
    def place(self) -> Point | None:
        return self.shape.middle if self.shape else self.at


def plus(place: Point, shift: Point | None) -> Point:
    return place if shift is None else (place[0] + shift[0], place[1] + shift[1], place[2] + shift[2])


def minus(one: Point, other: Point) -> Point:
    return (one[0] - other[0], one[1] - other[1], one[2] - other[2])


@dataclass(frozen=True)
class Change:
    """One difference. `old` and `new` as text, empty where there was nothing; figures where both are measures."""

    kind: Kind
    name: str = ""
    old: str = ""
    new: str = ""
    delta: float | None = None
    percent: float | None = None
    unit: str = ""


@dataclass(frozen=True)
class Difference:
    """All that is different in a pair, and whether its geometry could be compared."""

    changes: list[Change]
    geometry: Geometry

    @property
    def kinds(self) -> list[Kind]:
        held = {change.kind for change in self.changes}
        return [kind for kind in Kind if kind in held]


def difference(old: Element, new: Element, shift: Point | None = None) -> Difference:
    """`shift`: what the whole model was moved by."""
    geometry = geometry_of(old, new)
    changes = [
        Change(kind, name, one, two)
        for kind, name, one, two in (
            (Kind.CLASS, "", old.ifc_class, new.ifc_class),
            (Kind.NAME, "Name", old.name, new.name),
            (Kind.NAME, "Tag", old.tag, new.tag),
            (Kind.TYPE, "", old.type_name, new.type_name),
            (Kind.MATERIAL, "", old.material, new.material),
            (Kind.STOREY, "", old.storey, new.storey),
        )
        if one != two
    ]
    moved = distance_moved(old, new, geometry, shift)
    if moved > STILL:
        changes.append(Change(Kind.MOVED, delta=moved, unit="m"))
    if geometry == Geometry.CHANGED:
        changes.append(_of_shapes(old.shape, new.shape))
    changes += _of_quantities(old.quantities, new.quantities)
    changes += [
        Change(Kind.PROPERTY, name, one, two)
        for name, one, two in _both(old.properties, new.properties)
        if not _same_text(one, two)
    ]
    if sorted(old.codes) != sorted(new.codes):
        lost, got = Counter(old.codes) - Counter(new.codes), Counter(new.codes) - Counter(old.codes)
        changes.append(
            Change(Kind.CLASSIFICATION, old="; ".join(sorted(lost.elements())), new="; ".join(sorted(got.elements())))
        )
    return Difference(changes, geometry)


def geometry_of(old: Element, new: Element) -> Geometry:
    if not old.has_shape and not new.has_shape:
        return Geometry.NONE
    if old.shape and new.shape:
        return Geometry.SAME if old.shape.equals(new.shape) else Geometry.CHANGED
    return Geometry.NOT_COMPARED


def distance_moved(old: Element, new: Element, geometry: Geometry, shift: Point | None) -> float:
    """Metres. A tool may begin an element's coordinates elsewhere, and a longer wall has another middle: where both are
    known, a thing has moved only if the middle of its shape has, and if its shape changed, its beginning too."""
    begun = dist(plus(old.at, shift), new.at) if old.at and new.at else None
    middle = dist(plus(old.shape.middle, shift), new.shape.middle) if old.shape and new.shape else None
    if middle is None or begun is None:
        known = begun if middle is None else middle
        return 0.0 if known is None else known
    return middle if geometry == Geometry.SAME else min(middle, begun)


def _of_shapes(old: Shape | None, new: Shape | None) -> Change:
    """The volume says most; where it is the same, the surface; where that is, the form alone."""
    if old is None or new is None:
        return Change(Kind.GEOMETRY)
    if not isclose(old.volume, new.volume, rel_tol=SAME_SHAPE, abs_tol=1e-6):
        return _measured(Kind.GEOMETRY, "volume", Measure(old.volume, "m3"), Measure(new.volume, "m3"))
    if not isclose(old.area, new.area, rel_tol=SAME_SHAPE):
        return _measured(Kind.GEOMETRY, "area", Measure(old.area, "m2"), Measure(new.area, "m2"))
    return Change(Kind.GEOMETRY, "form")


def _of_quantities(old: Mapping[str, Measure], new: Mapping[str, Measure]) -> list[Change]:
    changes = []
    for name in sorted(old.keys() | new.keys()):
        one, two = old.get(name), new.get(name)
        if one and two and one.unit == two.unit and isclose(one.value, two.value, rel_tol=SAME_MEASURE, abs_tol=1e-9):
            continue
        changes.append(_measured(Kind.QUANTITY, name, one, two))
    return changes


def _measured(kind: Kind, name: str, old: Measure | None, new: Measure | None) -> Change:
    unit = (new or old or Measure(0.0)).unit
    if old is None or new is None or old.unit != new.unit:
        return Change(kind, name, figure(old), figure(new), unit=unit)
    delta = new.value - old.value
    percent = 100 * delta / abs(old.value) if old.value else None
    return Change(kind, name, figure(old), figure(new), delta, percent, unit)


def figure(measure: Measure | None) -> str:
    """Six decimals at most, no idle zeros."""
    if measure is None:
        return ""
    text = f"{measure.value:.6f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def _both(old: Mapping[str, str], new: Mapping[str, str]) -> list[tuple[str, str, str]]:
    return [(name, old.get(name, ""), new.get(name, "")) for name in sorted(old.keys() | new.keys())]


def _same_text(one: str, two: str) -> bool:
    """Numbers may be written with more or fewer digits."""
    if one == two:
        return True
    try:
        return isclose(float(one), float(two), rel_tol=SAME_MEASURE, abs_tol=1e-12)
    except ValueError:
        return False
