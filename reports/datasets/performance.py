"""个人业绩: what each reviewer handled as main and as assisting reviewer, what it came to, and in how many days (§11)."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from statistics import mean

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from core import clock
from core.trace import Who
from reports import policies
from reports.datasets import wording
from reports.datasets.item_times import days
from reports.datasets.reduction_sums import Sums, shown_rows, sums_of
from reports.filters import Filters
from reports.report import Link, Report
from reports.table import Column, Kind, ReportTable

BY = ("reviewer",)
COLUMNS = (
    Column("person", gettext_lazy("Person")),
    Column("n_main", gettext_lazy("As main reviewer"), Kind.COUNT, total=True),
    Column("n_assist", gettext_lazy("As assisting reviewer"), Kind.COUNT, total=True),
    Column("declared", gettext_lazy("Declared"), Kind.MONEY_WAN, total=True),
    Column("reviewed", gettext_lazy("Reviewed"), Kind.MONEY_WAN, total=True),
    Column("net", gettext_lazy("Reduction (increase)"), Kind.MONEY_WAN, total=True),
    Column("rate", gettext_lazy("Reduction rate"), Kind.PERCENT),
    Column("mean_used", gettext_lazy("Mean time"), Kind.DAYS, unit=gettext_lazy("working days")),
    Column("n_late", gettext_lazy("Items overdue"), Kind.COUNT, total=True),
)


@dataclass
class Tally:
    """One person's items of the period."""

    sums: Sums = field(default_factory=Sums)
    assisted: int = 0
    used: list[int] = field(default_factory=list)
    late: int = 0


def produce(filters: Filters, actor: Who) -> Report:
    """Amounts count for the main reviewer only, so that the total is that of the reduction report."""
    tallies, total = _tallies(filters, actor)
    called: dict[int | None, str] = dict(
        User.objects.filter(pk__in=[key for key in tallies if key]).values_list("pk", "full_name")
    )
    keys = sorted(tallies, key=lambda key: (key is None, -tallies[key].sums.declared, called.get(key, "")))
    table = ReportTable(
        code="performance",
        title=_("Work of each reviewer"),
        columns=COLUMNS,
        rows=[_line(called.get(key, _("not stated")), tallies[key]) for key in keys],
        totals={"rate": total.sums.rate, "mean_used": _mean(total.used)},
        generated_at=clock.now(),
        generated_by=wording.name_of(actor),
        period=wording.period(filters),
        filters=wording.filters(filters),
        cutoff=wording.cutoff(),
        notes=[
            _("Amounts, days and delays count for the main reviewer. Signs are kept: an increase is negative."),
            *filter(None, [policies.scope_text(actor)]),
        ],
    )
    links = [Link("details", filters.query(by="", sort="", reviewer=str(key or "none"))) for key in keys]
    return Report(table=table, links=links, total_link=Link("details", filters.query(by="", sort="")))


def _tallies(filters: Filters, actor: Who) -> tuple[dict[int | None, Tally], Tally]:
    found: dict[int | None, Tally] = {}
    total = Tally()
    names = (
        "reviewer_id", "item__first_reviewer_id", "item__second_officer_id", "item__center_first_id", "item__center_second_id",
        "item__used_days", "item__promised_days", "item__extension_days", "declared", "reviewed", "approved",
    )  # fmt: skip
    for main, *others, used, promised, extension, declared, reviewed, approved in shown_rows(
        filters, actor
    ).values_list(*names):
        late = int(used is not None and used > (promised or 0) + (extension or 0))
        for tally in (found.setdefault(main, Tally()), total):
            tally.sums.add(sums_of(declared, reviewed, approved))
            tally.used += [used] if used is not None else []
            tally.late += late
        for person in _assistants(main, others):
            found.setdefault(person, Tally()).assisted += 1
    return found, total


def _assistants(main: int | None, others: Iterable[int | None]) -> set[int]:
    """Everybody else who was named on the item: case officers, and the second reviewer of the centre."""
    return {person for person in others if person} - {main}


def _line(name: str, tally: Tally) -> tuple:
    sums = tally.sums
    return (
        name, sums.n, tally.assisted, sums.declared, sums.reviewed, sums.net, sums.rate, _mean(tally.used), tally.late,
    )  # fmt: skip


def _mean(used: list[int]) -> Decimal | None:
    return days(mean(map(Decimal, used))) if used else None
