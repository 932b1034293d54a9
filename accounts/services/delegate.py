"""Substitutes: proposed by the holder of a post, valid once the substitute accepts, never in a circle."""

from collections.abc import Iterable
from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.actor import Actor, actors_of
from accounts.models import Appointment, Delegation, User
from accounts.roles import ADMINISTRATORS
from accounts.services.notify import tell
from core import clock, locks, trace
from core.errors import NotPermitted, Problem, require


@transaction.atomic
def propose(
    appointment_id: int,
    *,
    actor: Actor,
    substitute: User,
    valid_from: date,
    valid_to: date,
    reason: str,
    item_types: Iterable[str] = (),
) -> Delegation:
    """Asks `substitute` to stand in for one's own post."""
    post = locks.locked(Appointment.objects.all(), appointment_id)
    if post.user_id != actor.user.pk or actor.principal is not None:
        raise NotPermitted(Problem("delegation.not_own_post", _("Only the holder may delegate a post.")))
    require(_problems(post, substitute, valid_from, valid_to))
    delegation = Delegation(
        appointment=post,
        substitute=substitute,
        valid_from=valid_from,
        valid_to=valid_to,
        reason=reason,
        item_types=list(item_types),
        proposed_at=clock.now(),
    )
    delegation.full_clean()
    delegation.save()
    trace.record(
        "accounts.delegation.proposed", actor=actor, target=delegation, facts=_facts(delegation), reason=reason
    )
    tell(substitute, "delegation.proposed", {"name": post.user.full_name, "role": post.role}, link="/me/delegations/")
    return delegation


def _problems(post: Appointment, substitute: User, valid_from: date, valid_to: date) -> Iterable[Problem]:
    if substitute.pk == post.user_id:
        yield Problem("delegation.self", _("Nobody can be their own substitute."), "substitute")
    if valid_to < valid_from:
        yield Problem("delegation.dates", _("A delegation cannot end before it begins."), "valid_to")
    if valid_to < clock.today():
        yield Problem("delegation.past", _("The period is already over."), "valid_to")
    if (valid_to - valid_from).days > 366:
        yield Problem("delegation.too_long", _("A delegation lasts at most one year."), "valid_to")
    yield from _administrator_problems(post, substitute)
    if substitute.pk != post.user_id and _closes_a_circle(post.user_id, substitute.pk, valid_from, valid_to):
        yield Problem(
            "delegation.circle", _("This person has, directly or through others, delegated to you then."), "substitute"
        )


def _administrator_problems(post: Appointment, substitute: User) -> Iterable[Problem]:
    """R-SOD-04: administrators hold no business role, and nobody holds two of their three, not even for a day."""
    others = {actor.role for actor in actors_of(substitute)} - {post.role}
    if post.role in ADMINISTRATORS and others:
        yield Problem("R-SOD-04", _("An administrator's substitute may hold no other post."), "substitute")
    elif post.role not in ADMINISTRATORS and others & ADMINISTRATORS:
        yield Problem("R-SOD-04", _("Administrators may not stand in for a business post."), "substitute")


def _closes_a_circle(holder: int, substitute: int, start: date, end: date) -> bool:
    """Follows delegations that overlap the period from the substitute on; true if they lead back to the holder."""
    seen: set[int] = set()
    frontier = {substitute}
    while frontier:
        if holder in frontier:
            return True
        seen |= frontier
        frontier = (
            set(
                Delegation.objects.filter(
                    appointment__user__in=frontier,
                    revoked_at__isnull=True,
                    declined_at__isnull=True,
                    valid_from__lte=end,
                    valid_to__gte=start,
                ).values_list("substitute_id", flat=True)
            )
            - seen
        )
    return False


@transaction.atomic
def answer(delegation_id: int, *, actor: Actor, accept: bool) -> Delegation:
    """The substitute accepts or declines."""
    delegation = locks.locked(Delegation.objects.all(), delegation_id)
    if delegation.substitute_id != actor.user.pk:
        raise NotPermitted(Problem("delegation.not_yours", _("Only the substitute may answer.")))
    require(_answer_problems(delegation))
    if accept:
        post = delegation.appointment
        require([*_circle_now(delegation, post), *_administrator_problems(post, delegation.substitute)])
        delegation.accepted_at = clock.now()
    else:
        delegation.declined_at = clock.now()
    delegation.save()
    verb = "accepted" if accept else "declined"
    trace.record(f"accounts.delegation.{verb}", actor=actor, target=delegation, facts=_facts(delegation))
    tell(delegation.appointment.user, f"delegation.{verb}", {"name": actor.user.full_name}, link="/me/delegations/")
    return delegation


def _answer_problems(delegation: Delegation) -> Iterable[Problem]:
    if delegation.accepted_at or delegation.declined_at or delegation.revoked_at:
        yield Problem("delegation.answered", _("This delegation has already been answered or revoked."))


def _circle_now(delegation: Delegation, post: Appointment) -> Iterable[Problem]:
    if _closes_a_circle(post.user_id, delegation.substitute_id, delegation.valid_from, delegation.valid_to):
        yield Problem("delegation.circle", _("This delegation would close a circle."))


@transaction.atomic
def revoke(delegation_id: int, *, actor: Actor) -> Delegation:
    """The holder takes the post back, at once."""
    delegation = locks.locked(Delegation.objects.all(), delegation_id)
    if delegation.appointment.user_id != actor.user.pk:
        raise NotPermitted(Problem("delegation.not_own_post", _("Only the holder may revoke a delegation.")))
    require([] if delegation.revoked_at is None else _answer_problems(delegation))
    delegation.revoked_at = clock.now()
    delegation.save()
    trace.record("accounts.delegation.revoked", actor=actor, target=delegation, facts=_facts(delegation))
    facts = {"name": actor.user.full_name, "role": delegation.appointment.role}
    tell(delegation.substitute, "delegation.revoked", facts, link="/me/delegations/")
    return delegation


def _facts(delegation: Delegation) -> dict[str, object]:
    return {
        "post": delegation.appointment_id,
        "role": delegation.appointment.role,
        "holder": delegation.appointment.user.full_name,
        "substitute": delegation.substitute.full_name,
        "from": delegation.valid_from,
        "to": delegation.valid_to,
        "item_types": delegation.item_types,
    }
