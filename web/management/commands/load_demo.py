"""`manage.py load_demo`: loads the demonstration into an empty database."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from demonstration import replay
from web.management.progress import Bar


class Command(BaseCommand):
    help = "Loads the demonstration: a fictional district, its 87 decided items, and what is going on today."

    def handle(self, *args: Any, **options: Any) -> None:
        if replay.is_loaded():
            raise CommandError("The demonstration is already loaded.")
        replay.load(Bar(self.stdout, "Loading the demonstration"))
