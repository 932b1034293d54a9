"""Makes the picture of an accepted model in the background: one GLB, once. NONE → RUNNING → READY or FAILED, with reasons.

The shapes are worked out by a process of its own under limits (`bim.ifc.process`); what it could not draw is kept by name
and reason. Beginning again does the whole again: nothing of a dead attempt is kept.
"""

import json
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
from bim.ifc import process
from bim.ifc.records import Reason
from bim.models import BimElement, BimModel
from bim.services import workroom
from bim.services.keeping import batches
from bim.states import GeometryStatus, ModelStatus
from core import files, jobs, locks
from core.errors import Problem, RuleViolation
from core.models import Job

SPARE_SECONDS = 30  # between the end of drawing and the end of the process: time to write the file
LISTED = 5000  # products without a shape that are kept by name


@transaction.atomic
def start(model: BimModel, user: Any) -> Job:
    """Queues the conversion of an accepted model."""
    job = jobs.start(convert_geometry, {"model": model.pk}, user)
    BimModel.objects.filter(pk=model.pk).update(
        geometry_status=GeometryStatus.NONE, geometry_job=job, geometry_reasons=[]
    )
    return job


@transaction.atomic
def start_again(model_id: int, *, actor: Actor) -> Job:
    """Makes the picture once more: after a fault, a cancellation, or with a newer kernel. Not while it is being made."""
    model = locks.locked(BimModel.objects.visible_to(actor), model_id)
    insist(policies.may_check_again, actor, model)
    if model.status != ModelStatus.ACCEPTED:
        raise RuleViolation([Problem("model.not_accepted", _("Only an accepted model can be drawn."))])
    if _under_way(model):
        raise RuleViolation(
            [Problem("geometry.under_way", _("The shapes of this model are being worked out already."))]
        )
    return start(model, actor.user)


@transaction.atomic
def cancel(model_id: int, *, actor: Actor) -> None:
    """Stops the conversion: its process is killed within a second. Raises RuleViolation once it has ended."""
    model = locks.locked(BimModel.objects.visible_to(actor), model_id)
    insist(policies.may_cancel, actor, model)
    if model.geometry_job_id is None or not _under_way(model):
        raise RuleViolation([Problem("geometry.ended", _("The conversion of this model has already ended."))])
    jobs.cancel(model.geometry_job_id)
    model.geometry_status = GeometryStatus.READY if model.geometry_id else GeometryStatus.NONE
    model.save(update_fields=["geometry_status"])


def _under_way(model: BimModel) -> bool:
    return Job.objects.filter(pk=model.geometry_job_id, state__in=jobs.UNDER_WAY).exists()


@jobs.kind(gettext_lazy("Shapes of a building model"))
def convert_geometry(run: jobs.Run) -> jobs.Outcome:
    """Works out the shapes and keeps them, or says why there are none."""
    model = _begin(run)
    if model is None:
        return jobs.Outcome()
    folder = Path(tempfile.mkdtemp(prefix="shapes-", dir=workroom.folder()))
    try:
        out, facts = folder / "shapes.glb", folder / "facts.json"
        bounds = workroom.drawing_limits()
        seconds = str(max(10, bounds.wall_seconds - SPARE_SECONDS))
        result = process.run(
            process.worker(
                "geometry", files.path_of(model.file.sha256), "--out", out, "--facts", facts, "--seconds", seconds
            ),
            limits=bounds,
            on_progress=lambda done, total, phase: run.progress(done, total + 1, reasons.phase(phase)),
        )
        if not result.ok:
            return _fail(run, model.pk, result.reasons)
        return _keep(run, model.pk, out, json.loads(facts.read_text(encoding="utf-8")), result.summary)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@transaction.atomic
def _begin(run: jobs.Run) -> BimModel | None:
    """The model, now being converted; None if this job is no longer the one to do it."""
    model = BimModel.objects.select_for_update().filter(pk=run.params["model"], status=ModelStatus.ACCEPTED).first()
    if model is None or model.geometry_job_id != run.job.pk:
        return None
    model.geometry_status, model.geometry_reasons = GeometryStatus.RUNNING, []
    model.save(update_fields=["geometry_status", "geometry_reasons"])
    return model


def _keep(run: jobs.Run, model_id: int, out: Path, facts: dict[str, Any], summary: dict[str, Any]) -> jobs.Outcome:
    with transaction.atomic():
        model = _held(run, model_id)
        with out.open("rb") as stream:
            model.geometry = files.store(stream, name=f"model-{model_id}.glb", allowed=("GLB",), user=run.user)
        model.geometry_status = GeometryStatus.READY
        model.geometry_missing = facts["missing"][:LISTED]
        model.save(update_fields=["geometry", "geometry_status", "geometry_missing"])
        _keep_places(model_id, facts["places"], facts.get("shapes", {}))
    if summary["missing"]:
        said = _("%(shown)s of %(products)s products have a shape")
    else:
        said = _("All %(products)s products have a shape")
    return jobs.Outcome(result={"model": model_id, **summary}, message=said % summary)


def _keep_places(model_id: int, places: dict[str, list[float]], shapes: dict[str, list[float]]) -> None:
    """Where each element stands, in metres, and what its shape measures: versions of a model are compared by both.

    Known places stay; shapes are those of this conversion.
    """
    elements = BimElement.objects.filter(model_id=model_id).only("guid", "x", "y", "z")
    for batch in batches(elements.iterator(chunk_size=2000)):
        for element in batch:
            if element.x is None and element.guid in places:
                element.x, element.y, element.z = places[element.guid]
            element.shape = shapes.get(element.guid)
        BimElement.objects.bulk_update(batch, ["x", "y", "z", "shape"])


@transaction.atomic
def _fail(run: jobs.Run, model_id: int, why: list[Reason]) -> jobs.Outcome:
    model = _held(run, model_id)
    model.geometry_status = GeometryStatus.FAILED
    model.geometry_reasons = [asdict(reason) for reason in why]
    model.save(update_fields=["geometry_status", "geometry_reasons"])
    message = " ".join(reasons.said(reason) for reason in why)
    return jobs.Outcome(result={"model": model_id, "reasons": model.geometry_reasons}, message=message)


def _held(run: jobs.Run, model_id: int) -> BimModel:
    """The model, locked, while this attempt is the one that converts it; Superseded otherwise."""
    model = locks.locked(BimModel.objects.all(), model_id)
    own = Job.objects.filter(pk=run.job.pk, state=Job.State.RUNNING, attempts=run.attempt)
    if model.geometry_job_id != run.job.pk or not own.exists():
        raise jobs.Superseded
    return model
