"""R-TL-09 for one final account: due three months after completion, extended by approval, at most a year from acceptance."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from approvals.rules import deadlines
from approvals.rules.deadlines import Size
from assets.states import AccountState
from core.workflow import Situation

YELLOW_DAYS = 30
SURPLUS_MONTHS = 3


@dataclass(frozen=True)
class Term:
    """`due_on` None while the day of completion is not known. `days_left` are calendar days, negative once over."""

    due_on: date | None
    cap_on: date | None
    is_provisional: bool = False
    days_left: int | None = None
    light: str = "GREY"


def size_of(account: Any) -> Size:
    return Size.LARGE if account.project.is_major else Size.SMALL_MEDIUM


def longest_extension(account: Any) -> int:
    return deadlines.EXTENSION_MONTHS[size_of(account)]


def term_of(account: Any, now: Situation) -> Term:
    """When the account has to be submitted; GREY once it was in time, RED_HISTORY once it was late."""
    accepted = account.project.accepted_on
    cap = deadlines.final_account_cap(accepted, now.works) if accepted else None
    completed = account.completed_on or accepted
    if completed is None:
        return Term(None, cap.on if cap else None)
    due = deadlines.months_after(completed, deadlines.FINAL_ACCOUNT_MONTHS + account.extension_months, now.works)
    if cap is not None and cap.on < due.on:
        due = cap
    ended = account.state in (AccountState.SUBMITTED, AccountState.APPROVED)
    measured = account.submitted_on if ended and account.submitted_on else now.on
    left = (due.on - measured).days
    return Term(due.on, cap.on if cap else None, due.provisional, left, _light(left, ended))


def _light(left: int, ended: bool) -> str:
    if ended:
        return "RED_HISTORY" if left < 0 else "GREY"
    if left < 0:
        return "RED"
    return "YELLOW" if left <= YELLOW_DAYS else "GREEN"


def surplus_due(account: Any, now: Situation) -> date | None:
    """R-FA-05: surplus of government money goes back within three months of acceptance."""
    accepted = account.project.accepted_on
    return deadlines.months_after(accepted, SURPLUS_MONTHS, now.works).on if accepted else None
