"""Reads an uploaded model in the background: QUEUED → CHECKING → ACCEPTED or REJECTED, with the reasons.

The file is read by a process of its own (`bim.ifc.process`). What it read goes into the tables batch by batch; only the
last transaction accepts the model, so nobody sees half of one. Beginning again removes what a dead attempt left.
"""

import shutil
import tempfile
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.actor import Actor
from accounts.policies import insist
from bim import policies, reasons
from bim.ifc import process, rows_file
from bim.ifc.records import Header, Reason, Summary
from bim.models import BimModel
from bim.services import follow_ups, keeping, workroom
from bim.services.model_trace import record
from bim.states import ModelStatus
from core import clock, files, jobs, locks, trace
from core.errors import Problem, RuleViolation
from core.models import Job

IN_CHECK = (ModelStatus.QUEUED, ModelStatus.CHECKING)
READ_SHARE, WHOLE = 60, 100  # of the progress: reading, then keeping


@transaction.atomic
def start(model: BimModel, user: Any) -> Job:
    """Queues the check of a model; its page shows the job."""
    job = jobs.start(read_model, {"model": model.pk}, user)
    model.status, model.job, model.reasons, model.warnings = ModelStatus.QUEUED, job, [], []
    model.save(update_fields=["status", "job", "reasons", "warnings"])
    return job


@transaction.atomic
def cancel(model_id: int, *, actor: Actor) -> BimModel:
    """Stops the check: the reading process is killed within a second. Raises RuleViolation once the check has ended."""
    model = locks.locked(BimModel.objects.visible_to(actor), model_id)
    insist(policies.may_cancel, actor, model)
    if model.status not in IN_CHECK or model.job_id is None:
        raise RuleViolation([Problem("model.check_ended", _("The check of this model has already ended."))])
    if Job.objects.filter(pk=model.job_id, state__in=jobs.UNDER_WAY).exists():
        jobs.cancel(model.job_id)
    model.status, model.checked_at = ModelStatus.CANCELLED, clock.now()
    model.save(update_fields=["status", "checked_at"])
    record("bim.model.cancelled", model, actor)
    return model


@transaction.atomic
def start_again(model_id: int, *, actor: Actor) -> Job:
    """Reads the model once more: after a fault, a cancellation, or with a newer reader. Not while it is being read."""
    model = locks.locked(BimModel.objects.visible_to(actor), model_id)
    insist(policies.may_check_again, actor, model)
    if model.status == ModelStatus.ACCEPTED:
        raise RuleViolation([Problem("model.accepted", _("This model has already been accepted."))])
    if Job.objects.filter(pk=model.job_id, state__in=jobs.UNDER_WAY).exists():
        raise RuleViolation([Problem("model.in_check", _("This model is being checked already."))])
    record("bim.model.check_again", model, actor)
    return start(model, actor.user)


@jobs.kind(gettext_lazy("Check of a building model"))
def read_model(run: jobs.Run) -> jobs.Outcome:
    """Reads, keeps and accepts the model, or says why it is refused."""
    model = _begin(run)
    if model is None:
        return jobs.Outcome()
    folder = Path(tempfile.mkdtemp(prefix="model-", dir=workroom.folder()))
    try:
        out = folder / "rows.jsonl"
        result = process.run(
            process.worker("extract", files.path_of(model.file.sha256), "--out", out),
            limits=workroom.reading_limits(),
            on_progress=lambda done, total, phase: run.progress(
                READ_SHARE * done // total, WHOLE, reasons.phase(phase)
            ),
        )
        if not result.ok:
            return _reject(run, model.pk, result.reasons)
        return _keep(run, model.pk, out, result.summary["products"])
    except jobs.Superseded:
        _leave(model.pk)
        raise
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@transaction.atomic
def _begin(run: jobs.Run) -> BimModel | None:
    """The model, now in check; None if this job is no longer the one to check it."""
    model = BimModel.objects.select_for_update().filter(pk=run.params["model"], status__in=IN_CHECK).first()
    if model is None or (model.job_id is not None and model.job_id != run.job.pk):
        return None
    model.status = ModelStatus.CHECKING
    model.save(update_fields=["status"])
    return model


def _keep(run: jobs.Run, model_id: int, out: Path, n_rows: int) -> jobs.Outcome:
    """Writes the rows in batches, each only while this attempt still holds the job, and accepts the model."""
    rows = rows_file.read(out)
    header = next(rows)
    keeper = keeping.Keeper(model_id)
    with transaction.atomic():
        _held(run, model_id)
        keeper.clear()
    for batch in keeping.batches(rows):
        with transaction.atomic():
            _held(run, model_id)
            keeper.add(batch)
        done = READ_SHARE + (WHOLE - READ_SHARE) * keeper.n_rows // (n_rows + 2)
        run.progress(min(done, WHOLE - 1), WHOLE, reasons.phase("keeping"))
    return _accept(run, model_id, header, keeper.summary)


@transaction.atomic
def _accept(run: jobs.Run, model_id: int, header: Header, summary: Summary) -> jobs.Outcome:
    model = _held(run, model_id)
    keeping.describe(model, header, summary)
    model.status, model.checked_at, model.reasons = ModelStatus.ACCEPTED, clock.now(), []
    model.save()
    record(
        "bim.model.accepted",
        model,
        trace.SYSTEM,
        sha256=model.sha256,
        schema=model.ifc_schema,
        elements=model.n_elements,
        storeys=model.n_storeys,
    )
    follow_ups.after_acceptance(model, run.user)
    return jobs.Outcome(
        result={"model": model.pk, "elements": model.n_elements, "storeys": model.n_storeys},
        message=_("%(count)s elements") % {"count": model.n_elements},
    )


@transaction.atomic
def _reject(run: jobs.Run, model_id: int, why: list[Reason]) -> jobs.Outcome:
    model = _held(run, model_id)
    keeping.Keeper(model_id).clear()
    model.status, model.checked_at = ModelStatus.REJECTED, clock.now()
    model.reasons = [asdict(reason) for reason in why]
    model.save()
    record("bim.model.rejected", model, trace.SYSTEM, sha256=model.sha256, reasons=[reason.code for reason in why])
    message = " ".join(reasons.said(reason) for reason in why)
    return jobs.Outcome(result={"model": model.pk, "reasons": model.reasons}, message=message)


def _held(run: jobs.Run, model_id: int) -> BimModel:
    """The model, locked, while this attempt is the one that checks it; Superseded otherwise."""
    model = locks.locked(BimModel.objects.all(), model_id)
    own = Job.objects.filter(pk=run.job.pk, state=Job.State.RUNNING, attempts=run.attempt)
    if model.status != ModelStatus.CHECKING or not own.exists():
        raise jobs.Superseded
    return model


@transaction.atomic
def _leave(model_id: int) -> None:
    """After a cancellation: what was already kept goes away. Another attempt's rows stay."""
    model = locks.locked(BimModel.objects.all(), model_id)
    if model.status == ModelStatus.CANCELLED:
        keeping.Keeper(model_id).clear()
