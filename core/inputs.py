"""Reads what a person said with a move into exact values, naming every input that cannot be read."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.translation import gettext as _

from core.errors import Problem
from core.money import LARGEST
from core.workflow import Input, Move

# Characters kept where the input itself does not say: more is refused, never cut.
LONGEST = {"text": 5000, "line": 100, "lines": 500}


class TooLong(ValueError):
    """More than can be kept; the argument is how much that is."""


def clean_inputs(move: Move, data: dict[str, Any]) -> tuple[dict[str, Any], list[Problem]]:
    """Values by input name (absent optional ones left out), and the problems found."""
    values: dict[str, Any] = {}
    problems: list[Problem] = []
    for wanted in move.inputs:
        raw = data.get(wanted.name)
        if raw is None or raw == "" or raw == []:
            if wanted.required:
                problems.append(
                    Problem("required", _("“%(label)s” is missing.") % {"label": wanted.label}, wanted.name)
                )
            continue
        try:
            values[wanted.name] = READERS[wanted.kind](raw, wanted)
        except TooLong as refused:
            words = _("“%(label)s”: at most %(n)s characters.")
            problems.append(Problem("too_long", words % {"label": wanted.label, "n": refused.args[0]}, wanted.name))
        except (ValueError, TypeError, InvalidOperation, KeyError):
            problems.append(
                Problem("unreadable", _("“%(label)s” cannot be read.") % {"label": wanted.label}, wanted.name)
            )
    return values, problems


def _text(raw: Any, wanted: Input) -> str:
    text = str(raw).strip()
    if not text:
        raise ValueError
    return _fitting(text, wanted)


def _line(raw: Any, wanted: Input) -> str:
    text = " ".join(str(raw).split())
    if not text:
        raise ValueError
    return _fitting(text, wanted)


def _fitting(text: str, wanted: Input) -> str:
    most = wanted.longest or LONGEST[wanted.kind]
    if len(text) > most:
        raise TooLong(most)
    return text


def _date(raw: Any, wanted: Input) -> date:
    return raw if isinstance(raw, date) else date.fromisoformat(str(raw).strip())


def _days(raw: Any, wanted: Input) -> int:
    days = int(str(raw).strip())
    if not 0 < days <= 1000:
        raise ValueError
    return days


def _money(raw: Any, wanted: Input) -> Decimal:
    """Yuan with at most two decimals; thousands separators are understood."""
    amount = _signed_money(raw, wanted)
    if amount < 0:
        raise ValueError
    return amount


def _signed_money(raw: Any, wanted: Input) -> Decimal:
    """The same where less than nothing makes sense: a change may take something away."""
    if isinstance(raw, float | bool):
        raise TypeError
    amount = Decimal(str(raw).replace(",", "").replace("，", "").replace("−", "-").strip())
    if not amount.is_finite() or abs(amount) > LARGEST or amount != amount.quantize(Decimal("0.01")):
        raise ValueError
    return amount.quantize(Decimal("0.01"))


def _choice(raw: Any, wanted: Input) -> str:
    if str(raw) not in {str(code) for code, label in wanted.choices}:
        raise ValueError
    return str(raw)


def _choices(raw: Any, wanted: Input) -> list[str]:
    return [_choice(part, wanted) for part in _list(raw)]


def _user(raw: Any, wanted: Input) -> int:
    text = str(raw).strip()
    if not text.isdecimal() or len(text) > 18:
        raise ValueError
    return int(text)


def _users(raw: Any, wanted: Input) -> list[int]:
    return [_user(part, wanted) for part in _list(raw)]


def _flag(raw: Any, wanted: Input) -> bool:
    return raw is True or str(raw).lower() in {"1", "true", "on", "yes"}


def _lines(raw: Any, wanted: Input) -> list[str]:
    parts = raw if isinstance(raw, list) else str(raw).splitlines()
    kept = [_fitting(str(part).strip(), wanted) for part in parts if str(part).strip()]
    if not kept:
        raise ValueError
    return kept


def _json(raw: Any, wanted: Input) -> Any:
    if not isinstance(raw, dict | list):
        raise TypeError
    return raw


def _list(raw: Any) -> list[Any]:
    if isinstance(raw, list | tuple):
        return list(raw)
    return [part for part in str(raw).split(",") if part.strip()]


READERS: dict[str, Callable[[Any, Input], Any]] = {
    "text": _text,
    "line": _line,
    "lines": _lines,
    "date": _date,
    "days": _days,
    "money": _money,
    "signed_money": _signed_money,
    "choice": _choice,
    "choices": _choices,
    "user": _user,
    "users": _users,
    "flag": _flag,
    "json": _json,
}
