"""Milestones of the works: what is planned to be done by when, and when it was reached."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import pairwise

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.actor import Actor
from accounts.policies import insist
from core import clock, locks, trace
from core.errors import Problem, require, together
from execution.models import Milestone
from execution.policies import may_keep_books
from projects.models import Project


@dataclass(frozen=True)
class Stone:
    """A milestone: what, by when, and how much of the works (percent, cumulative) is planned to be done then."""

    name: str
    planned_on: date | None
    planned_percent: Decimal | None = None
    done_on: date | None = None
    id: int | None = None


@transaction.atomic
def set_milestones(
    project_id: int, *, actor: Actor, stones: Sequence[Stone], faults: Sequence[Problem] = ()
) -> list[Milestone]:
    """All milestones of the project in their order; what is not named is removed. Raises RuleViolation with every reason."""
    project = locks.locked(Project.objects.visible_to(actor), project_id)
    insist(may_keep_books, actor, project)
    own = {row.pk: row for row in project.milestones.all()}
    require(together(faults, _stone_problems(stones, own)))
    project.milestones.exclude(pk__in=[stone.id for stone in stones if stone.id]).delete()
    kept = []
    for position, stone in enumerate(stones, 1):
        row = own.get(stone.id or 0) or Milestone(project=project)
        row.position, row.name, row.planned_on = position, stone.name.strip(), stone.planned_on
        row.planned_percent, row.done_on = stone.planned_percent, stone.done_on
        row.save()
        kept.append(row)
    said = {"milestones": [f"{row.name} {row.planned_on} {row.done_on or ''}".strip() for row in kept]}
    trace.record("execution.progress.milestones_set", actor=actor, target=project, project_id=project.pk, facts=said)
    return kept


def _stone_problems(stones: Sequence[Stone], own: dict[int, Milestone]) -> Iterable[Problem]:
    named = [stone.id for stone in stones if stone.id]
    if set(named) - set(own) or len(named) != len(set(named)):
        yield Problem("milestone.foreign", _("A milestone belongs to another project."), "stones")
    for stone in stones:
        if not stone.name.strip() or len(stone.name.strip()) > 100:
            yield Problem("milestone.name", _("Every milestone has a name of at most 100 characters."), "stones")
        if stone.planned_on is None:
            words = _("%(name)s: the planned day is missing.") % {"name": stone.name}
            yield Problem("milestone.planned_on", words, "stones")
        if stone.planned_percent is not None and not 0 <= stone.planned_percent <= 100:
            yield Problem("progress.percent", _("Progress lies between 0 and 100 %."), "stones")
        if stone.done_on is not None and stone.done_on > clock.today():
            yield Problem("milestone.future", _("%(name)s: not reached yet.") % {"name": stone.name}, "stones")
    dated = sorted(
        (stone for stone in stones if stone.planned_on is not None and stone.planned_percent is not None),
        key=lambda stone: stone.planned_on or date.min,
    )
    if any((a.planned_percent or 0) > (b.planned_percent or 0) for a, b in pairwise(dated)):
        yield Problem("milestone.falls", _("What is planned does not fall from one milestone to the next."), "stones")


@transaction.atomic
def reach_milestone(pk: int, *, actor: Actor, done_on: date | None, faults: Sequence[Problem] = ()) -> Milestone:
    """Records the day a milestone was reached; None takes it back."""
    row = locks.found(Milestone.objects.filter(project__in=Project.objects.visible_to(actor)), pk=pk)
    project = locks.locked(Project.objects.visible_to(actor), row.project_id)
    insist(may_keep_books, actor, project)
    row.refresh_from_db()
    found = []
    if done_on is not None and done_on > clock.today():
        found.append(Problem("date.future", _("This day lies in the future."), "done_on"))
    require(together(faults, found))
    row.done_on = done_on
    row.save()
    trace.record(
        "execution.progress.milestone_reached", actor=actor, target=project, project_id=project.pk,
        facts={"name": row.name, "done_on": done_on},
    )  # fmt: skip
    return row
