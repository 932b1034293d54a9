"""A stored file as an answer: shown in place where that is harmless, else downloaded; never one whose bytes were changed."""

import logging
from urllib.parse import quote

from django.http import FileResponse, HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from core import files
from core.errors import Problem, RuleViolation
from core.models import StoredFile

log = logging.getLogger(__name__)
# A file is never a page of ours: nothing in it may run or load. Chromium shows no PDF under `sandbox`, so a PDF, which its
# type and nosniff keep from ever being read as a page, goes without that one word.
NOTHING_RUNS = "default-src 'none'; style-src 'unsafe-inline'; img-src data:"
PDF = "application/pdf"
SHOWN_IN_PLACE = frozenset({PDF, "image/png", "image/jpeg"})


def answer_with(file: StoredFile, request: HttpRequest) -> HttpResponse:
    """PDF and images may be shown in the page, everything else is only downloaded (`?download=1` forces it).

    The bytes are compared with the hash of the upload first: a file changed on the disk is never handed out.
    """
    if not files.is_intact(file):
        log.error("stored file %s (%s) does not have its hash any more", file.pk, file.sha256)
        message = _("The stored file is not what was uploaded. Please tell the system administrator.")
        raise RuleViolation([Problem("file.changed", message)])
    in_place = file.mime in SHOWN_IN_PLACE and not request.GET.get("download")
    response = FileResponse(files.open_stored(file), content_type=file.mime)
    disposition = "inline" if in_place else "attachment"
    response["Content-Disposition"] = f"{disposition}; filename*=UTF-8''{quote(file.name, safe='')}"
    response["Content-Length"] = file.size
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = NOTHING_RUNS if file.mime == PDF else f"{NOTHING_RUNS}; sandbox"
    return response
