"""Runs many stories side by side in the order of their dates: a story is a generator that yields the day it goes on."""

import heapq
from collections.abc import Callable, Iterator
from datetime import date

from core import clock

Story = Iterator[date]


def run(stories: list[Story], progress: Callable[[date], None] | None = None) -> None:
    """Plays all stories; each part happens at ten in the morning of its day, so numbers are given in date order.

    `progress` hears the day just played.
    """
    queue: list[tuple[date, int, Story]] = []
    for order, story in enumerate(stories):
        _queue_next(queue, order, story)
    while queue:
        day, order, story = heapq.heappop(queue)
        with clock.at(day):
            _queue_next(queue, order, story)
        if progress:
            progress(day)


def _queue_next(queue: list[tuple[date, int, Story]], order: int, story: Story) -> None:
    day = next(story, None)
    if day is not None:
        heapq.heappush(queue, (day, order, story))
