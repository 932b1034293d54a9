"""From what the system holds of a project to the books its final account is filled from. Pure; yuan.

`Holdings` are plain facts; they can be kept as JSON, so that an account submitted once is shown as it was submitted.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass, field, replace
from decimal import Decimal
from typing import Any, TypeVar

from assets.rules.cost_heads import DEFERRED_LINES, EQUIPMENT, MANAGEMENT, OTHER, WORKS
from assets.rules.forms_model import Books, Entry, Value
from assets.rules.spread import Bearer, spread

ZERO = Decimal("0.00")
TRANSFER_OUT, WRITEOFF = "TRANSFER_OUT", "WRITEOFF"
STRUCTURE = "STRUCTURE"
GROUP_OF_KIND = {
    STRUCTURE: "structures", "EQUIPMENT": "equipment", "OTHER_FIXED": "other_fixed", "CURRENT": "current",
    "INTANGIBLE": "intangible",
}  # fmt: skip
HEADS = (WORKS, EQUIPMENT, OTHER)
WHOLE_PROJECT = "—"
Key = TypeVar("Key", str, int)


@dataclass(frozen=True)
class Fund:
    """One funding source: approved and received, with the documents it was released under. `group` of form 03."""

    code: str
    label: str
    group: str
    approved: Decimal = ZERO
    received: Decimal = ZERO
    note: str = ""


@dataclass(frozen=True)
class AssetLine:
    """One asset card."""

    key: str
    name: str
    single: str
    asset_class: str
    kind: str
    direct: Decimal
    installation: Decimal
    deferred: Decimal
    specification: str = ""
    structure: str = ""
    unit: str = ""
    quantity: Decimal | None = None
    area: Decimal | None = None
    receiver: str = ""
    shares: bool = True

    @property
    def value(self) -> Decimal:
        return self.direct + self.installation + self.deferred

    @property
    def bears(self) -> Decimal:
        """By what it shares in the deferred costs (R-FA-04)."""
        return Bearer(self.kind, self.asset_class, self.direct, self.installation, self.shares).weight


@dataclass(frozen=True)
class Tail:
    key: str
    name: str
    approved: Decimal
    done: Decimal
    to_do: Decimal
    due_on: str = ""


@dataclass(frozen=True)
class Holdings:
    """`spent` by head (works, equipment, other), `deferred` by line of form 06 with `deferred_notes`, `approved` by head of
    form 01 and `total`, `paid` so far, `texts` by name."""

    texts: Mapping[str, str] = field(default_factory=dict)
    approved: Mapping[str, Decimal] = field(default_factory=dict)
    spent: Mapping[str, Decimal] = field(default_factory=dict)
    deferred: Mapping[int, Decimal] = field(default_factory=dict)
    deferred_notes: Mapping[int, str] = field(default_factory=dict)
    paid: Decimal = ZERO
    funds: tuple[Fund, ...] = ()
    assets: tuple[AssetLine, ...] = ()
    tails: tuple[Tail, ...] = ()
    is_terminated: bool = False

    @property
    def cost(self) -> Decimal:
        """Everything the project has cost, whatever became of it."""
        return sum(self.spent.values(), ZERO) + sum(self.deferred.values(), ZERO)

    @property
    def received(self) -> Decimal:
        return sum((fund.received for fund in self.funds), ZERO)


def books_of(held: Holdings) -> Books:
    return Books(_figures(held), _groups(held))


def _figures(held: Holdings) -> dict[str, Value]:
    cost = held.cost
    formed = sum((asset.value for asset in held.assets), ZERO)
    return {
        **held.texts,
        **{f"approved.{head}": amount for head, amount in held.approved.items()},
        **{f"spent.{head}": held.spent.get(head, ZERO) for head in HEADS},
        **{f"deferred.{line}": held.deferred.get(line, ZERO) for line in DEFERRED_LINES},
        **{f"deferred.{line}.note": note for line, note in held.deferred_notes.items()},
        "paid": held.paid,
        "sunk": max(cost - formed, ZERO) if held.is_terminated else ZERO,
        "approved.management": held.approved.get("management"),
    }  # fmt: skip


def _groups(held: Holdings) -> dict[str, tuple[Entry, ...]]:
    groups: dict[str, list[Entry]] = {name: [] for name in GROUP_OF_KIND.values()}
    groups |= {"writeoffs": [], "transfers": []}
    for asset in held.assets:
        groups[_group_of(asset)].append(Entry(asset.key, asset.name, _columns(asset)))
    for fund in held.funds:
        values: dict[str, Value] = {"approved": fund.approved, "received": fund.received, "note": fund.note}
        groups.setdefault(f"sources.{fund.group}", []).append(Entry(f"source-{fund.code}", fund.label, values))
    for tail in held.tails:
        tail_values: dict[str, Value] = {
            "approved": tail.approved,
            "done": tail.done,
            "to_do": tail.to_do,
            "due_on": tail.due_on,
        }
        groups.setdefault("tails", []).append(Entry(tail.key, tail.name, tail_values))
    groups["singles"] = _singles(held.assets)
    return {name: tuple(entries) for name, entries in groups.items()}


def _group_of(asset: AssetLine) -> str:
    if asset.asset_class == WRITEOFF:
        return "writeoffs"
    if asset.asset_class == TRANSFER_OUT:
        return "transfers"
    return GROUP_OF_KIND[asset.kind]


def _columns(asset: AssetLine) -> dict[str, Value]:
    return {
        "single": asset.single,
        "structure": asset.structure,
        "area": asset.area,
        "specification": (asset.specification or asset.structure) if asset.asset_class == TRANSFER_OUT
        else asset.specification,
        "unit": asset.unit,
        "quantity": asset.quantity,
        "amount": asset.value,
        "direct": asset.direct,
        "installation": asset.installation,
        "deferred": asset.deferred,
        "receiver": asset.receiver,
    }  # fmt: skip


def delivered(assets: Iterable[AssetLine]) -> list[AssetLine]:
    """What forms 04 and 05 list."""
    return [asset for asset in assets if asset.asset_class not in (WRITEOFF, TRANSFER_OUT)]


def _singles(assets: Iterable[AssetLine]) -> list[Entry]:
    """Form 04: one row per single project, in the order they first occur."""
    sums: dict[str, dict[str, Decimal]] = {}
    for asset in delivered(assets):
        row = sums.setdefault(asset.single or WHOLE_PROJECT, dict.fromkeys(GROUP_OF_KIND.values(), ZERO))
        row[GROUP_OF_KIND[asset.kind]] += asset.value
    return [Entry(single_key(name), name, row) for name, row in sums.items()]


def single_key(name: str) -> str:
    """The row of a single project in form 04; a cell keeps at most 60 characters of a row's key."""
    return f"single-{name}"[:60]


