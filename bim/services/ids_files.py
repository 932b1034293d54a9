"""The library of information requirements: files are handed in, made required or not, retired and taken back. All traced."""

from collections.abc import Mapping
from pathlib import Path
from typing import IO

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.actor import Actor
from accounts.policies import insist
from bim import ids_faults, ids_library, policies
from bim.ifc import process
from bim.models import IdsFile
from bim.states import Discipline, ModelStage
from core import clock, files, locks, trace
from core.errors import NotFound, Problem, RuleViolation, require
from core.models import StoredFile

KINDS = ("IDS",)
LIMITS = process.Limits(memory_mb=2048, cpu_seconds=30, wall_seconds=40, output_mb=64)


def upload(stream: IO[bytes], *, name: str, actor: Actor, said: Mapping[str, str]) -> IdsFile:
    """Keeps a valid file. `said`: stage, discipline (both may be empty), required. Raises RuleViolation with its faults."""
    insist(policies.may_keep_requirements, actor)
    require(_place_problems(said))
    file = files.store(stream, name=name, allowed=KINDS, user=actor.user)
    return _keep(file, _audited(files.path_of(file.sha256)), actor, said)


def _audited(path: Path) -> str:
    """The title of a file that is fit to check by."""
    result = process.run(process.worker("audit-ids", path), limits=LIMITS)
    if result.reasons:
        raise RuleViolation([Problem("ids.invalid", ids_faults.said(reason), "file") for reason in result.reasons])
    return str(result.summary["title"])


@transaction.atomic
def _keep(file: StoredFile, title: str, actor: Actor, said: Mapping[str, str]) -> IdsFile:
    twin = IdsFile.objects.filter(
        sha256=file.sha256, stage=said.get("stage", ""), discipline=said.get("discipline", ""), retired_at=None
    ).first()
    if twin is not None or any(one.sha256 == file.sha256 for one in ids_library.shipped()):
        raise RuleViolation([Problem("ids.same", _("This very file is already in the library."), "file")])
    row = IdsFile.objects.create(
        title=title[:255],
        stage=said.get("stage", ""),
        discipline=said.get("discipline", ""),
        required=_is_yes(said.get("required", "")),
        file=file,
        sha256=file.sha256,
        uploaded_by=actor.user,
    )
    _record("bim.ids.uploaded", row, actor)
    return row


@transaction.atomic
def set_required(key: str, required: bool, *, actor: Actor) -> IdsFile:
    """From now on a failure blocks acceptance, or no longer does."""
    row = _changeable(key, actor)
    row.required = required
    row.save(update_fields=["required"])
    _record("bim.ids.required" if required else "bim.ids.advisory", row, actor)
    return row


@transaction.atomic
def retire(key: str, *, actor: Actor) -> IdsFile:
    """No model is checked against it any more; what was found stays readable."""
    row = _changeable(key, actor)
    if row.retired_at is not None:
        raise RuleViolation([Problem("ids.retired", _("These requirements have been retired already."))])
    row.retired_at = clock.now()
    row.save(update_fields=["retired_at"])
    _record("bim.ids.retired", row, actor)
    return row


@transaction.atomic
def take_back(key: str, *, actor: Actor) -> IdsFile:
    """Retired requirements count again."""
    row = _changeable(key, actor)
    if row.retired_at is None:
        raise RuleViolation([Problem("ids.in_force", _("These requirements are in force."))])
    row.retired_at = None
    row.save(update_fields=["retired_at"])
    _record("bim.ids.taken_back", row, actor)
    return row


def _changeable(key: str, actor: Actor) -> IdsFile:
    """The row, locked; for a shipped file the one that overlays it, made at the first change."""
    insist(policies.may_keep_requirements, actor)
    one = ids_library.entry(key, with_retired=True)
    if one is None:
        raise NotFound(Problem("ids.unknown", _("There are no such information requirements.")))
    if one.is_minimum:
        raise RuleViolation([Problem("ids.minimum", _("The minimum set is always required."))])
    if one.row is not None:
        return locks.locked(IdsFile.objects.all(), one.row.pk)
    assert one.path is not None
    with one.path.open("rb") as stream:
        file = files.store(stream, name=one.path.name, allowed=KINDS, user=actor.user)
    return IdsFile.objects.create(
        title=one.title,
        code=one.code,
        stage=one.stage,
        discipline=one.discipline,
        required=one.required,
        shipped=True,
        file=file,
        sha256=file.sha256,
    )


def _record(verb: str, row: IdsFile, actor: Actor) -> None:
    facts = {"title": row.title, "sha256": row.sha256, "model_stage": row.stage, "discipline": row.discipline}
    trace.record(verb, actor=actor, target=row, facts={**facts, "required": row.required})


def _place_problems(said: Mapping[str, str]) -> list[Problem]:
    problems = []
    if said.get("stage", "") not in ("", *ModelStage.values):
        problems.append(Problem("ids.stage", _("There is no such stage."), "stage"))
    if said.get("discipline", "") not in ("", *Discipline.values):
        problems.append(Problem("ids.discipline", _("There is no such discipline."), "discipline"))
    return problems


def _is_yes(said: object) -> bool:
    return str(said).lower() in ("1", "true", "on", "yes")
