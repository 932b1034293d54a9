"""Parts of the demonstration, played once for the tests of this folder and rolled back after them."""

from collections.abc import Callable, Iterator

import pytest
from django.conf import settings
from django.db import transaction

from core import calendars
from demonstration import ends, people, present, replay
from demonstration.schedule import Schedule


class _Done(Exception):
    """Rolls the story back."""


def _told(tell: Callable[[], None], blocker, folder) -> Iterator[None]:
    with blocker.unblock():
        before, settings.MEDIA_ROOT = settings.MEDIA_ROOT, folder
        try:
            with transaction.atomic():
                tell()
                yield
                raise _Done
        except _Done:
            pass
        finally:
            settings.MEDIA_ROOT = before


@pytest.fixture(scope="module")
def replayed(django_db_setup, django_db_blocker, tmp_path_factory) -> Iterator[None]:
    """The whole past."""
    yield from _told(lambda: replay.load(with_present=False), django_db_blocker, tmp_path_factory.mktemp("replayed"))


@pytest.fixture(scope="module")
def ended(django_db_setup, django_db_blocker, tmp_path_factory) -> Iterator[None]:
    """The projects that came to different ends, with the annual plans they live on."""

    def tell() -> None:
        district = people.settle()
        stopped = present.suspended(district, present.Days(calendars.current()))
        Schedule([*ends.stories(district), stopped]).run()

    yield from _told(tell, django_db_blocker, tmp_path_factory.mktemp("ended"))
