"""How one value looks. Web page, PDF, XLSX, CSV and JSON all show what `display` says (R-UNIT-01…04)."""

from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.utils.translation import gettext

from reports.table import MONEY, Column, Kind, ReportTable, Value

NOTHING = "—"
HUNDREDTH = Decimal("0.01")
TENTH = Decimal("0.1")
RATIO_STEP = Decimal("0.0001")
WAN_SHIFT = -4


def display(value: Value, column: Column, *, grouped: bool = True) -> str:
    """The text of one cell. `grouped=False` leaves out thousands separators, for files that programs read."""
    if value is None:
        return NOTHING
    if column.kind in (Kind.TEXT, Kind.DATE):
        return str(value)
    figure = figure_of(value, column)
    if column.kind is Kind.PERCENT:
        return f"{figure * 100:.2f}%"
    return f"{figure:,}" if grouped else f"{figure}"


def figure_of(value: Any, column: Column) -> Decimal | int:
    """The number as shown: 万元 by an exact shift, rounded half up; ratios keep four decimals (R-UNIT-03)."""
    match column.kind:
        case Kind.MONEY_WAN:
            return _rounded(value.scaleb(WAN_SHIFT), HUNDREDTH)
        case Kind.PERCENT:
            return _rounded(value, RATIO_STEP)
        case Kind.DAYS if isinstance(value, Decimal):
            return _rounded(value, TENTH)
        case Kind.MONEY_YUAN | Kind.DECIMAL:
            return _rounded(Decimal(value), HUNDREDTH)
    return int(value)


def _rounded(value: Decimal, step: Decimal) -> Decimal:
    rounded = value.quantize(step, rounding=ROUND_HALF_UP)
    return rounded if rounded else abs(rounded)  # never “-0.00”


def head(column: Column) -> str:
    """The column's label with its unit, once: 申报总投资（万元）."""
    label, unit = head_parts(column)
    return label + unit


def head_parts(column: Column) -> tuple[str, str]:
    """The label and the unit in brackets apart, so that a narrow head can break between them."""
    unit = unit_of(column)
    return str(column.label), gettext(" (%(unit)s)") % {"unit": unit} if unit else ""


def unit_of(column: Column) -> str:
    """The column's own unit, or the usual one of money."""
    if str(column.unit):
        return str(column.unit)
    if column.kind is Kind.MONEY_WAN:
        return gettext("10,000 yuan")
    return gettext("yuan") if column.kind is Kind.MONEY_YUAN else ""


def is_figure(column: Column) -> bool:
    """Figures stand to the right, in tabular digits; text and dates to the left."""
    return column.kind not in (Kind.TEXT, Kind.DATE)


def shown_rows(table: ReportTable, *, grouped: bool = True) -> list[list[str]]:
    """Every row as the texts of its cells."""
    return [_shown(row, table, grouped) for row in table.rows]


def shown_totals(table: ReportTable, *, grouped: bool = True) -> list[str] | None:
    """The totals row as texts: “Total” in the first empty text column, nothing where there is nothing to total.

    A rate that cannot be computed is “—” here too. None without a totals row.
    """
    if table.totals is None:
        return None
    shown = _shown(table.totals, table, grouped)
    place = total_label_place(table)
    texts = [
        "" if value is None and column.kind is not Kind.PERCENT else text
        for text, value, column in zip(shown, table.totals, table.columns, strict=True)
    ]
    if place is not None:
        texts[place] = gettext("Total")
    return texts


def total_label_place(table: ReportTable) -> int | None:
    """The column that says “Total”: the first text column the totals row leaves empty."""
    if table.totals is None:
        return None
    places = enumerate(zip(table.columns, table.totals, strict=True))
    return next((place for place, (column, value) in places if column.kind is Kind.TEXT and value is None), None)


def _shown(row: Any, table: ReportTable, grouped: bool) -> list[str]:
    return [display(value, column, grouped=grouped) for value, column in zip(row, table.columns, strict=True)]


def shown_notes(table: ReportTable) -> list[str]:
    """The notes, and the rounding note where rounded rows do not add up to the rounded total (R-UNIT-04)."""
    notes = [str(note) for note in table.notes]
    if rounding_shows(table):
        notes.append(gettext("Because of rounding, the parts may differ slightly from the total."))
    return notes


def rounding_shows(table: ReportTable) -> bool:
    """True when a reader who adds up a printed money column would not arrive at the printed total."""
    if table.totals is None:
        return False
    return any(
        column.total
        and column.kind in MONEY
        and sum(figure_of(row[index], column) for row in table.rows if row[index] is not None)
        != figure_of(table.totals[index], column)
        for index, column in enumerate(table.columns)
    )


def facts(table: ReportTable) -> list[tuple[str, str]]:
    """What a reader must know beside the figures: period, filters, cut-off, as (label, text) pairs; empty ones left out."""
    pairs = [
        (gettext("Period"), table.period),
        (gettext("Filters"), table.filters),
        (gettext("Data as of"), table.cutoff),
    ]
    return [(label, str(text)) for label, text in pairs if str(text)]


def signatures() -> list[str]:
    """The line to sign under a printed report: 制表：, 审核：, 日期：."""
    return [gettext("Prepared by: "), gettext("Checked by: "), gettext("Date: ")]
