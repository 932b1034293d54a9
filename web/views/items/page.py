"""The page of one item, for every role: how it stands, its materials beside the review grid, what was said, what to do."""

from collections import Counter
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.actor import Actor
from accounts.roles import APPLICANTS, READS_TRACE
from approvals import deadline_wording, policies, selectors
from approvals.finding_wording import say
from approvals.findings import findings_of
from approvals.model_quantities import compare
from approvals.models import ApprovalItem, Task
from approvals.policies import OWN_DESK
from approvals.quantity_wording import light_words
from approvals.services import moves
from approvals.services.costs import REVIEWABLE
from approvals.services.edit import EDITABLE
from approvals.sight import Sight, sight_of
from approvals.states import ReductionReason
from core.errors import Problem
from core.locks import found
from core.models import TraceEntry
from core.money import ratio, wan
from core.workflow import Offer, Situation
from web.access import signed_in
from web.forms.move_inputs import MoveForm
from web.trace_wording import verb_label
from web.views.account.session import named
from web.views.bim.drawing import drawings_of
from web.views.items import costs, files
from web.views.items.people import people_for
from web.views.items.publicity import publicity_of

TRACE_SHOWN = 30
# Reasons that say there is nothing here to do it to, in difference to something still to be done first.
NOTHING_THERE = frozenset(
    {"delay.none", "ten_percent.not_exceeded", "pause.none", "countersign.none", "deficiency.not_proposed", "step.off"}
)


@signed_in
def item(request: HttpRequest, pk: int) -> HttpResponse:
    return show(request, item_for_page(request.actor, pk))


def items_for_page(actor: Actor) -> QuerySet:
    return ApprovalItem.objects.visible_to(actor).select_related(
        "project", "owner_unit", "authority", "center", "applicant", "first_reviewer", "second_officer",
        "center_first", "center_second", "resubmission_of",
    ).prefetch_related(
        "slots__versions__file", "slots__versions__uploaded_by", "slots__comments__author", "slots__comments__version",
        "cost_lines", "pauses__first_signed_by", "pauses__second_signed_by", "pauses__first_signed_for", "pauses__second_signed_for", "pauses__proposed_by",
        "opinions__author", "opinions__acting_for", "countersigns__asked_of", "countersigns__asked_by",
        "experts__expert", "corrections__defects__slot", "rounds__signed_by", "rounds__signed_for", "documents", "decisions__decided_by",
        "decisions__acting_for", "tasks__user", "tasks__left_by", "tasks__organisation", "reductions",
        "nudges__by", "project__suspensions", "project__figures", "project__gate_openings",
    )  # fmt: skip


def item_for_page(actor: Actor, pk: int) -> ApprovalItem:
    return found(items_for_page(actor), pk=pk)


def show(
    request: HttpRequest,
    row: ApprovalItem,
    *,
    status: int = 200,
    title: str = "",
    problems: tuple[Problem, ...] = (),
    move_form: MoveForm | None = None,
    comment_form: Any = None,
    posted_review: Any = None,
    objection_form: Any = None,
) -> HttpResponse:
    """The page; after a refusal with the reasons on top, at the fields, and everything that was typed."""
    actor, now = request.actor, moves.situation()
    sight = sight_of(actor, row)
    shown = files.shown_file(row, request.GET.get("file", ""))
    desks = moves_of(row, actor, now, move_form)
    tied = tied_lines(row)
    context = {
        "item": row,
        "sight": sight,
        "steps": selectors.steps(row, sight, now),
        "clock": clock_words(row, now),
        "amounts": amounts_of(row, sight),
        "files": files.file_rows(
            row,
            sight,
            chosen=shown.pk if shown else None,
            may_comment=files.takes_comments(row) and policies.may_comment(actor, row) is None,
            shown_form=comment_form,
        ),
        "shown": shown,
        "shown_url": files.address_of(shown) if shown and files.is_pdf(shown) else "",
        "grid": costs.grid_of(
            row,
            editable=row.state in REVIEWABLE and not policies.may_edit_review(actor, row),
            shows_reviewed=sight.reviewed,
            posted=posted_review,
            problems=problems if posted_review is not None else (),
        ),
        "reason_classes": ReductionReason.choices,
        "drawings": drawings_of(actor, row.project),
        "tied_lines": tied,
        "quantity_lights": quantity_lights(row, now) if tied and sight.reviewed else {},
        "findings": [(finding, say(finding)) for finding in findings_of(row, now)] if sight.reviewed else [],
        "opinions": sight.opinions(row),
        "experts": sight.experts(row),
        "documents": sight.documents(row),
        "publicity": publicity_of(row, actor, now, objection_form),
        "timeline": selectors.timeline(row, sight),
        "desks": desks,
        "switch": other_desk(request, row, desks),
        "rounds": rounds_of(row),
        "tasks": [task for task in row.tasks.all() if task.kind == Task.Kind.STEP or sight.names],
        "trace": trace_of(actor, row),
        "edit_url": edit_address(actor, row),
        "refusal": title,
        "problems": problems,
        "status": status,
        "confirm_amount": confirmed_amount(row),
    }
    return render(request, "web/items/item.html", context, status=status)


