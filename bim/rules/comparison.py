"""Two versions of a model, element by element: which one became which, and what is different.

Tools give new GlobalIds when they export again, so what has none in common is known by what it is: its class, name and
tag; else its type, name and place; else its type, storey, quantities and place. A pass pairs only what is unmistakable on
both sides. What resembles something and is not paired waits for a person. Lengths in metres, measures in SI units.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import product
from math import dist, floor, isclose
from statistics import median

Point = tuple[float, float, float]

STILL = 0.01  # metres within which a thing has not moved
NEAR = 1.0  # metres within which a thing of the same type and name is looked for
SAME_PLACE = 0.05  # metres within which a thing that was renamed is looked for
ROUNDS = 4  # of looking for the nearest: what was found leaves less to choose from
CROWD = 100  # candidates around a place, above which nothing is decided there
LISTED = 10  # candidates that are shown to the person who decides
SAME_SHAPE = 1e-4  # of area, volume and spread: half a millimetre on five metres
SAME_MEASURE = 1e-6
SHIFTED_SHARE, SHIFTED_LEAST = 0.9, 10  # of the pairs have to agree, and how many there have to be


class By(StrEnum):
    """How two elements were found to be one."""

    PERSON = "PERSON"
    GUID = "GUID"
    NAME = "NAME"
    PLACE = "PLACE"
    CONTENT = "CONTENT"


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


@dataclass(frozen=True)
class Pair:
    old: Element
    new: Element
    by: By


@dataclass
class Pairing:
    """Everything of both versions, once: in a pair, waiting (with the GlobalIds it may be, nearest first), or alone."""

    pairs: list[Pair] = field(default_factory=list)
    waiting_old: list[tuple[Element, list[str]]] = field(default_factory=list)
    waiting_new: list[tuple[Element, list[str]]] = field(default_factory=list)
    removed: list[Element] = field(default_factory=list)
    added: list[Element] = field(default_factory=list)
    shift: Point | None = None


Key = Callable[[Element], Hashable | None]


def named(one: Element) -> Hashable | None:
    """Class, name and tag, where it has a name or a tag."""
    return (one.family, one.name, one.tag) if one.name or one.tag else None


def typed(one: Element) -> Hashable | None:
    """Class, type and name, where it has a type or a name."""
    return (one.family, one.type_name, one.name) if one.type_name or one.name else None


def alike(one: Element) -> Hashable | None:
    """Class, type, storey and quantities to four digits, where it has a type or quantities."""
    if not one.type_name and not one.quantities:
        return None
    measures = tuple(sorted((name, f"{measure.value:.4g}", measure.unit) for name, measure in one.quantities.items()))
    return (one.family, one.type_name, one.storey, measures)


def pair(
    old: Iterable[Element],
    new: Iterable[Element],
    decided: Iterable[tuple[str, str]] = (),
) -> Pairing:
    """Pairs both versions; the order of the elements does not matter. GlobalIds are unique within each version.

    `decided` are (old, new) GlobalIds a person paired; an empty one says that the other has no counterpart.
    """
    work = _Work(old, new)
    work.take_decided(decided)
    work.take_equal(By.GUID, lambda one: (one.guid, one.family))
    work.take_equal(By.NAME, named)
    work.align()
    work.take_nearest(By.PLACE, typed, NEAR)
    work.take_nearest(By.CONTENT, alike, SAME_PLACE)
    return work.result()


class _Work:
    """The passes; each takes pairs out of what is left of the two sides."""

    def __init__(self, old: Iterable[Element], new: Iterable[Element]) -> None:
        self.old = {one.guid: one for one in sorted(old, key=lambda one: one.guid)}
        self.new = {one.guid: one for one in sorted(new, key=lambda one: one.guid)}
        self.pairs: list[Pair] = []
        self.gone: list[Element] = []
        self.come: list[Element] = []
        self.shift: Point | None = None

    def take(self, old: str, new: str, by: By) -> None:
        self.pairs.append(Pair(self.old.pop(old), self.new.pop(new), by))

    def take_decided(self, decided: Iterable[tuple[str, str]]) -> None:
        for old, new in decided:
            if old in self.old and new in self.new:
                self.take(old, new, By.PERSON)
            elif old in self.old and not new:
                self.gone.append(self.old.pop(old))
            elif new in self.new and not old:
                self.come.append(self.new.pop(new))

    def take_equal(self, by: By, key: Key) -> None:
        """Pairs what is the only one of its key on both sides."""
        olds, news = _grouped(self.old.values(), key), _grouped(self.new.values(), key)
        for value, ones in olds.items():
            others = news.get(value, [])
            if len(ones) == len(others) == 1:
                self.take(ones[0].guid, others[0].guid, by)

    def align(self) -> None:
        """Where nearly all pairs moved alike, the model was shifted as a whole, not its elements."""
        steps = [
            _minus(one.new.place, one.old.place) for one in self.pairs if one.old.place and one.new.place
        ]  # fmt: skip
        if len(steps) < SHIFTED_LEAST:
            return
        common = tuple(median(step[axis] for step in steps) for axis in range(3))
        agree = sum(dist(step, common) <= STILL for step in steps)
        if dist(common, (0, 0, 0)) > STILL and agree >= SHIFTED_SHARE * len(steps):
            self.shift = (common[0], common[1], common[2])

    def take_nearest(self, by: By, key: Key, reach: float) -> None:
        """Pairs those of one key that are each other's nearest within `reach`, and clearly so."""
        for _round in range(ROUNDS):
            olds, news = self._sides(key, reach)
            forth = {one.guid: news.nearest(one, place) for one, place in olds.all}
            back = {one.guid: olds.nearest(one, place) for one, place in news.all}
            sure = [(guid, other) for guid, other in forth.items() if other and back.get(other) == guid]
            if not sure:
                return
            for guid, other in sure:
                self.take(guid, other, by)

    def _sides(self, key: Key, reach: float) -> tuple["_Places", "_Places"]:
        return _Places(self.old.values(), key, reach, self.shift), _Places(self.new.values(), key, reach, None)

    def result(self) -> Pairing:
        maybe_old, maybe_new = self._resembling()
        return Pairing(
            pairs=self.pairs,
            waiting_old=[(self.old[guid], maybe) for guid, maybe in maybe_old.items()],
            waiting_new=[(self.new[guid], maybe) for guid, maybe in maybe_new.items()],
            removed=[one for guid, one in self.old.items() if guid not in maybe_old] + self.gone,
            added=[one for guid, one in self.new.items() if guid not in maybe_new] + self.come,
            shift=self.shift,
        )

    def _resembling(self) -> tuple[dict[str, list[str]], dict[str, list[str]]]:
        """What is left and may be one of several: the same GlobalId in another class, the same name and
        tag, the same name and no place to tell them apart, the same spot."""
        maybe_old: dict[str, dict[str, None]] = defaultdict(dict)
        maybe_new: dict[str, dict[str, None]] = defaultdict(dict)

        def note(ones: Sequence[Element], others: Sequence[Element]) -> None:
            for one in ones:
                maybe_old[one.guid].update(dict.fromkeys(self._closest(one, others, self.shift)))
            back = None if self.shift is None else _minus((0.0, 0.0, 0.0), self.shift)
            for other in others:
                maybe_new[other.guid].update(dict.fromkeys(self._closest(other, ones, back)))

        for guid in self.old.keys() & self.new.keys():
            note([self.old[guid]], [self.new[guid]])
        others_named = _grouped(self.new.values(), named)
        for value, ones in _grouped(self.old.values(), named).items():
            others = others_named.get(value, [])
            if others and (ones[0].tag or any(one.place is None for one in (*ones, *others))):
                note(ones, others)
        for key, reach in ((typed, NEAR), (alike, SAME_PLACE)):
            olds, news = self._sides(key, reach)
            for side, other_side, maybe in ((olds, news, maybe_old), (news, olds, maybe_new)):
                for one, place in side.all:
                    for guid in other_side.around(one, place)[:LISTED]:
                        maybe[one.guid].setdefault(guid)
        return (
            {guid: list(maybe_old[guid])[:LISTED] for guid in sorted(maybe_old) if maybe_old[guid]},
            {guid: list(maybe_new[guid])[:LISTED] for guid in sorted(maybe_new) if maybe_new[guid]},
        )

    @staticmethod
    def _closest(one: Element, others: Sequence[Element], shift: Point | None) -> list[str]:
        """The GlobalIds of the nearest; of very many simply the first."""
        place = one.place and _plus(one.place, shift)
        some = others[:CROWD]
        ranked = sorted(some, key=lambda other: dist(place, other.place) if place and other.place else 0.0)
        return [other.guid for other in ranked[:LISTED]]


