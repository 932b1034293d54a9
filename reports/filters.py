"""What a report is asked for: the period, what its rows are, and what is left out. The same words in page, API and command."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from approvals.catalog import ITEM_TYPES
from approvals.rules import brackets
from core.errors import Problem, require

NOT_STATED = "none"
PLAN_YEAR = re.compile(r"(19|20|21)\d\d", re.ASCII)
BASES = ("reviewed", "approved")
# Where the words of the query differ from the names of the fields.
WORDS = {"since": "from", "until": "to", "project_class": "class"}


@dataclass(frozen=True)
class Filters:
    """Empty means "all". Ids are strings as in a query; `none` selects rows where nothing is stated.

    `brackets` names the set of amount brackets, `bracket` one of it; `show` is counted, RETURNED or excluded for
    reductions, accepted or decided for times; `basis` says which amount the declared one is compared with. `year` is the
    plan year, `project` a project's key.
    """

    since: date | None = None
    until: date | None = None
    by: str = ""
    basis: str = "reviewed"
    item_type: str = ""
    unit: str = ""
    project_class: str = ""
    industry: str = ""
    reviewer: str = ""
    officer: str = ""
    funding_source: str = ""
    brackets: str = "district"
    bracket: str = ""
    outcome: str = ""
    show: str = ""
    year: str = ""
    project: str = ""
    sort: str = ""

    @classmethod
    def parse(cls, words: Mapping[str, Any], dimensions: tuple[str, ...] = ()) -> "Filters":
        """Reads query parameters or options; RuleViolation with every word that cannot be understood.

        Without `by`, the first of `dimensions` is meant.
        """
        given = {field.name: _text(words.get(WORDS.get(field.name, field.name))) for field in fields(cls)}
        problems: list[Problem] = []
        values: dict[str, Any] = {name: text for name, text in given.items() if text}
        for name in ("since", "until"):
            values[name] = _day(given[name], WORDS[name], problems)
        for name in ("unit", "reviewer", "officer", "project"):
            if given[name] and given[name] != NOT_STATED and not (given[name].isdecimal() and len(given[name]) <= 18):
                problems.append(_not_understood(name, given[name]))
        if given["year"] and not PLAN_YEAR.fullmatch(given["year"]):
            problems.append(_not_understood("year", given["year"]))
        values.setdefault("by", dimensions[0] if dimensions else "")
        problems += _choice_problems(values, dimensions)
        if values["since"] and values["until"] and values["until"] < values["since"]:
            problems.append(Problem("period.reversed", _("The period ends before it begins."), "to"))
        require(problems)
        return cls(**values)

    def query(self, **changes: Any) -> dict[str, str]:
        """The words that give these filters back, without what goes without saying."""
        changed, plain = replace(self, **changes), Filters()
        return {
            WORDS.get(field.name, field.name): str(value)
            for field in fields(self)
            if (value := getattr(changed, field.name)) and value != getattr(plain, field.name)
        }


def _text(value: Any) -> str:
    return "" if value is None else str(value).strip()


def _day(text: str, word: str, problems: list[Problem]) -> date | None:
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        problems.append(
            Problem("date.unreadable", _("“%(text)s” is not a date; write 2017-06-15.") % {"text": text}, word)
        )
        return None


def _choice_problems(values: dict[str, Any], dimensions: tuple[str, ...]) -> list[Problem]:
    """A set of brackets the query does not know would otherwise be a KeyError far from here."""
    sets = {
        "by": dimensions or (values["by"],),
        "basis": BASES,
        "item_type": tuple(ITEM_TYPES),
        "brackets": tuple(brackets.SETS),
        "show": ("counted", "RETURNED", "excluded", "accepted", "decided", "UNSETTLED", "UNDECIDED"),
        "outcome": ("ISSUED", "REJECTED", "RETURNED"),
    }
    problems = [
        _not_understood(name, values[name]) for name, known in sets.items() if values.get(name, "") not in (*known, "")
    ]
    known_set = brackets.SETS.get(values.get("brackets", "district"), ())
    if values.get("bracket") and values["bracket"] not in {bracket.code for bracket in known_set}:
        problems.append(_not_understood("bracket", values["bracket"]))
    return problems


def _not_understood(name: str, text: str) -> Problem:
    word = WORDS.get(name, name)
    return Problem("filter.unknown", _("“%(text)s” is not known for “%(word)s”.") % {"text": text, "word": word}, word)
