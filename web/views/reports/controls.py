"""The filter bar of a report: what can be chosen, and what is."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from accounts.models import Appointment, Organisation, User
from accounts.roles import Role
from approvals.catalog import ITEM_TYPES, REDUCTION_TYPES
from approvals.models import Decision
from core import clock
from execution.models import AnnualPlan
from projects import codes
from reports.catalog import ReportType
from reports.datasets import open_accounts
from reports.dimensions import DIMENSIONS
from reports.filters import NOT_STATED, Filters

Options = list[tuple[str, Any]]
REVIEWERS = (Role.CENTER_REVIEWER, Role.CENTER_LEAD, Role.CASE_OFFICER)


@dataclass(frozen=True)
class Control:
    """One select of the bar; `is_plain` ones have no "all"."""

    name: str
    label: Any
    options: Options
    chosen: str
    is_plain: bool = False


def controls(kind: ReportType, filters: Filters) -> list[Control]:
    """The selects of this report, in order. The set of brackets shows only where brackets do; a project is chosen by its link."""
    found = []
    for name in kind.asks:
        if (name == "brackets" and filters.by != "bracket") or name == "project":
            continue
        word, label, options, is_plain = BUILT[name](kind)
        found.append(Control(word, label, options, str(getattr(filters, ATTRIBUTES.get(word, word))), is_plain))
    return found


ATTRIBUTES = {"class": "project_class"}
Built = tuple[str, Any, Options, bool]


def _by(kind: ReportType) -> Built:
    labels = {code: DIMENSIONS[code].label for code in kind.by}
    if "officer" in kind.by:
        labels["item_type"] = _("Item type")
    return "by", _("By"), list(labels.items()), True


def _basis(kind: ReportType) -> Built:
    options = [("reviewed", _("declared → reviewed")), ("approved", _("declared → approved"))]
    return "basis", pgettext("statistics", "Basis"), options, True


def _brackets(kind: ReportType) -> Built:
    return "brackets", _("Brackets"), [("district", _("of the district")), ("city", _("of the city"))], True


def _item_type(kind: ReportType) -> Built:
    known = ITEM_TYPES if "officer" in kind.asks else REDUCTION_TYPES
    label = _("Item type") if "officer" in kind.asks else DIMENSIONS["item_type"].label
    return "item_type", label, [(code, ITEM_TYPES[code].label) for code in known], False


def _unit(kind: ReportType) -> Built:
    units = Organisation.objects.filter(kind=Organisation.Kind.PROJECT_UNIT).values_list("pk", "name")
    return "unit", DIMENSIONS["unit"].label, [(str(pk), name) for pk, name in units], False


def _codes(word: str, table: str) -> Callable[[ReportType], Built]:
    return lambda kind: (word, DIMENSIONS[word].label, list(codes.labels(table).items()), False)


def _people(word: str, roles: tuple[str, ...]) -> Callable[[ReportType], Built]:
    def built(kind: ReportType) -> Built:
        held = Appointment.objects.filter(role__in=roles).values("user")
        people = User.objects.filter(pk__in=held).order_by("full_name").values_list("pk", "full_name")
        return word, DIMENSIONS[word].label, [(str(pk), name) for pk, name in people], False

    return built


def _funding(kind: ReportType) -> Built:
    options = [*codes.labels("funding_source").items(), (NOT_STATED, _("not stated"))]
    return "funding_source", DIMENSIONS["funding_source"].label, options, False


def _outcome(kind: ReportType) -> Built:
    return "outcome", _("Outcome"), [(code, label) for code, label in Decision.Outcome.choices], False


def _show(kind: ReportType) -> Built:
    options = [("", _("counted items")), ("RETURNED", _("returned items")), ("excluded", _("all kept out of the sums"))]
    return "show", _("Shown"), options, True


def _intake(kind: ReportType) -> Built:
    return (
        "show",
        _("Shown"),
        [("decided", _("decided in the period")), ("accepted", _("accepted in the period"))],
        True,
    )


def _open(kind: ReportType) -> Built:
    return "show", _("Shown"), [("", _("All")), *open_accounts.WORDS.items()], True


def _year(kind: ReportType) -> Built:
    known = AnnualPlan.objects.order_by("-year").values_list("year", flat=True)
    this = clock.today().year
    years = [this, *(year for year in known if year != this)]
    return "year", _("Plan year"), [(str(year), str(year)) for year in years], True


BUILT: dict[str, Callable[[ReportType], Built]] = {
    "by": _by,
    "basis": _basis,
    "brackets": _brackets,
    "item_type": _item_type,
    "unit": _unit,
    "class": _codes("class", "project_class"),
    "industry": _codes("industry", "industry"),
    "reviewer": _people("reviewer", REVIEWERS),
    "officer": _people("officer", (Role.CASE_OFFICER,)),
    "funding_source": _funding,
    "outcome": _outcome,
    "show": _show,
    "intake": _intake,
    "open": _open,
    "year": _year,
}


def periods(filters: Filters) -> list[tuple[Any, dict[str, str], bool]]:
    """The usual periods as links: (name, query, whether it is the chosen one)."""
    today = clock.today()
    known: list[tuple[Any, date | None, date | None]] = [
        (_("All"), None, None),
        (_("This year"), date(today.year, 1, 1), today),
        (_("Last year"), date(today.year - 1, 1, 1), date(today.year - 1, 12, 31)),
        (_("Last 12 months"), _year_before(today), today),
    ]
    return [
        (name, filters.query(since=since, until=until), (filters.since, filters.until) == (since, until))
        for name, since, until in known
    ]


def _year_before(day: date) -> date:
    """The day after the same day of last year, so that both together make a year."""
    start = date(day.year - 1, day.month, min(day.day, 28 if day.month == 2 else day.day))
    return date.fromordinal(start.toordinal() + 1)
