"""Resumable uploads (tus): begins one, appends what arrives, and forgets it. The bytes wait under MEDIA_ROOT/incoming.

How much has arrived is what the row says; bytes of a broken connection beyond it are overwritten. One writer at a
time is kept by a lock on the file, because a database lock would keep everybody else waiting for a slow line.
"""

import fcntl
import os
import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import IO, Any

from django.conf import settings
from django.utils.translation import gettext as _

from core import clock, locks
from core.errors import Problem, RuleViolation, StaleState, require
from core.files import MB, kind_of, safe_name
from core.models import Upload

BLOCK = 256 * 1024
KEPT_DAYS = 7


@dataclass(frozen=True)
class Purpose:
    """What uploads of one kind become.

    `begin(said, actor=, name=, size=)` reads what the metadata say and opens an upload; `attach(upload, actor=)` takes
    the complete file over and forgets what it refuses.
    """

    code: str
    begin: Callable[..., Upload]
    attach: Callable[..., Any]


class TooLarge(RuleViolation):
    """More bytes than an upload may have, or than were announced."""

    http_status = 413


def announce(name: str, size: int, allowed: tuple[str, ...]) -> None:
    """Refuses at once what could never be accepted: a kind of file not wanted here, or one too large for its kind."""
    kind = kind_of(safe_name(name), allowed)
    require([Problem("file.empty", _("The file is empty."), "file")] if size == 0 else [])
    if size > kind.max_mb * MB:
        raise TooLarge([Problem("file.size", _("The file is larger than %(mb)s MB.") % {"mb": kind.max_mb}, "file")])


def begin(
    *, owner: Any, name: str, size: int, purpose: str, target_id: int, said: Mapping[str, Any] | None = None
) -> Upload:
    """A place for `size` bytes of a file; `said` is kept for the purpose. Raises TooLarge beyond the site's limit."""
    if size > settings.UPLOAD_MAX_BYTES:
        most = settings.UPLOAD_MAX_BYTES // MB
        raise TooLarge([Problem("file.size", _("The file is larger than %(mb)s MB.") % {"mb": most}, "file")])
    _forget_abandoned(owner)
    upload = Upload.objects.create(
        key=uuid.uuid4().hex,
        name=safe_name(name),
        size=size,
        purpose=purpose,
        target_id=target_id,
        owner=owner,
        said=dict(said or {}),
    )
    path_of(upload).parent.mkdir(parents=True, exist_ok=True)
    path_of(upload).touch()
    return upload


def append(upload: Upload, offset: int, stream: IO[bytes] | None) -> Upload:
    """Adds what the stream brings at `offset`, and keeps what arrived even if the line breaks (OSError is raised on).

    Raises StaleState when the upload stands elsewhere or another request is writing, TooLarge beyond its size.
    """
    _require_place(upload, offset)
    with _alone(upload) as target:
        upload = locks.found(Upload.objects.all(), pk=upload.pk)
        _require_place(upload, offset)
        target.truncate(upload.offset)
        target.seek(upload.offset)
        try:
            for block in _blocks(stream):
                if upload.offset + len(block) > upload.size:
                    raise TooLarge([Problem("upload.too_long", _("More bytes arrived than were announced."))])
                target.write(block)
                upload.offset += len(block)
        finally:
            target.flush()
            upload.save(update_fields=["offset"])
    return upload


def _require_place(upload: Upload, offset: int) -> None:
    if offset != upload.offset or upload.finished_at:
        message = _("The upload stands at %(offset)s bytes.") % {"offset": upload.offset}
        raise StaleState(Problem("upload.offset", message))


def finish(upload: Upload, became: int | None = None) -> Upload:
    """The file has been taken over: the row stays as a receipt of what it `became`, the bytes go."""
    upload.finished_at, upload.became_id = clock.now(), became
    upload.save(update_fields=["finished_at", "became_id"])
    path_of(upload).unlink(missing_ok=True)
    return upload


def arrived(key: str, *, owner: Any, purpose: str, target_id: int) -> Upload:
    """This person's upload with every byte there. Raises NotFound, or RuleViolation while bytes are missing."""
    mine = Upload.objects.filter(owner=owner, purpose=purpose, target_id=target_id)
    upload = locks.found(mine, key=key)
    if upload.finished_at is None and upload.offset != upload.size:
        raise RuleViolation([Problem("upload.unfinished", _("The file has not arrived completely yet."), "file")])
    return upload


def forget(upload: Upload) -> None:
    """Gives the upload up, with its bytes."""
    path_of(upload).unlink(missing_ok=True)
    upload.delete()


def path_of(upload: Upload) -> Path:
    return Path(settings.MEDIA_ROOT) / "incoming" / f"tus-{upload.key}"


def _blocks(stream: IO[bytes] | None) -> Iterator[bytes]:
    while stream is not None and (block := stream.read(BLOCK)):
        yield block


@contextmanager
def _alone(upload: Upload) -> Iterator[IO[bytes]]:
    path = path_of(upload)
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    with os.fdopen(descriptor, "r+b") as target:
        try:
            fcntl.flock(target, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise StaleState(Problem("upload.busy", _("Another request is writing this upload."))) from error
        yield target


def _forget_abandoned(owner: Any) -> None:
    long_ago = clock.now() - timedelta(days=KEPT_DAYS)
    for upload in Upload.objects.filter(owner=owner, finished_at__isnull=True, started_at__lt=long_ago):
        forget(upload)
