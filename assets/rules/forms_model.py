"""What a form of the final account is made of: sections, columns, rows, and where each cell comes from.

Pure. A cell's figure is what somebody wrote over it, else what its source says. Yuan in Decimal.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple

Value = Decimal | str | None


class Kind(StrEnum):
    MONEY = "money"
    NUMBER = "number"
    TEXT = "text"


class Ref(NamedTuple):
    """One cell: form 00…08, row and column by their keys."""

    form: str
    row: str
    column: str

    @classmethod
    def of(cls, path: str) -> "Ref":
        """`of("01.total.actual")`; a row's key may itself hold dots."""
        form, rest = path.split(".", 1)
        row, column = rest.rsplit(".", 1)
        return cls(form, row, column)


@dataclass(frozen=True)
class Given:
    """A figure or text of the books, by name."""

    name: str


@dataclass(frozen=True)
class Typed:
    """Only a person can know it: empty until somebody writes it."""


@dataclass(frozen=True)
class Same:
    """Carried over from another cell."""

    ref: Ref


@dataclass(frozen=True)
class Sum:
    """The sum of rows of the same form and column. `*group` stands for all rows of a group."""

    rows: tuple[str, ...]


@dataclass(frozen=True)
class Net:
    """What some cells add up to, less others; of any form. With `floor` never less than nothing."""

    plus: tuple[Ref, ...]
    minus: tuple[Ref, ...] = ()
    floor: bool = False
    is_open: bool = False


Source = Given | Typed | Same | Sum | Net


@dataclass(frozen=True)
class Label:
    """As the official form prints it, and for readers of English."""

    zh: str
    en: str


@dataclass(frozen=True)
class Column:
    key: str
    label: Label
    kind: Kind = Kind.MONEY


@dataclass(frozen=True)
class Row:
    """A row every form has. `indent` sets it below the row it is a part of; `strong` is a total."""

    key: str
    label: Label
    cells: Mapping[str, Source]
    indent: int = 0
    strong: bool = False


@dataclass(frozen=True)
class Group:
    """Rows as many as the books hold of this kind; `open_columns` may be written over, `across` adds up other columns."""

    name: str
    open_columns: tuple[str, ...] = ()
    across: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    indent: int = 0


@dataclass(frozen=True)
class Section:
    """A table of a form. `first` heads the column with the names of the rows. On paper `beside` puts it to the right of the
    section before it, and `halves` prints its second half, of `halves` alone the columns named, beside the first.
    `numbered` counts the rows of its groups (序号)."""

    key: str
    label: Label
    first: Label
    columns: tuple[Column, ...]
    rows: tuple[Row | Group, ...]
    beside: bool = False
    halves: tuple[str, ...] = ()
    numbered: bool = False

    def column(self, key: str) -> Column:
        return next(column for column in self.columns if column.key == key)


# What a column of a sheet holds instead of a cell: the name of the asset itself.
ASSET_NAME = "name"


@dataclass(frozen=True)
class SheetColumn:
    """A column of a form that is one table whatever its sections. `places`: section → its column that stands here; `group`
    heads it together with its neighbours; `names` holds the names of the rows."""

    label: Label
    places: Mapping[str, str] = field(default_factory=dict)
    kind: Kind = Kind.TEXT
    group: Label | None = None
    names: bool = False


@dataclass(frozen=True)
class Form:
    """`code` as printed in the corner (建竣决01表). With a `sheet` all its sections are printed as one table, save rows that
    no column of the sheet has a place for: those stand below it."""

    number: str
    label: Label
    sections: tuple[Section, ...]
    sheet: tuple[SheetColumn, ...] = ()

    @property
    def code(self) -> str:
        return f"建竣决{self.number}表" if self.number != "00" else ""


@dataclass(frozen=True)
class Entry:
    """One row of a group, as the books hold it."""

    key: str
    label: str
    values: Mapping[str, Value] = field(default_factory=dict)


@dataclass(frozen=True)
class Books:
    """Everything the forms are filled from: named figures and texts, and groups of rows."""

    figures: Mapping[str, Value] = field(default_factory=dict)
    groups: Mapping[str, tuple[Entry, ...]] = field(default_factory=dict)


@dataclass(frozen=True)
class Written:
    """What somebody wrote over a cell, and why."""

    value: Value
    reason: str = ""
