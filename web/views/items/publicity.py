"""What the page of an item shows of its publicity: the period, the objections with their answers, what may be done."""

from dataclasses import dataclass
from typing import Any

from accounts.actor import Actor
from approvals import policies
from approvals.models import ApprovalItem, PublicityObjection
from approvals.states import ItemState
from core.workflow import Situation
from web.forms.publicity import AnswerForm, PaperForm


@dataclass(frozen=True)
class ObjectionShown:
    row: PublicityObjection
    form: AnswerForm | None


@dataclass(frozen=True)
class PublicityShown:
    """`objector`: whether name and contact may be read; `paper`: the form for an objection that came on paper."""

    objections: list[ObjectionShown]
    objector: bool
    is_open_to_public: bool
    paper: PaperForm | None


def publicity_of(item: ApprovalItem, actor: Actor, now: Situation, refused: Any = None) -> PublicityShown | None:
    """None for items that were never under publicity. `refused` is the form that was not kept, as it was typed."""
    if item.publicity_ends_on is None:
        return None
    may_answer = not policies.may_answer_objection(actor, item)
    may_record = item.state == ItemState.PUBLICITY and not policies.may_record_objection(actor, item)
    rows = item.objections.select_related("answered_by", "answered_for", "recorded_by")
    paper = refused if isinstance(refused, PaperForm) else PaperForm(initial={"received_on": _usual_day(item, now)})
    return PublicityShown(
        objections=[ObjectionShown(row, _answer_form(row, may_answer, refused)) for row in rows],
        objector=policies.may_see_objector(actor, item),
        is_open_to_public=item.state == ItemState.PUBLICITY and item.project.is_open_to_public,
        paper=paper if may_record else None,
    )


def _usual_day(item: ApprovalItem, now: Situation) -> Any:
    return min(now.on, item.publicity_ends_on or now.on)


def _answer_form(row: PublicityObjection, may_answer: bool, refused: Any) -> AnswerForm | None:
    if not may_answer or row.answered_at is not None:
        return None
    if isinstance(refused, AnswerForm) and refused.objection == row.pk:
        return refused
    return AnswerForm(objection=row.pk)
