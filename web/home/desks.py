"""What the first page of each role answers (one question each); returns the template's context."""

from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext as _

from accounts.actor import Actor
from accounts.models import Appointment
from accounts.roles import APPLICANTS, CENTRE, Role
from approvals.models import ApprovalItem, Decision
from approvals.services.engine import situation
from approvals.states import OPEN
from core import calendars, clock
from core.models import CalendarNotice, RuleAmendment, TraceEntry
from core.workflow import Situation
from projects.models import Project
from reports import waiting
from web import trace_tables
from web.home import money, rows
from web.navigation import waits_for
from web.waiting_rows import waiting_rows

Context = dict[str, Any]
VERIFIED = "core.trace.verified"


def context_for(actor: Actor, year: str = "") -> Context:
    """The page of this role; roles without one of their own see what is under way. `year`: of the sums, or `all`."""
    now = situation()
    works = waiting.listed(actor, size=rows.SHOWN, today=now.on).rows
    return PAGES.get(actor.role, _onlooker)(actor, now, year) | {"works": waiting_rows(works, now.on)}


def _unit(actor: Actor, now: Situation, year: str) -> Context:
    """What must I do next, by when, and where is my item?"""
    desk, mine = rows.on_desk(actor, now), ApprovalItem.objects.visible_to(actor)
    return {
        "question": _("What to do next"),
        "desk": desk,
        "desk_title": _("On our desk"),
        "watch": rows.under_way(mine.filter(state__in=OPEN).exclude(pk__in=[row.item.pk for row in desk]), now),
        "watch_title": _("Where our items are"),
        "decided": _decided(mine),
        "is_unit": True,
        "may_register": actor.role == Role.APPLICANT_CLERK,
        "has_projects": Project.objects.visible_to(actor).exists(),
    }


def _handler(actor: Actor, now: Situation, year: str) -> Context:
    """Which item is most urgent, and why?"""
    desk = rows.on_desk(actor, now, 15)
    return {
        "question": _("What is most urgent"),
        "figures": [
            _figure(_("On my desk"), waits_for(actor), url="/inbox/"),
            _figure(_("Overdue"), sum(row.light == "RED" for row in desk), light="RED"),
            _figure(_("Due soon"), sum(row.light == "YELLOW" for row in desk), light="YELLOW"),
        ],
        "desk": desk,
        "desk_title": _("By urgency"),
    }


def _head(actor: Actor, now: Situation, year: str) -> Context:
    """What waits for my signature; what is about to turn red?"""
    red = rows.about_to_turn_red(actor, now)
    own = red.filter(authority=actor.organisation_id)
    context = {
        "question": _("What waits for my signature"),
        "figures": [
            _figure(_("Waits for me"), waits_for(actor), url="/inbox/"),
            _figure(_("Overdue in our house"), own.filter(due_on__lt=now.on).count(), light="RED", url="/overview/"),
            _figure(_("Due within three working days"), own.filter(due_on__gte=now.on).count(), light="YELLOW"),
        ],
        "desk": rows.on_desk(actor, now),
        "desk_title": _("For my signature"),
        "watch": rows.under_way(own, now),
        "watch_title": _("About to turn red, or red"),
    }
    if actor.role == Role.DETERMINER:
        context["proposals"] = _proposals()
    return context


def _finance(actor: Actor, now: Situation, year: str) -> Context:
    """What was declared, reviewed, reduced this period, and by what?"""
    return {
        "question": _("Declared, reviewed, reduced"),
        "sums": money.of_year(year, now.on, actor),
        "decided": _decided(ApprovalItem.objects.visible_to(actor)),
    }


def _supervisor(actor: Actor, now: Situation, year: str) -> Context:
    """What is overdue, unusual, unexplained?"""
    red = rows.overdue(actor, now)
    unusual = rows.red_events(actor).exclude(cause__in=("ITEM_OVERDUE", "STEP_OVERDUE"))
    recent = rows.unexplained(actor).select_related("item__project", "person").order_by("-pk")[: rows.SHOWN]
    return {
        "question": _("Overdue, unusual, unexplained"),
        "figures": [
            _figure(_("Items overdue now"), red.count(), light="RED", url="/overview/?light=RED"),
            _figure(_("Unusual events"), unusual.count(), url="/supervision/?cause=unusual"),
            _figure(_("Not explained"), rows.unexplained(actor).count(), url="/supervision/?explained=no"),
        ],
        "watch": rows.under_way(red, now),
        "watch_title": _("Overdue"),
        "events": rows.events(recent),
    }


