"""Parts of the demonstration, played once for the tests of this folder and rolled back after them."""

import pytest

from core import calendars
from demonstration import ends, people, present, replay
from demonstration.schedule import Schedule


@pytest.fixture(scope="module")
def replayed(module_world) -> None:
    """The whole past."""
    replay.load(with_present=False)


@pytest.fixture(scope="module")
def ended(module_world) -> None:
    """The projects that came to different ends, with the annual plans they live on."""
    district = people.settle()
    stopped = present.suspended(district, present.Days(calendars.current()))
    Schedule([*ends.stories(district), stopped]).run()