def tied_lines(row: ApprovalItem) -> set[str]:
    """The codes of the cost lines that elements of a model may feed."""
    rules, links = row.quantity_rules.order_by(), row.element_links.order_by()
    return set(rules.values_list("line_code", flat=True).union(links.values_list("line_code", flat=True)))


def quantity_lights(row: ApprovalItem, now: Situation) -> dict[str, tuple[str, str]]:
    """Cost line → the light of its quantity by the model, and its words, for lines that are tied to elements."""
    compared = compare(row, now.rules)
    return {one.line.code: (one.light, light_words(one)) for one in compared.rows if one.measured is not None}


@dataclass(frozen=True)
class ClockWords:
    light: str
    text: str
    has_days: bool


def clock_words(row: ApprovalItem, now: Situation) -> ClockWords:
    """The light and its sentence: days left and due date, the pause and its day, or how it ended."""
    step = next((task for task in row.tasks.all() if task.kind == Task.Kind.STEP and task.left_at is None), None)
    face = selectors.clock_face(row, now, step if row.accepted_on is None else None)
    if face.pause:
        words = deadline_wording.say_pause(face.pause, face.pause_day)
    elif face.days is not None:
        words = deadline_wording.say_remaining(face.days, face.due_on, face.provisional)
    elif row.used_days is not None:
        words = _("took %(used)s of %(limit)s working days") % {"used": row.used_days, "limit": row.promised_days or 0}
    else:
        words = ""
    light = "RED" if face.light == "RED_HISTORY" else str(face.light)
    return ClockWords(light, words, row.accepted_on is not None)


def amounts_of(row: ApprovalItem, sight: Sight) -> list[dict[str, Any]]:
    """The key figures; what the reader may not know yet is left out."""
    if not row.type.money:
        return []
    shown = [{"label": row.type.amount_label, "value": row.declared_amount}]
    if sight.reviewed:
        shown.append({"label": _("Reviewed"), "value": row.reviewed_amount})
        if row.declared_amount and row.reviewed_amount is not None:
            cut = row.declared_amount - row.reviewed_amount
            rate = ratio(cut, row.declared_amount)
            label = _("Reduction") if cut >= 0 else _("Increase")
            shown.append({"label": label, "value": cut, "rate": rate})
    if row.approved_amount is not None:
        shown.append({"label": _("Approved"), "value": row.approved_amount})
    return shown


@dataclass(frozen=True)
class MoveShown:
    """A move as the page offers it: possible with its form, or off with its reasons."""

    offer: Offer
    url: str
    form: MoveForm | None
    primary: bool
    open: bool

    @property
    def move(self) -> Any:
        return self.offer.move


@dataclass(frozen=True)
class MovesShown:
    """The moves that are possible; those that are off, each with its own reasons; and reasons that hold for all of those."""

    possible: list[MoveShown]
    off: list[MoveShown]
    shared: list[Problem]


