"""Whom a move may name: the eligible people, without those in conflict, for the choices of its form."""

from typing import Any

from django.utils.translation import gettext as _

from accounts.models import Appointment
from accounts.roles import ADMINISTRATORS, APPLICANTS, Role
from approvals import policies
from approvals.models import ApprovalItem
from approvals.services.assign import free_to_review
from core.workflow import Move, Situation

Choices = list[tuple[Any, str]]
REVIEWER_ROLE = {"assign": Role.CASE_OFFICER, "reassign": Role.CASE_OFFICER, "assign_center": Role.CENTER_REVIEWER}
NEVER_ASKED = APPLICANTS | ADMINISTRATORS | {Role.RECEIVER, Role.EXPERT, Role.CO_REVIEW_FIRM}


def people_for(item: ApprovalItem, move: Move, now: Situation) -> dict[str, Choices]:
    """Choices by the name of the input; empty for moves that name nobody."""
    wanted = [one.name for one in move.inputs if one.kind in ("user", "users")]
    if not wanted:
        return {}
    if move.name in REVIEWER_ROLE:
        return dict.fromkeys(wanted, _reviewers(item, move.name, now))
    if move.name in ("convene_experts", "invite_more_experts"):
        return dict.fromkeys(wanted, _posts(item, now, {"role": Role.EXPERT}))
    return dict.fromkeys(wanted, _posts(item, now, {}))


def _reviewers(item: ApprovalItem, move_name: str, now: Situation) -> Choices:
    """The least loaded first, as the assignment by load would take them."""
    role = REVIEWER_ROLE[move_name]
    house = item.center if role == Role.CENTER_REVIEWER else item.authority
    return [(user.pk, str(user)) for user in free_to_review(item, role, house, now.on)]


def _posts(item: ApprovalItem, now: Situation, narrowed: dict[str, Any]) -> Choices:
    """Everybody in such a post; who has declared an interest in the unit is left out."""
    posts = (
        Appointment.objects.on(now.on).filter(user__is_active=True, **narrowed).select_related("user", "organisation")
    )
    posts = posts if narrowed else posts.exclude(role__in=NEVER_ASKED)
    found: dict[int, str] = {}
    for post in posts.order_by("organisation__name", "pk"):
        words = {"name": post.user, "role": post.get_role_display(), "house": post.organisation}
        found.setdefault(post.user_id, _("%(name)s · %(role)s, %(house)s") % words)
    barred = {pk for pk in found if any(policies.interest_problems({pk}, item))} if narrowed else set()
    return [(pk, words) for pk, words in found.items() if pk not in barred]
