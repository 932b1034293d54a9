"""The rules that differ by place and year: shipped rows, superseded by approved amendments, looked up by date."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache
from pathlib import Path

from core.models import RuleAmendment

SHIPPED = Path(__file__).resolve().parent.parent / "fixtures" / "rules.json"


@dataclass(frozen=True)
class RuleRow:
    """One threshold or limit with the day it takes effect and the text it rests on."""

    code: str
    value: Decimal
    effective_from: date
    item_type: str = ""
    step: str = ""
    comparison: str = "GT"
    severity: str = ""
    basis: str = ""
    amendment_id: int | None = None


class Rulebook:
    """The rules in force on one day. The most specific row wins: type and step, then type, then general."""

    def __init__(self, rows: Iterable[RuleRow], on: date) -> None:
        self.on = on
        self._rows: dict[tuple[str, str, str], RuleRow] = {}
        for row in sorted(rows, key=lambda row: (row.effective_from, row.amendment_id or 0)):
            if row.effective_from <= on:
                self._rows[row.code, row.item_type, row.step] = row

    def row(self, code: str, item_type: str = "", step: str = "") -> RuleRow | None:
        for key in ((code, item_type, step), (code, item_type, ""), (code, "", step), (code, "", "")):
            if key in self._rows:
                return self._rows[key]
        return None

    def value(self, code: str, item_type: str = "", step: str = "") -> Decimal:
        """The value; KeyError if no row covers it, because a limit is never guessed."""
        row = self.row(code, item_type, step)
        if row is None:
            raise KeyError(f"no rule {code} for {item_type or '*'}/{step or '*'} on {self.on}")
        return row.value

    def days(self, code: str, item_type: str = "", step: str = "") -> int:
        return int(self.value(code, item_type, step))

    def __iter__(self) -> Iterable[RuleRow]:
        return iter(self._rows.values())


@lru_cache(maxsize=1)
def shipped() -> tuple[RuleRow, ...]:
    """The rows of fixtures/rules.json."""
    rows = json.loads(SHIPPED.read_text(encoding="utf-8"))
    return tuple(
        RuleRow(
            code=row["code"],
            value=Decimal(row["value"]),
            effective_from=date.fromisoformat(row["effective_from"]),
            item_type=row.get("item_type", ""),
            step=row.get("step", ""),
            comparison=row.get("comparison", "GT"),
            severity=row.get("severity", ""),
            basis=row.get("basis", ""),
        )
        for row in rows
    )


def on(day: date) -> Rulebook:
    """The rulebook of that day, with every approved amendment (one query)."""
    amended = [
        RuleRow(
            code=row.code,
            value=row.value,
            effective_from=row.effective_from,
            item_type=row.item_type,
            step=row.step,
            comparison=row.comparison,
            severity=row.severity,
            basis=row.basis,
            amendment_id=row.pk,
        )
        for row in RuleAmendment.objects.filter(approved_at__isnull=False, effective_from__lte=day)
    ]
    return Rulebook([*shipped(), *amended], day)
