"""Money: Decimal yuan in Python, whole fen in the database, rounded half up, never float."""

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from core.errors import Problem

FEN = Decimal("0.01")
ZERO = Decimal("0.00")
YUAN_PER_WAN = Decimal(10_000)
# Below ten trillion yuan. The column holds nine thousand times as much, so that sums over many rows still fit in it.
LARGEST = Decimal("9999999999999.99")
TOO_LARGE = _("At most %(largest)s yuan can be entered.")


def quantise(amount: Decimal) -> Decimal:
    """Rounds yuan half up to whole fen (R-UNIT-03)."""
    return amount.quantize(FEN, rounding=ROUND_HALF_UP)


def wan(amount: Decimal) -> Decimal:
    """Yuan → 万元 with two decimals, for display."""
    return (amount / YUAN_PER_WAN).quantize(FEN, rounding=ROUND_HALF_UP)


def from_wan(amount: Decimal) -> Decimal:
    """万元 → yuan, by an exact decimal shift; more than six decimals (less than a fen) is refused (R-UNIT-02)."""
    yuan = amount * YUAN_PER_WAN
    if yuan != yuan.quantize(FEN):
        raise ValueError(f"{amount} 万元 has more than six decimals")
    return yuan.quantize(FEN)


def ratio(part: Decimal, whole: Decimal) -> Decimal | None:
    """part / whole with four decimals, half up; None where the whole is zero (R-RED-03)."""
    if whole == 0:
        return None
    return (part / whole).quantize(Decimal("0.0001"), rounding=ROUND_HALF_UP)


def allocate(amount: Decimal, weights: Sequence[Decimal]) -> list[Decimal]:
    """Splits yuan in proportion to the weights; the last part takes the remainder, so the parts always add up."""
    total = sum(weights, Decimal(0))
    if total <= 0:
        raise ValueError("weights must add up to more than zero")
    parts = [quantise(amount * weight / total) for weight in weights[:-1]]
    return [*parts, amount - sum(parts, ZERO)]


def size_problems(amount: Decimal | None, where: str) -> list[Problem]:
    """What cannot be kept: amounts beyond LARGEST, on either side of nothing."""
    if amount is None or abs(amount) <= LARGEST:
        return []
    return [Problem("amount.too_large", TOO_LARGE % {"largest": f"{LARGEST:,}"}, where)]


def is_of_size(amount: Decimal) -> None:
    """Validator of every column with money. Raises ValidationError."""
    if abs(amount) > LARGEST:
        raise ValidationError(TOO_LARGE, code="amount.too_large", params={"largest": f"{LARGEST:,}"})


def to_fen(amount: Decimal) -> int:
    return int(quantise(amount).scaleb(2))


def to_yuan(fen: int | Decimal) -> Decimal:
    return Decimal(int(fen)).scaleb(-2).quantize(FEN)


class MoneyField(models.Field):
    """Decimal yuan, stored as BIGINT fen so that the database adds it exactly."""

    description = _("Money in yuan")
    default_validators = [is_of_size]

    def get_internal_type(self) -> str:
        return "BigIntegerField"

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> Decimal | None:
        return None if value is None else to_yuan(value)

    def to_python(self, value: Any) -> Decimal | None:
        if value is None or value == "":
            return None
        if isinstance(value, float):
            raise ValidationError(_("Money is never a binary fraction."))
        try:
            amount = Decimal(value)
            if not amount.is_finite():
                raise InvalidOperation
        except (InvalidOperation, TypeError, ValueError) as error:
            raise ValidationError(_("“%(value)s” is not an amount."), params={"value": value}) from error
        return amount

    def get_prep_value(self, value: Any) -> int | None:
        amount = self.to_python(super().get_prep_value(value))
        return None if amount is None else to_fen(amount)

    def value_to_string(self, obj: models.Model) -> str:
        value = self.value_from_object(obj)
        return "" if value is None else str(value)