def _auditor(actor: Actor, now: Situation, year: str) -> Context:
    return _supervisor(actor, now, year) | {"sums": money.of_year(year, now.on, actor)}


def _leader(actor: Actor, now: Situation, year: str) -> Context:
    return _finance(actor, now, year) | {
        "watch": rows.under_way(rows.about_to_turn_red(actor, now), now),
        "watch_title": _("About to turn red, or red"),
    }


def _onlooker(actor: Actor, now: Situation, year: str) -> Context:
    items = ApprovalItem.objects.visible_to(actor)
    return {
        "question": _("Where things are"),
        "desk": rows.on_desk(actor, now),
        "desk_title": _("On my desk"),
        "watch": rows.under_way(items.filter(state__in=OPEN), now),
        "watch_title": _("Under way"),
        "decided": _decided(items),
    }


def _system_administrator(actor: Actor, now: Situation, year: str) -> Context:
    return {
        "question": _("Calendar and rules"),
        "calendar_until": calendars.current().last_year,
        "proposals": _proposals(),
        "administers": "SYSTEM",
    }


def _security_administrator(actor: Actor, now: Situation, year: str) -> Context:
    posts = Appointment.objects.on(now.on)
    return {
        "question": _("People and posts"),
        "figures": [
            _figure(_("Posts held today"), posts.count()),
            _figure(_("People"), posts.values("user").distinct().count()),
        ],
        "administers": "SECURITY",
    }


def _audit_administrator(actor: Actor, now: Situation, year: str) -> Context:
    """Only what concerns the system itself: no entry about a project or an item."""
    entries = TraceEntry.objects.filter(project_id__isnull=True, item_id__isnull=True).order_by("-pk")[:20]
    return {
        "question": _("What administrators did"),
        "figures": [_figure(_("Trace entries"), TraceEntry.objects.count())],
        "trace": trace_tables.rows(entries, actor),
        "verified": last_verification(),
        "administers": "AUDIT",
    }


def last_verification() -> TraceEntry | None:
    """The entry that says when the chains were last computed again, and what came of it."""
    return TraceEntry.objects.filter(verb=VERIFIED).order_by("-pk").first()


def _decided(items: Any) -> list[Decision]:
    return list(
        Decision.objects.filter(item__in=items).select_related("item__project").order_by("-decided_on", "-pk")[:5]
    )


def _proposals() -> Context:
    """Calendar notices and rule amendments that wait for the deputy director."""
    return {
        "notices": list(CalendarNotice.objects.filter(approved_at__isnull=True).order_by("-pk")[:5]),
        "amendments": RuleAmendment.objects.filter(approved_at__isnull=True, effective_from__gt=clock.today()).count(),
    }


def _figure(label: str, value: int, *, light: str = "", url: str = "") -> Context:
    return {"label": label, "value": value, "light": light if value else "", "url": url}


PAGES: dict[str, Callable[[Actor, Situation, str], Context]] = {
    **dict.fromkeys(APPLICANTS, _unit),
    **dict.fromkeys((Role.WINDOW, Role.CASE_OFFICER, Role.EXPERT, Role.ARCHIVIST, *CENTRE), _handler),
    **dict.fromkeys((Role.SECTION_CHIEF, Role.DETERMINER, Role.DIRECTOR), _head),
    Role.FINANCE_OFFICER: _finance,
    Role.PLAN_OFFICER: _finance,
    Role.SUPERVISOR: _supervisor,
    Role.AUDITOR: _auditor,
    Role.LEADER_VIEW: _leader,
    Role.SYS_ADMIN: _system_administrator,
    Role.SEC_ADMIN: _security_administrator,
    Role.AUDIT_ADMIN: _audit_administrator,
}
