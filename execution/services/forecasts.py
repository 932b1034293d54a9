"""What each line of the cost tree will cost at completion, as the project unit foresees it on a day."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.actor import Actor
from accounts.policies import insist
from core import clock, locks, trace
from core.errors import Problem, require, together
from core.money import size_problems
from execution.models import Forecast
from execution.policies import may_keep_books
from execution.services.contracts import cost_codes
from projects.models import Project


@dataclass(frozen=True)
class Foreseen:
    """A cost line's cost at completion in yuan, and why it moved."""

    cost_code: str
    amount: Decimal
    reason: str = ""


@transaction.atomic
def foresee(
    project_id: int, *, actor: Actor, rows: Sequence[Foreseen], faults: Sequence[Problem] = ()
) -> list[Forecast]:
    """Keeps a new forecast for every line whose amount differs from the newest one. Raises RuleViolation with all reasons."""
    project = locks.locked(Project.objects.visible_to(actor), project_id)
    insist(may_keep_books, actor, project)
    require(together(faults, _problems(project, rows)))
    latest = newest(project)
    moved = [row for row in rows if latest.get(row.cost_code) != row.amount]
    kept = [
        Forecast.objects.create(
            project=project, cost_code=row.cost_code, amount=row.amount, reason=row.reason.strip()[:300],
            made_on=clock.today(), made_by=actor.user,
        )
        for row in moved
    ]  # fmt: skip
    if kept:
        said = {"forecast": {row.cost_code: row.amount for row in kept}}
        trace.record(
            "execution.progress.foreseen", actor=actor, target=project, project_id=project.pk, facts=said,
            reason="；".join(row.reason for row in kept if row.reason)[:1000],
        )  # fmt: skip
    return kept


def newest(project: Project) -> dict[str, Decimal]:
    """The forecast that counts of every cost line that has one."""
    return {row.cost_code: row.amount for row in project.forecasts.order_by("pk")}


def _problems(project: Project, rows: Sequence[Foreseen]) -> Iterable[Problem]:
    codes = [row.cost_code for row in rows]
    if len(codes) != len(set(codes)):
        yield Problem("forecast.twice", _("A cost line is named twice."), "rows")
    known = cost_codes(project)
    unknown = sorted({code for code in codes if (known and code not in known) or not code.strip() or len(code) > 30})
    if unknown:
        words = _("Not in the approved cost tree of the project: %(codes)s.") % {"codes": "、".join(unknown)}
        yield Problem("forecast.cost_code", words, "rows")
    for row in rows:
        if row.amount < 0:
            yield Problem("forecast.negative", _("A forecast cannot be negative."), "rows")
        yield from size_problems(row.amount, "rows")
