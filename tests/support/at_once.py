"""Starts several acts at the same moment, each with its own connection to the database."""

import threading
from collections.abc import Callable
from typing import Any

from django.db import connection


def at_once(*acts: Callable[[], Any]) -> list[Any]:
    """What came of each act: a value, or the exception it ended with."""
    results: list[Any] = [None] * len(acts)
    start = threading.Barrier(len(acts))

    def run(place: int, act: Callable[[], Any]) -> None:
        start.wait(timeout=20)
        try:
            results[place] = act()
        except Exception as error:  # every failure is looked at by the test
            results[place] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
        assert not thread.is_alive(), "a writer waits for ever"
    return results


def refusals(results: list[Any]) -> list[Any]:
    return [result for result in results if isinstance(result, Exception)]
