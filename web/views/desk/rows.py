"""What a line of a desk list says: the item, its task, its light with words."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from approvals import deadline_wording, selectors
from approvals.models import ApprovalItem, Task
from core.workflow import Situation


@dataclass(frozen=True)
class Row:
    item: ApprovalItem
    light: str
    words: str
    due_on: date | None
    provisional: bool
    task: Task | None = None
    explanation: str = ""

    @property
    def is_late(self) -> bool:
        return self.light == "RED"


def task_rows(tasks: Iterable[Task], now: Situation) -> list[Row]:
    return [_row(task.item, selectors.clock_face(task.item, now, task), task) for task in tasks]


def item_rows(items: Iterable[ApprovalItem], now: Situation, explanations: dict[int, str] | None = None) -> list[Row]:
    said = explanations or {}
    return [_row(item, selectors.clock_face(item, now), None, said.get(item.pk, "")) for item in items]


def _row(item: ApprovalItem, face: selectors.ClockFace, task: Task | None, explanation: str = "") -> Row:
    words = ""
    if face.pause:
        words = deadline_wording.say_pause(face.pause, face.pause_day)
    elif face.days is not None:
        words = deadline_wording.say_days(face.days)
    elif face.light == "RED_HISTORY":
        words = _("ended late")
    light = "RED" if face.light == "RED_HISTORY" else str(face.light)
    return Row(item, light, words, face.due_on, face.provisional, task, explanation)