def part_of(held: Holdings, single: str) -> Holdings:
    """R-FA-08: the account of one single project. What was not booked on an asset follows the direct cost of the assets,
    deferred costs that of the assets that bear them; all parts together are the whole, to the fen."""
    weights: dict[str, Decimal] = {}
    bearing: dict[str, Decimal] = {}
    for asset in held.assets:
        weights[asset.single] = weights.get(asset.single, ZERO) + asset.direct + asset.installation
        bearing[asset.single] = bearing.get(asset.single, ZERO) + asset.bears
    names = sorted(weights)
    if single not in weights or sum(weights.values()) <= 0:
        return replace(held, spent={}, deferred={}, paid=ZERO, approved={}, assets=(), funds=(), tails=())
    at = names.index(single)
    bearers = bearing if any(bearing.values()) else weights

    def share(amount: Decimal) -> Decimal:
        return spread(amount, [weights[name] for name in names])[at]

    def share_of_deferred(amount: Decimal) -> Decimal:
        return spread(amount, [bearers[name] for name in names])[at]

    return replace(
        held,
        approved={head: share(amount) for head, amount in held.approved.items()},
        spent=_together(held.spent, share),
        deferred={line: share_of_deferred(amount) for line, amount in held.deferred.items()},
        paid=share(held.paid),
        funds=tuple(replace(fund, approved=share(fund.approved), received=share(fund.received)) for fund in held.funds),
        assets=tuple(asset for asset in held.assets if asset.single == single),
    )