class _Places:
    """One side's elements of each key in cells as wide as one may look, so that only neighbours are measured."""

    def __init__(self, ones: Iterable[Element], key: Key, reach: float, shift: Point | None) -> None:
        self.key, self.reach = key, reach
        self.all: list[tuple[Element, Point]] = []
        self._cells: dict[Hashable, list[tuple[str, Point]]] = defaultdict(list)
        for one in ones:
            if key(one) is not None and one.place is not None:
                place = _plus(one.place, shift)
                self.all.append((one, place))
                self._cells[key(one), self._cell(place)].append((one.guid, place))

    def _cell(self, place: Point) -> tuple[int, int, int]:
        x, y, z = (floor(value / self.reach) for value in place)
        return x, y, z

    def _measured(self, one: Element, place: Point) -> list[tuple[float, str]] | None:
        """Distance and GlobalId of those within reach, unsorted; None where there is a crowd."""
        x, y, z = self._cell(place)
        found: list[tuple[str, Point]] = []
        for dx, dy, dz in product((-1, 0, 1), repeat=3):
            found += self._cells.get((self.key(one), (x + dx, y + dy, z + dz)), [])
            if len(found) > CROWD:
                return None
        measured = [(dist(place, other), guid) for guid, other in found]
        return [(distance, guid) for distance, guid in measured if distance <= self.reach]

    def nearest(self, one: Element, place: Point) -> str:
        """Empty where there is none, or where the second is not at least twice as far off."""
        measured = sorted(self._measured(one, place) or [])
        if not measured or (len(measured) > 1 and measured[1][0] < 2 * measured[0][0] + STILL):
            return ""
        return measured[0][1]

    def around(self, one: Element, place: Point) -> list[str]:
        measured = self._measured(one, place)
        if measured is None:  # a crowd: any of them; a person will see that nothing can be said
            return [guid for guid, _place in self._cells.get((self.key(one), self._cell(place)), [])[:LISTED]]
        return [guid for _distance, guid in sorted(measured)]


def _grouped(ones: Iterable[Element], key: Key) -> dict[Hashable, list[Element]]:
    groups: dict[Hashable, list[Element]] = defaultdict(list)
    for one in ones:
        value = key(one)
        if value is not None:
            groups[value].append(one)
    return groups


def _plus(place: Point, shift: Point | None) -> Point:
    return place if shift is None else (place[0] + shift[0], place[1] + shift[1], place[2] + shift[2])


def _minus(one: Point, other: Point) -> Point:
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
    begun = dist(_plus(old.at, shift), new.at) if old.at and new.at else None
    middle = dist(_plus(old.shape.middle, shift), new.shape.middle) if old.shape and new.shape else None
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
