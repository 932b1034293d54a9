"""A report before it has a form: columns, exact rows, totals and notes. Datasets make it, renderers show it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

Value = Decimal | int | date | str | None
Row = Sequence[Any] | Mapping[str, Any]


class Kind(StrEnum):
    """What a column holds, and so how it is shown and aligned."""

    TEXT = "text"
    COUNT = "count"
    MONEY_WAN = "money_wan"
    MONEY_YUAN = "money_yuan"
    PERCENT = "percent"
    DATE = "date"
    DAYS = "days"
    DECIMAL = "decimal"


MONEY = frozenset({Kind.MONEY_WAN, Kind.MONEY_YUAN})
ADDABLE = MONEY | {Kind.COUNT, Kind.DAYS, Kind.DECIMAL}
ACCEPTED: Mapping[Kind, tuple[type, ...]] = {
    Kind.TEXT: (str,),
    Kind.COUNT: (int,),
    Kind.MONEY_WAN: (Decimal,),
    Kind.MONEY_YUAN: (Decimal,),
    Kind.PERCENT: (Decimal,),
    Kind.DATE: (date,),
    Kind.DAYS: (int, Decimal),
    Kind.DECIMAL: (Decimal, int),
}


@dataclass(frozen=True)
class Column:
    """One column. `unit` is printed once, in the head; `total` says that the totals row is the sum of the rows.

    Money is Decimal yuan for both money kinds, a percentage is a Decimal ratio (0.2516 for 25.16 %), None is “—”.
    """

    key: str
    label: Any
    kind: Kind = Kind.TEXT
    unit: Any = ""
    total: bool = False

    def __post_init__(self) -> None:
        if self.total and self.kind not in ADDABLE:
            raise ValueError(f"column {self.key}: a {self.kind} cannot be added up")


@dataclass(frozen=True)
class ReportTable:
    """The whole report. Rows come as sequences in column order or as mappings by column key, and are kept as tuples.

    `totals` may leave out the summed columns: they are filled in with the exact sums. A figure that is given and is
    not the sum is a ValueError, as is a row of the wrong length; a float, or any value of the wrong kind, a TypeError.
    """

    code: str
    title: Any
    columns: tuple[Column, ...]
    rows: Sequence[Any]
    generated_at: datetime
    subtitle: Any = ""
    period: Any = ""
    totals: Any = None
    notes: Sequence[Any] = field(default_factory=tuple)
    cutoff: Any = ""
    generated_by: Any = ""
    filters: Any = ""

    def __post_init__(self) -> None:
        columns = tuple(self.columns)
        _set(self, "columns", columns)
        _set(self, "rows", tuple(_in_order(row, columns, "rows") for row in self.rows))
        _set(self, "notes", tuple(self.notes))
        if self.totals is not None:
            totals = _in_order(self.totals, columns, "totals", may_lack=True)
            _set(self, "totals", tuple(self._total(index, value) for index, value in enumerate(totals)))

    def _total(self, index: int, given: Value) -> Value:
        column = self.columns[index]
        if not column.total:
            return given
        exact = sum((row[index] for row in self.rows if row[index] is not None), _zero(column.kind))
        if given is not None and given != exact:
            raise ValueError(f"{self.code}.{column.key}: the total {given} is not the sum of the rows, {exact}")
        return exact


def _set(table: ReportTable, name: str, value: Any) -> None:
    object.__setattr__(table, name, value)


def _zero(kind: Kind) -> Decimal | int:
    return Decimal("0.00") if kind in MONEY else 0


def _in_order(row: Row, columns: tuple[Column, ...], where: str, may_lack: bool = False) -> tuple[Value, ...]:
    if isinstance(row, Mapping):
        unknown = set(row) - {column.key for column in columns}
        lacking = [column.key for column in columns if column.key not in row]
        if unknown or (lacking and not may_lack):
            raise ValueError(f"{where}: unknown {sorted(unknown)}, missing {lacking}")
        row = [row.get(column.key) for column in columns]
    if len(row) != len(columns):
        raise ValueError(f"{where}: {len(row)} values for {len(columns)} columns")
    return tuple(_checked(value, column) for value, column in zip(row, columns, strict=True))


def _checked(value: Any, column: Column) -> Any:
    if value is None:
        return None
    if column.kind is Kind.TEXT and not isinstance(value, (int, float, Decimal, date)):
        return str(value)
    if isinstance(value, (bool, datetime)) or not isinstance(value, ACCEPTED[column.kind]):
        raise TypeError(f"column {column.key} ({column.kind}) cannot hold {value!r}")
    return value
