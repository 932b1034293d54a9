"""The final account as finance reviews it line by line, and what each asset is worth once it is approved. Pure; yuan.

Branch 1: every asset with its direct cost and installation. 2: every line of form 06. 3: what forms no asset. 4: works in
progress. Together they are the total of form 01 as soon as the forms balance.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from assets.rules.cost_heads import DEFERRED as DEFERRED_HEAD
from assets.rules.cost_heads import DEFERRED_LINES, EQUIPMENT, INTEREST, OTHER, TAKEN_OFF, WORKS
from assets.rules.forms_books import WRITEOFF, AssetLine, Holdings
from assets.rules.forms_model import Ref
from assets.rules.forms_reckoning import Forms
from assets.rules.spread import Bearer, spread

ZERO = Decimal("0.00")
ASSETS, DEFERRED, NO_ASSET, IN_PROGRESS = "1", "2", "3", "4"
HEADINGS = {ASSETS: "资产直接投资", DEFERRED: "待摊投资", NO_ASSET: "待核销基建支出", IN_PROGRESS: "在建工程"}


@dataclass(frozen=True)
class Declared:
    """One line of the declaration: `asset` is the key of the asset card it is about, if any."""

    code: str
    name: str
    amount: Decimal
    asset: str = ""

    @property
    def branch(self) -> str:
        return self.code.split(".")[0]


@dataclass(frozen=True)
class Approved:
    """What one asset is booked at."""

    direct: Decimal
    installation: Decimal
    deferred: Decimal


@dataclass(frozen=True)
class Compared:
    """One line of 建竣决审01: `estimate` where the approved estimate says it, `is_sum` for a branch and for the whole."""

    code: str
    name: str
    estimate: Decimal | None
    declared: Decimal
    reviewed: Decimal
    reason: str = ""
    is_sum: bool = False

    @property
    def cut(self) -> Decimal:
        return self.declared - self.reviewed

    @property
    def above_estimate(self) -> Decimal | None:
        """审定较概算增减额: negative where less was approved than estimated."""
        return None if self.estimate is None else self.reviewed - self.estimate


def compared(
    lines: Sequence[tuple[str, str, Decimal, Decimal | None, str]],
    by_head: Mapping[str, Decimal],
    by_line: Mapping[int, Decimal],
) -> list[Compared]:
    """Every line (code, name, declared, reviewed, reason) below the sum of its branch, and the whole at the end. What was
    not looked at counts as declared. The estimate knows heads of form 01 and lines of form 06, but no single asset."""
    direct = [by_head[head] for head in (WORKS, EQUIPMENT, OTHER) if head in by_head]
    estimates = {ASSETS: sum(direct, ZERO) if direct else None, DEFERRED: by_head.get(DEFERRED_HEAD)}
    estimates |= {f"{DEFERRED}.{line}": amount for line, amount in by_line.items()}
    rows = [
        Compared(code, name, estimates.get(code), asked, asked if granted is None else granted, reason)
        for code, name, asked, granted, reason in lines
    ]
    found: list[Compared] = []
    for branch in dict.fromkeys(row.code.split(".")[0] for row in rows):
        below = [row for row in rows if row.code.split(".")[0] == branch]
        found += [_summed(branch, HEADINGS.get(branch, ""), estimates.get(branch), below), *below]
    return [*found, _summed("", "", by_head.get("total"), rows)] if rows else []


def _summed(code: str, name: str, estimate: Decimal | None, rows: Sequence[Compared]) -> Compared:
    asked, granted = sum((row.declared for row in rows), ZERO), sum((row.reviewed for row in rows), ZERO)
    return Compared(code, name, estimate, asked, granted, is_sum=True)


def key_of(asset: str) -> int:
    """`asset-17` → 17."""
    return int(asset.removeprefix("asset-"))


def declared(forms: Forms, held: Holdings) -> list[Declared]:
    """The lines of the declaration, without those of nothing. No line is negative: what is taken off the deferred costs
    is taken off the interest on loans, then off the largest lines."""
    lines = [
        Declared(f"{ASSETS}.{number}", asset.name, asset.direct + asset.installation, asset.key)
        for number, asset in enumerate((row for row in held.assets if row.asset_class != WRITEOFF), 1)
    ]
    amounts = {line: forms.amount(Ref("06", f"line-{line}", "amount")) for line in DEFERRED_LINES}
    lines += [
        Declared(f"{DEFERRED}.{line}", DEFERRED_LINES[line], amount)
        for line, amount in _without_deductions(amounts).items()
    ]
    rows = [(entry.key, entry.label) for entry in forms.group("writeoffs")]
    rows += [(key, "") for key in ("sunk", "household_1", "household_2", "household_3")]
    for number, (key, label) in enumerate(rows, 1):
        ref = Ref("07", key, "amount")
        name = label or forms.label_of(ref).zh
        lines.append(Declared(f"{NO_ASSET}.{number}", name, forms.amount(ref), key if key.startswith("asset-") else ""))
    lines.append(Declared(f"{IN_PROGRESS}.1", HEADINGS[IN_PROGRESS], forms.amount("02.in_progress.amount")))
    return [line for line in lines if line.amount]


def _without_deductions(amounts: Mapping[int, Decimal]) -> dict[int, Decimal]:
    """Every deduction taken off, first from the interest, then from the largest; Σ stays, as long as it is not negative."""
    left = {line: amount for line, amount in amounts.items() if amount > 0 and line not in TAKEN_OFF}
    owed = -sum((amount for line, amount in amounts.items() if line not in left), ZERO)
    for line in sorted(left, key=lambda line: (line != INTEREST, -left[line])):
        taken = min(owed, left[line]) if owed > 0 else ZERO
        left[line] -= taken
        owed -= taken
    return left


def approved_values(
    held: Holdings, lines: Sequence[Declared], reviewed: Mapping[str, Decimal], total: Decimal
) -> dict[str, Approved]:
    """Asset → its approved values. `reviewed` by code, the declared amount where a line was not looked at; what the approved
    `total` still differs from them is borne by all lines in proportion. Σ of the assets and of the lines without one
    is `total`, wherever some asset bears the deferred costs."""
    amounts = [reviewed.get(line.code, line.amount) for line in lines]
    difference = total - sum(amounts, ZERO)
    if difference:
        amounts = [amount + part for amount, part in zip(amounts, spread(difference, amounts), strict=True)]
    cards = {asset.key: asset for asset in held.assets}
    found = {asset.key: Approved(ZERO, ZERO, ZERO) for asset in held.assets}
    deferred = ZERO
    for line, amount in zip(lines, amounts, strict=True):
        if line.asset:
            card = cards[line.asset]
            direct, installation = spread(amount, [card.direct, card.installation])
            found[line.asset] = Approved(direct, installation, ZERO)
        elif line.branch == DEFERRED:
            deferred += amount
    keys = list(found)
    shares = spread(deferred, _weights([cards[key] for key in keys], [found[key] for key in keys]))
    for key, share in zip(keys, shares, strict=True):
        found[key] = Approved(found[key].direct, found[key].installation, share)
    return found


def _weights(cards: Sequence[AssetLine], values: Sequence[Approved]) -> list[Decimal]:
    """By what each asset shares in the approved deferred costs: its approved direct cost (R-FA-04), times the rate at
    which it was declared where single projects bore costs of their own (R-FA-08)."""
    weights = [
        Bearer(card.kind, card.asset_class, value.direct, value.installation, card.shares).weight
        for card, value in zip(cards, values, strict=True)
    ]
    was = [card.deferred for card in cards]
    if min(was, default=ZERO) < 0 or was == spread(sum(was, ZERO), [card.bears for card in cards]):
        return weights
    return [
        weight * card.deferred / card.bears if card.bears else ZERO for weight, card in zip(weights, cards, strict=True)
    ]
