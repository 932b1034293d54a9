"""What the rules found, in words."""

from collections.abc import Iterable, Iterator
from decimal import Decimal

from django.utils.translation import gettext as _

from core.errors import Problem
from execution.rules.changes import Judgement
from execution.rules.payments import Cap, Excess
from execution.rules.plan import Over
from execution.rules.tender import Breach, Fault
from execution.states import ChangeLevel, ContractKind
from projects import codes

# What the works part of a budget pays for.
WORKS_KINDS = (ContractKind.WORKS, ContractKind.EQUIPMENT)


def yuan(amount: Decimal) -> str:
    return f"{amount:,.2f}"


def source_label(code: str) -> str:
    return codes.labels("funding_source").get(code, code)


def envelope_problems(found: Iterable[Over]) -> Iterator[Problem]:
    for row in found:
        facts = {"source": source_label(row.source), "planned": yuan(row.planned), "available": yuan(row.available)}
        words = _("%(source)s: %(planned)s yuan planned, only %(available)s available.") % facts
        yield Problem("plan.envelope", words, "funding")


def cap_problems(found: Iterable[Excess]) -> Iterator[Problem]:
    """R-INV-11."""
    for row in found:
        facts = {
            "room": yuan(row.room),
            "limit": yuan(row.limit),
            "source": source_label(row.source) if row.source else "",
        }
        if row.cap == Cap.SOURCE:
            words = _("%(source)s: %(limit)s yuan released, at most %(room)s yuan can still be paid.") % facts
        elif row.cap == Cap.RELEASED:
            words = (
                _("%(limit)s yuan have been released to the project, at most %(room)s yuan can still be paid.") % facts
            )
        elif row.cap == Cap.ADVANCE:
            words = _("Advances of this contract are at most %(limit)s yuan; %(room)s yuan are left.") % facts
        else:
            words = _("Of this contract at most %(limit)s yuan may be paid by now; %(room)s yuan are left.") % facts
        yield Problem(f"payment.cap.{row.cap.lower()}", words, "amount")


def work_problem(room: Decimal) -> Problem:
    """The same work is not paid twice."""
    words = _("More is applied for than the work done is worth: of this report's work %(room)s yuan are left.")
    return Problem("payment.above_work", words % {"room": yuan(room)}, "applied")


def period_problems(found: Iterable[Fault]) -> Iterator[Problem]:
    """Periods of a tender that the law does not allow, each with the day that would do."""
    words = {
        Breach.BIDS_TOO_SHORT: _("Bids stay open for at least %(days)s days: until %(day)s or later."),
        Breach.PUBLICITY_TOO_SHORT: _(
            "The candidates are published for at least %(days)s days: until %(day)s or later."
        ),
        Breach.PUBLICITY_TOO_LATE: _(
            "The candidates are published within %(days)s days of the evaluation report: by %(day)s."
        ),
        Breach.BACKWARDS: _("The publicity cannot begin before the evaluation report of %(day)s."),
    }
    for row in found:
        shown = words[row.breach] % {"days": row.days, "day": row.limit}
        yield Problem(f"tender.{row.breach.lower()}", shown, row.field)


def bidders_problem(least: int) -> Problem:
    """招标投标法 art. 28."""
    words = _(
        "With fewer than %(least)s bidders the bids are not opened: the tender has failed and is announced again."
    )
    return Problem("tender.too_few_bidders", words % {"least": least}, "bidders")


def ceiling_problems(room: Decimal, budget: Decimal | None) -> Iterator[Problem]:
    """R-INV-09, first half."""
    words = _(
        "The reviewed budget for works is %(budget)s yuan; at most %(room)s yuan are left for this ceiling price."
    )
    shown = {"budget": yuan(budget or Decimal(0)), "room": yuan(room)}
    yield Problem("tender.above_budget", words % shown, "ceiling")


def award_problem(award: Decimal, ceiling: Decimal) -> Problem:
    """R-INV-09, second half."""
    words = _("The award of %(award)s yuan is above the ceiling price of %(ceiling)s yuan.")
    return Problem("tender.above_ceiling", words % {"award": yuan(award), "ceiling": yuan(ceiling)}, "award")


def level_problem(judged: Judgement) -> Problem:
    """R-INV-14."""
    shown = {"level": ChangeLevel(judged.level).label, "share": f"{judged.share * 100:.2f} %"}
    if judged.by_share:
        words = _("All changes together are %(share)s of the contract price: %(level)s.")
    else:
        words = _("A change of this amount: %(level)s.")
    return Problem("change.level", words % shown)


def measured_problem(line: object, left: Decimal, done: Decimal) -> Problem:
    words = _("%(line)s: %(done)s are measured already, only %(left)s would be left.")
    return Problem("change.measured", words % {"line": line, "left": f"{left:,f}", "done": f"{done:,f}"}, "lines")


def paid_problem(left: Decimal, done: Decimal) -> Problem:
    words = _("%(done)s yuan are paid or approved already; the contract would be worth %(left)s yuan.")
    return Problem("contract.below_paid", words % {"left": yuan(left), "done": yuan(done)}, "amount")
