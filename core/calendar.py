"""Which days are worked in China, counted in constant time (DOMAIN §4, R-TL-01, R-TL-02).

A calendar is built from one State Council notice per year: days off, and the weekends worked in exchange (调休).
Working days are counted by a prefix sum over the days of all published years, so neither a sum nor a difference
walks through days. A year without a notice is never guessed: it raises CalendarNotPublished, and who may live with a
guess asks for `provisional()` and shows the mark.
"""

import hashlib
import json
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from functools import cached_property
from itertools import pairwise
from typing import Any, Self

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from core.errors import Problem, RuleViolation

ASSUMED_YEARS = 10
DAY = timedelta(days=1)
SATURDAY = 5
# The parts of a holiday file, in words.
PARTS = {
    "year": _("the year the notice is for, as a number"),
    "papers": _("the web addresses of the official notice"),
    "days": _("the days off and the weekends worked in exchange"),
}


class CalendarNotPublished(RuleViolation):
    """A day of `year` was asked for, and the calendar holds no notice for that year."""

    def __init__(self, year: int) -> None:
        self.year = year
        text = format_lazy(_("The official working-day calendar of {year} has not been published yet."), year=year)
        super().__init__([Problem("calendar.not_published", text)])


class InvalidNotice(RuleViolation):
    """A holiday file that cannot be what the State Council published; names everything that is wrong with it.

    `year` is the file's year where that much could be read.
    """

    def __init__(self, problems: Iterable[Problem], year: int | None = None) -> None:
        self.year = year
        super().__init__(problems)


class DayKind(StrEnum):
    WEEKDAY = "WEEKDAY"
    WEEKEND = "WEEKEND"
    HOLIDAY = "HOLIDAY"
    MAKEUP = "MAKEUP"


@dataclass(frozen=True)
class CalendarDay:
    """One day: worked or not and why. `name` is the holiday it belongs to (also of a make-up day), else empty.

    `sources` are the addresses of the notice that decides; empty, and `provisional` set, where none is published.
    """

    date: date
    is_workday: bool
    kind: DayKind
    name: str = ""
    sources: tuple[str, ...] = ()
    provisional: bool = False

    @property
    def source(self) -> str:
        return ", ".join(self.sources)


@dataclass(frozen=True)
class NoticeDay:
    """A day the notice names: off, or worked in exchange."""

    date: date
    name: str
    is_off: bool


