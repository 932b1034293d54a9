"""Reductions added up: from the summary where it can answer, from the decisions' own rows where it cannot (§3.5).

The summary (approvals.models.ReductionDelta) knows day, type, unit, class, industry, reviewer and district bracket.
Funding sources, the city's brackets, what only a part of the people may count, and periods that cut through a month
whose days are already folded together, are added up from the rows.
"""

from collections.abc import Callable
from dataclasses import dataclass, fields
from decimal import Decimal
from typing import Any

from django.db.models import Q, QuerySet, Sum

from approvals.models import Reduction, ReductionDelta
from approvals.rules import brackets, folding
from approvals.rules.reductions import ZERO, rate_of
from core import clock, money
from core.trace import Who
from projects.models import ProjectFunding
from reports import policies
from reports.dimensions import Dimension
from reports.filters import NOT_STATED, Filters

# Dimension → column, the same in the summary and in the rows.
FIELDS = {
    "item_type": "item_type",
    "unit": "owner_unit_id",
    "class": "project_class",
    "industry": "industry",
    "month": "decided_on",
    "quarter": "decided_on",
    "year": "decided_on",
    "reviewer": "reviewer_id",
    "bracket": "bracket",
}


@dataclass
class Sums:
    """Yuan and counts of one row of the report."""

    n: int = 0
    n_reduced: int = 0
    n_increased: int = 0
    declared: Decimal = ZERO
    reviewed: Decimal = ZERO
    approved: Decimal = ZERO
    gross_reduction: Decimal = ZERO
    gross_increase: Decimal = ZERO
    gross_reduction_approved: Decimal = ZERO
    gross_increase_approved: Decimal = ZERO

    def add(self, other: "Sums") -> None:
        for name in NAMES:
            setattr(self, name, getattr(self, name) + getattr(other, name))

    @property
    def net(self) -> Decimal:
        """Signed: above zero a reduction, below an increase (R-RED-02)."""
        return self.declared - self.reviewed

    @property
    def net_approved(self) -> Decimal:
        return self.declared - self.approved

    @property
    def rate(self) -> Decimal | None:
        """Sums first, then one division (R-RED-01); None where nothing was declared (R-RED-03)."""
        return rate_of(self.net, self.declared)

    @property
    def rate_approved(self) -> Decimal | None:
        return rate_of(self.net_approved, self.declared)


NAMES = tuple(field.name for field in fields(Sums))


def summed(dimension: Dimension, filters: Filters, actor: Who) -> dict[Any, Sums]:
    """The counted reductions of the period, by the dimension's keys."""
    return (
        _from_summary(dimension, filters) if summary_answers(filters, actor) else from_rows(dimension, filters, actor)
    )


def summary_answers(filters: Filters, actor: Who) -> bool:
    """Whether the summary's cells are fine enough for this question and this actor counts everything."""
    by_source = filters.by == "funding_source" or filters.funding_source
    by_city_bracket = filters.brackets != "district" and (filters.by == "bracket" or filters.bracket)
    if by_source or by_city_bracket or policies.scope_of(actor) is not None:
        return False
    return folding.cuts_no_month(filters.since, filters.until, clock.today())


def _from_summary(dimension: Dimension, filters: Filters) -> dict[Any, Sums]:
    name = FIELDS[dimension.code]
    cells = narrowed(ReductionDelta.objects.all(), filters)
    if filters.bracket:
        cells = cells.filter(bracket=filters.bracket)
    grouped = cells.order_by().values(name).annotate(**{f"sum_{part}": Sum(part) for part in NAMES})
    found: dict[Any, Sums] = {}
    for row in grouped:
        sums = Sums(**{part: row[f"sum_{part}"] for part in NAMES})
        found.setdefault(dimension.fold(row[name]), Sums()).add(sums)
    # Corrections append a reversal; what they leave empty is no row of the report.
    return {key: sums for key, sums in found.items() if any(getattr(sums, part) for part in NAMES)}


def narrowed(rows: QuerySet, filters: Filters) -> QuerySet:
    """The filters that the summary and the rows have in common. A figure belongs to the day of the decision (R-ST-04)."""
    wanted: dict[str, Any] = {}
    if filters.since:
        wanted["decided_on__gte"] = filters.since
    if filters.until:
        wanted["decided_on__lte"] = filters.until
    for value, name in (
        (filters.item_type, "item_type"), (filters.project_class, "project_class"), (filters.industry, "industry"),
    ):  # fmt: skip
        if value:
            wanted[name] = "" if value == NOT_STATED else value
    for value, name in ((filters.unit, "owner_unit"), (filters.reviewer, "reviewer")):
        if value == NOT_STATED:
            wanted[f"{name}__isnull"] = True
        elif value:
            wanted[name] = int(value)
    return rows.filter(**wanted)


def decided_rows(filters: Filters, actor: Who) -> QuerySet:
    """The decisions' own rows behind a report, counted ones and others, that this actor counts."""
    rows = narrowed(Reduction.objects.all(), filters)
    if filters.bracket:
        bracket = next(b for b in brackets.SETS[filters.brackets] if b.code == filters.bracket)
        rows = rows.filter(declared__gte=bracket.lower)
        if bracket.upper is not None:
            rows = rows.filter(declared__lt=bracket.upper)
    if filters.funding_source:
        funded = ProjectFunding.objects.filter(amount__gt=0)
        if filters.funding_source == NOT_STATED:
            rows = rows.exclude(project__in=funded.values("project"))
        else:
            rows = rows.filter(project__in=funded.filter(source=filters.funding_source).values("project"))
    scope = policies.scope_of(actor, "item__")
    return rows if scope is None else rows.filter(scope)


