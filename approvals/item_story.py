"""The course of one item: the eight steps and what happened on which day, told to each reader as far as they may know."""

from dataclasses import dataclass
from datetime import date, datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.roles import APPLICANTS, Role
from approvals.documents.kinds import DocumentKind
from approvals.models import ApprovalItem, Task
from approvals.sight import Sight
from approvals.states import DECIDED, ENDED, ItemState
from approvals.states import Step as TypeStep
from core import clock
from core.workflow import Situation

S = ItemState
# The eight steps of a review file: code, name, the states it is made of.
STEPS = (
    ("DECLARATION", gettext_lazy("Declaration"), (S.DRAFT,)),
    ("PRE_REVIEW", gettext_lazy("Pre-review"), (S.PRE_REVIEW, S.PRE_REVIEW_RETURNED)),
    ("ACCEPTANCE", gettext_lazy("Acceptance"), (S.SUBMITTED, S.CORRECTION)),
    ("FIRST", gettext_lazy("First review"), (S.ACCEPTED, S.FIRST_REVIEW)),
    ("CENTER", gettext_lazy("Centre's review"), (S.CENTER_REVIEW, S.EXPERT_REVIEW)),
    ("SECOND", gettext_lazy("Second review"), (S.SECOND_REVIEW, S.PUBLICITY)),
    ("DETERMINATION", gettext_lazy("Determination"), (S.DETERMINATION,)),
    ("DECISION", gettext_lazy("Decision"), (S.ISSUED,)),
)
NEEDS = {
    "FIRST": TypeStep.FIRST,
    "CENTER": TypeStep.CENTER,
    "SECOND": TypeStep.SECOND,
    "DETERMINATION": TypeStep.DETERMINATION,
}
OPTIONAL = frozenset({"PRE_REVIEW", "CENTER"})


@dataclass(frozen=True)
class StepShown:
    """One step of the line. `state`: done, current, paused, todo, skipped. `used`: working days, None before its end."""

    code: str
    name: str
    state: str
    who: str = ""
    when: date | None = None
    used: int | None = None
    limit: int | None = None
    light: str = ""

    @property
    def days(self) -> str:
        if self.used is not None and self.state == "done":
            return _("%(days)s working days") % {"days": self.used}
        if self.limit is not None and self.used is not None:
            return _("day %(used)s of %(limit)s") % {"used": self.used, "limit": self.limit}
        return ""


def steps(item: ApprovalItem, sight: Sight, now: Situation) -> list[StepShown]:
    """The step line: who, when, how many working days, from the tasks that lay on desks."""
    tasks = [task for task in item.tasks.all() if task.kind == Task.Kind.STEP]
    here = _place_of(item)
    return [_step(item, code, str(name), states, tasks, here, sight, now) for code, name, states in STEPS]


def _place_of(item: ApprovalItem) -> int:
    """Which step the item is in; one beyond the last when it has ended."""
    if item.state in ENDED:
        return len(STEPS)
    state = item.held_state or item.state
    return next((n for n, (_code, _name, states) in enumerate(STEPS) if state in states), len(STEPS))


def _step(
    item: ApprovalItem, code: str, name: str, states: tuple, tasks: list[Task], here: int, sight: Sight, now: Situation
) -> StepShown:
    own = [task for task in tasks if task.step in states]
    place = [row[0] for row in STEPS].index(code)
    if code == "DECISION":
        return _decision_step(item, name, sight)
    if place == here:
        return _running_step(item, code, name, own, sight, now)
    if own and place < here:
        last = own[-1]
        used = sum(task.used_days or 0 for task in own)
        return StepShown(code, name, "done", _who(last, sight), last.left_on or last.entered_on, used)
    switched_off = code in NEEDS and NEEDS[code] not in item.type.steps
    passed_by = here > place and (code in OPTIONAL or item.state in ENDED)
    return StepShown(code, name, "skipped" if switched_off or passed_by else "todo")


def _running_step(item: ApprovalItem, code: str, name: str, own: list[Task], sight: Sight, now: Situation) -> StepShown:
    task = next((row for row in reversed(own) if row.left_at is None), None)
    state = "paused" if item.is_paused else "current"
    if task is None and own:
        spent = sum(row.used_days or 0 for row in own)
        return StepShown(code, name, state, _who(own[-1], sight), own[0].entered_on, spent, own[0].limit_days)
    if task is None:
        return StepShown(code, name, state)
    used = now.works.provisional().working_days(task.entered_on, now.on)
    who = _who(task, sight)
    if code == "CENTER" and sight.names and item.center_first and item.center_second:
        who = f"{item.center_first}、{item.center_second}"
    light = "RED" if task.limit_days is not None and used > task.limit_days and not item.is_paused else ""
    return StepShown(code, name, state, who, task.entered_on, used, task.limit_days, light)


