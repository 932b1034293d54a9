"""Photos of the month's works: every upload is looked at, and no photo proves two months."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import IO

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.actor import Actor
from core import clock, files, locks, trace
from core.errors import Problem, RuleViolation, require
from execution.machines import reports
from execution.models import ProgressPhoto, ProgressReport
from execution.services.progress import opened

PHOTO_KINDS = ("JPEG", "PNG")
MOST_PHOTOS = 60


@dataclass(frozen=True)
class Place:
    """When and where a photo was taken, as far as it is known."""

    taken_at: datetime | None = None
    longitude: Decimal | None = None
    latitude: Decimal | None = None


@transaction.atomic
def add_photo(
    pk: int, stream: IO[bytes], *, name: str, actor: Actor, caption: str = "", place: Place | None = None
) -> ProgressPhoto:
    """A photo of the month's works, JPEG or PNG, looked at like every upload. Raises RuleViolation."""
    report = opened(pk, actor)
    require(_photo_problems(report))
    file = files.store(stream, name=name, allowed=PHOTO_KINDS, user=actor.user)
    taken = ProgressPhoto.objects.filter(report__project=report.project, file__sha256=file.sha256).first()
    if taken is not None:
        words = _("The report of %(month)s holds this very photo already.") % {"month": f"{taken.report.month:%Y-%m}"}
        raise RuleViolation([Problem("progress.photo_twice", words, "file")])
    where = place or Place()
    photo = ProgressPhoto(
        report=report, file=file, caption=caption.strip()[:200], taken_at=where.taken_at,
        longitude=where.longitude, latitude=where.latitude,
    )  # fmt: skip
    require(_place_problems(where))
    photo.save()
    _touch(report)
    kept = {"month": f"{report.month:%Y-%m}", "name": file.name, "sha256": file.sha256}
    trace.record("execution.progress.photo_added", actor=actor, target=report, project_id=report.project_id, facts=kept)
    return photo


def _photo_problems(report: ProgressReport) -> Iterable[Problem]:
    if report.photos.count() >= MOST_PHOTOS:
        yield Problem("progress.photos", _("A report holds at most %(n)s photos.") % {"n": MOST_PHOTOS}, "file")


def _place_problems(place: Place) -> Iterable[Problem]:
    if place.taken_at is not None and place.taken_at > clock.now():
        yield Problem("date.future", _("This day lies in the future."), "taken_at")
    for name, most in (("longitude", 180), ("latitude", 90)):
        value = getattr(place, name)
        if value is not None and not -most <= value <= most:
            yield Problem("progress.place", _("There is no such place on earth."), name)


@transaction.atomic
def remove_photo(photo_id: int, *, actor: Actor) -> ProgressReport:
    """From a report that is not submitted; the trace keeps its hash."""
    rows = ProgressPhoto.objects.filter(report__in=reports(actor)).select_related("file")
    photo = locks.found(rows, pk=photo_id)
    report = opened(photo.report_id, actor)
    kept = {"month": f"{report.month:%Y-%m}", "name": photo.file.name, "sha256": photo.file.sha256}
    photo.delete()
    _touch(report)
    trace.record(
        "execution.progress.photo_removed", actor=actor, target=report, project_id=report.project_id, facts=kept
    )
    return report


def _touch(report: ProgressReport) -> None:
    report.version += 1
    report.save()
