"""Long work in the background: started once, shown while it runs, tried again when its worker dies, never lost.

A kind of work is a function behind `@jobs.kind(label)`. It gets a Run, says how far it is, and returns an Outcome:

    @jobs.kind(_("Export of a report"))
    def export(run: jobs.Run) -> jobs.Outcome: ...

    job = jobs.start(export, {"report": "reduction"}, user)

Work must be safe to begin again from the start: a worker that died leaves a job that another one takes over.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from time import monotonic
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.db.models.functions import Coalesce
from django.utils import translation
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _
from django_tasks import task

from core import clock, locks
from core.errors import DomainError, Problem, RuleViolation
from core.models import Job, StoredFile

logger = logging.getLogger(__name__)

ATTEMPTS = 3
SILENT_AFTER = timedelta(minutes=15)  # a running job that said nothing for so long has lost its worker
FORGOTTEN_AFTER = timedelta(minutes=30)  # a queued job that nobody took for so long is put on the queue again
SECONDS_BETWEEN_WRITES = 0.5
UNDER_WAY = (Job.State.QUEUED, Job.State.RUNNING)


@dataclass(frozen=True)
class Outcome:
    """What came of the work: a file to fetch, figures to show, a last word."""

    file: StoredFile | None = None
    result: dict[str, Any] = field(default_factory=dict)
    message: str = ""


class Superseded(Exception):
    """Another worker has taken this job over; this one must stop."""


class Run:
    """One attempt at a job, as the work sees it."""

    def __init__(self, job: Job) -> None:
        self.job = job
        self.params: dict[str, Any] = job.params
        self.user = job.created_by
        self.attempt = job.attempts
        self._written = float("-inf")

    def progress(self, done: int, total: int, message: str = "") -> None:
        """Says how far the work is, and that its worker lives. Superseded once another worker has the job.

        Call it outside of transactions, or nobody sees it before they end.
        """
        if monotonic() - self._written < SECONDS_BETWEEN_WRITES and done < total:
            return
        own = Job.objects.filter(pk=self.job.pk, state=Job.State.RUNNING, attempts=self.attempt)
        if not own.update(done=done, total=total, message=message, beat_at=clock.now()):
            raise Superseded
        self._written = monotonic()


@dataclass(frozen=True)
class Kind:
    """A kind of work. `name` is the dotted path by which a worker finds it."""

    name: str
    label: Any
    work: Callable[[Run], Outcome]


def kind(label: Any) -> Callable[[Callable[[Run], Outcome]], Kind]:
    """Makes a function a kind of background work."""

    def named(work: Callable[[Run], Outcome]) -> Kind:
        return Kind(f"{work.__module__}.{work.__qualname__}", label, work)

    return named


def kind_of(job: Job) -> Kind:
    """The kind a job names. LookupError for anything that is not one, whatever a row says."""
    try:
        found = import_string(job.kind)
    except ImportError as error:
        raise LookupError(job.kind) from error
    if not isinstance(found, Kind):
        raise LookupError(job.kind)
    return found


@transaction.atomic
def start(work: Kind, params: dict[str, Any], user: Any) -> Job:
    """Queues the work once the transaction is committed. The same work, already under way for this person, is not doubled."""
    params = {"language": translation.get_language() or settings.LANGUAGE_CODE, **params}
    twin = Job.objects.filter(kind=work.name, params=params, created_by=user, state__in=UNDER_WAY).first()
    if twin is not None:
        return twin
    job = Job.objects.create(kind=work.name, params=params, created_by=user)
    _enqueue(job)
    return job


@transaction.atomic
def start_again(job_id: int, user: Any) -> Job:
    """Puts a failed job of this person on the queue again, with all attempts before it."""
    job = locks.locked(Job.objects.filter(created_by=user), job_id)
    if job.state != Job.State.FAILED:
        raise RuleViolation([Problem("job.not_failed", _("Only work that failed can be started again."))])
    _queue(job, attempts=0)
    return job


@transaction.atomic
def cancel(job_id: int) -> Job:
    """Stops work that is queued or running: its worker learns of it at its next `progress` (Superseded).

    Whose job may be cancelled is the caller's rule. Raises RuleViolation once it has ended.
    """
    job = locks.locked(Job.objects.all(), job_id)
    if job.state not in UNDER_WAY:
        raise RuleViolation([Problem("job.ended", _("This work has already ended."))])
    job.state, job.finished_at, job.message = Job.State.CANCELLED, clock.now(), ""
    job.save()
    return job


def _queue(job: Job, attempts: int) -> None:
    job.state, job.attempts, job.beat_at, job.finished_at = Job.State.QUEUED, attempts, clock.now(), None
    job.done, job.message = 0, ""
    job.save()
    _enqueue(job)


def _enqueue(job: Job) -> None:
    # Robust: a queue that cannot be reached now leaves a queued job behind, which `reap` puts on it later.
    transaction.on_commit(partial(perform.enqueue, job.pk), robust=True)


@task()
def perform(job_id: int) -> None:
    """Runs one job, if nobody else does or did. What a worker calls."""
    run = _claim(job_id)
    if run is None:
        return
    with translation.override(run.params.get("language", settings.LANGUAGE_CODE)):
        try:
            outcome = kind_of(run.job).work(run)
        except Superseded:
            return
        except DomainError as error:
            _finish(run, Job.State.FAILED, Outcome(message=str(error)))
        except Exception:
            logger.exception("job %s (%s) failed", job_id, run.job.kind)
            _finish(run, Job.State.FAILED, Outcome(message=_("The work ended because of a fault in the system.")))
            raise
        else:
            _finish(run, Job.State.DONE, outcome)


@transaction.atomic
def _claim(job_id: int) -> Run | None:
    job = locks.locked(Job.objects.all(), job_id)
    if job.state != Job.State.QUEUED:
        return None
    job.state, job.attempts, job.beat_at = Job.State.RUNNING, job.attempts + 1, clock.now()
    job.save()
    return Run(job)


@transaction.atomic
def _finish(run: Run, state: Job.State, outcome: Outcome) -> None:
    job = locks.locked(Job.objects.all(), run.job.pk)
    if job.state != Job.State.RUNNING or job.attempts != run.attempt:
        return  # taken over meanwhile
    job.state, job.finished_at = state, clock.now()
    job.file, job.result, job.message = outcome.file, outcome.result, outcome.message
    if state == Job.State.DONE:
        job.done = job.total = job.total or 1
    job.save()


def reap() -> int:
    """Takes up every job whose worker died or that was forgotten on the queue; fails it after the last attempt.

    Safe with several running at once; returns how many were taken up or given up.
    """
    now = clock.now()
    silent = Q(state=Job.State.RUNNING, heard_at__lt=now - SILENT_AFTER)
    forgotten = Q(state=Job.State.QUEUED, heard_at__lt=now - FORGOTTEN_AFTER)
    lost = Job.objects.annotate(heard_at=Coalesce("beat_at", "created_at")).filter(silent | forgotten)
    return sum(_take_up(pk, lost) for pk in list(lost.values_list("pk", flat=True)))


@transaction.atomic
def _take_up(job_id: int, lost: Any) -> bool:
    job = locks.locked(Job.objects.all(), job_id)
    if not lost.filter(pk=job_id).exists():
        return False  # heard of meanwhile
    if job.state == Job.State.RUNNING and job.attempts >= ATTEMPTS:
        job.state, job.finished_at = Job.State.FAILED, clock.now()
        job.message = _("Given up: the worker stopped %(count)s times while doing this.") % {"count": job.attempts}
        job.save()
    else:
        _queue(job, attempts=job.attempts)
    return True
