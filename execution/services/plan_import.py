"""Rows of an Excel sheet into the annual plan: requests of a unit, or the planner's balancing. All rows or none."""

from collections.abc import Iterable
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.actor import Actor
from accounts.policies import insist
from accounts.roles import Role
from core import trace
from core.errors import DomainError, Problem, RuleViolation, require
from execution import facts, plan_sheet, planning
from execution.machines import plan_items
from execution.models import AnnualPlan, PlanItem
from execution.plan_policies import may_import, may_plan
from execution.plan_sheet import SheetRow
from execution.services import plan_requests
from execution.services.plans import locked_plan
from execution.states import PlanItemState
from projects.models import Project

MOST_PROBLEMS = 500


@transaction.atomic
def import_rows(plan_id: int, *, actor: Actor, content: bytes) -> list[PlanItem]:
    """For the plan officer the columns of planned amounts are balanced; for a unit's clerk rows become draft requests.

    Raises RuleViolation with every fault of every row at its cell or row; then nothing is written.
    """
    plan = locked_plan(plan_id, actor)
    insist(may_import, actor)
    sheet = plan_sheet.read(content)
    is_planner = actor.role == Role.PLAN_OFFICER
    found = list(sheet.problems)
    needed = plan_sheet.PLANNED if is_planner else plan_sheet.ASKED
    if not found and needed not in sheet.columns:
        words = (
            _("The sheet has no columns of planned amounts.")
            if is_planner
            else _("The sheet has no columns of requested amounts.")
        )
        found.append(Problem("book.no_amounts", words, "file"))
    found += _twice(sheet.rows)
    if is_planner:
        items = _balanced(plan, actor, sheet.rows, found)
    else:
        items = _requested(plan, actor, sheet.rows, sheet.columns, found)
    kept = {"year": plan.year, "rows": len(sheet.rows), "kind": needed}
    trace.record("execution.plan.imported", actor=actor, target=plan, facts=kept)
    return items


def _twice(rows: Iterable[SheetRow]) -> list[Problem]:
    seen: dict[str, int] = {}
    found = []
    for row in rows:
        key = row.code or row.name
        if key in seen:
            words = _("Row %(line)s: the project stands in row %(first)s already.")
            found.append(Problem("plan.row_twice", words % {"line": row.line, "first": seen[key]}, f"row.{row.line}"))
        seen.setdefault(key, row.line)
    return found


def _balanced(plan: AnnualPlan, actor: Actor, rows: list[SheetRow], found: list[Problem]) -> list[PlanItem]:
    insist(may_plan, actor)
    by_code, by_name = _keys(
        (item.project.code, item.project.name, item)
        for item in plan_items(actor).filter(plan=plan).select_related("project").prefetch_related("funding")
    )
    planned: dict[int, dict[str, Decimal]] = {}
    for row in rows:
        item = by_code.get(row.code) if row.code else by_name.get(row.name)
        if item is None:
            found.append(_at(row, "plan.row_unknown", _("no such project in the plan.")))
        elif any(row.planned.values()) or item.state == PlanItemState.BALANCED:
            planned[item.pk] = {**facts.by_source(item.funding.all(), "planned"), **row.planned}
    return plan_requests.balance_many(plan.pk, actor=actor, planned=planned, faults=found[:MOST_PROBLEMS])


def _requested(
    plan: AnnualPlan, actor: Actor, rows: list[SheetRow], columns: frozenset[str], found: list[Problem]
) -> list[PlanItem]:
    projects = Project.objects.visible_to(actor)
    by_code, by_name = _keys((project.code, project.name, project) for project in projects)
    items = {item.project_id: item for item in planning.items_of(actor, plan)}
    done = []
    for row in rows:
        project = by_code.get(row.code) if row.code else by_name.get(row.name)
        if project is None:
            found.append(_at(row, "plan.row_unknown", _("no such project of your unit.")))
            continue
        try:
            with transaction.atomic():
                kept = _keep(plan, project, items.get(project.pk), row, actor)
            done += [kept] if kept else []
        except DomainError as refusal:
            found += [_at(row, problem.code, str(problem.message)) for problem in refusal.problems]
    require(found[:MOST_PROBLEMS])
    return done


def _keep(plan: AnnualPlan, project: Project, item: PlanItem | None, row: SheetRow, actor: Actor) -> PlanItem | None:
    """The row as a draft; nothing where the sheet says what the plan says already."""
    asked = {code: part for code, part in row.asked.items() if part}
    if item is None:
        return plan_requests.request(plan.pk, project.pk, actor=actor, values=row.values, funding=asked)
    others = {code: part for code, part in plan_sheet.as_asked(item).items() if code not in row.asked}
    if all(getattr(item, name) == value for name, value in row.values.items()) and {
        **others,
        **asked,
    } == plan_sheet.as_asked(item):
        return None
    if item.state != PlanItemState.DRAFT:
        raise RuleViolation(
            [Problem("plan.reported", _("A reported request is corrected after it was returned."))]
        )  # fmt: skip
    return plan_requests.amend_request(item.pk, actor=actor, values=row.values, funding={**others, **asked})


def _keys(rows: Iterable[tuple[str, str, object]]) -> tuple[dict, dict]:
    """By code, and by name where the name is nobody else's."""
    by_code, by_name, shared = {}, {}, set()
    for code, name, row in rows:
        if code:
            by_code[code] = row
        if name in by_name:
            shared.add(name)
        by_name[name] = row
    return by_code, {name: row for name, row in by_name.items() if name not in shared}


def _at(row: SheetRow, code: str, words: str) -> Problem:
    shown = {"line": row.line, "name": (row.name or row.code)[:60], "words": words}
    return Problem(code, _("Row %(line)s (%(name)s): %(words)s") % shown, f"row.{row.line}")
