"""Loads the whole demonstration into an empty database."""

from bisect import bisect_right
from collections.abc import Callable
from datetime import date

from django.db import transaction

from accounts.models import User
from approvals.demo import past, people, present
from approvals.demo.schedule import Schedule
from approvals.services import tick

Progress = Callable[[float], None]


def is_loaded() -> bool:
    return User.objects.filter(username="lin").exists()


@transaction.atomic
def load(progress: Progress | None = None, *, with_present: bool = True) -> None:
    """Settles the district, replays the past, starts the present, and lets time do what it does.

    All or nothing, so that an interrupted first start begins anew. `progress` hears the share done, 0 to 1.
    """
    district = people.settle()
    stories = past.stories(district)
    if with_present:
        stories += present.stories(district)
    Schedule(stories).run(_share_of_days(progress) if progress else None)
    if with_present:
        tick.run()


def _share_of_days(progress: Progress) -> Callable[[date], None]:
    """Most of the work lies between acceptance and decision of the past items, so these days measure it."""
    marks = sorted(day for item in past.past_items() for day in (item.accepted_on, item.decided_on))
    return lambda day: progress(bisect_right(marks, day) / len(marks))
