"""How wide the columns of a printed table are, in which size it is set, on which sheet, and in how many panels."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from reportlab.lib.pagesizes import A3, A4

from core.pdf import text
from reports import cells
from reports.table import Column, Kind, ReportTable

UPRIGHT, LYING, LARGE = A4, (A4[1], A4[0]), (A3[1], A3[0])
SIZES = (9.0, 8.5, 8.0, 7.5, 7.0, 6.5, 6.0)
PANEL_SIZE = 7.5
PADDING = 4.0
MARGIN = 45.0
SHORT_HEAD = 7
NARROWEST_TEXT = 10
WIDEST_TEXT = 22


@dataclass(frozen=True)
class Columns:
    """Widths in points; they add up to the room between the margins of the chosen sheet."""

    page: tuple[float, float]
    size: float
    widths: tuple[float, ...]


@dataclass(frozen=True)
class _Needs:
    """What one column must have and what it would like, in points."""

    least: float
    best: float


@lru_cache(maxsize=50_000)
def width(words: str, size: float, bold: bool = False) -> float:
    return text.width(words, size, bold)


def fit(table: ReportTable, rows: Sequence[Sequence[str]], totals: Sequence[str] | None) -> Columns:
    """Upright if everything fits at the usual size, else lying; then smaller type, then A3; figures are never broken.

    Only text columns give way. When nothing fits even in the smallest size, all columns shrink alike.
    """
    needs = _needs(table, rows, totals, SIZES[0])
    if sum(need.best for need in needs) <= _room(UPRIGHT):
        return Columns(UPRIGHT, SIZES[0], _spread(needs, _room(UPRIGHT)))
    for page in (LYING, LARGE):
        for size in SIZES:
            needs = _needs(table, rows, totals, size)
            if sum(need.least for need in needs) <= _room(page):
                return Columns(page, size, _spread(needs, _room(page)))
    squeezed = _room(LARGE) / sum(need.least for need in needs)
    return Columns(LARGE, SIZES[-1], tuple(need.least * squeezed for need in needs))


def _room(page: tuple[float, float]) -> float:
    return page[0] - 2 * MARGIN


def panels(
    table: ReportTable, rows: Sequence[Sequence[str]], totals: Sequence[str] | None
) -> list[tuple[tuple[int, ...], Columns]]:
    """The columns that are printed side by side: all of them, or where they do not fit an A3 sheet, one part after the
    other, each behind the columns that name the row (up to the first text)."""
    everything = tuple(range(len(table.columns)))
    if sum(need.least for need in _needs(table, rows, totals, SIZES[-1])) <= _room(LARGE):
        return [(everything, fit(table, rows, totals))]
    needs = _needs(table, rows, totals, PANEL_SIZE)
    texts = (index for index, column in enumerate(table.columns) if column.kind is Kind.TEXT)
    naming = everything[: next(texts, -1) + 1]
    named = sum(needs[index].least for index in naming)
    parts: list[list[int]] = [[]]
    for index in everything[len(naming) :]:
        used = named + sum(needs[other].least for other in parts[-1])
        if parts[-1] and used + needs[index].least > _room(LARGE):
            parts.append([])
        parts[-1].append(index)
    return [_panel((*naming, *part), needs) for part in parts]


def _panel(indexes: tuple[int, ...], needs: Sequence[_Needs]) -> tuple[tuple[int, ...], Columns]:
    of_panel = [needs[index] for index in indexes]
    least = sum(need.least for need in of_panel)
    if least > _room(LARGE):
        return indexes, Columns(LARGE, PANEL_SIZE, tuple(need.least * _room(LARGE) / least for need in of_panel))
    return indexes, Columns(LARGE, PANEL_SIZE, _spread(of_panel, _room(LARGE)))


def head_lines(table: ReportTable, columns: Columns) -> list[list[str]]:
    """The heads, all broken before their units as soon as one does not fit a line; never inside a word."""
    size, rooms = columns.size, [width - 2 * PADDING for width in columns.widths]
    heads = list(zip(table.columns, rooms, strict=True))
    if all(width(cells.head(column), size, True) <= room for column, room in heads):
        return [[cells.head(column)] for column in table.columns]
    return [
        [
            line.text
            for part in cells.head_parts(column)
            if part
            for line in text.break_lines(part.strip(), size, room, bold=True, justify=False)
        ]
        for column, room in heads
    ]


def _needs(
    table: ReportTable, rows: Sequence[Sequence[str]], totals: Sequence[str] | None, size: float
) -> list[_Needs]:
    return [
        _column_needs(column, {row[index] for row in rows}, totals[index] if totals else "", size)
        for index, column in enumerate(table.columns)
    ]


def _column_needs(column: Column, texts: set[str], total: str, size: float) -> _Needs:
    """Figures and totals are never broken; a head folds between words, but not when it is short; text asks for what it has."""
    label, unit = (width(part, size, True) for part in cells.head_parts(column))
    words = text.UNBROKEN.findall(cells.head(column))
    longest_word = max((width(word, size, True) for word in words), default=0.0)
    folded = max(label if label <= SHORT_HEAD * size else label / 2 + size, unit, longest_word)
    widest = max((width(words, size) for words in texts), default=0.0)
    least = max(width(total, size, True), folded)
    best = max(least, widest if column.kind is not Kind.TEXT else min(widest, WIDEST_TEXT * size))
    if column.kind is not Kind.TEXT:
        return _Needs(best + 2 * PADDING, best + 2 * PADDING)
    least = max(least, min(widest, NARROWEST_TEXT * size))
    return _Needs(least + 2 * PADDING, best + 2 * PADDING)


def _spread(needs: Sequence[_Needs], room: float) -> tuple[float, ...]:
    """Spare room is shared out by width; where room is scarce, the columns that lack least are satisfied first."""
    best, left = sum(need.best for need in needs), room - sum(need.least for need in needs)
    if best <= room:
        return tuple(need.best * room / best for need in needs)
    widths = [need.least for need in needs]
    by_want = sorted(range(len(needs)), key=lambda index: needs[index].best - needs[index].least)
    for waiting, index in enumerate(by_want):
        extra = min(needs[index].best - needs[index].least, left / (len(by_want) - waiting))
        widths[index] += extra
        left -= extra
    return tuple(widths)
