"""Loads the whole demonstration into an empty database."""

from bisect import bisect_right
from collections.abc import Callable
from datetime import date, timedelta

from django.db import transaction
from django.db.models import F

from accounts.models import Message, User
from approvals.services import tick
from core import clock
from demonstration import buildings, ends, past, people, present
from demonstration.schedule import Schedule

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
        stories += ends.stories(district) + present.stories(district) + buildings.stories(district)
    Schedule(stories).run(_share_of_days(progress) if progress else None)
    _put_old_notices_away()
    if with_present:
        tick.run()


def _put_old_notices_away() -> None:
    """What is older than a month has been read and mailed; nobody wants 2016's mail today."""
    long_ago = clock.now() - timedelta(days=30)
    Message.objects.filter(created_at__lt=long_ago).update(read_at=F("created_at"), mailed_at=F("created_at"))


def _share_of_days(progress: Progress) -> Callable[[date], None]:
    """Most of the work lies between acceptance and decision of the past items, so these days measure it."""
    marks = sorted(day for item in past.past_items() for day in (item.accepted_on, item.decided_on))
    return lambda day: progress(bisect_right(marks, day) / len(marks))