def moves_of(row: ApprovalItem, actor: Actor, now: Situation, refused: MoveForm | None = None) -> MovesShown:
    offers = [offer for offer in moves.offers(row, actor, now) if concerns(offer) or is_refused(offer, refused)]
    first_primary = next((offer.move.name for offer in offers if offer.possible and offer.move.primary), "")
    possible, off = [], []
    for offer in offers:
        name = offer.move.name
        mine = refused if is_refused(offer, refused) else None
        if not offer.possible and mine is None:
            off.append(MoveShown(offer, "", None, primary=False, open=False))
            continue
        form = mine or MoveForm(offer.move, people=people_for(row, offer.move, now))
        url = reverse("web:item_move", args=[row.pk, name])
        primary = name == first_primary
        possible.append(MoveShown(offer, url, form, primary, open=primary or mine is not None))
    possible.sort(key=lambda shown: not shown.primary)
    return MovesShown(possible, off, _shared_reasons(off))


@dataclass(frozen=True)
class Switch:
    """Another capacity of this person, on whose desk the item lies: `key` names it, `post` says it."""

    key: str
    post: str
    own: bool


def other_desk(request: HttpRequest, row: ApprovalItem, desks: MovesShown) -> Switch | None:
    """Where to act from instead: when the file lies on another of one's desks, and not on this one (R-PERM-03)."""
    actor, tasks = request.actor, row.tasks.all()
    mine_elsewhere = any(p.code == OWN_DESK for shown in desks.off for p in shown.offer.problems)
    if not mine_elsewhere and any(selectors.lies_with(task, actor) for task in tasks):
        return None
    for other in request.capacities:
        if other.key != actor.key and any(selectors.lies_with(task, other) for task in tasks):
            return Switch(other.key, named(other), own=other.principal is None)
    return None


def concerns(offer: Offer) -> bool:
    """Whether the move has anything to do with this item now: nobody misses a pause to sign where none was proposed."""
    return offer.possible or any(problem.code not in NOTHING_THERE for problem in offer.problems)


def is_refused(offer: Offer, refused: MoveForm | None) -> bool:
    return refused is not None and refused.move.name == offer.move.name


def _shared_reasons(off: list[MoveShown]) -> list[Problem]:
    """What alone keeps every one of these moves off, told once instead of beside each."""
    if len(off) < 2:
        return []
    counted = Counter(problem for shown in off for problem in set(shown.offer.problems))
    return [problem for problem in off[0].offer.problems if counted[problem] == len(off)]


def confirmed_amount(row: ApprovalItem) -> str:
    amount = row.reviewed_amount if row.reviewed_amount is not None else row.declared_amount
    return _("%(amount)s ×10,000 yuan") % {"amount": f"{wan(amount):,.2f}"} if amount is not None else ""


def rounds_of(row: ApprovalItem) -> list[dict[str, Any]]:
    """What was handed in each time, and what of it is not what the pre-review had marked in order (R-FILE-03)."""
    names = {slot.code: slot.label for slot in row.slots.all()}
    shown = []
    for submission in row.rounds.all():
        differs = set(submission.differs_from_pre_review)
        contents = [
            {**part, "name": names.get(part["code"], ""), "differs": part["code"] in differs}
            for part in submission.contents
        ]
        shown.append(
            {"round": submission, "contents": contents, "differs": [names.get(code, code) for code in differs]}
        )
    return shown


def trace_of(actor: Actor, row: ApprovalItem) -> list[dict[str, Any]]:
    """The latest entries about the item, for those who read the trace."""
    if actor.role not in READS_TRACE:
        return []
    entries = TraceEntry.objects.filter(item_id=row.pk).order_by("-pk")[:TRACE_SHOWN]
    return [{"entry": entry, "what": verb_label(entry.verb)} for entry in entries]


def edit_address(actor: Actor, row: ApprovalItem) -> str:
    """Where the unit fills in the declaration, while it may."""
    if actor.role not in APPLICANTS or row.state not in (*EDITABLE, "SUPPLEMENT"):
        return ""
    return f"/items/{row.pk}/edit/"
