"""What the balancing rules found, in words: each names the two cells that disagree, and both amounts."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from assets import holdings
from assets.rules.forms_balance import Fault, Imbalance, imbalances
from assets.rules.forms_books import single_key
from assets.rules.forms_layout import FORMS
from assets.rules.forms_model import Label, Ref
from assets.rules.forms_reckoning import Forms
from assets.states import DELIVERED, AccountState
from core.errors import Problem
from core.money import ZERO
from core.rulebook import Rulebook
from projects.states import Stage

# How the codes of these reasons begin; the number of the rule follows.
CODES = "account.r_fa_"


def said(label: Label) -> str:
    """Official Chinese, or the English of readers who chose it."""
    return label.zh if (get_language() or "zh").startswith("zh") else label.en


@dataclass(frozen=True)
class CellName:
    """A cell as a reader finds it: form, row and column by their names."""

    ref: Ref
    form: str
    row: str
    column: str
    account_id: int

    def __str__(self) -> str:
        return _("form %(form)s “%(row)s” – %(column)s") % {"form": self.form, "row": self.row, "column": self.column}


@dataclass(frozen=True)
class Finding:
    """One broken rule with its two cells."""

    imbalance: Imbalance
    left: CellName
    right: CellName
    words: str

    @property
    def rule(self) -> str:
        return self.imbalance.rule

    @property
    def code(self) -> str:
        return f"{CODES}{self.rule.removeprefix('R-FA-')}"


def name_of(forms: Forms, ref: Ref, account_id: int) -> CellName:
    row, column = forms.label_of(ref), forms.column_of(ref)
    return CellName(ref, ref.form, said(row), said(column.label), account_id)


def parts_of(account: Any) -> dict[str, tuple[Ref, Decimal, Any]]:
    """R-FA-08: the accounts of single projects beside the account of the whole, each with the total of its form 04, or
    with what its delivered assets are booked at once it is approved."""
    if account.part:
        return {}
    found = {}
    for other in account.project.final_accounts.exclude(pk=account.pk).exclude(part=""):
        total = _booked(other) if other.state == AccountState.APPROVED else _reckoned(other)
        found[other.part] = (Ref("04", single_key(other.part), "total"), total, other)
    return found


def _reckoned(part: Any) -> Decimal:
    return holdings.forms_of(part).amount("04.total.total")


def _booked(part: Any) -> Decimal:
    rows = part.project.assets.filter(single_project=part.part, asset_class__in=DELIVERED)
    return sum((row.value for row in rows), ZERO)


def balance_findings(account: Any, rules: Rulebook, forms: Forms | None = None) -> list[Finding]:
    """Every broken rule at once, in the order of the rules."""
    forms = forms or holdings.forms_of(account)
    parts = parts_of(account)
    told = {name: (ref, total) for name, (ref, total, _other) in parts.items() if forms.has(ref)}
    row = rules.row("R-FA-09")
    if row is None:
        raise KeyError("R-FA-09")
    terminated = account.project.stage == Stage.TERMINATED
    found = []
    for broken in imbalances(forms, row, terminated=terminated, parts=told):
        left = name_of(forms, broken.left, account.pk)
        right = _right(forms, broken, account, parts)
        found.append(Finding(broken, left, right, _words(broken, left, right)))
    return found


def _right(forms: Forms, broken: Imbalance, account: Any, parts: dict[str, Any]) -> CellName:
    if not broken.part:
        return name_of(forms, broken.right, account.pk)
    other = parts[broken.part][2]
    return name_of(holdings.forms_of(other), broken.right, other.pk)


def _words(broken: Imbalance, left: CellName, right: CellName) -> str:
    shown = {
        "rule": broken.rule,
        "left": left,
        "right": right,
        "a": f"{broken.left_amount:,.2f}",
        "b": f"{broken.right_amount:,.2f}",
        "difference": f"{broken.left_amount - broken.right_amount:,.2f}",
        "limit": f"{broken.limit:,.2f}",
    }
    if broken.fault == Fault.ABOVE:
        return _("%(rule)s: %(left)s is %(a)s, but at most %(limit)s yuan are allowed by %(right)s (%(b)s).") % shown
    if broken.fault == Fault.MISSING:
        return _("%(rule)s: %(left)s is missing for %(right)s (%(b)s).") % shown
    return _("%(rule)s: %(left)s is %(a)s, but %(right)s is %(b)s; they differ by %(difference)s yuan.") % shown


def balance_problems(account: Any, rules: Rulebook) -> Iterator[Problem]:
    """The same as reasons of a refusal; `field` names the first of the two cells."""
    for finding in balance_findings(account, rules):
        yield Problem(finding.code, finding.words, ".".join(finding.left.ref))


def counted(pairs: int) -> Problem:
    """All of them in one line, where they stand one by one already."""
    words = ngettext("One pair of cells does not agree", "%(n)s pairs of cells do not agree", pairs)
    return Problem(f"{CODES}all", words % {"n": pairs})


def form_title(number: str) -> str:
    return said(FORMS[number].label)
