"""概算执行表: what each line of the cost tree was approved at, bought for, paid, and will cost at completion. Pure, yuan.

Payments and settlements know their contract, not their cost lines: they are split by the shares the lines have in the
contract's value now, to the fen, so that Σ parts is the whole. What will be spent on a line (forecast at completion):

1. the newest forecast of the line, never below what is paid on it – unless every contract of the line was settled since;
2. else what its contracts are worth now: settled ones at their settlement, ended ones at what was paid;
3. else, while nothing is bought or foreseen on it, above it or below it, its budget or, without one, its estimate. The
   contingency is a reserve and is not counted before something is bought from it.

Once the final account is approved nothing is foreseen any more: no approved amount stands for a forecast, and the total is
the approved final cost; what the contracts do not explain of it stands on no line.

What no line explains – the difference of the signed figure to its lines (R-INV-17), a supplement without a line, an estimate
that was never broken down – stands on a line of its own (code ""), so that the sums of the lines are the signed figures.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum

from approvals.rules.investment import Rule, cost_light, reaches

ZERO = Decimal("0.00")
FEN = Decimal("0.01")
RATIO = Decimal("0.0001")
UNBROKEN = ""
CONTINGENCY = "3"

Amounts = Mapping[str, Decimal]


class Lamp(StrEnum):
    """R-INV-04. GREY: nothing is bought or foreseen yet, the forecast is the approved amount itself."""

    GREEN = "GREEN"
    YELLOW = "YELLOW"
    RED = "RED"
    GREY = "GREY"


@dataclass(frozen=True)
class Lamps:
    """The rule rows: `red` 1.00 GT, `yellow` 0.95 GTE."""

    red: Rule
    yellow: Rule


@dataclass(frozen=True)
class Bought:
    """One contract, by code of the cost tree. `price` holds its lines and supplements, `changes` the approved changes.

    `is_ended`: terminated, nothing more will be paid beyond its settlement or what was paid.
    """

    price: Amounts
    changes: Amounts
    paid: Decimal = ZERO
    settled: Decimal | None = None
    settled_on: date | None = None
    is_ended: bool = False


@dataclass(frozen=True)
class Foreseen:
    amount: Decimal
    on: date


@dataclass(frozen=True)
class Books:
    """What the system holds of one project. `estimate` and `budget` by leaf; their totals as signed, None: not decided.

    `final_total`: the approved final cost, None before there is one.
    """

    estimate: Amounts = field(default_factory=dict)
    budget: Amounts = field(default_factory=dict)
    estimate_total: Decimal | None = None
    budget_total: Decimal | None = None
    contracts: Sequence[Bought] = ()
    forecasts: Mapping[str, Foreseen] = field(default_factory=dict)
    headings: Iterable[str] = ()
    final_total: Decimal | None = None


@dataclass(frozen=True)
class Sums:
    """The money columns of the table."""

    estimate: Decimal = ZERO
    budget: Decimal = ZERO
    contract: Decimal = ZERO
    change: Decimal = ZERO
    settlement: Decimal = ZERO
    paid: Decimal = ZERO
    forecast: Decimal = ZERO

    def __add__(self, other: "Sums") -> "Sums":
        return Sums(*(getattr(self, f.name) + getattr(other, f.name) for f in fields(Sums)))

    @property
    def difference(self) -> Decimal:
        """Above the approved estimate: positive."""
        return self.forecast - self.estimate

    @property
    def ratio(self) -> Decimal | None:
        """The difference as a share of the estimate, four decimals; None without an estimate."""
        if not self.estimate:
            return None
        return (self.difference / self.estimate).quantize(RATIO, rounding=ROUND_HALF_UP)


@dataclass(frozen=True)
class Line:
    """One line: `sums` with all below it, `own` without. `level` 0 at the top. No lamp (None): approved only as part of
    the line above. `is_assumed`: nothing is bought or foreseen, the forecast is the approved amount. `bought`: what the
    contracts of this very line will cost as they stand."""

    code: str
    level: int
    sums: Sums
    own: Sums
    is_heading: bool
    is_assumed: bool
    lamp: Lamp | None
    bought: Decimal = ZERO

    @property
    def is_short(self) -> bool:
        """The forecast is below what the contracts of this very line are worth: it should be looked at again."""
        return self.own.forecast < self.bought


@dataclass(frozen=True)
class Sheet:
    """The lines in the order of the tree, and the total, which is the sum of the lines of level 0 and of all `own`.

    `is_partial`: the estimate is not broken down, so what is neither contracted nor foreseen is not in the forecast.
    """

    lines: tuple[Line, ...]
    total: Sums
    lamp: Lamp | None
    is_partial: bool = False

    @property
    def over(self) -> list[Line]:
        """The lines that will overrun, the largest first; of a line and what is below it, the deepest."""
        red = [line for line in self.lines if line.lamp == Lamp.RED]
        deepest = [line for line in red if not any(other.code.startswith(f"{line.code}.") for other in red)]
        return sorted(deepest, key=lambda line: (-line.sums.difference, line.code))


def shared(amount: Decimal, weights: Amounts) -> dict[str, Decimal]:
    """`amount` split by the positive weights, to the fen: Σ parts = amount, each less than a fen from its exact share.

    Without a positive weight all of it stands on no line.
    """
    known = sorted((code, weight) for code, weight in weights.items() if weight > 0)
    whole = sum((weight for _code, weight in known), ZERO)
    if not whole:
        return {UNBROKEN: amount} if amount else {}
    parts, reached, given = {}, ZERO, ZERO
    for code, weight in known:
        reached += weight
        upto = (amount * reached / whole).quantize(FEN, rounding=ROUND_HALF_UP)
        parts[code], given = upto - given, upto
    return parts


def value_of(contract: Bought) -> dict[str, Decimal]:
    """What a contract is worth now, by code."""
    return _added(contract.price, contract.changes)


def expected_of(contract: Bought) -> dict[str, Decimal]:
    """What will have been paid under a contract in the end, as far as it is known today, by code."""
    value = value_of(contract)
    if contract.settled is not None:
        return shared(contract.settled, value)
    return shared(contract.paid, value) if contract.is_ended else value


def parent_of(code: str, codes: Iterable[str]) -> str:
    """The nearest known line above: the longest other code this one continues after a dot; "" at the top."""
    known = set(codes)
    parts = code.split(".")
    return next((".".join(parts[:n]) for n in range(len(parts) - 1, 0, -1) if ".".join(parts[:n]) in known), "")


def in_order(code: str) -> tuple[object, ...]:
    """1.2 before 1.10; what belongs to no line comes last."""
    parts = [(0, int(part), "") if part.isdecimal() else (1, 0, part) for part in code.split(".")]
    return (code == UNBROKEN, *parts)


def sheet(books: Books, lamps: Lamps) -> Sheet:
    """The table of one project."""
    own = _own(books)
    bought = _added(*(expected_of(contract) for contract in books.contracts))
    tree = _Tree([code for code in {*own, *books.headings} if code])
    untied = own.pop(UNBROKEN, Sums())
    assumed = _assumed(books, tree, own) if books.final_total is None else {}
    for code, amount in assumed.items():
        own[code] = own.get(code, Sums()) + Sums(forecast=amount)
    rest, is_partial = _rest(books, untied, assumed)
    if books.final_total is not None:
        explained = sum((sums.forecast for sums in own.values()), ZERO)
        rest, is_partial = replace(rest, forecast=books.final_total - explained), False
    below = {code: own.get(code, Sums()) for code in tree.codes}
    for code in sorted(tree.codes, key=lambda code: -code.count(".")):
        if tree.parents[code]:
            below[tree.parents[code]] = below[tree.parents[code]] + below[code]
    lines = [
        Line(
            code,
            tree.level_of(code),
            below[code],
            own.get(code, Sums()),
            bool(tree.children.get(code)),
            _is_assumed(tree, code, assumed, own),
            None,
            bought.get(code, ZERO),
        )
        for code in sorted(tree.codes, key=in_order)
    ]
    lines = [_lit(line, tree, books, lamps) for line in lines if any(_values(line.sums))]
    if any(_values(rest)):
        lines.append(Line(UNBROKEN, 0, rest, rest, False, False, None))
    total = sum((line.sums for line in lines if line.level == 0), Sums())
    is_begun = bool(books.contracts or books.forecasts or books.final_total is not None)
    lamp = None if books.estimate_total is None else lamp_of(total.forecast, books.estimate_total, lamps)
    return Sheet(tuple(lines), total, Lamp.GREY if lamp and not is_begun else lamp, is_partial)


def lamp_of(forecast: Decimal, control: Decimal, lamps: Lamps) -> Lamp:
    """R-INV-04: red above the control figure, yellow from 95 % of it on. Nothing approved and nothing expected is green."""
    if not control:
        return Lamp.RED if forecast > 0 else Lamp.GREEN
    found = cost_light(lamps.red, lamps.yellow, forecast, control)
    return Lamp.GREEN if found is None else Lamp(found.severity)


def is_above(amount: Decimal, base: Decimal, rule: Rule) -> bool:
    """Whether `amount` passes the rule's share of `base`."""
    return reaches(amount, rule.value * base, rule.comparison)


