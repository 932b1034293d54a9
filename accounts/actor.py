"""Who acts: one person in one post, perhaps as somebody's substitute. Services and policies receive this, never a request."""

from dataclasses import dataclass
from datetime import date

from accounts.models import Appointment, Delegation, Organisation, User
from core import clock


@dataclass(frozen=True)
class Actor:
    """`user` is the person at the keyboard; `principal` the one they substitute for, else None."""

    user: User
    role: str
    organisation: Organisation
    appointment_id: int | None = None
    delegation_id: int | None = None
    principal: User | None = None
    item_types: tuple[str, ...] = ()

    @property
    def organisation_id(self) -> int:
        return self.organisation.pk

    @property
    def holder(self) -> User:
        """Whose post this is: what lies on that person's desk is acted on, and nothing else (R-PERM-03)."""
        return self.principal or self.user

    @property
    def persons(self) -> frozenset[int]:
        """The people whose acts count as this actor's in separation of duties (R-SOD-02, R-PERM-03)."""
        return frozenset({self.user.pk} | ({self.principal.pk} if self.principal else set()))

    @property
    def key(self) -> str:
        """Names the post in a session or a token request: `p12` a post, `d3` a delegation."""
        return f"d{self.delegation_id}" if self.delegation_id else f"p{self.appointment_id}"


def from_appointment(appointment: Appointment) -> Actor:
    return Actor(
        user=appointment.user,
        role=appointment.role,
        organisation=appointment.organisation,
        appointment_id=appointment.pk,
    )


def from_delegation(delegation: Delegation) -> Actor:
    post = delegation.appointment
    return Actor(
        user=delegation.substitute,
        role=post.role,
        organisation=post.organisation,
        appointment_id=post.pk,
        delegation_id=delegation.pk,
        principal=post.user,
        item_types=tuple(delegation.item_types),
    )


def actors_of(user: User, on: date | None = None) -> list[Actor]:
    """Every capacity this person may act in on that day: own posts first, then accepted substitutions."""
    day = on or clock.today()
    posts = Appointment.objects.on(day).filter(user=user).select_related("user", "organisation")
    held = [from_appointment(post) for post in posts]
    substitutions = Delegation.objects.filter(
        substitute=user,
        accepted_at__isnull=False,
        revoked_at__isnull=True,
        valid_from__lte=day,
        valid_to__gte=day,
    ).select_related("substitute", "appointment__user", "appointment__organisation")
    return held + [from_delegation(d) for d in substitutions if _still_held(d.appointment, day)]


def _still_held(post: Appointment, day: date) -> bool:
    return post.held_from <= day and (post.held_to is None or post.held_to >= day)


def actor_for(user: User, key: str = "", on: date | None = None) -> Actor | None:
    """The capacity named by `key`, or the person's first one."""
    capacities = actors_of(user, on)
    chosen = [actor for actor in capacities if actor.key == key]
    return (chosen or capacities or [None])[0]
