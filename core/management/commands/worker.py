"""manage.py worker: does background work from the queue, and takes up jobs whose worker died."""

import logging
import threading
from typing import Any

from django.db import close_old_connections
from django_tasks_db.management.commands import db_worker

from core import jobs

logger = logging.getLogger(__name__)
SECONDS_BETWEEN_ROUNDS = 60


class Command(db_worker.Command):
    help = "Runs background work from the database queue; every minute, takes up jobs whose worker died."

    def handle(self, **options: Any) -> None:
        if not options["batch"]:
            threading.Thread(target=reap_regularly, name="reaper", daemon=True).start()
        else:
            jobs.reap()
        super().handle(**options)


def reap_regularly() -> None:
    """Until the process ends. A database that cannot be reached now is asked again in the next round."""
    while True:
        try:
            jobs.reap()
        except Exception:
            logger.exception("the reaper could not finish its round")
        finally:
            close_old_connections()
        threading.Event().wait(SECONDS_BETWEEN_ROUNDS)
