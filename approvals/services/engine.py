"""One recipe for every move of an item: fetch and lock, may this person, may it happen now, move, consequences, trace."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from django_fsm import ConcurrentTransition

from accounts.actor import Actor
from accounts.models import User
from approvals import policies
from approvals.flow import ITEM_FLOW
from approvals.models import ApprovalItem
from core import calendars, clock, locks, rulebook, trace
from core.errors import NotPermitted, Problem, RuleViolation, StaleState, require
from core.inputs import clean_inputs
from core.read_once import forget, read_once
from core.trace import SystemActor
from core.workflow import Offer, Situation
from projects.models import Project

Handler = Callable[["Case"], None]


@dataclass
class Case:
    """One move being made on one item. Handlers stamp the item, write their own rows, choose `target`, add `facts`."""

    item: ApprovalItem
    move: str
    actor: Actor | SystemActor
    data: dict[str, Any]
    now: Situation
    at: datetime
    source: str
    target: str | None = None
    facts: dict[str, Any] = field(default_factory=dict)

    @property
    def on(self) -> date:
        return self.now.on

    @property
    def user(self) -> User:
        """The person acting; only for moves persons make."""
        return self.actor.user

    @property
    def holder(self) -> User:
        """Whose post is being acted in; only for moves persons make."""
        return self.actor.holder

    def refuse(self, code: str, message: str, where: str = "") -> None:
        raise RuleViolation([Problem(code, message, where)])


# What a move reads more than once, read beforehand: the clock's rows for whatever changes the state, and what else
# a room names for its own move.
CLOCK_READS = ("pauses", "project__suspensions")
READS: dict[str, tuple[str, ...]] = {}

BEFORE: dict[str, Handler] = {}
AFTER: dict[str, Handler] = {}
# What follows every change of state (clock, desk) and every move (notices); filled once in services/moves.py.
FOLLOWERS: list[Handler] = []
OBSERVERS: list[Handler] = []


def before(*names: str) -> Callable[[Handler], Handler]:
    """Registers what is done before the state changes: reading the inputs against the item, stamping, choosing a target."""

    def register(handler: Handler) -> Handler:
        for name in names:
            _claim(BEFORE, name, handler)
        return handler

    return register


def after(*names: str) -> Callable[[Handler], Handler]:
    """Registers the consequences, once the item is in its new state and saved."""

    def register(handler: Handler) -> Handler:
        for name in names:
            _claim(AFTER, name, handler)
        return handler

    return register


def _claim(registry: dict[str, Handler], name: str, handler: Handler) -> None:
    if name in registry or name not in ITEM_FLOW:
        raise ValueError(f"{name}: unknown move, or handled twice")
    registry[name] = handler


def situation(on: date | None = None) -> Situation:
    day = on or clock.today()
    return Situation(on=day, works=calendars.current(), rules=rulebook.on(day))


def offers(item: ApprovalItem, actor: Actor, now: Situation) -> list[Offer]:
    """The moves this person's role has from the item's state, each with the reasons why it is off now."""
    return [
        Offer(move, tuple(policies.may_move(actor, item, move) + ITEM_FLOW.problems(item, move.name, now)))
        for move in ITEM_FLOW.from_state(item.state)
        if actor.role in move.roles and (move.name != "answer_countersign" or _is_asked(actor, item))
    ]


def _is_asked(actor: Actor, item: ApprovalItem) -> bool:
    return any(row.asked_of_id in actor.persons and row.answered_at is None for row in item.countersigns.all())


@transaction.atomic
def perform(
    item_id: int,
    name: str,
    *,
    actor: Actor,
    data: dict[str, Any] | None = None,
    expected_version: int | None = None,
) -> ApprovalItem:
    """Makes one move for a person. Raises NotFound, NotPermitted, RuleViolation (all reasons), StaleState."""
    item = lock_item(item_id, actor, expected_version)
    if name not in ITEM_FLOW:
        raise RuleViolation([Problem("unknown_move", _("There is no such move."))])
    refusals = policies.may_move(actor, item, ITEM_FLOW[name])
    if refusals:
        raise NotPermitted(*refusals)
    values, problems = clean_inputs(ITEM_FLOW[name], data or {})
    _read_beforehand(item, name)
    now = situation()
    require([*problems, *ITEM_FLOW.problems(item, name, now)])
    return _make(Case(item, name, actor, values, now, clock.now(), item.state))


@transaction.atomic
def perform_by_system(item_id: int, name: str, *, data: dict[str, Any] | None = None) -> ApprovalItem:
    """Makes one timed or consequential move that no person makes."""
    item = lock_item(item_id, None, None)
    _read_beforehand(item, name)
    now = situation()
    require(ITEM_FLOW.problems(item, name, now))
    return _make(Case(item, name, trace.SYSTEM, data or {}, now, clock.now(), item.state))


def _read_beforehand(item: ApprovalItem, name: str) -> None:
    clock_reads = CLOCK_READS if ITEM_FLOW[name].target else ()
    read_once(item, *clock_reads, *READS.get(name, ()))


def lock_item(item_id: int, actor: Actor | None, expected_version: int | None) -> ApprovalItem:
    """The item, its project locked before it, always in this order, so that two writers never wait for each other."""
    rows = ApprovalItem.objects.all() if actor is None else ApprovalItem.objects.visible_to(actor)
    project_id = locks.found(rows, pk=item_id).project_id
    locks.locked(Project.objects.all(), project_id)
    item = locks.locked(rows.select_related(*ALONGSIDE), item_id)
    if expected_version is not None and expected_version != item.version:
        raise StaleState(
            Problem("stale", _("Somebody else has changed this item since you opened it. Please look at it again."))
        )
    return item


# Rows every move needs beside the item: where it lies, and who is told.
ALONGSIDE = (
    "project", "owner_unit", "authority", "center", "applicant", "first_reviewer", "center_first", "center_second",
)  # fmt: skip


def _make(case: Case) -> ApprovalItem:
    item = case.item
    if case.move in BEFORE:
        BEFORE[case.move](case)
    step = getattr(item, case.move)
    step(case.target) if case.target else step()
    save(item)
    for follower in FOLLOWERS if item.state != case.source else ():
        follower(case)
    if case.move in AFTER:
        AFTER[case.move](case)
    for observer in OBSERVERS:
        observer(case)
    trace.record(
        ITEM_FLOW.verb(case.move),
        actor=case.actor,
        target=item,
        project_id=item.project_id,
        item_id=item.pk,
        at=case.at,
        reason=str(case.data.get("reason", "")),
        facts={
            "no": item.no,
            "from": case.source,
            "to": item.state,
            "version": item.version,
            **case.data,
            **case.facts,
        },
    )
    forget(item.project)
    forget(item)
    return item


# The database checks that related rows exist; asking it beforehand would cost a query for each.
RELATIONS = frozenset(f.name for f in ApprovalItem._meta.fields if f.is_relation)


def save(item: ApprovalItem) -> None:
    """Writes the row; the database checks the constraints, and only what it refuses is put into words.

    A concurrent change of state is a StaleState. Raises ValidationError naming the constraint that was broken.
    """
    item.touch()
    item.clean_fields(exclude=RELATIONS)
    try:
        with transaction.atomic():
            item.save()
    except ConcurrentTransition as error:
        raise StaleState(Problem("stale", _("Somebody else has moved this item meanwhile."))) from error
    except IntegrityError:
        item.validate_constraints()
        raise
