"""Quantities of the model against those of the estimate (DOMAIN §10): which element feeds which cost line, and the light.

Like elements come as one group with sums, so that a model of a million elements costs as much as its variety. A quantity
of an element is counted once within an item: links made by hand come first, then the rules in their order; several share
it where their shares add up to no more than one.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from statistics import median
from typing import Protocol

from approvals.rules.investment import Rule, reaches

COUNT = "COUNT"
ONE = Decimal(1)
KEPT = Decimal("0.0001")  # cost lines keep four decimals; what lies below is noise of binary sums
FEW = 3
# IFC4 writes a plain wall as IfcWall, IFC2X3 as one of these.
VARIANTS = ("StandardCase", "ElementedCase")
UNITS = {
    "m": "m", "米": "m", "延米": "m", "m2": "m2", "m²": "m2", "㎡": "m2", "平方米": "m2", "m3": "m3", "m³": "m3",
    "㎥": "m3", "立方米": "m3", "kg": "kg", "千克": "kg", "公斤": "kg", "t": "t", "吨": "t", "个": "", "樘": "", "套": "",
    "台": "", "根": "", "座": "", "扇": "", "只": "", "台套": "", "组": "", "件": "", "部": "", "盏": "",
}  # fmt: skip


class QuantityLight(StrEnum):
    """NONE: there is nothing to compare, or not in the same unit."""

    GREEN = "GREEN"
    YELLOW = "YELLOW"
    RED = "RED"
    NONE = "NONE"


@dataclass(frozen=True)
class Facts:
    """What rules ask of an element. `codes` are the asked beginnings of classification codes that it bears."""

    ifc_class: str
    type_name: str = ""
    material: str = ""
    storey: str = ""
    codes: frozenset[str] = frozenset()
    discipline: str = ""


@dataclass(frozen=True)
class Amount:
    """Σ of one quantity over the `n` elements that bear it; `unit` is m, m2, m3, kg, s or empty."""

    n: int
    total: Decimal
    unit: str = ""

    def __add__(self, other: "Amount") -> "Amount":
        return Amount(self.n + other.n, self.total + other.total, self.unit or other.unit)


@dataclass
class Group:
    """`n` elements that no rule tells apart; `guid` where it is one element. Quantities by (set, name); ("", name) = any set."""

    facts: Facts
    n: int
    quantities: dict[tuple[str, str], Amount] = field(default_factory=dict)
    guid: str = ""

    def amount(self, set_name: str, name: str) -> Amount:
        if name == COUNT:
            return Amount(self.n, Decimal(self.n))
        return self.quantities.get((set_name, name), Amount(0, Decimal(0)))


class Claim(Protocol):
    """What a rule and a link by hand have in common: this quantity of the element feeds that line."""

    @property
    def pk(self) -> int: ...
    @property
    def line_code(self) -> str: ...
    @property
    def set_name(self) -> str: ...
    @property
    def quantity(self) -> str: ...
    @property
    def factor(self) -> Decimal: ...
    @property
    def share(self) -> Decimal: ...


class MatchingRule(Claim, Protocol):
    @property
    def ifc_class(self) -> str: ...
    @property
    def type_contains(self) -> str: ...
    @property
    def classification_prefix(self) -> str: ...
    @property
    def material_contains(self) -> str: ...
    @property
    def material_lacks(self) -> str: ...
    @property
    def storey(self) -> str: ...
    @property
    def discipline(self) -> str: ...


class HandLink(Claim, Protocol):
    @property
    def guid(self) -> str: ...


@dataclass
class Part:
    """What one rule or link brings: `n` elements, of them `n_without` lack the quantity; `n_elsewhere` were counted before."""

    claim: Claim
    n: int = 0
    n_without: int = 0
    n_elsewhere: int = 0
    total: Decimal = Decimal(0)
    units: set[str] = field(default_factory=set)


@dataclass
class Measured:
    """The model's quantity of one cost line; `total` is None where no element of it bears the quantity asked for."""

    n: int = 0
    parts: list[Part] = field(default_factory=list)

    @property
    def total(self) -> Decimal | None:
        if all(part.n == part.n_without for part in self.parts):
            return None
        return kept(sum((part.total for part in self.parts), Decimal(0)))

    @property
    def n_without(self) -> int:
        return sum(part.n_without for part in self.parts)

    @property
    def n_elsewhere(self) -> int:
        return sum(part.n_elsewhere for part in self.parts)

    @property
    def unit(self) -> str | None:
        """The SI unit where every part is taken as it is measured; None where factors convert, or units are mixed."""
        units = {unit for part in self.parts for unit in (part.units if part.claim.factor == ONE else {None})}
        return units.pop() if len(units) == 1 else None


@dataclass(frozen=True)
class Sheet:
    """All cost lines measured, and the elements no rule or link has touched, counted by class."""

    lines: Mapping[str, Measured]
    unlinked: Mapping[str, int]
    n_linked: int


def kept(figure: Decimal) -> Decimal:
    return figure.quantize(KEPT, ROUND_HALF_UP)


