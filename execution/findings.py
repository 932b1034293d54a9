"""What the rules found, in words."""

from collections.abc import Iterable, Iterator
from decimal import Decimal

from django.utils.translation import gettext as _

from core.errors import Problem
from execution.rules.payments import Cap, Excess
from execution.rules.plan import Over
from projects import codes


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
        else:
            words = _("Of this contract at most %(limit)s yuan may be paid by now; %(room)s yuan are left.") % facts
        yield Problem(f"payment.cap.{row.cap.lower()}", words, "amount")
