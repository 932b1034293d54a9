"""The declaration as one page in steps: which there are, what each still lacks, and how a step is answered."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.actor import Actor
from accounts.policies import insist
from approvals.flow import ITEM_FLOW
from approvals.models import ApprovalItem, MaterialComment, MaterialVersion
from approvals.policies import may_edit_declaration
from approvals.services import moves
from approvals.services.edit import EDITABLE
from approvals.services.materials import UPLOADABLE
from approvals.states import BEFORE_ACCEPTANCE, ItemState
from core.errors import Problem
from core.locks import found
from core.workflow import Situation

BASICS, COSTS, MATERIALS, SIGN, CORRECTION, SUPPLEMENT = (
    "basics",
    "costs",
    "materials",
    "sign",
    "correction",
    "supplement",
)
TEMPLATES = {
    BASICS: "web/declaring/basics.html",
    COSTS: "web/declaring/costs.html",
    MATERIALS: "web/declaring/materials.html",
    SIGN: "web/declaring/sign.html",
    CORRECTION: "web/declaring/correction.html",
    SUPPLEMENT: "web/declaring/supplement.html",
}
SIGNING_MOVE = {ItemState.CORRECTION: "resubmit"}


@dataclass(frozen=True)
class Place:
    """A problem and the place where it is put right."""

    problem: Problem
    step: str
    url: str


@dataclass(frozen=True)
class Tab:
    """One step of the declaration with how much is missing in it."""

    step: str
    label: str
    url: str
    missing: int
    current: bool


@dataclass(frozen=True)
class Wizard:
    """What every step shows around itself."""

    item: ApprovalItem
    step: str
    tabs: list[Tab]
    places: list[Place]
    is_editable: bool
    can_upload: bool
    extra: dict[str, Any] = field(default_factory=dict)


def declaration(actor: Actor, pk: int) -> ApprovalItem:
    """The item with all its declaration holds. NotFound for those who may not see it, NotPermitted for the offices."""
    versions = MaterialVersion.objects.select_related("file", "uploaded_by")
    comments = MaterialComment.objects.select_related("author", "version")
    rows = ApprovalItem.objects.visible_to(actor).select_related("project", "owner_unit", "authority", "center")
    rows = rows.prefetch_related(
        "slots", Prefetch("slots__versions", versions), Prefetch("slots__comments", comments), "cost_lines",
        "corrections__defects__slot", "pauses", "project__stages", "project__gate_openings", "project__figures",
    )  # fmt: skip
    item = found(rows, pk=pk)
    insist(may_edit_declaration, actor, item)
    return item


def steps_of(item: ApprovalItem) -> list[tuple[str, str]]:
    """(step, its name) in the order of work."""
    return [
        *([(CORRECTION, _("Defects"))] if item.state == ItemState.CORRECTION else ()),
        *([(SUPPLEMENT, _("Supplement"))] if item.state == ItemState.SUPPLEMENT else ()),
        (BASICS, _("Basics")),
        *([(COSTS, _("Costs"))] if item.type.money else ()),
        (MATERIALS, _("Materials")),
        *([(SIGN, _("Check and sign"))] if item.state in BEFORE_ACCEPTANCE else ()),
    ]  # fmt: skip


def step_url(item: ApprovalItem, step: str, anchor: str = "") -> str:
    return f"{reverse('web:item_edit', args=[item.pk])}?step={step}{f'#{anchor}' if anchor else ''}"


def to_step(item: ApprovalItem, step: str, anchor: str = "") -> HttpResponse:
    return redirect(step_url(item, step, anchor))


def answer(
    request: HttpRequest, item: ApprovalItem, step: str, extra: dict[str, Any], *, status: int = 200
) -> HttpResponse:
    """The page of one step; `extra` is what that step alone shows."""
    now = moves.situation()
    places = places_of(item, now)
    names = steps_of(item)
    tabs = [
        Tab(name, label, step_url(item, name), sum(place.step == name for place in places), name == step)
        for name, label in names
    ]
    wizard = Wizard(
        item=item,
        step=step,
        tabs=tabs,
        places=places,
        is_editable=item.state in EDITABLE,
        can_upload=item.state in UPLOADABLE or any(slot.deferred_until for slot in item.slots.all()),
    )
    context = {"wizard": wizard, "item": item, "project": item.project, **extra}
    return render(request, TEMPLATES[step], context, status=status)


def places_of(item: ApprovalItem, now: Situation) -> list[Place]:
    """Everything that keeps the declaration from being signed, each with the place to put it right."""
    if item.state not in BEFORE_ACCEPTANCE:
        return []
    name = SIGNING_MOVE.get(item.state, "submit")
    return [_place(item, problem) for problem in _problems(item, name, now) if problem.code != "wrong_state"]


def _problems(item: ApprovalItem, name: str, now: Situation) -> Iterable[Problem]:
    return [problem for guard in ITEM_FLOW[name].guards for problem in guard(item, now)]


def _place(item: ApprovalItem, problem: Problem) -> Place:
    if problem.field.startswith("material."):
        return Place(problem, MATERIALS, step_url(item, MATERIALS, f"field-{problem.field}"))
    if problem.code == "defect.unanswered":
        return Place(problem, CORRECTION, step_url(item, CORRECTION))
    if problem.code == "code.missing":
        return Place(problem, SIGN, reverse("web:project_edit", args=[item.project_id]))
    if problem.field == "declared_amount":
        step = COSTS if item.type.cost_tree else BASICS
        return Place(problem, step, step_url(item, step))
    return Place(problem, SIGN, "")
