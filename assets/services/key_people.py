"""R-FA-10: until its final accounts are decided, a unit does not lose the people who answer for them."""

from collections.abc import Iterator
from datetime import date, timedelta

from django.utils.translation import gettext as _

from accounts.models import Appointment
from accounts.roles import APPLICANTS
from accounts.services import posts
from core.errors import Problem
from projects.models import Project
from projects.states import MAIN_LINE, Stage

UNDECIDED = MAIN_LINE[MAIN_LINE.index(Stage.CONSTRUCTION) : MAIN_LINE.index(Stage.FINAL_ACCOUNT) + 1]


def without_successor(post: Appointment, last: date) -> Iterator[Problem]:
    """The last clerk or lead of a unit with works whose final account is not decided stays until somebody follows."""
    if post.role not in APPLICANTS:
        return
    waiting = Project.objects.filter(owner_unit=post.organisation, stage__in=UNDECIDED).count()
    after = Appointment.objects.on(last + timedelta(days=1)).exclude(pk=post.pk)
    followers = after.filter(role=post.role, organisation=post.organisation, user__is_active=True)
    if waiting and not followers.exists():
        words = _("Name a successor first: the final accounts of %(n)s projects of this unit are not decided yet.")
        yield Problem("R-FA-10", words % {"n": waiting}, "held_to")


posts.AGAINST_ENDING.append(without_successor)
