"""What a notice says, in the reader's language: one sentence for every code that is ever told."""

from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext as _

from accounts import wording
from accounts.models import Message
from approvals.catalog import ITEM_TYPES
from approvals.flow import ITEM_FLOW
from approvals.models import Task
from approvals.states import ItemState


def words_of(message: Message) -> str:
    """The sentence of this notice; its code where nobody has worded it."""
    sentence = SENTENCES.get(message.code)
    return sentence(message.facts) if sentence else message.code


def _moved(facts: dict[str, Any]) -> str:
    values = _about(facts) | {"move": move_label(facts.get("move", "")), "state": state_label(facts.get("state", ""))}
    return _("%(about)s: %(move)s. It is now in the state “%(state)s”.") % values


def _waiting(facts: dict[str, Any]) -> str:
    kind = facts.get("kind", "")
    task = state_label(facts.get("state", "")) if kind == "STEP" else task_label(kind)
    return _("On your desk: %(task)s – %(about)s.") % (_about(facts) | {"task": task})


def _nudged(facts: dict[str, Any]) -> str:
    if facts.get("text"):
        return _("The project unit reminds you of %(about)s: “%(text)s”") % (_about(facts) | {"text": facts["text"]})
    return _("The project unit reminds you of %(about)s.") % _about(facts)


def _objected(facts: dict[str, Any]) -> str:
    return _("An objection arrived: %(about)s. Answer it before the publicity ends.") % _about(facts)


def _escalated(facts: dict[str, Any]) -> str:
    rung, values = int(facts.get("rung", 0)), _about(facts) | {"due": facts.get("due", "")}
    if rung > 0:
        return _("Overdue: %(about)s was due on %(due)s.") % values
    if rung == 0:
        return _("Due today: %(about)s.") % values
    return _("Due soon: %(about)s is due on %(due)s.") % values


def _expires(facts: dict[str, Any]) -> str:
    return _("The approval of %(about)s lapses on %(until)s.") % (_about(facts) | {"until": facts.get("until", "")})


def _handover_waiting(facts: dict[str, Any]) -> str:
    return _("A handover waits for your signature: %(about)s.") % _handover(facts)


def _handover_refused(facts: dict[str, Any]) -> str:
    return _("The handover came back: %(about)s. %(reason)s") % (_handover(facts) | {"reason": facts.get("reason", "")})


def _handover(facts: dict[str, Any]) -> dict[str, str]:
    number = _("batch %(number)s") % {"number": facts.get("number", "")}
    return {
        "about": " · ".join(part for part in (str(facts.get("project", "")), number, str(facts.get("to", ""))) if part)
    }


def _change_waiting(facts: dict[str, Any]) -> str:
    return _("A change order waits for your decision: %(about)s.") % _change(facts)


def _change_decided(facts: dict[str, Any]) -> str:
    if facts.get("state") == "REJECTED":
        return _("The change order was rejected: %(about)s.") % _change(facts)
    return _("The change order was approved: %(about)s.") % _change(facts)


def _change(facts: dict[str, Any]) -> dict[str, str]:
    return {"about": " · ".join(str(facts[name]) for name in ("project", "no", "title") if facts.get(name))}


def _payment_returned(facts: dict[str, Any]) -> str:
    return _("The payment %(no)s of %(project)s was returned: %(text)s") % _payment(facts)


def _payment_paid(facts: dict[str, Any]) -> str:
    return _("The treasury has paid %(amount)s yuan: %(project)s, %(no)s.") % _payment(facts)


def _payment(facts: dict[str, Any]) -> dict[str, Any]:
    return {name: facts.get(name, "") for name in ("project", "no", "text", "amount")}


def _report_returned(facts: dict[str, Any]) -> str:
    values = {name: facts.get(name, "") for name in ("project", "month", "text")}
    return _("The monthly report %(month)s of %(project)s was returned: %(text)s") % values


def _plan_called(facts: dict[str, Any]) -> str:
    return _("The annual plan of %(year)s is called: requests until %(until)s.") % _plan(facts)


def _plan_released(facts: dict[str, Any]) -> str:
    return _("The plan of %(year)s is released: %(quota)s yuan for %(project)s.") % _plan(facts)


