"""What must hold when money of a plan is released, adjusted or given back. The caller holds the locks."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _

from core import clock
from core.errors import Problem
from core.money import ZERO
from execution import facts, findings, planning
from execution.flows.plan import is_eligible
from execution.models import AnnualPlan, PlanItem
from execution.rules import plan as rules
from execution.services.machine import situation
from execution.states import PlanItemState, PlanState
from projects.states import TERMINAL, Stage

LONGEST_REASON = 300
IN_PLAN = (PlanItemState.APPROVED, PlanItemState.RELEASED)
# Yuan by item and source.
Sums = dict[PlanItem, dict[str, Decimal]]


def about(item: PlanItem, code: str, words: str) -> Problem:
    return Problem(code, f"{item.project.name}: {words}", f"item.{item.pk}")


def ended_problems(items: Iterable[PlanItem]) -> Iterable[Problem]:
    """A project that has ended gives back, and gets nothing any more."""
    return [
        about(item, "project.ended", _("The project has ended.")) for item in items if item.project.stage in TERMINAL
    ]


def signed_problems(sums: Sums) -> list[Problem]:
    return [
        about(item, "plan.negative", _("An amount cannot be negative."))
        for item, parts in sums.items()
        if any(part < 0 for part in parts.values())
    ]


def day_problems(day: date | None, since: date | None) -> Iterable[Problem]:
    """The document comes after the one of the plan it rests on, and is not dated ahead."""
    if day and day > clock.today():
        yield Problem("date.future", _("This day lies in the future."), "decided_on")
    elif day and since and day < since:
        words = _("The plan's own document is of %(day)s; this one cannot be older.") % {"day": since}
        yield Problem("date.too_early", words, "decided_on")


def reason_problems(reason: str, *, required: bool = True) -> Iterable[Problem]:
    if required and not reason.strip():
        yield Problem("plan.no_reason", _("A reason is missing."), "reason")
    elif len(reason.strip()) > LONGEST_REASON:
        yield Problem("plan.too_long", _("At most %(n)s characters.") % {"n": LONGEST_REASON}, "reason")


def release_problems(sums: Sums) -> Iterable[Problem]:
    done = planning.released_of_all_years(item.project_id for item in sums)
    for item, parts in sums.items():
        if item.state not in IN_PLAN:
            yield about(item, "plan.item_not_in", _("It is not in the approved plan."))
            continue
        if item.project.stage == Stage.SUSPENDED:
            yield about(item, "project.suspended", _("The project is suspended."))
        quota, released = facts.quota_of(item), facts.released_of(item)
        for source, part in parts.items():
            left = quota.get(source, ZERO) - released.get(source, ZERO)
            if part > left:
                words = _("%(source)s: %(left)s yuan of the quota are left, %(part)s are to be released.")
                shown = {
                    "source": findings.source_label(source),
                    "left": findings.yuan(left),
                    "part": findings.yuan(part),
                }
                yield about(item, "release.above_quota", words % shown)
        total, control = done.get(item.project_id, ZERO), facts.plan_control(item.project)
        plus = sum(parts.values(), ZERO)
        if rules.above_control_figure(total, plus, control):
            found = planning.above_control_problem(item.project.name, total + plus, control)
            yield Problem("release.above_control", found.message, f"item.{item.pk}")


def adjustment_problems(plan: AnnualPlan, sums: Sums) -> Iterable[Problem]:
    for item, parts in sums.items():
        if item.state in (PlanItemState.DRAFT, PlanItemState.CLOSED):
            yield about(item, "plan.item_not_in", _("It is not in the approved plan."))
        elif item.state not in IN_PLAN:
            yield from (about(item, row.code, str(row.message)) for row in is_eligible(item, situation()))
        quota, released = facts.quota_of(item), facts.released_of(item)
        for source, part in parts.items():
            if quota.get(source, ZERO) + part < released.get(source, ZERO):
                words = _("%(source)s: %(done)s yuan are released already, the quota would be %(left)s.")
                shown = {
                    "source": findings.source_label(source),
                    "done": findings.yuan(released.get(source, ZERO)),
                    "left": findings.yuan(quota.get(source, ZERO) + part),
                }
                yield about(item, "plan.below_released", words % shown)
    total = facts.added(facts.planned_by_source(plan), *sums.values())
    yield from findings.envelope_problems(rules.over_envelopes(total, facts.available_by_source(plan)))
    more = {item.pk: sum(parts.values(), ZERO) for item, parts in sums.items()}
    if any(part > 0 for part in more.values()):
        yield from planning.above_control(list(sums), more)


def taken_back(plan: AnnualPlan, sums: Sums) -> tuple[dict[PlanItem, dict[str, rules.Taken]], list[Problem]]:
    """How each amount that goes back is split, and what cannot go back."""
    found = signed_problems(sums)
    if plan.state != PlanState.RELEASED:
        found.append(Problem("plan.not_running", _("Quotas go back while the plan year runs.")))
    unpaid = planning.unpaid_by_source(item.project_id for item in sums)
    taken: dict[PlanItem, dict[str, rules.Taken]] = {}
    for item, parts in sums.items():
        quota, released = facts.quota_of(item), facts.released_of(item)
        for source, part in parts.items():
            split = rules.take_back(
                part, quota.get(source, ZERO), released.get(source, ZERO), unpaid.get((item.project_id, source), ZERO)
            )
            if split is None:
                words = _("%(source)s: %(part)s yuan are more than what is unspent.")
                shown = {"source": findings.source_label(source), "part": findings.yuan(part)}
                found.append(about(item, "plan.spent", words % shown))
            else:
                taken.setdefault(item, {})[source] = split
    return taken, found
