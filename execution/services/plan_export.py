"""The annual plan leaves the system as a file, and the trace keeps who took which rows."""

from accounts.actor import Actor
from core.services.exports import note_export
from execution import plan_sheet, planning
from execution.models import AnnualPlan


def export(plan_id: int, *, actor: Actor) -> tuple[AnnualPlan, bytes]:
    """The items this person sees as a workbook; units get the columns of their requests, not those of the planner."""
    plan = planning.plan_of(actor, plan_id)
    whole = planning.sees_whole_plan(actor)
    items = list(planning.items_of(actor, plan).order_by("category", "pk"))
    content = plan_sheet.write(plan, items, plan_sheet.sources_of(plan), requests_only=not whole)
    note_export("execution.plan.exported", content, actor=actor, rows=len(items), filters={"year": plan.year})
    return plan, content


def file_name(plan: AnnualPlan) -> str:
    return f"plan-{plan.year}.xlsx"
