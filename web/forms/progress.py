"""The shapes of monthly reports, measured quantities, photos, milestones and forecasts."""

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from approvals.costing.amounts import AmountRefused, Unit, parse_amount
from approvals.costing.wording import say
from core import clock
from core.errors import Problem
from core.files import KINDS
from core.keys import key_of
from execution.models import Milestone, ProgressReport
from execution.services.forecasts import Foreseen
from execution.services.milestones import Stone
from execution.services.photos import PHOTO_KINDS
from execution.services.progress import FIELDS, Measured
from web.forms.contracts import FOUR_PLACES, ShapeForm, YuanField
from web.forms.project import DateField

ACCEPT = ",".join(extension for code in PHOTO_KINDS for extension in KINDS[code].extensions)
MEASURED = "measured-"
MOST_STONES = 100
MOST_FORECASTS = 3000


class MonthField(forms.CharField):
    """A month, chosen or typed as 2026-11; the cleaned value is its first day."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=10, widget=forms.TextInput(attrs={"type": "month"}), **kwargs)

    def clean(self, value: Any) -> date | None:  # type: ignore[override]
        text = super().clean(value)
        try:
            return date.fromisoformat(f"{text[:7]}-01")
        except ValueError as error:
            raise ValidationError(_("A month is written as 2026-11.")) from error


def _percent(label: Any, *, required: bool = True, help_text: Any = "") -> forms.DecimalField:
    widget = forms.TextInput(attrs={"inputmode": "decimal", "class": "num"})
    return forms.DecimalField(
        label=label, required=required, help_text=help_text, max_digits=5, decimal_places=2, widget=widget
    )


def _long(label: Any, rows: int = 3) -> forms.CharField:
    area = forms.Textarea(attrs={"rows": rows})
    return forms.CharField(label=label, required=False, max_length=5000, widget=area)


class ReportForm(ShapeForm):
    month = MonthField(label=gettext_lazy("Month"))
    physical_percent = _percent(
        gettext_lazy("Physical progress (%)"), help_text=gettext_lazy("Of all the works, cumulative.")
    )
    planned_percent = _percent(
        gettext_lazy("Planned progress (%)"), required=False,
        help_text=gettext_lazy("Left empty, the milestones say what was planned."),
    )  # fmt: skip
    completed_investment = YuanField(
        label=gettext_lazy("Completed investment"), help_text=gettext_lazy("Since the beginning, cumulative.")
    )
    image_progress = forms.CharField(label=gettext_lazy("Image progress"), max_length=300, required=False)
    problems = _long(gettext_lazy("Problems"))
    next_steps = _long(gettext_lazy("Next steps"))

    @staticmethod
    def initial_of(report: ProgressReport) -> dict[str, Any]:
        return ReportForm.shown({name: getattr(report, name) for name in FIELDS}) | {"version": report.version}

    @staticmethod
    def shown(values: dict[str, Any]) -> dict[str, Any]:
        amount = values.get("completed_investment")
        return values | {
            "month": f"{values['month']:%Y-%m}",
            "completed_investment": f"{amount:,.2f}" if amount is not None else "",
        }


class MeasuredGrid:
    """The quantities of the month, one cell for every line of a contract in force."""

    def __init__(self, lines: Sequence[dict[str, Any]], data: QueryDict | None = None) -> None:
        self.rows = [
            row | {"name": f"{MEASURED}{row['line'].pk}", "typed": _typed(row, data), "error": ""} for row in lines
        ]
        self._unknown = [
            name for name in data or () if name.startswith(MEASURED) and name not in {row["name"] for row in self.rows}
        ]

    def measured(self) -> list[Measured]:
        """What could be read; faults stand at the rows."""
        found = []
        for row in self.rows:
            text = row["typed"].strip()
            try:
                quantity = _quantity(text) if text else None
            except InvalidOperation:
                row["error"] = _("“%(text)s” is not a number with at most four decimals.") % {"text": text[:40]}
                continue
            if quantity is not None:
                found.append(Measured(row["line"].pk, quantity))
        return found

    def problems(self) -> list[Problem]:
        found = [
            Problem("grid.quantity", f"{row['line'].name}: {row['error']}", "") for row in self.rows if row["error"]
        ]
        if self._unknown:
            found.append(Problem("progress.foreign_line", _("A line belongs to another project."), ""))
        return found


def _typed(row: dict[str, Any], data: QueryDict | None) -> str:
    if data is not None:
        return str(data.get(f"{MEASURED}{row['line'].pk}", ""))
    return f"{row['quantity'].normalize():f}" if row["quantity"] is not None else ""


def _quantity(text: str) -> Decimal:
    number = Decimal(text.replace(",", "").replace("，", "")[:40])
    if not number.is_finite() or abs(number) >= 10**13 or number != number.quantize(FOUR_PLACES):
        raise InvalidOperation
    return number


class PhotoForm(forms.Form):
    """What is said about photos; the files themselves are looked at by the service."""

    caption = forms.CharField(label=gettext_lazy("What is seen"), max_length=200, required=False)
    taken_on = DateField(label=gettext_lazy("Taken on"))

    def taken_at(self) -> datetime | None:
        day = self.cleaned_data.get("taken_on")
        return clock.office_hour(day, 0) if day else None


class StoneGrid:
    """Milestones as rows: name, planned day, planned percent, day reached. A row whose name is emptied is removed."""

    COLUMNS = ("id", "name", "planned_on", "planned_percent", "done_on")

    def __init__(self, rows: Sequence[dict[str, str]]) -> None:
        self.rows = [dict(row) | {"error": ""} for row in rows]

    @classmethod
    def posted(cls, data: QueryDict) -> "StoneGrid":
        columns = {name: data.getlist(f"stone-{name}")[:MOST_STONES] for name in cls.COLUMNS}
        n = len(columns["name"])
        rows = [
            {name: values[i].strip() if i < len(values) else "" for name, values in columns.items()} for i in range(n)
        ]
        return cls([row for row in rows if any(row[name] for name in ("name", "planned_on", "planned_percent"))])

    @classmethod
    def of(cls, stones: Sequence[Milestone]) -> "StoneGrid":
        return cls(
            [
                {
                    "id": str(row.pk), "name": row.name, "planned_on": f"{row.planned_on}",
                    "planned_percent": f"{row.planned_percent.normalize():f}" if row.planned_percent is not None else "",
                    "done_on": f"{row.done_on}" if row.done_on else "",
                }
                for row in stones
            ]
        )  # fmt: skip

    def stones(self) -> list[Stone]:
        found = []
        for row in self.rows:
            try:
                planned_on = date.fromisoformat(row["planned_on"]) if row["planned_on"] else None
                done_on = date.fromisoformat(row["done_on"]) if row["done_on"] else None
                percent = _share(row["planned_percent"])
            except (ValueError, InvalidOperation):
                row["error"] = _("This has the wrong shape.")
                continue
            found.append(Stone(row["name"], planned_on, percent, done_on, key_of(row["id"])))
        return found

    def problems(self) -> list[Problem]:
        return [Problem("grid.stone", f"{row['name'][:60]}: {row['error']}", "") for row in self.rows if row["error"]]


def _share(text: str) -> Decimal | None:
    if not text:
        return None
    share = Decimal(text.removesuffix("%").strip()[:20])
    if not share.is_finite() or abs(share) > 1000 or share != share.quantize(Decimal("0.01")):
        raise InvalidOperation
    return share


class ForecastGrid:
    """The forecast at completion of every cost line in yuan, with a reason; an empty cell leaves it as it is."""

    def __init__(self, rows: Sequence[dict[str, Any]], data: QueryDict | None = None) -> None:
        self.rows = []
        typed = _by_code(data) if data is not None else {}
        for row in rows:
            amount, reason = typed.get(row["code"], ("", ""))
            if data is None and row["forecast"] is not None:
                amount = f"{row['forecast'].amount:,.2f}"
            self.rows.append(row | {"typed": amount, "reason": reason, "error": ""})

    def foreseen(self) -> list[Foreseen]:
        found = []
        for row in self.rows:
            text = row["typed"].strip()
            if not text:
                continue
            try:
                found.append(Foreseen(row["code"], parse_amount(text[:40], Unit.YUAN), row["reason"][:300]))
            except AmountRefused as refused:
                row["error"] = say(refused.code, refused.params)
        return found

    def problems(self) -> list[Problem]:
        return [Problem("grid.forecast", f"{row['code']}: {row['error']}", "") for row in self.rows if row["error"]]


def _by_code(data: QueryDict) -> dict[str, tuple[str, str]]:
    columns = [data.getlist(f"forecast-{name}")[:MOST_FORECASTS] for name in ("code", "amount", "reason")]
    return {code: (amount, reason) for code, amount, reason in zip(*columns, strict=False)}
