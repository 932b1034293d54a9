"""How official documents write amounts, numbers and dates."""

from collections.abc import Sequence
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from approvals.documents.content import CostRow, MoneyUnit
from core.money import ZERO, quantise, ratio, wan

DIGITS = "〇一二三四五六七八九"
NO_AMOUNT = "—"
ROUNDING_NOTE = "注：因四舍五入，分项之和与合计可能存在尾差。"


def shown(amount: Decimal, unit: MoneyUnit) -> Decimal:
    """Yuan → the figure printed: two decimals of 万元 or 元, rounded half up (R-UNIT-01, R-UNIT-03)."""
    return wan(amount) if unit is MoneyUnit.WAN else quantise(amount)


def figure(amount: Decimal | None, unit: MoneyUnit) -> str:
    """For a table cell: 9,713.32, or a dash where there is no amount."""
    return NO_AMOUNT if amount is None else f"{shown(amount, unit):,}"


def amount_text(amount: Decimal, unit: MoneyUnit) -> str:
    """For a sentence: 9,713.32万元."""
    return f"{shown(amount, unit):,}{unit}"


def reduction_text(declared: Decimal, reviewed: Decimal, unit: MoneyUnit) -> str:
    """核减 or 核增 with its amount and rate; the sign decides the word (R-RED-02), no rate without a declared amount
    (R-RED-03)."""
    reduction = declared - reviewed
    word = "核减" if reduction >= 0 else "核增"
    rate = ratio(abs(reduction), declared)
    share = f"，{word}率{percent(rate)}" if rate is not None else ""
    return f"{word}{amount_text(abs(reduction), unit)}{share}"


def percent(rate: Decimal) -> str:
    return f"{(rate * 100).quantize(Decimal('0.01'), rounding=ROUND_HALF_UP)}%"


def difference(declared: Decimal | None, approved: Decimal | None) -> Decimal | None:
    """The 核减(增) column: positive for a reduction, negative for an increase."""
    return None if declared is None or approved is None else declared - approved


def chinese_date(day: date) -> str:
    """2017年3月22日, without leading zeros."""
    return f"{day.year}年{day.month}月{day.day}日"


def chinese_number(number: int) -> str:
    """1–99 in Chinese: 一, 十, 十二, 二十三."""
    tens, ones = divmod(number, 10)
    if tens == 0:
        return DIGITS[ones]
    return ("" if tens == 1 else DIGITS[tens]) + "十" + (DIGITS[ones] if ones else "")


def parent_code(code: str) -> str:
    return code.rpartition(".")[0]


def top_rows(costs: Sequence[CostRow]) -> list[CostRow]:
    """The lines with no parent in the table: their sum is the total."""
    codes = {row.code for row in costs}
    return [row for row in costs if not _has_ancestor(row.code, codes)]


def _has_ancestor(code: str, codes: set[str]) -> bool:
    parent = parent_code(code)
    while parent:
        if parent in codes:
            return True
        parent = parent_code(parent)
    return False


def total_row(costs: Sequence[CostRow]) -> CostRow:
    top = top_rows(costs)
    return CostRow(
        "",
        "合计",
        sum((row.declared for row in top if row.declared is not None), ZERO),
        sum((row.approved for row in top if row.approved is not None), ZERO),
    )


def has_rounding_difference(costs: Sequence[CostRow], total: CostRow, unit: MoneyUnit) -> bool:
    """Whether the printed parts do not add up to the printed total or to a printed subtotal (R-UNIT-04)."""
    families = [(total, top_rows(costs))]
    families += [(row, [part for part in costs if parent_code(part.code) == row.code]) for row in costs if row.code]
    return any(_differs(whole, parts, unit) for whole, parts in families if parts)


def _differs(whole: CostRow, parts: Sequence[CostRow], unit: MoneyUnit) -> bool:
    columns = [
        (whole.declared, [part.declared for part in parts]),
        (whole.approved, [part.approved for part in parts]),
    ]
    return any(
        amount is not None
        and shown(amount, unit) != sum((shown(part, unit) for part in column if part is not None), ZERO)
        for amount, column in columns
    )
