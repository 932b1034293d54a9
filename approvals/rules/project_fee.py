"""How high 项目建设管理费 may be: a sliding scale on the total estimate less land (§3.3), by the day it applies."""

from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

FEN = Decimal("0.01")


@dataclass(frozen=True)
class Step:
    """`percent` of what lies above the step before and up to `up_to` yuan; None means without end."""

    up_to: Decimal | None
    percent: Decimal


@dataclass(frozen=True)
class Scale:
    """One tariff with the day it takes effect and the text it rests on."""

    effective_from: date
    basis: str
    steps: tuple[Step, ...]


class NoScaleInForce(LookupError):
    """The day lies before the first tariff."""


def _steps(*rows: tuple[int | None, str]) -> tuple[Step, ...]:
    return tuple(Step(None if wan is None else Decimal(wan).scaleb(4), Decimal(percent)) for wan, percent in rows)


SCALES = (
    Scale(
        date(2002, 10, 1),
        "财建〔2002〕394号",
        _steps(
            (1_000, "1.5"),
            (5_000, "1.2"),
            (10_000, "1.0"),
            (50_000, "0.8"),
            (100_000, "0.5"),
            (200_000, "0.2"),
            (None, "0.1"),
        ),
    ),
    Scale(
        date(2016, 7, 1),
        "财建〔2016〕504号",
        _steps((1_000, "2"), (5_000, "1.5"), (10_000, "1.2"), (50_000, "1"), (100_000, "0.8"), (None, "0.4")),
    ),
)


def scale_on(day: date, scales: tuple[Scale, ...] = SCALES) -> Scale:
    """The tariff in force on `day`. NoScaleInForce before the first one."""
    in_force = [scale for scale in scales if scale.effective_from <= day]
    if not in_force:
        raise NoScaleInForce(f"no fee scale was in force on {day}")
    return max(in_force, key=lambda scale: scale.effective_from)


def cap(base: Decimal, scale: Scale) -> Decimal:
    """The cap in yuan on `base` yuan (total estimate less land), each slice at its own rate, half up to the fen."""
    if base < 0:
        raise ValueError(f"the base of a fee cannot be negative: {base}")
    fee, below = Decimal(0), Decimal(0)
    for step in scale.steps:
        top = base if step.up_to is None else min(base, step.up_to)
        if top > below:
            fee += (top - below) * step.percent / 100
            below = top
    return fee.quantize(FEN, rounding=ROUND_HALF_UP)
