"""Hands in a building model: a file becomes the next version of its project, stage and discipline, and is read."""

from collections.abc import Mapping
from typing import IO

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.actor import Actor
from accounts.policies import insist
from bim import policies
from bim.models import BimModel
from bim.services import ingest
from bim.services.model_trace import record
from bim.states import Discipline, ModelStage
from core import files, locks
from core.errors import DomainError, Problem, require
from core.keys import key_of
from core.models import StoredFile, Upload
from core.services import uploads
from projects.models import Project
from projects.states import TERMINAL

PURPOSE = "bim_model"
KINDS = ("IFC_MODEL", "IFCZIP")
LONGEST_REMARK = 200


def announced(said: Mapping[str, str], *, actor: Actor, name: str, size: int) -> Upload:
    """Opens a resumable upload for the project, stage and discipline that the metadata name."""
    project = locks.found(Project.objects.visible_to(actor), pk=key_of(said.get("project", "")) or 0)
    place = _place(said)
    _require_uploadable(project, place, actor)
    uploads.announce(name, size, KINDS)
    return uploads.begin(owner=actor.user, name=name, size=size, purpose=PURPOSE, target_id=project.pk, said=place)


def attach(upload: Upload, *, actor: Actor) -> BimModel:
    """Makes the finished upload the newest version. A refused file is given up, so that nobody waits for it."""
    try:
        with uploads.path_of(upload).open("rb") as stream:
            model = hand_in(upload.target_id, stream, name=upload.name, actor=actor, said=upload.said)
    except DomainError:
        uploads.forget(upload)
        raise
    uploads.finish(upload, model.pk)
    return model


def hand_in(project_id: int, stream: IO[bytes], *, name: str, actor: Actor, said: Mapping[str, str]) -> BimModel:
    """A new version from these bytes; it waits for its check. `said`: stage, discipline, perhaps a remark.

    Raises NotFound, NotPermitted, RuleViolation with every reason.
    """
    project, place = locks.found(Project.objects.visible_to(actor), pk=project_id), _place(said)
    _require_uploadable(project, place, actor)
    return _next_version(project_id, files.store(stream, name=name, allowed=KINDS, user=actor.user), actor, place)


@transaction.atomic
def _next_version(project_id: int, file: StoredFile, actor: Actor, place: Mapping[str, str]) -> BimModel:
    """Under the project's lock, so that two uploads at once become two versions."""
    project = locks.locked(Project.objects.visible_to(actor), project_id)
    _require_uploadable(project, place, actor)
    earlier = BimModel.objects.filter(project=project, stage=place["stage"], discipline=place["discipline"])
    require(_twin_problems(earlier.filter(sha256=file.sha256).order_by("-version").first()))
    newest = earlier.order_by("-version").first()
    model = BimModel.objects.create(
        project=project,
        stage=place["stage"],
        discipline=place["discipline"],
        remark=place["remark"],
        version=newest.version + 1 if newest else 1,
        file=file,
        sha256=file.sha256,
        uploaded_by=actor.user,
    )
    record("bim.model.uploaded", model, actor, name=file.name, sha256=file.sha256)
    ingest.start(model, actor.user)
    return model


def uploadable_problems(project: Project) -> list[Problem]:
    """What keeps everybody from handing in models now."""
    return [Problem("project.ended", _("The project has ended."))] if project.stage in TERMINAL else []


def _require_uploadable(project: Project, place: Mapping[str, str], actor: Actor) -> None:
    insist(policies.may_upload, actor, project)
    require([*uploadable_problems(project), *_place_problems(place)])


def _place(said: Mapping[str, str]) -> dict[str, str]:
    return {name: str(said.get(name, "")).strip() for name in ("stage", "discipline", "remark")}


def _place_problems(place: Mapping[str, str]) -> list[Problem]:
    problems = []
    if place["stage"] not in ModelStage.values:
        problems.append(Problem("model.stage", _("Say which stage the model is of."), "stage"))
    if place["discipline"] not in Discipline.values:
        problems.append(Problem("model.discipline", _("Say which discipline the model is of."), "discipline"))
    if len(place["remark"]) > LONGEST_REMARK or "\x00" in place["remark"]:
        problems.append(Problem("model.remark", _("The remark is longer than 200 characters."), "remark"))
    return problems


def _twin_problems(twin: BimModel | None) -> list[Problem]:
    """The same bytes once more are no new version."""
    if twin is None:
        return []
    message = _("This very file is already version %(version)s (%(status)s). Nothing new was handed in.")
    return [Problem("model.same", message % {"version": twin.version, "status": twin.get_status_display()}, "file")]


BIM_MODEL = uploads.Purpose(PURPOSE, announced, attach)