def plain_class(ifc_class: str) -> str:
    """IfcWallStandardCase → IfcWall."""
    for variant in VARIANTS:
        ifc_class = ifc_class.removesuffix(variant)
    return ifc_class


def fits(rule: MatchingRule, facts: Facts) -> bool:
    """Every condition that the rule names holds; what it leaves empty does not matter."""
    return (
        plain_class(rule.ifc_class) == plain_class(facts.ifc_class)
        and rule.type_contains.casefold() in facts.type_name.casefold()
        and rule.material_contains.casefold() in facts.material.casefold()
        and not (rule.material_lacks and rule.material_lacks.casefold() in facts.material.casefold())
        and (not rule.storey or rule.storey == facts.storey)
        and (not rule.classification_prefix or rule.classification_prefix in facts.codes)
        and (not rule.discipline or rule.discipline == facts.discipline)
    )


def claims_on(
    group: Group, rules: Iterable[MatchingRule], links: Mapping[str, Sequence[HandLink]]
) -> list[tuple[Claim, bool]]:
    """Who asks for these elements, in order, and whether they get them: a quantity is given away once in all."""
    left: dict[str, Decimal] = defaultdict(lambda: ONE)
    asking: list[Claim] = [*links.get(group.guid, ()), *(rule for rule in rules if fits(rule, group.facts))]
    answers = []
    for claim in asking:
        given = left[claim.quantity] >= claim.share
        if given:
            left[claim.quantity] -= claim.share
        answers.append((claim, given))
    return answers


def measure(groups: Iterable[Group], rules: Sequence[MatchingRule], links: Mapping[str, Sequence[HandLink]]) -> Sheet:
    """Adds up every line. `rules` in the order in which they are asked; `links` by GlobalId."""
    parts: dict[tuple[type, int], Part] = {(type(rule), rule.pk): Part(rule) for rule in rules}
    for link in (one for several in links.values() for one in several):
        parts[type(link), link.pk] = Part(link)
    elements: Counter[str] = Counter()
    unlinked: Counter[str] = Counter()
    n_linked = 0
    for group in groups:
        lines = set()
        for claim, given in claims_on(group, rules, links):
            part = parts[type(claim), claim.pk]
            if given:
                _add(part, group)
                lines.add(claim.line_code)
            else:
                part.n_elsewhere += group.n
        for code in lines:
            elements[code] += group.n
        if lines:
            n_linked += group.n
        else:
            unlinked[group.facts.ifc_class] += group.n
    measured: dict[str, Measured] = defaultdict(Measured)
    for part in parts.values():
        measured[part.claim.line_code].parts.append(part)
        measured[part.claim.line_code].n = elements[part.claim.line_code]
    return Sheet(dict(measured), dict(unlinked), n_linked)


def _add(part: Part, group: Group) -> None:
    claim = part.claim
    found = group.amount(claim.set_name, claim.quantity)
    part.n += group.n
    part.n_without += group.n - found.n
    part.total += found.total * claim.share * claim.factor
    if found.n:
        part.units.add(found.unit)


def difference(declared: Decimal | None, model: Decimal | None) -> Decimal | None:
    """(model − declared) / declared; None without either, or where nothing was declared to divide by."""
    if declared is None or model is None:
        return None
    if declared == 0:
        return Decimal(0) if model == 0 else None
    return (model - declared) / declared


def light_of(declared: Decimal | None, model: Decimal | None, yellow: Rule, red: Rule) -> QuantityLight:
    """Green up to 3 %, yellow up to 10 %, else red; both limits belong to the kinder side (the rows' comparison says so)."""
    if declared is None or model is None:
        return QuantityLight.NONE
    apart = abs(model - declared)
    if apart and declared == 0:
        return QuantityLight.RED
    if reaches(apart, red.value * declared, red.comparison) and apart:
        return QuantityLight.RED
    if reaches(apart, yellow.value * declared, yellow.comparison) and apart:
        return QuantityLight.YELLOW
    return QuantityLight.GREEN


def units_agree(line_unit: str, measured: Measured) -> bool:
    """False where the line is known to be counted in something else than the model's quantity, and no factor converts it."""
    declared = UNITS.get(line_unit.strip().lower())
    return declared is None or measured.unit is None or declared == measured.unit


@dataclass(frozen=True)
class Spread:
    """A figure of similar projects: how many there are; the median and range only from three on (else None)."""

    n: int
    least: Decimal | None = None
    middle: Decimal | None = None
    most: Decimal | None = None


def spread_of(figures: Iterable[Decimal | None]) -> Spread:
    known = [figure for figure in figures if figure is not None]
    if len(known) < FEW:
        return Spread(len(known))
    return Spread(len(known), min(known), median(known), max(known))


def per_area(amount: Decimal | None, area: Decimal | None) -> Decimal | None:
    """An index per m² of gross floor area, two decimals; None where either is missing."""
    if amount is None or not area:
        return None
    return (amount / area).quantize(Decimal("0.01"), ROUND_HALF_UP)
