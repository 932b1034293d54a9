"""The sentences about an item's clock: days left and due date, pauses, and why a day counts or not."""

from datetime import date

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext

from approvals.rules.deadlines import DayLine, DayReason
from approvals.states import PauseReason
from core import clock

SUSPENDED = "SUSPENDED"
DAY_REASONS = {
    DayReason.ACCEPTANCE_DAY: gettext_lazy("Day of acceptance, day 0"),
    DayReason.WORKDAY: gettext_lazy("Working day"),
    DayReason.MAKEUP: gettext_lazy("Worked to make up for a holiday"),
    DayReason.WEEKEND: gettext_lazy("Weekend"),
    DayReason.HOLIDAY: gettext_lazy("Public holiday"),
    DayReason.PAUSED: gettext_lazy("Clock paused"),
}


def say_day(day: date) -> str:
    """12月1日, with the year when it is not the present one."""
    return date_format(day, "MONTH_DAY_FORMAT" if day.year == clock.today().year else "DATE_FORMAT")


def say_remaining(days: int | None, due_on: date | None, provisional: bool = False) -> str:
    """“剩余 6 个工作日，12月1日到期（暂定）”; empty without a due date."""
    if due_on is None or days is None:
        return ""
    values = {"days": abs(days), "due": say_day(due_on)}
    if days == 0:
        words = _("due today, %(due)s") % values
    elif days > 0:
        words = (
            ngettext(
                "%(days)s working day left, due %(due)s", "%(days)s working days left, due %(due)s", values["days"]
            )
            % values
        )
    else:
        words = (
            ngettext(
                "%(days)s working day overdue, was due %(due)s",
                "%(days)s working days overdue, was due %(due)s",
                values["days"],
            )
            % values
        )
    return words + (_(" (provisional)") if provisional else "")


def say_pause(reason: str, day: int) -> str:
    """“已暂停：专家评审，第 3 天”."""
    return _("Paused: %(reason)s, day %(day)s") % {"reason": say_pause_reason(reason), "day": day}


def say_pause_reason(reason: str) -> str:
    return _("Project suspended") if reason == SUSPENDED else str(PauseReason(reason).label)


def say_day_line(line: DayLine) -> str:
    """Why one day counts or not."""
    words = str(DAY_REASONS[line.reason])
    detail = say_pause_reason(line.pause) if line.pause else line.name
    colon = pgettext("between a label and its error", ": ")
    return f"{words}{colon}{detail}" if detail else words


def say_days(days: int) -> str:
    """“剩余 6 个工作日”, “今日到期”, “超期 2 个工作日”."""
    if days == 0:
        return _("due today")
    if days > 0:
        return _("%(days)d working days left") % {"days": days}
    return _("%(days)d working days overdue") % {"days": -days}