def shown_rows(filters: Filters, actor: Who) -> QuerySet:
    """Of those, what `show` asks for: the counted ones, the returned ones, or all that are kept out of the sums."""
    rows = decided_rows(filters, actor)
    if filters.show == "RETURNED":
        return rows.filter(exclusion="RETURNED")
    if filters.show == "excluded":
        return rows.filter(is_counted=False).exclude(exclusion="OTHER_TYPE")
    return rows.filter(is_counted=True)


def from_rows(dimension: Dimension, filters: Filters, actor: Who) -> dict[Any, Sums]:
    """The same figures as the summary's, read row by row."""
    split, sets = splitter(filters), brackets.SETS[filters.brackets]
    stored = FIELDS.get(dimension.code, "pk")
    names = ("pk" if stored == "bracket" else stored, "project_id", "declared", "reviewed", "approved")
    rows = decided_rows(filters, actor).filter(is_counted=True).order_by().values_list(*names)
    found: dict[Any, Sums] = {}
    for value, project_id, declared, reviewed, approved in rows.iterator(chunk_size=5000):
        for source, sums in split(project_id, declared, reviewed, approved):
            if dimension.code == "funding_source":
                key: Any = source
            elif dimension.code == "bracket":
                key = brackets.bracket_of(declared, sets).code
            else:
                key = dimension.fold(value)
            found.setdefault(key, Sums()).add(sums)
    return found


Splitter = Callable[[int, Decimal, Decimal, Decimal], list[tuple[str, Sums]]]


def splitter(filters: Filters) -> Splitter:
    """How a reduction is divided among the sources of its project; whole where funding is not asked for."""
    if filters.by != "funding_source" and not filters.funding_source:
        return lambda project_id, declared, reviewed, approved: [("", sums_of(declared, reviewed, approved))]
    sources = _sources()

    def split(project_id: int, *amounts: Decimal) -> list[tuple[str, Sums]]:
        shares = _shares(sources.get(project_id, []), amounts)
        return [share for share in shares if filters.funding_source in ("", share[0] or NOT_STATED)]

    return split


def _sources() -> dict[int, list[tuple[str, Decimal]]]:
    found: dict[int, list[tuple[str, Decimal]]] = {}
    for project_id, source, amount in ProjectFunding.objects.filter(amount__gt=0).values_list(
        "project", "source", "amount"
    ):
        found.setdefault(project_id, []).append((source, amount))
    return found


def _shares(sources: list[tuple[str, Decimal]], amounts: tuple[Decimal, ...]) -> list[tuple[str, Sums]]:
    """Divided in proportion to the sources' amounts, to the fen, so that the shares add up to the item again."""
    if len(sources) < 2:
        return [(sources[0][0] if sources else "", sums_of(*amounts))]
    weights = [amount for _, amount in sources]
    declared, reviewed, approved = amounts
    columns = [money.allocate(amount, weights) for amount in amounts]
    return [
        (source, sums_of(*share, reduced=declared > reviewed, reduced_approved=declared > approved))
        for (source, _), share in zip(sources, zip(*columns, strict=True), strict=True)
    ]


def sums_of(
    declared: Decimal,
    reviewed: Decimal,
    approved: Decimal,
    *,
    reduced: bool | None = None,
    reduced_approved: bool | None = None,
) -> Sums:
    """The sums of one item. A share of an item is gross reduction or increase as the whole item is."""
    cut, cut_approved = declared - reviewed, declared - approved
    down = cut > 0 if reduced is None else reduced
    down_approved = cut_approved > 0 if reduced_approved is None else reduced_approved
    return Sums(
        n=1,
        n_reduced=int(down),
        n_increased=int(not down and cut < 0),
        declared=declared,
        reviewed=reviewed,
        approved=approved,
        gross_reduction=cut if down else ZERO,
        gross_increase=ZERO if down else -cut,
        gross_reduction_approved=cut_approved if down_approved else ZERO,
        gross_increase_approved=ZERO if down_approved else -cut_approved,
    )


def kept_out(filters: Filters, actor: Who) -> dict[str, tuple[int, Decimal]]:
    """Why → (how many, declared yuan) of the decisions that stay out of every sum (R-RED-04)."""
    rows = decided_rows(filters, actor).filter(is_counted=False).exclude(exclusion="OTHER_TYPE")
    found: dict[str, tuple[int, Decimal]] = {}
    for exclusion, declared in rows.values_list("exclusion", "declared"):
        count, amount = found.get(exclusion, (0, ZERO))
        found[exclusion] = (count + 1, amount + declared)
    return found


def first_decision(filters: Filters, actor: Who) -> Any:
    """The day of the first decision there is, to show what "from the beginning" means."""
    scope = policies.scope_of(actor, "item__") or Q()
    return (
        Reduction.objects.filter(scope, is_counted=True)
        .order_by("decided_on")
        .values_list("decided_on", flat=True)
        .first()
    )
