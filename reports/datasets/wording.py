"""What a report says about itself in words: period, filters, cut-off, who made it, why a row is not counted."""

from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from accounts.models import Organisation, User
from approvals import bracket_labels
from approvals.catalog import ITEM_TYPES
from approvals.models import Decision
from approvals.rules import brackets
from core import clock
from core.trace import Who
from projects import codes
from projects.models import Project
from reports.dimensions import DIMENSIONS
from reports.filters import NOT_STATED, Filters


def period(filters: Filters) -> str:
    """ "2016-07-01 to 2017-06-15"; an open end says so."""
    if filters.since is None and filters.until is None:
        return _("From the beginning to %(until)s") % {"until": clock.today()}
    values = {"since": filters.since, "until": filters.until or clock.today()}
    if filters.since is None:
        return _("From the beginning to %(until)s") % values
    return _("%(since)s to %(until)s") % values


def cutoff() -> str:
    return f"{localtime(clock.now()):%Y-%m-%d %H:%M}"


def name_of(actor: Who) -> str:
    return actor.user.full_name if actor.user else ""


def filters(chosen: Filters) -> str:
    """Every filter that is set, with its name: "Stage: proposal; Unit: …"."""
    named = [(str(label), text) for label, text in _named(chosen) if text]
    return _("; ").join(_("%(label)s: %(text)s") % {"label": label, "text": text} for label, text in named)


def _named(chosen: Filters) -> list[tuple[object, str]]:
    return [
        (DIMENSIONS["item_type"].label, str(ITEM_TYPES[chosen.item_type].label) if chosen.item_type else ""),
        (DIMENSIONS["unit"].label, _row_name(Organisation, "name", chosen.unit)),
        (DIMENSIONS["class"].label, _code_name("project_class", chosen.project_class)),
        (DIMENSIONS["industry"].label, _code_name("industry", chosen.industry)),
        (DIMENSIONS["reviewer"].label, _row_name(User, "full_name", chosen.reviewer)),
        (DIMENSIONS["officer"].label, _row_name(User, "full_name", chosen.officer)),
        (DIMENSIONS["funding_source"].label, _code_name("funding_source", chosen.funding_source)),
        (DIMENSIONS["bracket"].label, _bracket_name(chosen)),
        (_("Plan year"), chosen.year),
        (_("Project"), _row_name(Project, "name", chosen.project)),
        (_("Outcome"), str(Decision.Outcome(chosen.outcome).label) if chosen.outcome else ""),
        (_("Shown"), shown(chosen.show)),
    ]


def shown(code: str) -> str:
    return {
        "RETURNED": _("Returned items only"),
        "excluded": _("Only what is kept out of the sums"),
        "UNSETTLED": _("Accepted, not settled"),
        "UNDECIDED": _("Settled, final account not approved"),
    }.get(code, "")


def _row_name(model: type, field: str, pk: str) -> str:
    if not pk or pk == NOT_STATED:
        return _("not stated") if pk else ""
    return model.objects.filter(pk=pk).values_list(field, flat=True).first() or pk  # type: ignore[attr-defined]


def _code_name(table: str, code: str) -> str:
    if not code or code == NOT_STATED:
        return _("not stated") if code else ""
    return codes.labels(table).get(code, code)


def _bracket_name(chosen: Filters) -> str:
    known = {bracket.code: bracket for bracket in brackets.SETS[chosen.brackets]}
    return bracket_labels.label(known[chosen.bracket]) if chosen.bracket else ""


def exclusion(code: str) -> str:
    """Why a decision stays out of the sums (R-RED-04)."""
    return {
        "RETURNED": _("Returned"),
        "REJECTED": _("Rejected"),
        "EARLY_INVOLVEMENT": _("Early involvement"),
        "REVOKED": _("Approval revoked"),
        "OTHER_TYPE": _("Not a review with reduction"),
    }.get(code, code)
