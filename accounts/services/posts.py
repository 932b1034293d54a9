"""Posts are given and ended by the security administrator, from one day to another, never changed in place."""

from collections.abc import Callable, Iterable
from datetime import date

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from accounts.actor import Actor
from accounts.models import Appointment, Delegation, Organisation, User
from accounts.policies import has_role, insist
from accounts.roles import ADMINISTRATORS, Role
from accounts.services.notify import tell
from core import clock, locks, trace
from core.errors import Problem, require

# What later apps know against ending a post on a day.
AGAINST_ENDING: list[Callable[[Appointment, date], Iterable[Problem]]] = []


def _may_administer(actor: Actor) -> Problem | None:
    return has_role(actor, Role.SEC_ADMIN)


@transaction.atomic
def give(
    *, actor: Actor, user: User, organisation: Organisation, role: str, held_from: date, section: str = ""
) -> Appointment:
    """The person holds the post from that day on. R-SOD-04: the three administrators are three, without business."""
    insist(_may_administer, actor)
    locks.locked(User.objects.all(), user.pk)
    require(_problems(actor, user, organisation, role, held_from))
    post = Appointment(user=user, organisation=organisation, role=role, section=section.strip(), held_from=held_from)
    post.full_clean()
    post.save()
    trace.record("accounts.post.given", actor=actor, target=post, facts=_facts(post))
    tell(user, "post.given", {"role": role, "organisation": organisation.name})
    return post


@transaction.atomic
def give_first(*, user: User, organisation: Organisation, role: str) -> Appointment:
    """The first holder of an administrator's post, given by whoever installs the system; later ones by the SEC_ADMIN."""
    locks.locked(User.objects.all(), user.pk)
    require(_first_problems(user, role))
    post = Appointment(user=user, organisation=organisation, role=role, held_from=clock.today())
    post.full_clean()
    post.save()
    trace.record("accounts.post.given", actor=trace.SYSTEM, target=post, facts=_facts(post))
    return post


def _first_problems(user: User, role: str) -> Iterable[Problem]:
    if role not in ADMINISTRATORS:
        yield Problem("post.not_first", _("Only an administrator's post is given this way."), "role")
    elif Appointment.objects.on(clock.today()).filter(role=role).exists():
        yield Problem("post.held", _("Somebody holds this post already: the security administrator gives it."), "role")
    if _held(user, clock.today()).exists():
        yield Problem("R-SOD-04", _("An administrator may hold no other post."), "role")


def _problems(actor: Actor, user: User, organisation: Organisation, role: str, start: date) -> Iterable[Problem]:
    if user.pk in actor.persons:
        yield Problem("post.own", _("Nobody gives a post to themselves."), "user")
    if start < clock.today():
        yield Problem("post.past", _("A post is given from today on, not backwards."), "held_from")
    held = {*_held(user, start).values_list("role", flat=True), *_stood_in_for(user, start)}
    if role in ADMINISTRATORS and held - {role}:
        yield Problem("R-SOD-04", _("An administrator may hold no other post."), "role")
    if role not in ADMINISTRATORS and held & ADMINISTRATORS:
        yield Problem("R-SOD-04", _("This person is an administrator and may hold no business post."), "role")
    if _held(user, start).filter(role=role, organisation=organisation).exists():
        yield Problem("post.held", _("This person holds this post already."), "role")


def _stood_in_for(user: User, day: date) -> Iterable[str]:
    """Roles this person fills, or has promised to fill, for another on that day or later."""
    rows = Delegation.objects.filter(
        substitute=user, accepted_at__isnull=False, revoked_at__isnull=True, valid_to__gte=day
    )
    return rows.values_list("appointment__role", flat=True)


def _held(user: User, day: date) -> QuerySet[Appointment]:
    """Posts held on that day or later."""
    return Appointment.objects.filter(user=user).filter(Q(held_to__isnull=True) | Q(held_to__gte=day))


@transaction.atomic
def end(post_id: int, *, actor: Actor, held_to: date) -> Appointment:
    """The post is held until that day, which may be today or later."""
    insist(_may_administer, actor)
    post = locks.locked(Appointment.objects.all(), post_id)
    require(_end_problems(actor, post, held_to))
    post.held_to = held_to
    post.full_clean()
    post.save(update_fields=["held_to"])
    trace.record("accounts.post.ended", actor=actor, target=post, facts=_facts(post))
    tell(post.user, "post.ended", {"role": post.role, "until": str(held_to)})
    return post


def _end_problems(actor: Actor, post: Appointment, last: date) -> Iterable[Problem]:
    if post.user_id in actor.persons:
        yield Problem("post.own", _("Nobody ends their own post."))
    if post.held_to is not None and post.held_to < clock.today():
        yield Problem("post.over", _("This post has already ended."))
    if last < clock.today():
        yield Problem("post.past", _("A post ends today or later, not backwards."), "held_to")
    for check in AGAINST_ENDING:
        yield from check(post, last)


def _facts(post: Appointment) -> dict[str, object]:
    return {
        "post": post.pk,
        "name": post.user.full_name,
        "role": post.role,
        "organisation": post.organisation.name,
        "from": post.held_from,
        "to": post.held_to,
    }
