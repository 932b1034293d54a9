"""Which element of one version of a model became which of the other.

Tools give new GlobalIds when they export again, so what has none in common is known by what it is: its class, name and
tag; else its type, name and place; else its type, storey, quantities and place. A pass pairs only what is unmistakable on
both sides. What resembles something and is not paired waits for a person. Lengths in metres.
"""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import product
from math import dist, floor
from statistics import median

from bim.rules.comparison import STILL, Element, Point, minus, plus

NEAR = 1.0  # metres within which a thing of the same type and name is looked for
SAME_PLACE = 0.05  # metres within which a thing that was renamed is looked for
ROUNDS = 4  # of looking for the nearest: what was found leaves less to choose from
CROWD = 100  # candidates around a place, above which nothing is decided there
LISTED = 10  # candidates that are shown to the person who decides
SHIFTED_SHARE, SHIFTED_LEAST = 0.9, 10  # of the pairs have to agree, and how many there have to be


class By(StrEnum):
    """How two elements were found to be one."""

    PERSON = "PERSON"
    GUID = "GUID"
    NAME = "NAME"
    PLACE = "PLACE"
    CONTENT = "CONTENT"


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
            minus(one.new.place, one.old.place) for one in self.pairs if one.old.place and one.new.place
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
            back = None if self.shift is None else minus((0.0, 0.0, 0.0), self.shift)
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
        place = one.place and plus(one.place, shift)
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
                place = plus(one.place, shift)
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
