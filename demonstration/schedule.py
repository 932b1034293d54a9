"""Runs many stories side by side in the order of their dates.

A story is a generator that yields the day on which it goes on, or another story that from now on runs beside it.
"""

import heapq
from collections.abc import Callable, Iterator
from datetime import date
from itertools import count
from typing import Any

from core import clock

Story = Iterator[Any]


class Schedule:
    """The stories still to be told, the earliest day first; on one day in the order in which they were planned."""

    def __init__(self, stories: list[Story]) -> None:
        self._queue: list[tuple[date, int, Story]] = []
        self._order = count()
        for story in stories:
            self._plan(story, date.min)

    def run(self, progress: Callable[[date], None] | None = None) -> None:
        """Plays everything; each part happens at ten in the morning of its day, so numbers are given in date order.

        `progress` hears the day just played.
        """
        while self._queue:
            day, _order, story = heapq.heappop(self._queue)
            with clock.at(day):
                self._plan(story, day)
            if progress:
                progress(day)

    def _plan(self, story: Story, today: date) -> None:
        """Plays one part of the story, and plans the next."""
        told = next(story, None)
        while told is not None and not isinstance(told, date):
            self._plan(told, today)
            told = next(story, None)
        if told is None:
            return
        if told < today:
            raise ValueError(f"a story goes back from {today} to {told}")
        heapq.heappush(self._queue, (told, next(self._order), story))
