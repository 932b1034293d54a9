"""The code tables: shipped entries plus local additions, each valid from one day to another."""

import json
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path

from django.utils.translation import get_language

from projects.models import CodeEntry

SHIPPED = Path(__file__).resolve().parent.parent / "fixtures" / "codes.json"

TABLE_OF_FIELD = {
    "project_class": "project_class",
    "construction_nature": "construction_nature",
    "investment_mode": "investment_mode",
    "industry": "industry",
    "sector": "sector",
    "plan_category": "plan_category",
    "urgency": "urgency",
    "secrecy": "secrecy",
    "subdistrict": "subdistrict",
}


@dataclass(frozen=True)
class Code:
    code: str
    zh: str
    en: str
    valid_from: date
    valid_to: date | None = None

    def label(self) -> str:
        return self.zh if (get_language() or "zh").startswith("zh") or not self.en else self.en


@lru_cache(maxsize=1)
def shipped() -> dict[str, tuple[Code, ...]]:
    raw = json.loads(SHIPPED.read_text(encoding="utf-8"))
    return {
        table: tuple(
            Code(code, zh, en, date.fromisoformat(since), date.fromisoformat(until) if until else None)
            for code, zh, en, since, until in entries
        )
        for table, entries in raw.items()
    }


def entries(table: str, on: date | None = None) -> list[Code]:
    """The table's entries valid on that day (all of them without a day)."""
    local = [
        Code(row.code, row.label_zh, row.label_en, row.valid_from, row.valid_to)
        for row in CodeEntry.objects.filter(table=table)
    ]
    rows = {entry.code: entry for entry in (*shipped().get(table, ()), *local)}
    return [
        row
        for row in rows.values()
        if on is None or (row.valid_from <= on and (not row.valid_to or row.valid_to >= on))
    ]


def is_valid(table: str, code: str, on: date) -> bool:
    return any(entry.code == code for entry in entries(table, on))


def choices(table: str, on: date) -> list[tuple[str, str]]:
    return [(entry.code, entry.label()) for entry in entries(table, on)]


def labels(table: str) -> dict[str, str]:
    """Every code ever valid → its label; old rows keep their old code."""
    return {entry.code: entry.label() for entry in entries(table)}


def all_labels() -> dict[str, dict[str, str]]:
    """Table → code → label of every code ever valid, with one query."""
    names = {table: {entry.code: entry.label() for entry in rows} for table, rows in shipped().items()}
    for row in CodeEntry.objects.all():
        entry = Code(row.code, row.label_zh, row.label_en, row.valid_from, row.valid_to)
        names.setdefault(row.table, {})[row.code] = entry.label()
    return names