def _plan_returned(facts: dict[str, Any]) -> str:
    return _("The request of %(project)s for %(year)s was returned: %(text)s") % _plan(facts)


def _plan(facts: dict[str, Any]) -> dict[str, Any]:
    return {name: facts.get(name, "") for name in ("year", "until", "quota", "project", "text")}


def _due_moved(facts: dict[str, Any]) -> str:
    values = _about(facts) | {"old": facts.get("old", ""), "new": facts.get("new", "")}
    return _("The calendar changed: %(about)s is now due on %(new)s instead of %(old)s.") % values


def _about(facts: dict[str, Any]) -> dict[str, str]:
    """Project, kind of item and number, as far as the notice knows them."""
    type_label = str(ITEM_TYPES[facts["type"]].label) if facts.get("type") in ITEM_TYPES else ""
    parts = [facts.get("project", ""), type_label, facts.get("no", "")]
    return {"about": " · ".join(part for part in parts if part)}


def move_label(name: str) -> str:
    return str(ITEM_FLOW[name].label) if name in ITEM_FLOW else name


def state_label(code: str) -> str:
    return str(ItemState(code).label) if code in ItemState.values else code


def task_label(kind: str) -> str:
    return str(Task.Kind(kind).label) if kind in Task.Kind.values else kind


def _finding_about(facts: dict[str, Any]) -> str:
    return f"{facts.get('project', '')} · {facts.get('text', '')}"


def _finding_recorded(facts: dict[str, Any]) -> str:
    return _("An audit finding waits for your measure: %(about)s.") % {"about": _finding_about(facts)}


def _finding_rectified(facts: dict[str, Any]) -> str:
    return _("The rectification of an audit finding waits to be confirmed: %(about)s.") % {
        "about": _finding_about(facts)
    }


def _finding_returned(facts: dict[str, Any]) -> str:
    return _("The rectification of an audit finding was sent back: %(about)s.") % {"about": _finding_about(facts)}


def _defect_returned(facts: dict[str, Any]) -> str:
    return _("The mending of a defect was sent back: %(about)s.") % {"about": _finding_about(facts)}


def _account_due(facts: dict[str, Any]) -> str:
    if facts.get("late"):
        return _("Overdue: the final account of %(about)s was due on %(due)s.") % _account(facts)
    return _("Due soon: the final account of %(about)s has to be submitted by %(due)s.") % _account(facts)


def _account_returned(facts: dict[str, Any]) -> str:
    return _("Finance returned the final account of %(about)s: %(text)s") % _account(facts)


def _account_approved(facts: dict[str, Any]) -> str:
    said = _("The final account of %(about)s was approved at %(total)s yuan (%(no)s).") % _account(facts)
    if not facts.get("surplus"):
        return said
    if not facts.get("until"):
        return said + " " + _("The surplus of %(surplus)s yuan goes back to the treasury.") % _account(facts)
    words = _("The surplus of %(surplus)s yuan goes back to the treasury by %(until)s.")
    return said + " " + words % _account(facts)


def _account(facts: dict[str, Any]) -> dict[str, Any]:
    about = " · ".join(str(facts[name]) for name in ("project", "part") if facts.get(name))
    return {
        "about": about,
        **{name: facts.get(name, "") for name in ("due", "text", "total", "no", "surplus", "until")},
    }


SENTENCES: dict[str, Callable[[dict[str, Any]], str]] = {
    **wording.SENTENCES,
    "item.moved": _moved,
    "task.waiting": _waiting,
    "item.nudged": _nudged,
    "item.objected": _objected,
    "item.escalated": _escalated,
    "item.due_moved": _due_moved,
    "change.waiting": _change_waiting,
    "payment.returned": _payment_returned,
    "payment.paid": _payment_paid,
    "progress.returned": _report_returned,
    "handover.waiting": _handover_waiting,
    "handover.refused": _handover_refused,
    "change.decided": _change_decided,
    "plan.called": _plan_called,
    "plan.released": _plan_released,
    "plan.returned": _plan_returned,
    "account.due": _account_due,
    "account.returned": _account_returned,
    "account.approved": _account_approved,
    "finding.recorded": _finding_recorded,
    "finding.rectified": _finding_rectified,
    "finding.returned": _finding_returned,
    "defect.returned": _defect_returned,
    "approval.expires": _expires,
}
