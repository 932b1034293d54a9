"""Reckons the forms of a final account: every cell from its source, what people wrote over it first. Pure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cached_property

from assets.rules.forms_layout import FORMS
from assets.rules.forms_model import (
    Books,
    Column,
    Entry,
    Form,
    Given,
    Group,
    Kind,
    Label,
    Net,
    Ref,
    Row,
    Same,
    Section,
    Source,
    Sum,
    Typed,
    Value,
    Written,
)

ZERO = Decimal("0.00")


@dataclass(frozen=True)
class Cell:
    """One cell as it stands. `value` is what counts; `computed` what the source says; `written` what overrules it."""

    ref: Ref
    column: Column
    value: Value
    computed: Value
    written: Written | None
    is_open: bool
    is_typed: bool = False
    exists: bool = True

    @property
    def needs_reason(self) -> bool:
        """Writing over a figure the system holds has to be explained; what only people know has not."""
        return self.is_open and not self.is_typed


@dataclass(frozen=True)
class Line:
    """A row as it stands, with one cell per column of its section; `number` where the section counts its rows."""

    key: str
    label: Label
    cells: tuple[Cell, ...]
    indent: int = 0
    strong: bool = False
    number: int | None = None


@dataclass(frozen=True)
class _Found:
    """A row of the layout or of a group, with the section it stands in."""

    section: Section
    row: Row | None = None
    group: Group | None = None
    entry: Entry | None = None


class Forms:
    """The eight forms and the cover, filled from `books`, with what was `written` over single cells."""

    def __init__(self, books: Books, written: Mapping[Ref, Written] | None = None) -> None:
        self.books = books
        self.written = written or {}
        self._values: dict[Ref, Value] = {}

    @cached_property
    def _rows(self) -> dict[tuple[str, str], _Found]:
        found: dict[tuple[str, str], _Found] = {}
        for form in FORMS.values():
            for section in form.sections:
                for part in section.rows:
                    if isinstance(part, Row):
                        found[form.number, part.key] = _Found(section, row=part)
                        continue
                    for entry in self.books.groups.get(part.name, ()):
                        found[form.number, entry.key] = _Found(section, group=part, entry=entry)
        return found

    def has(self, ref: Ref) -> bool:
        found = self._rows.get((ref.form, ref.row))
        if found is None or ref.column not in {column.key for column in found.section.columns}:
            return False
        return found.row is None or ref.column in found.row.cells

    def value(self, ref: Ref) -> Value:
        """KeyError for a cell no form has."""
        if ref not in self._values:
            self._values[ref] = self.written[ref].value if self._is_written(ref) else self.computed(ref)
        return self._values[ref]

    def amount(self, path: str | Ref) -> Decimal:
        """Yuan; nothing counts as zero."""
        value = self.value(Ref.of(path) if not isinstance(path, Ref) else path)
        return value if isinstance(value, Decimal) else ZERO

    def computed(self, ref: Ref) -> Value:
        found = self._rows[ref.form, ref.row]
        if found.entry is not None and found.group is not None:
            parts = found.group.across.get(ref.column)
            if parts is not None:
                return sum((self.amount(ref._replace(column=part)) for part in parts), ZERO)
            return found.entry.values.get(ref.column)
        assert found.row is not None
        source = found.row.cells.get(ref.column)
        return None if source is None else self._from(source, ref)

    def _from(self, source: Source, ref: Ref) -> Value:
        match source:
            case Given(name):
                return self.books.figures.get(name)
            case Typed():
                return None
            case Same(other):
                return self.value(other)
            case Sum(rows):
                keys = [key for row in rows for key in self._keys(row)]
                return sum((self.amount(Ref(ref.form, key, ref.column)) for key in keys), ZERO)
            case Net(plus, minus, floor):
                difference = sum(map(self.amount, plus), ZERO) - sum(map(self.amount, minus), ZERO)
                return max(difference, ZERO) if floor else difference

    def _keys(self, row: str) -> tuple[str, ...]:
        if row.startswith("*"):
            return tuple(entry.key for entry in self.books.groups.get(row[1:], ()))
        return (row,)

    def _is_written(self, ref: Ref) -> bool:
        return ref in self.written and self.is_open(ref)

    def is_open(self, ref: Ref) -> bool:
        """Whether a person may write this cell. Sums are always reckoned, differences unless the layout opens them."""
        if not self.has(ref):
            return False
        found = self._rows[ref.form, ref.row]
        if found.group is not None:
            return ref.column in found.group.open_columns
        assert found.row is not None
        source = found.row.cells[ref.column]
        return source.is_open if isinstance(source, Net) else isinstance(source, Given | Typed | Same)

    def cell(self, ref: Ref) -> Cell:
        found = self._rows[ref.form, ref.row]
        column = found.section.column(ref.column)
        if not self.has(ref):
            return Cell(ref, column, None, None, None, is_open=False, exists=False)
        source = found.row.cells[ref.column] if found.row else None
        computed = self.computed(ref)
        typed = isinstance(source, Typed) or (
            found.entry is not None and self.is_open(ref) and ref.column not in found.entry.values
        )
        written = self.written[ref] if self._is_written(ref) else None
        return Cell(ref, column, self.value(ref), computed, written, self.is_open(ref), typed)

    def label_of(self, ref: Ref) -> Label:
        """The name of the cell's row."""
        found = self._rows[ref.form, ref.row]
        if found.entry is not None:
            return Label(found.entry.label, found.entry.label)
        assert found.row is not None
        return found.row.label

    def column_of(self, ref: Ref) -> Column:
        return self._rows[ref.form, ref.row].section.column(ref.column)

    def lines(self, form: Form, section: Section, most: int | None = None) -> Iterator[Line]:
        """The rows of a section, of each group at most so many; the sums count all of them."""
        for part in section.rows:
            if isinstance(part, Row):
                cells = self._cells(form, section, part.key)
                yield Line(part.key, part.label, cells, part.indent, part.strong)
                continue
            for number, entry in enumerate(self.books.groups.get(part.name, ())[:most], 1):
                cells = self._cells(form, section, entry.key)
                label = Label(entry.label, entry.label)
                yield Line(entry.key, label, cells, part.indent, number=number if section.numbered else None)

    def sheet(self, form: Form, most: int | None = None) -> Iterator[tuple[Section, Line]]:
        """The rows of all sections of a form that is one table, counted through, each with the section it is of."""
        counted = 0
        for section in form.sections:
            for line in self.lines(form, section, most):
                yield section, replace(line, number=line.number + counted if line.number else None)
            counted += sum(len(self.group(part.name)) for part in section.rows if isinstance(part, Group))

    def _cells(self, form: Form, section: Section, row: str) -> tuple[Cell, ...]:
        return tuple(self.cell(Ref(form.number, row, column.key)) for column in section.columns)

    def group(self, name: str) -> tuple[Entry, ...]:
        return self.books.groups.get(name, ())


def is_figure(kind: Kind) -> bool:
    return kind in (Kind.MONEY, Kind.NUMBER)