def _decision_step(item: ApprovalItem, name: str, sight: Sight) -> StepShown:
    if item.decided_on is None:
        return StepShown("DECISION", name, "todo")
    decision = next(iter(item.decisions.all()), None)
    who = str(decision.decided_by) if decision and decision.decided_by and sight.names else str(item.authority)
    label = name if item.state in DECIDED else item.get_state_display()
    return StepShown("DECISION", label, "done", who, item.decided_on)


def _who(task: Task, sight: Sight) -> str:
    """The person, where the reader may know; else the desk (R-PERM-02)."""
    person = task.left_by or task.user
    if person and (sight.names or task.role in APPLICANTS):
        return str(person)
    if task.role in APPLICANTS or sight.names:
        return f"{task.organisation or ''} {Role(task.role).label}".strip()
    return str(task.organisation or Role(task.role).label)


@dataclass(frozen=True)
class Happening:
    """One line of the course: when, what, who, a quotation, and how it is marked (`paused`, `late`, `now` or nothing)."""

    when: datetime | date
    what: str
    who: str = ""
    note: str = ""
    state: str = ""


def timeline(item: ApprovalItem, sight: Sight) -> list[Happening]:
    """What happened, the latest first."""
    found = [
        *_stays(item, sight),
        *_rounds(item),
        *_pauses(item),
        *_documents(item, sight),
        *_endings(item),
        *(Happening(row.on, _("Reminder by the unit"), str(row.by), row.text) for row in item.nudges.all()),
    ]
    return sorted(found, key=lambda row: _moment(row.when))[::-1]


def _stays(item: ApprovalItem, sight: Sight) -> list[Happening]:
    rows = []
    for task in item.tasks.all():
        if task.kind != Task.Kind.STEP and not sight.names:
            continue
        what = task.get_step_display() if task.kind == Task.Kind.STEP else task.get_kind_display()
        who = _who(task, sight)
        if task.used_days is not None:
            who += " · " + _("stayed %(days)s working days") % {"days": task.used_days}
        late = task.left_on and task.due_on and task.left_on > task.due_on
        mark = "late" if late else "now" if task.left_at is None and task.kind == Task.Kind.STEP else ""
        rows.append(Happening(task.entered_at, what, who, state=mark))
    return rows


def _rounds(item: ApprovalItem) -> list[Happening]:
    rows = [
        Happening(row.submitted_at, _("Submitted, round %(n)s") % {"n": row.number}, str(row.signed_by))
        for row in item.rounds.all()
    ]
    if item.pre_review_passed_at:
        rows.append(Happening(item.pre_review_passed_at, _("Pre-review passed")))
    if item.accepted_on:
        what = _("Deemed accepted after silence") if item.is_deemed_accepted else _("Accepted, the clock starts")
        days = _("%(days)s working days promised") % {"days": item.promised_days}
        rows.append(Happening(item.accepted_on, what, days))
    return rows


def _pauses(item: ApprovalItem) -> list[Happening]:
    rows = []
    for pause in item.pauses.all():
        if pause.began_on:
            what = _("Clock paused: %(reason)s") % {"reason": pause.get_reason_display()}
            rows.append(Happening(pause.began_on, what, note=pause.letter, state="paused"))
        if pause.ended_on:
            what = _("Clock running again after: %(reason)s") % {"reason": pause.get_reason_display()}
            rows.append(Happening(pause.ended_on, what))
    return rows


def _documents(item: ApprovalItem, sight: Sight) -> list[Happening]:
    return [
        Happening(row.issued_on, _("Issued: %(kind)s") % {"kind": DocumentKind(row.kind).label}, row.number)
        for row in sight.documents(item)
    ]


def _endings(item: ApprovalItem) -> list[Happening]:
    """How it ended where no document says so: withdrawn with the reason, archived, lapsed."""
    rows = []
    left = [task.left_at for task in item.tasks.all() if task.left_at is not None]
    if item.state == ItemState.WITHDRAWN and left:
        rows.append(Happening(max(left), str(ItemState.WITHDRAWN.label), note=item.outcome_reason))
    if item.archived_on:
        rows.append(Happening(item.archived_on, str(ItemState.ARCHIVED.label)))
    if item.state == ItemState.EXPIRED and item.valid_until:
        rows.append(Happening(item.valid_until, str(ItemState.EXPIRED.label)))
    return rows


def _moment(when: datetime | date) -> datetime:
    """A plain date sorts as the end of its day."""
    return when if isinstance(when, datetime) else clock.office_hour(when, 23, 59)
