"""R-FA-01…09: what must agree between the cells of a final account. Each broken rule names the two cells and both amounts."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Protocol

from approvals.rules.investment import reaches
from assets.rules.forms_layout import KINDS
from assets.rules.forms_model import Ref
from assets.rules.forms_reckoning import Forms
from assets.rules.spread import spread

ZERO = Decimal("0.00")


class Threshold(Protocol):
    """What is read off a rule row."""

    @property
    def value(self) -> Decimal: ...
    @property
    def comparison(self) -> str: ...


class Fault(StrEnum):
    """How two cells disagree."""

    DIFFERENT = "different"
    ABOVE = "above"
    MISSING = "missing"


@dataclass(frozen=True)
class Imbalance:
    """`left` and `right` are cells of this account; `part` names the single project where `right` is in its own account.

    ABOVE: `left` is more than `limit` = the allowed share of `right`. MISSING: `left` is empty, though `right` needs it.
    """

    rule: str
    left: Ref
    right: Ref
    left_amount: Decimal
    right_amount: Decimal
    fault: Fault = Fault.DIFFERENT
    limit: Decimal = ZERO
    part: str = ""


# Cells that must be equal: (rule, left, right).
EQUAL: tuple[tuple[str, str, str], ...] = (
    ("R-FA-01", "02.sources_total.amount", "02.uses_total.amount"),
    ("R-FA-01", "03.total.received", "02.funded.amount"),
    ("R-FA-02", "01.total.actual", "02.formed.amount"),
    ("R-FA-02", "01.writeoff.actual", "07.total.amount"),
    ("R-FA-02", "01.transfer.actual", "08.total.amount"),
    *(("R-FA-03", f"04.total.{kind}", f"05.{kind}_total.amount") for kind in KINDS),
    ("R-FA-03", "02.delivered.amount", "04.total.total"),
    ("R-FA-03", "02.writeoff.amount", "07.total.amount"),
    ("R-FA-03", "02.transfer.amount", "08.total.amount"),
    ("R-FA-04", "06.total.amount", "01.deferred.actual"),
    ("R-FA-05", "02.surplus.amount", "02.surplus_reckoned.amount"),
)  # fmt: skip
ALLOCATED = ("06.total.amount", "06.allocated.amount")


def imbalances(
    forms: Forms,
    tail_share: Threshold,
    *,
    terminated: bool = False,
    parts: Mapping[str, tuple[Ref, Decimal]] | None = None,
) -> Iterator[Imbalance]:
    """Every rule that is broken. `parts`: single project → (its row's total in form 04, the total of its own account)."""
    for rule, left, right in EQUAL:
        yield from _unequal(forms, rule, left, right)
    if not terminated:
        yield from _unequal(forms, "R-FA-04", *ALLOCATED)
    yield from _unapproved_writeoffs(forms, terminated)
    for name, (ref, total) in (parts or {}).items():
        if forms.amount(ref) != total:
            own = Ref("04", "total", "total")
            yield Imbalance("R-FA-08", ref, own, forms.amount(ref), total, part=name)
    yield from _tail_works(forms, tail_share)


def _unequal(forms: Forms, rule: str, left: str, right: str) -> Iterator[Imbalance]:
    a, b = forms.amount(left), forms.amount(right)
    if a != b:
        yield Imbalance(rule, Ref.of(left), Ref.of(right), a, b)


def _unapproved_writeoffs(forms: Forms, terminated: bool) -> Iterator[Imbalance]:
    """R-FA-06: what a terminated project spent without an asset is written off under an approval that is named."""
    if not terminated:
        return
    for key in (*(entry.key for entry in forms.group("writeoffs")), "sunk"):
        amount, approval = Ref("07", key, "amount"), Ref("07", key, "approval")
        if forms.amount(amount) and not forms.value(approval):
            yield Imbalance("R-FA-06", approval, amount, ZERO, forms.amount(amount), Fault.MISSING)


def _tail_works(forms: Forms, share: Threshold) -> Iterator[Imbalance]:
    """R-FA-09: what is still to be done is at most a share of the approved estimate."""
    left, right = Ref("01", "tail_total", "to_do"), Ref("01", "total", "approved")
    to_do, estimate = forms.amount(left), forms.amount(right)
    limit = (estimate * share.value).quantize(Decimal("0.01"))
    if to_do and reaches(to_do, limit, share.comparison):
        yield Imbalance("R-FA-09", left, right, to_do, estimate, Fault.ABOVE, limit)


def returned_by_source(reduction: Decimal, received: Mapping[str, Decimal]) -> dict[str, Decimal]:
    """R-FA-07: what was cut goes back to those who paid, in the ratio of the sources; Σ is the reduction."""
    codes = sorted(received)
    return dict(zip(codes, spread(reduction, [received[code] for code in codes]), strict=True))
