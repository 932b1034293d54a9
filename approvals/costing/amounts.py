"""Amounts as people write them, read exactly: 万元 with up to six decimals, 元 with up to two (R-UNIT-02)."""

import re
import unicodedata
from collections.abc import Mapping
from decimal import Decimal
from enum import StrEnum
from types import MappingProxyType
from typing import Any

FEN = Decimal("0.01")
LARGEST_YUAN = Decimal(10) ** 15
NUMBER = re.compile(r"(?P<sign>[+-]?)(?P<whole>\d{1,3}(?:,\d{3})+|\d+)(?:\.(?P<fraction>\d+))?|[+-]?\.\d+", re.ASCII)
TRAILING_UNIT = re.compile(r"^(?P<figure>.*?)(?P<unit>亿元|万元|元|亿|万)$", re.DOTALL)
MINUS_SIGNS = str.maketrans(dict.fromkeys("−﹣–—", "-"))
EXCEL_DIGITS = 15


class Unit(StrEnum):
    """The unit a column or field is written in, by its Chinese sign."""

    WAN = "万元"
    YUAN = "元"

    @property
    def shift(self) -> int:
        """By how many decimal places a figure in this unit is moved to become yuan."""
        return 4 if self is Unit.WAN else 0

    @property
    def decimals(self) -> int:
        """How many decimals there may be: down to the fen."""
        return self.shift + 2


class AmountRefused(ValueError):
    """A text that is not an acceptable amount: a stable code such as `amount.format` and what its wording needs."""

    def __init__(self, code: str, **params: Any) -> None:
        super().__init__(code)
        self.code = code
        self.params: Mapping[str, Any] = MappingProxyType(params)


def parse_amount(text: str, unit: Unit, *, allow_negative: bool = False) -> Decimal:
    """Yuan with two decimals from a text written in `unit`.

    Understands full-width digits, thousands separators in their places, a leading ¥ and the unit repeated behind the
    figure. Refuses, with AmountRefused: `amount.empty`, `amount.format`, `amount.unit` (another unit behind the
    figure), `amount.decimals`, `amount.negative`, `amount.too_large`.
    """
    plain = unicodedata.normalize("NFKC", text.translate(MINUS_SIGNS)).strip().removeprefix("¥").strip()
    if not plain:
        raise AmountRefused("amount.empty")
    written = TRAILING_UNIT.match(plain)
    if written:
        if written["unit"] != unit.value:
            raise AmountRefused("amount.unit", text=text, found=written["unit"], unit=unit.value)
        plain = written["figure"].strip()
    if not NUMBER.fullmatch(plain):
        raise AmountRefused("amount.format", text=text)
    return to_yuan(Decimal(plain.replace(",", "")), unit, allow_negative=allow_negative)


def amount_from_cell(number: int | float | Decimal, unit: Unit, *, allow_negative: bool = False) -> Decimal:
    """Yuan from a numeric cell of a workbook.

    Excel stores binary fractions and works with 15 significant digits, so 21672.59 may be stored as
    21672.590000000004. The shortest text of the number counts; only if that has too many decimals, the 15 digits
    Excel itself shows. More decimals than the unit allows are refused, never rounded.
    """
    if isinstance(number, bool):
        raise AmountRefused("amount.format", text=str(number))
    exact = Decimal(repr(number)) if isinstance(number, float) else Decimal(number)
    if not exact.is_finite():
        raise AmountRefused("amount.format", text=str(number))
    if _n_decimals(exact) > unit.decimals and isinstance(number, float):
        exact = Decimal(f"{number:.{EXCEL_DIGITS}g}")
    return to_yuan(exact, unit, allow_negative=allow_negative)


def to_yuan(figure: Decimal, unit: Unit, *, allow_negative: bool = False) -> Decimal:
    """The exact shift from `unit` to yuan; AmountRefused for too many decimals, a forbidden sign, or beyond 10^15 元."""
    if figure < 0 and not allow_negative:
        raise AmountRefused("amount.negative", text=f"{figure:f}")
    if abs(figure) >= LARGEST_YUAN.scaleb(-unit.shift):
        raise AmountRefused("amount.too_large", text=f"{figure:f}")
    if _n_decimals(figure) > unit.decimals:
        raise AmountRefused("amount.decimals", text=f"{figure:f}", unit=unit.value, decimals=unit.decimals)
    yuan = figure.scaleb(unit.shift).quantize(FEN)
    return yuan if yuan else abs(yuan)


def in_unit(amount: Decimal, unit: Unit) -> Decimal:
    """Yuan written in `unit`, exact, without idle zeros but with at least two decimals."""
    figure = amount.scaleb(-unit.shift)
    return figure.quantize(Decimal(1).scaleb(-max(2, _n_decimals(figure))))


def _n_decimals(figure: Decimal) -> int:
    """Decimals that count: 1.2500 has two."""
    exponent = figure.normalize().as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0
