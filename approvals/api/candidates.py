"""Whom a move may name: the people its user inputs accept, for pickers and programs."""

from collections.abc import Iterable

from django.db.models import QuerySet

from accounts.models import Appointment, User
from accounts.roles import APPLICANTS, Role
from approvals.models import ApprovalItem
from approvals.services.assign import free_to_review
from core.workflow import Move, Situation

# Input of a move → the role its person holds in which house of the item.
ROLE_OF_INPUT = {
    ("assign", "officer"): (Role.CASE_OFFICER, "authority"),
    ("assign", "second"): (Role.CASE_OFFICER, "authority"),
    ("reassign", "officer"): (Role.CASE_OFFICER, "authority"),
    ("assign_center", "first"): (Role.CENTER_REVIEWER, "center"),
    ("assign_center", "second"): (Role.CENTER_REVIEWER, "center"),
}


def candidates(item: ApprovalItem, move: Move, now: Situation) -> list[dict[str, object]]:
    """`{"input", "id", "full_name"}` for every person each user input may name, the least loaded first."""
    return [
        {"input": wanted.name, "id": user.pk, "full_name": user.full_name}
        for wanted in move.inputs
        if wanted.kind in ("user", "users")
        for user in _people(item, move.name, wanted.name, now)
    ]


def _people(item: ApprovalItem, move: str, name: str, now: Situation) -> Iterable[User]:
    if (move, name) in ROLE_OF_INPUT:
        role, house = ROLE_OF_INPUT[move, name]
        organisation = getattr(item, house)
        return free_to_review(item, role, organisation, now.on) if organisation else []
    posts = Appointment.objects.on(now.on)
    if name == "experts":
        return _holders(posts.filter(role=Role.EXPERT))
    return _holders(posts.filter(organisation=item.authority).exclude(role__in=APPLICANTS))


def _holders(posts: QuerySet[Appointment]) -> QuerySet[User]:
    return User.objects.filter(pk__in=posts.values("user"), is_active=True).order_by("pk")[:200]
