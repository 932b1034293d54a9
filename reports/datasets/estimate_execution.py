"""概算执行表: each cost line of a project from the approved estimate to the forecast at completion (§11, R-INV-04)."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from core import clock
from core.trace import Who
from execution.control import Control
from execution.rules.control import UNBROKEN, Lamp, Sums
from reports.datasets import wording
from reports.table import Column, Kind, ReportTable

AMOUNTS = (
    Column("estimate", gettext_lazy("Approved estimate"), Kind.MONEY_YUAN),
    Column("budget", gettext_lazy("Budget"), Kind.MONEY_YUAN),
    Column("contract", gettext_lazy("Contract"), Kind.MONEY_YUAN),
    Column("change", pgettext_lazy("cost control", "Change"), Kind.MONEY_YUAN),
    Column("settlement", gettext_lazy("Settlement"), Kind.MONEY_YUAN),
    Column("paid", gettext_lazy("Paid"), Kind.MONEY_YUAN),
    Column("forecast", gettext_lazy("Forecast at completion"), Kind.MONEY_YUAN),
    Column("difference", pgettext_lazy("cost control", "Difference"), Kind.MONEY_YUAN),
    Column("ratio", gettext_lazy("Difference %"), Kind.PERCENT),
)
COLUMNS = (
    Column("code", gettext_lazy("Code")),
    Column("name", pgettext_lazy("cost control", "Cost line")),
    *AMOUNTS,
    Column("light", gettext_lazy("Light")),
)
LIGHTS = {
    Lamp.GREEN: gettext_lazy("Within the estimate"),
    Lamp.YELLOW: gettext_lazy("Close to the estimate"),
    Lamp.RED: gettext_lazy("Will overrun"),
    Lamp.GREY: gettext_lazy("Nothing bought yet"),
}
# Two ideographic spaces a level: visible in a spreadsheet, on paper and in a text file.
INDENT = "\u3000"


def name_of(shown: Control, code: str) -> str:
    if code == UNBROKEN:
        return _("Not broken down by cost line")
    return shown.names.get(code) or code


def light_of(lamp: Lamp | None) -> str:
    return str(LIGHTS[lamp]) if lamp else ""


def amounts(sums: Sums) -> dict[str, Any]:
    return {column.key: getattr(sums, column.key) for column in AMOUNTS}


def table_of(shown: Control, actor: Who) -> ReportTable:
    """One project's table. The total is the sum of the top lines; a heading holds what stands below it."""
    sheet = shown.sheet
    return ReportTable(
        code="estimate_execution",
        title=_("Execution of the estimate"),
        subtitle=shown.project.name,
        columns=COLUMNS,
        rows=[
            {
                "code": line.code,
                "name": INDENT * line.level + name_of(shown, line.code),
                **amounts(line.sums),
                "light": light_of(line.lamp),
            }
            for line in sheet.lines
        ],
        totals={**amounts(sheet.total), "light": light_of(sheet.lamp)},
        generated_at=clock.now(),
        generated_by=wording.name_of(actor),
        cutoff=wording.cutoff(),
        notes=notes(shown),
    )


def notes(shown: Control) -> list[str]:
    found = [
        _("Payments and settlements are split over the cost lines by the shares of each contract's value, to the fen."),
        _(
            "Without a forecast, a line is expected to cost what its contracts are worth; without a contract, its budget or estimate; the contingency counts once something is bought from it."
        ),
    ]
    if shown.sheet.is_partial:
        found.append(
            _("The estimate is not broken down: what is neither contracted nor foreseen is not in the forecast.")
        )
    return found