@dataclass(frozen=True)
class YearNotice:
    """The notice for one year. Its days may lie in the neighbouring year (2022-12-31 belongs to the notice for 2023).

    `papers` are the addresses of the official texts; a year without any is not published.
    """

    year: int
    days: tuple[NoticeDay, ...]
    papers: tuple[str, ...]

    @classmethod
    def from_json(cls, source: str | bytes | Mapping[str, Any]) -> Self:
        """Reads the holiday-cn format: `{"year", "papers": [address], "days": [{"name", "date", "isOffDay"}]}`.

        Raises InvalidNotice with every fault found. Keys that start with `$` are ignored.
        """
        raw = _parsed(source)
        problems = list(_shape_problems(raw))
        if isinstance(raw, Mapping):
            problems += _content_problems(raw, unread={problem.field for problem in problems})
        if problems:
            year = raw.get("year") if isinstance(raw, Mapping) else None
            raise InvalidNotice(problems, year if _is_year(year) else None)
        days = (NoticeDay(date.fromisoformat(day["date"]), day["name"].strip(), day["isOffDay"]) for day in raw["days"])
        return cls(raw["year"], tuple(sorted(days, key=lambda day: day.date)), tuple(raw["papers"]))

    def as_json(self) -> dict[str, Any]:
        """The same format, days in order."""
        days = [{"name": day.name, "date": day.date.isoformat(), "isOffDay": day.is_off} for day in self.days]
        return {"year": self.year, "papers": list(self.papers), "days": days}

    @cached_property
    def sha256(self) -> str:
        """Hash of the content, whatever the order and layout of the file."""
        text = json.dumps(self.as_json(), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()


def _parsed(source: str | bytes | Mapping[str, Any]) -> Any:
    if not isinstance(source, str | bytes):
        return source
    try:
        return json.loads(source)
    except ValueError as error:  # UnicodeDecodeError is one too
        problem = Problem("calendar.notice.json", format_lazy(_("The file is not JSON: {error}"), error=str(error)))
        raise InvalidNotice([problem]) from error


def _shape_problems(raw: Any) -> Iterator[Problem]:
    """What makes the file unreadable: missing or unknown keys, values of the wrong type."""
    if not isinstance(raw, Mapping):
        text = _("The file must be one JSON object with three parts: “year”, “papers” and “days”.")
        yield Problem("calendar.notice.shape", text)
        return
    for key in sorted(PARTS.keys() - raw.keys()):
        text = format_lazy(_("The file lacks the part “{key}”: {meaning}."), key=key, meaning=PARTS[key])
        yield Problem("calendar.notice.missing_key", text, key)
    for key in sorted(str(key) for key in raw.keys() - PARTS.keys()):
        if not key.startswith("$"):
            text = format_lazy(_("The file holds a part “{key}” that no holiday file has."), key=key[:60])
            yield Problem("calendar.notice.unknown_key", text, key)
    if "year" in raw and not _is_year(raw["year"]):
        yield Problem("calendar.notice.year", _("The year (“year”) must be a number such as 2027."), "year")
    if "papers" in raw and not _is_list_of_addresses(raw["papers"]):
        text = _("The official texts (“papers”) must be a list of web addresses that begin with http.")
        yield Problem("calendar.notice.papers", text, "papers")
    if "days" in raw:
        yield from _day_problems(raw["days"])


def _is_year(year: Any) -> bool:
    return type(year) is int and 2000 <= year <= 2999


def _is_list_of_addresses(papers: Any) -> bool:
    return isinstance(papers, list | tuple) and all(
        isinstance(paper, str) and paper.startswith(("https://", "http://")) for paper in papers
    )


def _day_problems(days: Any) -> Iterator[Problem]:
    if not isinstance(days, list | tuple):
        yield Problem("calendar.notice.days", _("The days (“days”) must be a list."), "days")
        return
    for number, day in enumerate(days, start=1):
        if not _is_day(day):
            text = _(
                "Entry {number} of “days”: needs a “name”, a “date” such as 2027-01-01, and “isOffDay” true (day off)"
                " or false (worked in exchange), nothing else."
            )
            yield Problem("calendar.notice.day", format_lazy(text, number=number), "days")


def _is_day(day: Any) -> bool:
    return (
        isinstance(day, Mapping)
        and day.keys() == {"name", "date", "isOffDay"}
        and isinstance(day["name"], str)
        and day["name"].strip() != ""
        and isinstance(day["isOffDay"], bool)
        and _is_iso_date(day["date"])
    )


def _is_iso_date(text: Any) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except (TypeError, ValueError):
        return False


def _content_problems(raw: Mapping[str, Any], unread: Collection[str]) -> Iterator[Problem]:
    """What the readable parts say that no notice would."""
    if "papers" not in unread and not raw["papers"]:
        text = _("No official text is named (“papers” is empty): the calendar of this year is not published.")
        yield Problem("calendar.notice.no_papers", text, "papers")
    if "days" not in unread:
        yield from _date_problems(raw, None if "year" in unread else raw["year"])


def _date_problems(raw: Mapping[str, Any], year: int | None) -> Iterator[Problem]:
    dates = sorted(date.fromisoformat(day["date"]) for day in raw["days"])
    if not any(day["isOffDay"] for day in raw["days"]):
        yield Problem("calendar.notice.no_days_off", _("The file names no day off."), "days")
    for before, after in pairwise(dates):
        if before == after:
            text = format_lazy(_("{date} is named twice."), date=str(after))
            yield Problem("calendar.notice.repeated_day", text, "days")
    if year is None:
        return
    for day in dates:
        if not date(year - 1, 12, 1) <= day <= date(year + 1, 1, 31):
            text = format_lazy(_("{date} does not belong to {year}."), date=str(day), year=year)
            yield Problem("calendar.notice.other_year", text, "days")


class WorkCalendar:
    """The working days of consecutive years. Where two notices name the same day, that of the later year decides.

    Intervals are half open, (after, until]: the first day never counts (R-TL-02), and nothing counts twice.
    """

    def __init__(self, notices: Iterable[YearNotice], *, assumed_years: int = 0) -> None:
        """`assumed_years` Monday-to-Friday years follow the last published one. ValueError on a gap or repetition."""
        self.notices = tuple(sorted(notices, key=lambda notice: notice.year))
        if not self.notices or any(after.year != before.year + 1 for before, after in pairwise(self.notices)):
            raise ValueError("a calendar needs the notices of consecutive years, one each")
        self.first_year = self.notices[0].year
        self.last_year = self.notices[-1].year
        self._covered_until = self.last_year + assumed_years
        self._named = {day.date: (day, notice) for notice in self.notices for day in notice.days}
        self._papers = {notice.year: notice.papers for notice in self.notices}
        self._first = date(self.first_year, 1, 1).toordinal()
        self._counts, self._workdays = self._prefix_counts()

    def _prefix_counts(self) -> tuple[tuple[int, ...], tuple[int, ...]]:
        counts, workdays = [], []
        for ordinal in range(self._first, date(self._covered_until, 12, 31).toordinal() + 1):
            if self._works(date.fromordinal(ordinal)):
                workdays.append(ordinal)
            counts.append(len(workdays))
        return tuple(counts), tuple(workdays)

    def _works(self, day: date) -> bool:
        named = self._named.get(day)
        return not named[0].is_off if named else day.weekday() < SATURDAY

    @cached_property
    def version(self) -> str:
        """Twelve hex digits that name the notices this calendar was built from."""
        return hashlib.sha256("".join(notice.sha256 for notice in self.notices).encode()).hexdigest()[:12]

    @property
    def tables(self) -> tuple[int, tuple[int, ...], tuple[int, ...]]:
        """For bulk arithmetic: ordinal of the first day, working days up to each day, ordinals of the working days."""
        return self._first, self._counts, self._workdays

    def provisional(self) -> "WorkCalendar":
        """The same calendar, continued for ten years by plain Monday to Friday; those days are marked provisional."""
        return self if self._covered_until > self.last_year else self._continued

    @cached_property
    def _continued(self) -> "WorkCalendar":
        return WorkCalendar(self.notices, assumed_years=ASSUMED_YEARS)

    def is_provisional(self, day: date) -> bool:
        """Whether no notice for the year of that day is published."""
        return day.year > self.last_year

    def covers(self, day: date) -> bool:
        return self.first_year <= day.year <= self._covered_until

    def is_workday(self, day: date) -> bool:
        self._require(day)
        return self._works(day)

    def day(self, day: date) -> CalendarDay:
        """What kind of day it is, its holiday's name, and the papers that say so."""
        works = self.is_workday(day)
        named = self._named.get(day)
        weekend = day.weekday() >= SATURDAY
        if works:
            kind = DayKind.MAKEUP if weekend else DayKind.WEEKDAY
        else:
            kind = DayKind.HOLIDAY if named else DayKind.WEEKEND
        return CalendarDay(
            date=day,
            is_workday=works,
            kind=kind,
            name=named[0].name if named else "",
            sources=named[1].papers if named else self._papers.get(day.year, ()),
            provisional=self.is_provisional(day),
        )

    def days(self, after: date, until: date) -> list[CalendarDay]:
        """Every day in (after, until]."""
        return [self.day(after + DAY * step) for step in range(1, (until - after).days + 1)]

    def working_days(self, after: date, until: date) -> int:
        """The number of working days in (after, until]; none if `until` is not later."""
        if until <= after:
            return 0
        return self._count(until) - self._count(after)

    def add(self, start: date, n: int) -> date:
        """The n-th working day after `start`, which is day 0 even if nobody works then (R-TL-02).

        A negative n goes back: -1 is one working day before `start`, or before the last one worked until then.
        """
        if n == 0:
            self._require(start)
            return start
        index = self._count(start) + n - 1
        if index < 0:
            raise CalendarNotPublished(self.first_year - 1)
        if index >= len(self._workdays):
            raise CalendarNotPublished(self._covered_until + 1)
        return date.fromordinal(self._workdays[index])

    def roll_forward(self, day: date) -> date:
        """The day itself if worked, else the next working day."""
        return day if self.is_workday(day) else self.add(day, 1)

    def _count(self, day: date) -> int:
        index = day.toordinal() - self._first
        if not 0 <= index < len(self._counts):
            raise CalendarNotPublished(day.year)
        return self._counts[index]

    def _require(self, day: date) -> None:
        if not self.covers(day):
            raise CalendarNotPublished(day.year)


@dataclass(frozen=True)
class DayChange:
    """A day that one calendar works and the other does not."""

    was: CalendarDay
    becomes: CalendarDay

    @property
    def date(self) -> date:
        return self.becomes.date


def changed_days(before: WorkCalendar, after: WorkCalendar) -> list[DayChange]:
    """The days on which the two differ; a year published in one only is plain Monday to Friday in the other."""
    old, new = before.provisional(), after.provisional()
    # A day that neither names is Monday to Friday in both.
    named = sorted({day.date for calendar in (before, after) for notice in calendar.notices for day in notice.days})
    both = [day for day in named if old.covers(day) and new.covers(day)]
    return [DayChange(old.day(day), new.day(day)) for day in both if old.is_workday(day) != new.is_workday(day)]
