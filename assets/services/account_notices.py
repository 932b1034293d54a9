"""Tells people of final accounts: that one falls due (R-TL-09), came back, or was approved and what that entails."""

from collections.abc import Iterable, Iterator
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse

from accounts.models import Appointment, Organisation, User
from accounts.roles import APPLICANTS, Role
from accounts.services.notify import tell
from approvals.services import tick
from assets import deadlines, holdings
from assets.deadlines import Term
from assets.models import FinalAccount
from assets.states import AccountState
from core import clock
from core.money import ZERO
from core.workflow import Situation
from execution.services.machine import Step
from projects.models import Project
from projects.states import Stage

# Calendar days before the end at which the unit is reminded; −1 is the first day too late.
RUNGS = (deadlines.YELLOW_DAYS, 7, 0, -1)
RUNNING = (AccountState.DRAFT, AccountState.COMPILED)
WITHOUT_CLOCK = (Stage.SUSPENDED, Stage.REVOKED, Stage.CLOSED)
AFTER_ACCEPTANCE = (Stage.SETTLEMENT, Stage.FINAL_AUDIT, Stage.FINAL_ACCOUNT)


def _people(organisation: Organisation) -> QuerySet[User]:
    """Clerks and leads of the unit."""
    posts = Appointment.objects.on(clock.today()).filter(organisation=organisation, role__in=APPLICANTS)
    return User.objects.filter(pk__in=posts.values("user"), is_active=True)


def _holders(*roles: str) -> QuerySet[User]:
    posts = Appointment.objects.on(clock.today()).filter(role__in=roles)
    return User.objects.filter(pk__in=posts.values("user"), is_active=True)


def _about(account: FinalAccount) -> dict[str, str]:
    return {"project": account.project.name, "part": account.part}


def tell_it_came_back(step: Step) -> None:
    facts = {**_about(step.row), "text": step.data.get("reason", "")}
    for user in _people(step.row.project.owner_unit):
        tell(user, "account.returned", facts, link=step.row.get_absolute_url())


def tell_it_was_approved(step: Step) -> None:
    """R-FA-05: what was made available above the approved cost goes back, and by when; finance hears of it as well."""
    account = step.row
    surplus = holdings.forms_of(account).amount("03.total.received") - account.approved_total
    due = deadlines.surplus_due(account, step.now) if surplus > ZERO else None
    facts = {
        **_about(account), "total": f"{account.approved_total:,.2f}", "no": account.document_no,
        "surplus": f"{surplus:,.2f}" if surplus > ZERO else "", "until": str(due or ""),
    }  # fmt: skip
    people = set(_people(account.project.owner_unit))
    if surplus > ZERO:
        people |= set(_holders(Role.FINANCE_OFFICER))
    for user in people - {getattr(step.actor, "user", None)}:
        tell(user, "account.approved", facts, link=account.get_absolute_url())


def remind(now: Situation, report: tick.Report) -> None:
    """R-TL-09: the unit a month and a week before the end and on the last day; once it is over finance and supervision
    as well. Only the latest of these is told, once. Suspended projects have no running clock."""
    for account in _running():
        term = deadlines.term_of(account, now)
        if account.pk and account.due_on != term.due_on:
            FinalAccount.objects.filter(pk=account.pk).update(due_on=term.due_on)
        reached = [rung for rung in RUNGS if term.days_left is not None and term.days_left <= rung]
        if reached:
            report.notices += _tell_due(account, term, reached[-1])


def _running() -> Iterator[FinalAccount]:
    """Accounts not submitted yet, and those nobody has opened though their works are accepted."""
    opened = FinalAccount.objects.filter(state__in=RUNNING).exclude(project__stage__in=WITHOUT_CLOCK)
    yield from opened.select_related("project__owner_unit").iterator(chunk_size=500)
    accepted = Project.objects.filter(stage__in=AFTER_ACCEPTANCE, accepted_on__isnull=False)
    missing = accepted.exclude(final_accounts__part="").select_related("owner_unit")
    for project in missing.iterator(chunk_size=500):
        yield FinalAccount(project=project)


def _tell_due(account: FinalAccount, term: Term, rung: int) -> int:
    """How many people heard of it for the first time."""
    people: Iterable[User] = set(_people(account.project.owner_unit))
    if rung < 0:
        people = {*people, *_holders(Role.FINANCE_OFFICER, Role.SUPERVISOR)}
    facts: dict[str, Any] = {**_about(account), "due": str(term.due_on), "late": rung < 0}
    link = account.get_absolute_url() if account.pk else reverse("web:final_account", args=[account.project_id])
    which = account.pk if account.part else "whole"
    key = f"account:{account.project_id}:{which}:{term.due_on}:{rung}"
    told = [tell(user, "account.due", facts, link=link, urgent=rung <= 0, once_key=key) for user in people]
    return sum(message is not None for message in told)


tick.SWEEPS.append(remind)
