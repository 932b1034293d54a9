"""Which months of the reduction summary are closed: their days are added up to one month each (§3.5).

Folding lags one month behind what readers take for closed, so that a reader who began before midnight of the first,
and the fold that runs just after it, never disagree.
"""

from datetime import date, timedelta

OPEN_MONTHS = 3


def closed_before(today: date) -> date:
    """Readers ask the summary for single days only from here on: the first of the third month back, 2026-08-01 in November."""
    return _months_back(today, OPEN_MONTHS)


def folded_before(today: date) -> date:
    """Days before this one are folded: one month behind `closed_before`."""
    return _months_back(today, OPEN_MONTHS + 1)


def cell_day(day: date, today: date) -> date:
    """The day a figure of `day` is found under, whether or not its month has been folded yet."""
    return day.replace(day=1) if day < closed_before(today) else day


def cuts_no_month(since: date | None, until: date | None, today: date) -> bool:
    """Whether a period can be told from the summary: it begins and ends with a month, or among the days still kept apart."""
    closed = closed_before(today)
    begins = since is None or since.day == 1 or since >= closed
    ends = until is None or (until + timedelta(days=1)).day == 1 or until >= closed
    return begins and ends


def _months_back(today: date, months: int) -> date:
    years, month = divmod(today.year * 12 + today.month - 1 - months, 12)
    return date(years, month + 1, 1)
