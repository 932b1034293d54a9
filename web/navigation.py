"""Where each role can go from every page, in the order of its work."""

from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.actor import Actor
from accounts.roles import (
    ADMINISTRATORS,
    APPLICANTS,
    CENTRE,
    READS_ALL,
    READS_HOUSE_TRACE,
    READS_REPORTS,
    READS_SOME_REPORTS,
    READS_TRACE,
    Role,
)
from approvals import selectors
from execution.plan_policies import reads_plans
from reports import waiting


@dataclass(frozen=True)
class Entry:
    """One line of the side navigation."""

    label: Any
    url: str
    count: int | None = None


LABELS = {
    "home": _("Home"),
    "inbox": _("To do"),
    "inbox_sent": _("Under way"),
    "inbox_done": pgettext_lazy("finished by me", "Done"),
    "items": _("My items"),
    "projects": _("Projects"),
    "bim": _("Model base"),
    "plans": _("Annual plans"),
    "handovers": _("Handed to my house"),
    "treasury": _("Treasury results"),
    "overview": _("Overview"),
    "reports": _("Reports"),
    "events": _("Supervision"),
    "follow_up": _("Findings and defects"),
    "trace": _("Trace"),
    "calendar": _("Working days"),
    "rules": _("Rules in force"),
    "posts": _("Posts"),
}
HANDLES = APPLICANTS | CENTRE | {
    Role.WINDOW, Role.CASE_OFFICER, Role.SECTION_CHIEF, Role.DETERMINER, Role.DIRECTOR, Role.EXPERT, Role.ARCHIVIST,
    Role.PLAN_OFFICER, Role.FINANCE_OFFICER, Role.ASSET_OFFICER, Role.RECEIVER, Role.AUDITOR,
}  # fmt: skip
SEES_OVERVIEW = READS_ALL | CENTRE
SEES_EVENTS = READS_TRACE | {Role.DETERMINER, Role.DIRECTOR, Role.SECTION_CHIEF}
SEES_RULES = READS_ALL | CENTRE | {Role.SYS_ADMIN}


def names_for(actor: Actor) -> list[str]:
    """The names of the pages this role works with."""
    role = actor.role
    return [
        "home",
        *(("inbox", "inbox_sent", "inbox_done") if role in HANDLES else ()),
        *(("items",) if role in APPLICANTS else ()),
        *(("projects", "bim") if role not in ADMINISTRATORS else ()),
        *(("plans",) if reads_plans(actor) else ()),
        *(("handovers",) if role == Role.RECEIVER else ()),
        *(("treasury",) if role == Role.FINANCE_OFFICER else ()),
        *(("overview",) if role in SEES_OVERVIEW else ()),
        *(("reports",) if role in READS_REPORTS or role in READS_SOME_REPORTS else ()),
        *(("events", "follow_up") if role in SEES_EVENTS else ()),
        *(("trace",) if role in READS_TRACE | READS_HOUSE_TRACE else ()),
        "calendar",
        *(("rules",) if role in SEES_RULES else ()),
        *(("posts",) if role == Role.SEC_ADMIN else ()),
    ]


def waits_for(actor: Actor) -> int:
    """How many things lie on this desk: tasks of items, and rows of contracts, works and assets."""
    return selectors.inbox_count(actor) + waiting.count(actor)


def entries_for(actor: Actor) -> list[Entry]:
    """The side navigation of this person in this post, with the number of things that wait in the inbox."""
    return [
        Entry(LABELS[name], reverse(f"web:{name}"), waits_for(actor) if name == "inbox" else None)
        for name in names_for(actor)
    ]
