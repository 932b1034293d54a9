"""What the rows of a report can be: one row per item type, unit, class … with their names and their order."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Organisation, User
from approvals import bracket_labels
from approvals.catalog import ITEM_TYPES
from approvals.rules import brackets
from projects import codes
from reports.filters import NOT_STATED, Filters

Names = Callable[[Iterable[Any], Filters], dict[Any, str]]


@dataclass(frozen=True)
class Dimension:
    """One way to group. `name_of` names all keys at once; `rank` gives the fixed order, None means by amount.

    `fold` turns the stored value into the key of the row; `narrow` gives the filters that select the row's own rows.
    """

    code: str
    label: Any
    name_of: Names
    rank: Callable[[Filters], list[Any]] | None = None
    fold: Callable[[Any], Any] = lambda value: value
    narrow: Callable[[Any, Filters], dict[str, Any]] | None = None

    def filters_of(self, key: Any, filters: Filters) -> dict[str, Any]:
        if self.narrow is not None:
            return self.narrow(key, filters)
        return {self.code: NOT_STATED if key in (None, "") else str(key)}


def _item_types(keys: Iterable[Any], filters: Filters) -> dict[Any, str]:
    return {code: str(ITEM_TYPES[code].label) if code in ITEM_TYPES else code for code in keys}


def _organisations(keys: Iterable[Any], filters: Filters) -> dict[Any, str]:
    return dict(Organisation.objects.filter(pk__in=[key for key in keys if key]).values_list("pk", "name"))


def _people(keys: Iterable[Any], filters: Filters) -> dict[Any, str]:
    return dict(User.objects.filter(pk__in=[key for key in keys if key]).values_list("pk", "full_name"))


def _codes_of(table: str) -> Names:
    return lambda keys, filters: codes.labels(table)


def _brackets(keys: Iterable[Any], filters: Filters) -> dict[Any, str]:
    return {bracket.code: bracket_labels.label(bracket) for bracket in brackets.SETS[filters.brackets]}


def _month(day: date) -> str:
    return f"{day:%Y-%m}"


def _quarter(day: date) -> str:
    return f"{day.year}-Q{(day.month + 2) // 3}"


def _year(day: date) -> str:
    return f"{day.year}"


def _themselves(keys: Iterable[Any], filters: Filters) -> dict[Any, str]:
    return {key: str(key) for key in keys}


def months_of(key: str) -> tuple[date, date]:
    """First and last day of `2016-11`, `2016-Q4` or `2016`."""
    year, _dash, rest = key.partition("-")
    if not rest:
        first, last = 1, 12
    elif rest.startswith("Q"):
        first, last = 3 * int(rest[1:]) - 2, 3 * int(rest[1:])
    else:
        first = last = int(rest)
    after = date(int(year) + last // 12, last % 12 + 1, 1)
    return date(int(year), first, 1), date.fromordinal(after.toordinal() - 1)


def _narrow_period(key: str, filters: Filters) -> dict[str, Any]:
    since, until = months_of(key)
    return {
        "since": max(since, filters.since) if filters.since else since,
        "until": min(until, filters.until) if filters.until else until,
    }


def _narrow_bracket(key: str, filters: Filters) -> dict[str, Any]:
    return {"bracket": key, "brackets": filters.brackets}


def _time(code: str, label: Any, fold: Callable[[date], str]) -> Dimension:
    return Dimension(code, label, _themselves, rank=lambda filters: [], fold=fold, narrow=_narrow_period)


_ALL = (
    Dimension("item_type", gettext_lazy("Review stage"), _item_types, rank=lambda filters: list(ITEM_TYPES)),
    Dimension("unit", gettext_lazy("Project unit"), _organisations),
    Dimension("class", gettext_lazy("Project class"), _codes_of("project_class"),
              narrow=lambda key, filters: {"project_class": key or NOT_STATED}),
    Dimension("industry", gettext_lazy("Industry"), _codes_of("industry")),
    _time("month", gettext_lazy("Month"), _month),
    _time("quarter", gettext_lazy("Quarter"), _quarter),
    _time("year", gettext_lazy("Year"), _year),
    Dimension("reviewer", gettext_lazy("Reviewer"), _people),
    Dimension("officer", gettext_lazy("Case officer"), _people),
    Dimension("funding_source", gettext_lazy("Funding source"), _codes_of("funding_source")),
    Dimension("bracket", gettext_lazy("Declared amount"), _brackets, narrow=_narrow_bracket,
              rank=lambda filters: [bracket.code for bracket in brackets.SETS[filters.brackets]]),
)  # fmt: skip
DIMENSIONS = {dimension.code: dimension for dimension in _ALL}


def names(dimension: Dimension, keys: list[Any], filters: Filters) -> dict[Any, str]:
    """The name of every key; what is not stated says so."""
    known = dimension.name_of(keys, filters)
    return {key: known.get(key) or (_("not stated") if key in (None, "") else str(key)) for key in keys}


def ordered(dimension: Dimension, amounts: dict[Any, Any], filters: Filters) -> list[Any]:
    """The keys in the dimension's own order; else the largest amount first. What is not stated comes last."""
    if dimension.rank is None:
        return sorted(amounts, key=lambda key: (key in (None, ""), -amounts[key], str(key)))
    rank = {key: place for place, key in enumerate(dimension.rank(filters))}
    return sorted(amounts, key=lambda key: (rank.get(key, len(rank)), str(key)))