def without_cuts(held: Holdings, submitted: Holdings, single: str) -> Holdings:
    """The whole project, less what was cut of one single project's account that is approved already (R-FA-08): its assets
    are booked at the approved values, so its heads and deferred costs shrink by the same, to the fen."""
    booked = [asset for asset in held.assets if asset.single == single]
    before = submitted.assets

    def cut(worth: Callable[[AssetLine], Decimal]) -> Decimal:
        return sum(map(worth, before), ZERO) - sum(map(worth, booked), ZERO)

    return replace(
        held,
        spent=_less(held.spent, cut(lambda asset: asset.direct + asset.installation), submitted.spent),
        deferred=_less(held.deferred, cut(lambda asset: asset.deferred), submitted.deferred),
    )


def _less(amounts: Mapping[Key, Decimal], cut: Decimal, weights: Mapping[Key, Decimal]) -> dict[Key, Decimal]:
    """The amounts without a cut that is borne in proportion to the weights."""
    keys = [key for key, weight in weights.items() if weight > 0]
    parts = dict(zip(keys, spread(cut, [weights[key] for key in keys]), strict=True))
    return {key: amounts.get(key, ZERO) - parts.get(key, ZERO) for key in {**amounts, **parts}}


def _together(amounts: Mapping[str, Decimal], share: Callable[[Decimal], Decimal]) -> dict[str, Decimal]:
    """Each head's share, the largest head with what makes them the share of the sum: rounded one by one, a single
    project would cost a fen more or less than its assets."""
    parts = {head: share(amount) for head, amount in amounts.items()}
    if parts:
        largest = max(sorted(amounts), key=lambda head: amounts[head])
        parts[largest] += share(sum(amounts.values(), ZERO)) - sum(parts.values(), ZERO)
    return parts


def approved_by_head(lines: Iterable[tuple[str, int | None, Decimal]]) -> dict[str, Decimal]:
    """Approved amounts of the estimate's leaves, each with its head of form 01 and line of form 06, by head."""
    sums: dict[str, Decimal] = {}
    for head, line, amount in lines:
        sums[head] = sums.get(head, ZERO) + amount
        if line == MANAGEMENT:
            sums["management"] = sums.get("management", ZERO) + amount
    return sums


def as_json(held: Holdings) -> dict[str, Any]:
    """Plain values; amounts as texts."""
    return _plain(asdict(held))


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, dict):
        return {str(key): _plain(part) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(part) for part in value]
    return value


def from_json(kept: Mapping[str, Any]) -> Holdings:
    def amounts(name: str) -> dict[str, Decimal]:
        return {key: Decimal(amount) for key, amount in kept[name].items()}

    def row(kind: type, said: Mapping[str, Any], *numbers: str) -> Any:
        return kind(**{
            key: Decimal(value) if key in numbers and value is not None else value for key, value in said.items()
        })  # fmt: skip

    asset_numbers = ("direct", "installation", "deferred", "quantity", "area")
    return Holdings(
        texts=kept["texts"],
        approved=amounts("approved"),
        spent=amounts("spent"),
        deferred={int(line): amount for line, amount in amounts("deferred").items()},
        deferred_notes={int(line): note for line, note in kept["deferred_notes"].items()},
        paid=Decimal(kept["paid"]),
        funds=tuple(row(Fund, said, "approved", "received") for said in kept["funds"]),
        assets=tuple(row(AssetLine, said, *asset_numbers) for said in kept["assets"]),
        tails=tuple(row(Tail, said, "approved", "done", "to_do") for said in kept["tails"]),
        is_terminated=kept["is_terminated"],
    )
