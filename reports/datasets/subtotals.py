"""Sums and newest values of related rows as columns of a query, so that pages and totals ask the database once."""

from typing import Any

from django.db.models import Count, ExpressionWrapper, F, OuterRef, QuerySet, Subquery, Sum, Value
from django.db.models.functions import Coalesce

from core.money import ZERO, MoneyField


def sum_of(rows: QuerySet, way: str, amount: str = "amount", *, of: str = "pk") -> Coalesce:
    """Σ of `amount` over those of `rows` that lead by `way` to field `of` of the row asked about; 0.00 without any."""
    found = rows.filter(**{way: OuterRef(of)}).order_by().values(way).annotate(summed=Sum(amount)).values("summed")
    return Coalesce(Subquery(found, output_field=MoneyField()), money(ZERO))


def newest(rows: QuerySet, field: str, *order: str, output: Any = None) -> Subquery:
    """A field of the first of the rows in this order; nothing where there are none."""
    return Subquery(rows.order_by(*order).values(field)[:1], output_field=output or MoneyField())


def money(amount: Any) -> Value:
    return Value(amount, output_field=MoneyField())


def plus(one: F, other: F) -> ExpressionWrapper:
    return ExpressionWrapper(one + other, output_field=MoneyField())


def less(one: F, other: F) -> ExpressionWrapper:
    return ExpressionWrapper(one - other, output_field=MoneyField())


def totals(rows: QuerySet, *names: str) -> dict[str, Any]:
    """How many rows, and the exact sum of each named column."""
    found = rows.order_by().aggregate(n=Count("pk"), **{f"sum_{name}": Sum(F(name)) for name in names})
    return {"n": found["n"], **{name: ZERO if found[f"sum_{name}"] is None else found[f"sum_{name}"] for name in names}}
