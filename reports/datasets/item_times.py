"""The items behind the figures on time: accepted in a period (intake), decided in a period (R-ST-04)."""

from decimal import Decimal
from typing import Any

import pandas as pd
from django.db.models import Exists, OuterRef, Q, QuerySet

from approvals.models import ApprovalItem, Correction
from approvals.rules import deadlines
from approvals.states import ENDED
from core import clock, rulebook
from core.trace import Who
from reports import policies
from reports.filters import NOT_STATED, Filters

# Dimension → column of an item.
FIELDS = {
    "item_type": "item_type",
    "unit": "owner_unit_id",
    "class": "project__project_class",
    "industry": "project__industry",
    "officer": "first_reviewer_id",
    "month": "",
    "quarter": "",
    "year": "",
}
OUTCOMES = {
    "ISSUED": ("ISSUED", "ARCHIVED", "EXPIRED", "REVOKED"),
    "REJECTED": ("REJECTED",),
    "RETURNED": ("RETURNED",),
}


def items(filters: Filters, actor: Who) -> QuerySet:
    """The items this actor counts. Early involvement runs under no time limit and stays out."""
    rows = ApprovalItem.objects.filter(accepted_on__isnull=False, is_early_involvement=False)
    wanted: dict[str, Any] = {}
    for value, name in (
        (filters.item_type, "item_type"),
        (filters.project_class, "project__project_class"),
        (filters.industry, "project__industry"),
    ):
        if value:
            wanted[name] = "" if value == NOT_STATED else value
    for value, name in ((filters.unit, "owner_unit"), (filters.officer, "first_reviewer")):
        if value == NOT_STATED:
            wanted[f"{name}__isnull"] = True
        elif value:
            wanted[name] = int(value)
    if filters.outcome:
        wanted["state__in"] = OUTCOMES[filters.outcome]
    return rows.filter(policies.scope_of(actor) or Q(), **wanted)


def _within(rows: QuerySet, name: str, filters: Filters) -> QuerySet:
    wanted: dict[str, Any] = {f"{name}__isnull": False}
    if filters.since:
        wanted[f"{name}__gte"] = filters.since
    if filters.until:
        wanted[f"{name}__lte"] = filters.until
    return rows.filter(**wanted)


def accepted(filters: Filters, actor: Who) -> QuerySet:
    """Intake: accepted in the period, whatever has become of them."""
    return _within(items(filters, actor), "accepted_on", filters)


def decided(filters: Filters, actor: Who) -> QuerySet:
    """Closed in the period: approved, rejected or returned, with the working days they took."""
    return _within(items(filters, actor), "decided_on", filters).filter(state__in=ENDED, used_days__isnull=False)


def intake_frame(rows: QuerySet, field: str) -> pd.DataFrame:
    """One line per accepted item: key, corrected (补正), at_once (one submission was enough)."""
    corrected = Exists(Correction.objects.filter(item=OuterRef("pk")))
    values = rows.annotate(was_corrected=corrected).order_by().values_list(field, "was_corrected", "round_count")
    frame = pd.DataFrame.from_records(list(values), columns=["key", "corrected", "rounds"]).astype({"key": object})
    frame["at_once"] = (frame["rounds"] <= 1) & ~frame["corrected"].astype(bool)
    return frame


def decided_frame(rows: QuerySet, field: str) -> pd.DataFrame:
    """One line per decided item: key, used, promised, limit (with extension), paused, late, yellow."""
    values = rows.order_by().values_list(
        field, "item_type", "used_days", "promised_days", "extension_days", "paused_days"
    )
    names = ["key", "item_type", "used", "promised", "extension", "paused"]
    frame = pd.DataFrame.from_records(list(values), columns=names).astype({"key": object})
    for name in ("used", "promised", "extension", "paused"):
        frame[name] = frame[name].fillna(0).astype(int)
    lights = _lights(frame)
    frame["late"], frame["yellow"] = lights == deadlines.Light.RED, lights == deadlines.Light.YELLOW
    return frame


def _lights(frame: pd.DataFrame) -> pd.Series:
    """How each item's light stood on the day it was decided."""
    rules = rulebook.on(clock.today())
    warn = {code: rules.days("yellow.remaining", code) for code in frame["item_type"].unique()}
    columns = (frame[name] for name in ("item_type", "used", "promised", "extension"))
    return pd.Series(
        [
            deadlines.light(
                promised=promised, extension=extension, used=used, paused=False, started=True, ended=False,
                yellow_at_remaining=warn[item_type],
            )
            for item_type, used, promised, extension in zip(*columns, strict=True)
        ],
        index=frame.index,
        dtype=object,
    )  # fmt: skip


def share(part: int, whole: int) -> Decimal | None:
    """part / whole, four decimals; None where there is nothing to take a share of."""
    return (
        None if not whole else (Decimal(int(part)) / Decimal(int(whole))).quantize(Decimal("0.0001"), "ROUND_HALF_UP")
    )


def days(value: Any) -> Decimal | None:
    """A mean or percentile of working days with one decimal; None where there is none."""
    return None if pd.isna(value) else Decimal(str(value)).quantize(Decimal("0.1"), "ROUND_HALF_UP")
