"""The S-curve as lines of an SVG the server draws: no script, no style, the figures themselves stand in a table below."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal
from typing import Any

from django.utils.translation import gettext as _

from core.money import wan
from execution.rules.curve import Curve

WIDTH, HEIGHT = 760, 300
LEFT, RIGHT, TOP, BOTTOM = 84, 16, 14, 34
MOST_LABELS = 8
STEPS = (Decimal(1), Decimal(2), Decimal("2.5"), Decimal(5), Decimal(10))


@dataclass(frozen=True)
class Stroke:
    """One line: `points` as SVG wants them, `last` its end."""

    code: str
    label: Any
    points: str
    last: tuple[int, int]
    values: tuple[Decimal | None, ...]


@dataclass(frozen=True)
class Drawing:
    width: int
    height: int
    left: int
    right: int
    floor: int
    strokes: tuple[Stroke, ...]
    rungs: tuple[tuple[int, str], ...]
    months: tuple[tuple[int, str], ...]
    rows: tuple[tuple[str, tuple[Decimal | None, ...]], ...]


def drawing(curve: Curve) -> Drawing | None:
    """None where there is nothing to draw."""
    series = [
        ("plan", _("Planned investment"), curve.planned),
        ("done", _("Completed investment"), curve.done),
        ("released", _("Released"), curve.released),
        ("paid", _("Paid"), curve.paid),
    ]
    known = [(code, label, values) for code, label, values in series if any(v is not None for v in values)]
    if not known:
        return None
    highest = max(value for _code, _label, values in known for value in values if value is not None)
    top, step = _scale(highest)
    months = [f"{month:%Y-%m}" for month in curve.months]
    every = -(-len(months) // MOST_LABELS)
    rungs = [step * n for n in range(int(top / step) + 1)]
    return Drawing(
        WIDTH, HEIGHT, LEFT, WIDTH - RIGHT, HEIGHT - BOTTOM,
        tuple(_stroke(code, label, values, top) for code, label, values in known),
        tuple((_y(rung, top), f"{wan(rung):,.0f}") for rung in rungs),
        tuple((_x(n, len(months)), name) for n, name in enumerate(months) if n % every == 0),
        tuple((name, tuple(values[n] for _code, _label, values in known)) for n, name in enumerate(months)),
    )  # fmt: skip


def _scale(highest: Decimal) -> tuple[Decimal, Decimal]:
    """A round top of the axis and the step of its four or five rungs."""
    if highest <= 0:
        return Decimal(50_000), Decimal(10_000)
    power = Decimal(1).scaleb((highest / 5).adjusted())
    step = next(power * step for step in STEPS if power * step * 5 >= highest)
    return step * (highest / step).to_integral_value(ROUND_CEILING), step


def _x(n: int, count: int) -> int:
    return LEFT + round((WIDTH - LEFT - RIGHT) * n / max(count - 1, 1))


def _y(value: Decimal, top: Decimal) -> int:
    return HEIGHT - BOTTOM - int((HEIGHT - TOP - BOTTOM) * value / top)


def _stroke(code: str, label: Any, values: Sequence[Decimal | None], top: Decimal) -> Stroke:
    places = [(_x(n, len(values)), _y(value, top)) for n, value in enumerate(values) if value is not None]
    return Stroke(code, label, " ".join(f"{x},{y}" for x, y in places), places[-1], tuple(values))
