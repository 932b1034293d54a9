"""`manage.py up` (make run): one command from nothing to a running site."""

import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from accounts.models import User
from demonstration import people, replay
from web.management.progress import Bar

TICK_EVERY_SECONDS = 60


class Command(BaseCommand):
    help = "Migrates, loads the demo data on first start, and serves the site with its worker and its timed jobs."

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("--port", type=int, default=int(os.environ.get("PORT", "8000")))
        parser.add_argument("--host", default=os.environ.get("HOST", "127.0.0.1"))
        parser.add_argument("--no-demo", action="store_true", help="start with an empty system")

    def handle(self, *args: Any, **options: Any) -> None:
        host, port = options["host"], options["port"]
        _require_free(host, port)
        call_command("migrate", verbosity=0, interactive=False)
        if not options["no_demo"] and not User.objects.exists():
            replay.load(Bar(self.stdout, "Loading the demonstration"))
        self._greet(host, port)
        stop = threading.Event()
        signal.signal(signal.SIGTERM, lambda *_: _interrupt())
        with _running("worker", "--no-startup-delay"), _ticking(stop):
            try:
                subprocess.run(_server(host, port), check=False)
            except KeyboardInterrupt:
                self.stdout.write("Stopped.")
            finally:
                stop.set()

    def _greet(self, host: str, port: int) -> None:
        self.stdout.write(f"\n  政府投资项目全过程跟踪管理系统  http://{host}:{port}\n")
        if replay.is_loaded():
            self.stdout.write(f"  Demo accounts (password: {people.PASSWORD}):")
            shown = {name: (full, role) for name, full, _house, role in people.PEOPLE}
            for username in people.SHOWN:
                full_name, role = shown[username]
                self.stdout.write(f"    {username:<9} {full_name}  {role.label}")
        self.stdout.write("  Ctrl-C stops it; the data stay.\n")
        self.stdout.flush()


def _interrupt() -> None:
    raise KeyboardInterrupt


def _require_free(host: str, port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise CommandError(f"Port {port} is taken: choose another one, e.g. PORT={port + 1} make run") from error


def _server(host: str, port: int) -> list[str]:
    return [
        sys.executable, "-m", "gunicorn", "project_tracker.wsgi", "--bind", f"{host}:{port}", "--workers", "2",
        "--threads", "4", "--timeout", "120", "--log-level", "warning",
    ]  # fmt: skip


@contextmanager
def _running(*command: str) -> Iterator[None]:
    """A management command in its own process for as long as the block runs."""
    process = subprocess.Popen([sys.executable, "manage.py", *command])
    try:
        yield
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()


@contextmanager
def _ticking(stop: threading.Event) -> Iterator[None]:
    """Timed transitions and notices, every minute, in processes of their own."""

    def loop() -> None:
        while not stop.wait(TICK_EVERY_SECONDS):
            subprocess.run([sys.executable, "manage.py", "tick"], check=False, stdout=subprocess.DEVNULL)

    thread = threading.Thread(target=loop, daemon=True)
    thread.start()
    yield
