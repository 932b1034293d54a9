"""Keeps the papers and photos that prove something: a signed opinion, a mended defect, a rectified finding."""

from dataclasses import dataclass
from typing import IO

from django.utils.translation import gettext as _

from accounts.actor import Actor
from core import files
from core.errors import Problem, RuleViolation, require
from core.models import StoredFile

KINDS = ("PDF", "OFD", "JPEG", "PNG")


@dataclass(frozen=True)
class Upload:
    """A file as somebody sends it: its bytes and the name it claims."""

    stream: IO[bytes]
    name: str


def kept(upload: Upload | None, actor: Actor, problems: list[Problem], *, required: bool = True) -> StoredFile | None:
    """The file, kept; refuses it together with whatever else was found (`problems`), all reasons at once.

    None where no file came and none is required.
    """
    found = list(problems)
    file = None
    if upload is None:
        if required:
            found.append(Problem("file.missing", _("Choose a file first."), "file"))
    else:
        try:
            file = files.store(upload.stream, name=upload.name, allowed=KINDS, user=actor.user)
        except RuleViolation as refusal:
            found += refusal.problems
    require(found)
    return file