class _Tree:
    def __init__(self, codes: Iterable[str]) -> None:
        self.codes = set(codes)
        self.parents = {code: parent_of(code, self.codes) for code in self.codes}
        self.children: dict[str, list[str]] = {}
        for code, parent in self.parents.items():
            self.children.setdefault(parent, []).append(code)

    def level_of(self, code: str) -> int:
        return len(self.above(code))

    def above(self, code: str) -> list[str]:
        found = []
        while self.parents[code]:
            code = self.parents[code]
            found.append(code)
        return found

    def below(self, code: str) -> list[str]:
        found = list(self.children.get(code, ()))
        for child in found:
            found.extend(self.children.get(child, ()))
        return found


def _own(books: Books) -> dict[str, Sums]:
    """By code, everything but the assumed forecasts."""
    columns: dict[str, dict[str, Decimal]] = {f.name: {} for f in fields(Sums)}
    columns["estimate"], columns["budget"] = dict(books.estimate), dict(books.budget)
    expected: dict[str, Decimal] = {}
    settled_on: dict[str, date | None] = {}
    for contract in books.contracts:
        value, awaited = value_of(contract), expected_of(contract)
        if not contract.is_ended:
            columns["contract"] = _added(columns["contract"], contract.price)
            columns["change"] = _added(columns["change"], contract.changes)
        if contract.settled is not None:
            columns["settlement"] = _added(columns["settlement"], shared(contract.settled, value))
        columns["paid"] = _added(columns["paid"], shared(contract.paid, value))
        expected = _added(expected, awaited)
        for code in value:
            settled_on[code] = _later(settled_on[code], contract) if code in settled_on else _later(date.min, contract)
    columns["forecast"] = expected
    for code, foreseen in books.forecasts.items():
        since = settled_on.get(code)
        if since is None or since <= foreseen.on:
            columns["forecast"][code] = max(foreseen.amount, columns["paid"].get(code, ZERO))
    codes = {code for column in columns.values() for code in column}
    return {code: Sums(**{name: column.get(code, ZERO) for name, column in columns.items()}) for code in codes}


