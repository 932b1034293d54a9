"""Who may read and export reports, and of which items (DOMAIN §13, row "Reports")."""

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from accounts.models import Organisation
from accounts.roles import APPLICANTS, CENTRE, EXPORTS_REPORTS, READS_REPORTS, READS_SOME_REPORTS, Role
from approvals.models import ApprovalItem
from core.errors import Problem
from core.trace import Who
from projects.models import Project

# Who counts everything; the others count what their house or they themselves handled.
COUNTS_ALL = frozenset(
    {
        Role.DETERMINER,
        Role.DIRECTOR,
        Role.FINANCE_OFFICER,
        Role.AUDITOR,
        Role.SUPERVISOR,
        Role.LEADER_VIEW,
        Role.PLAN_OFFICER,
        Role.WINDOW,
    }
)
SYSTEM_ROLE = "SYSTEM"


def may_read(actor: Who, code: str = "") -> Problem | None:
    """Whether this role reads the report of this code; without a code, whether it reads any."""
    if actor.role in READS_REPORTS or actor.role == SYSTEM_ROLE:
        return None
    some = READS_SOME_REPORTS.get(actor.role, ())
    if some and code in ("", *some):
        return None
    return Problem("reports.role", _("Reports are not part of your role."))


def may_export(actor: Who) -> Problem | None:
    if actor.role in EXPORTS_REPORTS or actor.role == SYSTEM_ROLE:
        return None
    return may_read(actor) or Problem(
        "reports.export_role", _("Your role may look at reports and print them, but not export them as files.")
    )


def scope_of(actor: Who, item: str = "") -> Q | None:
    """Which items this actor's reports count, as a condition on `item` (a relation prefix such as `item__`).

    None counts everything: own items for officers, the own authority's for chiefs, the own centre's for the centre; for
    a substitute only the kinds of items of the delegation (R-PERM-03).
    """
    own, kinds = _scope_of_role(actor, item), getattr(actor, "item_types", ())
    if not kinds:
        return own
    covered = Q(**{f"{item}item_type__in": kinds})
    return covered if own is None else own & covered


def _scope_of_role(actor: Who, item: str) -> Q | None:
    if actor.role in COUNTS_ALL or actor.role == SYSTEM_ROLE:
        return None
    persons = [person.pk for person in (actor.user, actor.principal) if person]
    if actor.role == Role.CASE_OFFICER:
        return Q(**{f"{item}first_reviewer__in": persons}) | Q(**{f"{item}second_officer__in": persons})
    if actor.role == Role.SECTION_CHIEF:
        return Q(**{f"{item}authority": actor.organisation_id})
    if actor.role in CENTRE:
        return Q(**{f"{item}center": actor.organisation_id, f"{item}sent_to_center_on__isnull": False})
    if actor.role in APPLICANTS:
        return Q(**{f"{item}owner_unit": actor.organisation_id})
    return Q(pk__in=[])


def projects_of(actor: Who) -> QuerySet[Project]:
    """Which projects this actor's reports count: what they may see, narrowed to what they handle where §13 says so."""
    if actor.role == SYSTEM_ROLE:
        return Project.objects.all()
    rows = Project.objects.visible_to(actor)  # type: ignore[arg-type]  # whoever is not the system is an Actor
    if actor.role in COUNTS_ALL or actor.role in APPLICANTS or _is_of_the_authority(actor):
        return rows
    handled = ApprovalItem.objects.filter(scope_of(actor) or Q(), project=OuterRef("pk"))
    return rows.filter(Exists(handled))


def _is_of_the_authority(actor: Who) -> bool:
    house = getattr(actor, "organisation", None)
    return (
        actor.role == Role.SECTION_CHIEF and house is not None and house.kind == Organisation.Kind.INVESTMENT_AUTHORITY
    )


def projects_text(actor: Who) -> str:
    """What the reader of a report on projects must know when not every project is counted."""
    if actor.role in COUNTS_ALL or actor.role == SYSTEM_ROLE or _is_of_the_authority(actor):
        return ""
    if actor.role in APPLICANTS:
        return _("Counts only your own unit's projects.")
    return _("Counts only projects with items you or your house handle.")


def scope_text(actor: Who) -> str:
    """What the reader must know when not everything is counted."""
    said = [_text_of_role(actor)]
    if getattr(actor, "item_types", ()):
        said.append(_("Counts only the kinds of items your delegation covers."))
    return " ".join(text for text in said if text)


def _text_of_role(actor: Who) -> str:
    if actor.role == Role.CASE_OFFICER:
        return _("Counts only the items you handle.")
    if actor.role == Role.SECTION_CHIEF:
        return _("Counts only the items decided by your house.")
    if actor.role in CENTRE:
        return _("Counts only the items given to your review centre.")
    if actor.role in APPLICANTS:
        return _("Counts only your own unit's items.")
    return ""
