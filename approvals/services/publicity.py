"""Objections while an item is under publicity (公示异议): lodged by anybody, recorded from paper, answered by the reviewers."""

import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.actor import Actor
from accounts.services.notify import tell
from approvals import policies
from approvals.models import ApprovalItem, PublicityObjection
from approvals.services import edit, engine
from approvals.services.notices import holders
from approvals.states import ItemState
from core import clock, locks, trace
from core.errors import NotPermitted, Problem, require

Channel = PublicityObjection.Channel
LONGEST = {"text": 2000, "name": 60, "unit": 100, "contact": 100}
LONGEST_ANSWER = 5000
# Beyond so many unanswered ones the public form refuses: nobody can flood an item.
MOST_WAITING = 200


@dataclass(frozen=True)
class Objection:
    """What somebody objects, and how to reach them."""

    text: str
    name: str
    contact: str
    unit: str = ""

    def stripped(self) -> dict[str, str]:
        return {name: getattr(self, name).strip() for name in LONGEST}


@transaction.atomic
def lodge(item_id: int, objection: Objection) -> PublicityObjection:
    """By anybody, on the public page, until the last day of the publicity. Leaves name and contact out of the trace."""
    locks.found(ApprovalItem.objects.under_publicity(), pk=item_id)
    item = engine.lock_item(item_id, None, None)
    said, today = objection.stripped(), clock.today()
    require([*_said_problems(said), *_period_problems(item, today), *_flood_problems(item, said)])
    row = _keep(item, said, channel=Channel.WEB, received_on=today)
    facts = {"no": item.no, "objection": row.pk, "received_on": today}
    _record_by_nobody(item, facts)
    return row


def _record_by_nobody(item: ApprovalItem, facts: dict[str, Any]) -> None:
    trace.record(
        "approvals.item.objection_lodged",
        actor=trace.SystemActor(role="PUBLIC"),
        target=item,
        project_id=item.project_id,
        item_id=item.pk,
        facts=facts,
    )


@transaction.atomic
def record(item_id: int, objection: Objection, *, actor: Actor, received_on: date | None = None) -> PublicityObjection:
    """By an officer, from a paper that came in within the period, also when it is entered a little later."""
    item = engine.lock_item(item_id, actor, None)
    refusals = policies.may_record_objection(actor, item)
    if refusals:
        raise NotPermitted(*refusals)
    said, came_on = objection.stripped(), received_on or clock.today()
    require([*_said_problems(said), *_period_problems(item, came_on), *_twice_problems(item, said)])
    row = _keep(
        item,
        said,
        channel=Channel.PAPER,
        received_on=came_on,
        recorded_by=actor.user,
        recorded_for=actor.principal,
    )
    edit.record(item, "objection_recorded", actor, {"objection": row.pk, "received_on": came_on})
    return row


@transaction.atomic
def answer(item_id: int, objection_id: int, *, actor: Actor, answer: str, is_upheld: bool) -> PublicityObjection:
    """Once; the answer stays as it was given. An upheld objection keeps the item from being approved as it stands."""
    item = engine.lock_item(item_id, actor, None)
    row = locks.found(item.objections.all(), pk=objection_id)
    refusals = policies.may_answer_objection(actor, item)
    if refusals:
        raise NotPermitted(*refusals)
    require(_answer_problems(row, answer.strip()))
    row.answer, row.is_upheld, row.answered_at = answer.strip(), is_upheld, clock.now()
    row.answered_by, row.answered_for = actor.user, actor.principal
    row.save()
    facts = {"objection": row.pk, "answer": row.answer, "is_upheld": is_upheld}
    edit.record(item, "objection_answered", actor, facts)
    return row


def _keep(item: ApprovalItem, said: dict[str, str], **more: Any) -> PublicityObjection:
    row = PublicityObjection(item=item, token=secrets.token_urlsafe(16), recorded_at=clock.now(), **said, **more)
    row.full_clean(exclude=["item", "recorded_by", "recorded_for", "answered_by", "answered_for"])
    row.save()
    _tell_the_desk(item, row)
    return row


def _tell_the_desk(item: ApprovalItem, row: PublicityObjection) -> None:
    facts = {"no": item.no, "project": item.project.name, "type": item.item_type}
    people = {user for task in item.tasks.filter(left_at__isnull=True, kind="STEP") for user in holders(task)}
    for user in people - {row.recorded_by}:
        tell(user, "item.objected", facts, link=f"{item.get_absolute_url()}#objections", urgent=True)


def _said_problems(said: dict[str, str]) -> Iterable[Problem]:
    labels = {name: getattr(PublicityObjection._meta.get_field(name), "verbose_name", name) for name in LONGEST}
    for name, most in LONGEST.items():
        if name != "unit" and not said[name]:
            yield Problem("required", _("“%(label)s” is missing.") % {"label": labels[name]}, name)
        if len(said[name]) > most:
            values = {"label": labels[name], "most": most}
            yield Problem("too_long", _("“%(label)s” may have at most %(most)s characters.") % values, name)


def _period_problems(item: ApprovalItem, came_on: date) -> Iterable[Problem]:
    """The first and the last day belong to the period."""
    began, ends = item.publicity_began_on, item.publicity_ends_on
    if item.state != ItemState.PUBLICITY or began is None or ends is None:
        yield Problem("publicity.not_running", _("The item is not under publicity."))
    elif came_on > clock.today():
        yield Problem("objection.future", _("This day is still to come."), "received_on")
    elif not began <= came_on <= ends:
        values = {"began": began, "ends": ends}
        message = _("Objections are taken from %(began)s to %(ends)s.") % values
        yield Problem("publicity.outside", message, "received_on")


def _flood_problems(item: ApprovalItem, said: dict[str, str]) -> Iterable[Problem]:
    if item.objections.filter(channel=Channel.WEB, answered_at__isnull=True).count() >= MOST_WAITING:
        message = _("Too many objections wait for an answer here. Please write to the authority.")
        yield Problem("objection.too_many", message)
    yield from _twice_problems(item, said)


def _twice_problems(item: ApprovalItem, said: dict[str, str]) -> Iterable[Problem]:
    same = item.objections.filter(answered_at__isnull=True, name=said["name"], contact=said["contact"])
    if any(row.text == said["text"] for row in same.only("text")):
        yield Problem("objection.twice", _("This objection has arrived already."))


def _answer_problems(row: PublicityObjection, text: str) -> Iterable[Problem]:
    if row.answered_at is not None:
        yield Problem("objection.answered", _("This objection has been answered already."))
    if not text:
        yield Problem("required", _("“%(label)s” is missing.") % {"label": _("Answer")}, "answer")
    if len(text) > LONGEST_ANSWER:
        values = {"label": _("Answer"), "most": LONGEST_ANSWER}
        yield Problem("too_long", _("“%(label)s” may have at most %(most)s characters.") % values, "answer")