def _later(day: date | None, contract: Bought) -> date | None:
    """The day of the last settlement; None as soon as one contract is not settled."""
    if day is None or contract.settled is None or contract.settled_on is None:
        return None
    return max(day, contract.settled_on)


def _touched(books: Books) -> set[str]:
    """Lines on which something is bought or foreseen."""
    return {code for contract in books.contracts for code in value_of(contract)} | set(books.forecasts)


def _assumed(books: Books, tree: _Tree, own: Mapping[str, Sums]) -> dict[str, Decimal]:
    """The approved amounts that stand for a forecast, where nothing better is known on the line, above or below it."""
    touched, found = _touched(books), {}
    for code in tree.codes:
        row = own.get(code, Sums())
        near = (code, *tree.above(code), *tree.below(code))
        approved_below = any(own[other].budget or own[other].estimate for other in tree.below(code) if other in own)
        if touched & set(near) or approved_below or code.split(".")[0] == CONTINGENCY:
            continue
        if amount := row.budget or row.estimate:
            found[code] = amount
    return found


def _is_assumed(tree: _Tree, code: str, assumed: Amounts, own: Mapping[str, Sums]) -> bool:
    """Nothing in this branch is bought or foreseen."""
    branch = [code, *tree.below(code)]
    return not any(own[other].forecast - assumed.get(other, ZERO) for other in branch if other in own) and not any(
        own[other].contract or own[other].paid for other in branch if other in own
    )


def _rest(books: Books, untied: Sums, assumed: Amounts) -> tuple[Sums, bool]:
    """What stands on no line, and whether the estimate was never broken down while works are bought."""
    rest = untied + Sums(
        estimate=_unexplained(books.estimate_total, books.estimate),
        budget=_unexplained(books.budget_total, books.budget),
    )
    if books.estimate or not rest.estimate:
        return rest, False
    if books.contracts or books.forecasts or assumed:
        return rest, True
    return rest + Sums(forecast=rest.estimate), False


def _unexplained(signed: Decimal | None, lines: Amounts) -> Decimal:
    return ZERO if signed is None else signed - sum(lines.values(), ZERO)


def _lit(line: Line, tree: _Tree, books: Books, lamps: Lamps) -> Line:
    """The line with its lamp: none where only a line above was approved, or no line was."""
    approved_above = any(books.estimate.get(code) for code in tree.above(line.code))
    if not books.estimate or (approved_above and not line.sums.estimate):
        lamp = None
    elif line.is_assumed:
        lamp = Lamp.GREY
    else:
        lamp = lamp_of(line.sums.forecast, line.sums.estimate, lamps)
    return replace(line, lamp=lamp)


def _added(*parts: Amounts) -> dict[str, Decimal]:
    sums: dict[str, Decimal] = {}
    for part in parts:
        for code, amount in part.items():
            sums[code] = sums.get(code, ZERO) + amount
    return sums


def _values(sums: Sums) -> list[Decimal]:
    return [getattr(sums, f.name) for f in fields(Sums)]
