"""Checks of an accepted model: the minimum set out of the tables, IDS files by a process of its own (`bim.ifc.ids_run`).

Every run keeps the hash of the model, the hash of the requirements and the tool that spoke. What could not be examined
is NOT_CHECKED, with the reason; it is never passed.
"""

import json
import shutil
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.actor import Actor
from accounts.policies import insist
from bim import ids_library, policies
from bim import reasons as reason_words
from bim.ifc import checks as minimum_set
from bim.ifc import process
from bim.ifc.records import Reason
from bim.models import BimModel, CheckFailure, CheckResult, CheckRun
from bim.models.check import Verdict
from bim.services import workroom
from bim.services.check_facts import facts_of
from bim.services.model_trace import record
from bim.states import ModelStatus
from core import clock, files, jobs, locks, trace
from core.errors import NotFound, Problem, RuleViolation
from core.models import Job

LISTED = 2000  # failing elements kept per requirement; all are counted
ROWS = 2000  # rows a statement
CHANGED = Reason("file.changed")


@transaction.atomic
def start(model: BimModel, user: Any, keys: Iterable[str] | None = None) -> Job | None:
    """Queues the check against everything that fits the model, or against these sets only. None if there is nothing."""
    wanted = ids_library.fitting(model) if keys is None else [_found(key) for key in keys]
    if not wanted:
        return None
    runs = [
        CheckRun.objects.create(
            model=model,
            key=one.key,
            title=one.title[:255],
            ids_file=None if one.is_shipped else one.row,
            model_sha256=model.sha256,
            ids_sha256=one.sha256,
            required=one.required,
            started_by=user,
        )
        for one in wanted
    ]
    job = jobs.start(check_model, {"model": model.pk, "runs": [run.pk for run in runs]}, user)
    CheckRun.objects.filter(pk__in=[run.pk for run in runs]).update(job=job)
    return job


@transaction.atomic
def start_again(model_id: int, *, actor: Actor, keys: Iterable[str] | None = None) -> Job | None:
    """On demand: everything that fits, or the sets named. Not while one of them is under way."""
    model = locks.locked(BimModel.objects.visible_to(actor), model_id)
    insist(policies.may_run_checks, actor, model)
    keys = None if keys is None else list(dict.fromkeys(keys))
    if model.status != ModelStatus.ACCEPTED:
        raise RuleViolation([Problem("model.not_accepted", _("Only an accepted model can be checked."))])
    under_way = CheckRun.objects.filter(model=model, finished_at__isnull=True, job__state__in=jobs.UNDER_WAY)
    if keys is not None:
        under_way = under_way.filter(key__in=keys)
    if under_way.exists():
        raise RuleViolation([Problem("check.under_way", _("This check is under way already."))])
    record("bim.check.started", model, actor, requirements=keys or ["*"])
    return start(model, actor.user, keys)


def _found(key: str) -> ids_library.Requirements:
    one = ids_library.entry(key)
    if one is None:
        raise NotFound(Problem("ids.unknown", _("There are no such information requirements.")))
    return one


@jobs.kind(gettext_lazy("Check of a building model against requirements"))
def check_model(run: jobs.Run) -> jobs.Outcome:
    """Does every run of the job that has not ended yet; beginning again leaves the ended ones as they are."""
    waiting = _waiting(run)
    model = BimModel.objects.select_related("file", "project").get(pk=run.params["model"])
    for one in [one for one in waiting if one.key == ids_library.MINIMUM]:
        run.progress(0, 100, str(reason_words.phase("examining")))
        _finish(run, one, _minimum_rows(model), ids_library.MINIMUM_TOOL)
    _against_files(run, model, [one for one in waiting if one.key != ids_library.MINIMUM])
    ended = CheckRun.objects.filter(pk__in=run.params["runs"])
    verdicts = {one.key: one.verdict for one in ended}
    failed = sum(1 for verdict in verdicts.values() if verdict == Verdict.FAILED)
    message = _("%(failed)s of %(count)s failed") % {"failed": failed, "count": len(verdicts)}
    return jobs.Outcome(result={"model": model.pk, "verdicts": verdicts}, message=message)


def _waiting(run: jobs.Run) -> list[CheckRun]:
    return list(CheckRun.objects.filter(pk__in=run.params["runs"], finished_at__isnull=True).order_by("pk"))


Row = tuple[CheckResult, list[CheckFailure]]


def _minimum_rows(model: BimModel) -> Iterator[Row]:
    for position, judged in enumerate(minimum_set.judge(facts_of(model))):
        result = CheckResult(
            position=position,
            code=judged.check.code,
            specification=judged.check.code,
            verdict=judged.verdict,
            n_applicable=judged.n_applicable,
            n_failed=len(judged.failures),
        )
        failures = [
            CheckFailure(
                guid=one.guid, ifc_class=one.ifc_class, name=one.name[:255], reason=one.code, detail=one.detail[:500]
            )
            for one in judged.failures[:LISTED]
        ]
        yield result, failures


def _against_files(run: jobs.Run, model: BimModel, runs: list[CheckRun]) -> None:
    """One process opens the model once and checks it against all files whose bytes are still what was asked for."""
    paths: list[Path] = []
    known: list[CheckRun] = []
    for one in runs:
        requirements = ids_library.entry(one.key, with_retired=True)
        if requirements is None or requirements.path is None or not _is_intact(requirements.path, one.ids_sha256):
            _finish(run, one, (), "", [CHANGED])
        else:
            known.append(one)
            paths.append(requirements.path)
    if not known:
        return
    folder = Path(tempfile.mkdtemp(prefix="checks-", dir=workroom.folder()))
    try:
        out = folder / "results.jsonl"
        arguments = [part for path in paths for part in ("--ids", str(path))]
        result = process.run(
            process.worker("ids", files.path_of(model.file.sha256), *arguments, "--out", out),
            limits=workroom.reading_limits(),
            on_progress=lambda done, total, phase: run.progress(done, total + 1, reason_words.phase(phase)),
        )
        if not result.ok:
            for one in known:
                _finish(run, one, (), "", result.reasons)
            return
        lines = _lines_by_file(out)
        for number, one in enumerate(known):
            faults = [Reason(**fault) for fault in result.summary["faults"].get(str(number), ())]
            _finish(run, one, _ids_rows(lines.get(number, [])), result.summary["tool"], faults)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _is_intact(path: Path, sha256: str) -> bool:
    return path.is_file() and files.hash_of(path) == sha256


def _lines_by_file(out: Path) -> dict[int, list[dict[str, Any]]]:
    found: dict[int, list[dict[str, Any]]] = {}
    with out.open(encoding="ascii") as lines:
        for line in lines:
            row = json.loads(line)
            found.setdefault(row["ids"], []).append(row)
    return found


def _ids_rows(lines: list[dict[str, Any]]) -> Iterator[Row]:
    for position, line in enumerate(lines):
        result = CheckResult(
            position=position,
            code=line["identifier"][:60],
            specification=line["specification"][:500],
            requirement={**line["requirement"], "applies": line["applies_to"]},
            verdict=line["verdict"],
            n_applicable=line["n_applicable"],
            n_failed=line["n_failed"],
        )
        failures = [
            CheckFailure(guid=guid, ifc_class=ifc_class[:60], name=name, reason=code[:60], detail=detail)
            for guid, ifc_class, name, code, detail in line["failures"][:LISTED]
        ]
        yield result, failures


@transaction.atomic
def _finish(run: jobs.Run, one: CheckRun, rows: Iterable[Row], tool: str, reasons: Iterable[Reason] = ()) -> None:
    """Keeps the result, while this attempt still holds the job."""
    held = locks.locked(CheckRun.objects.all(), one.pk)
    own = Job.objects.filter(pk=run.job.pk, state=Job.State.RUNNING, attempts=run.attempt)
    if held.finished_at is not None or not own.exists():
        raise jobs.Superseded
    results, failures = [], []
    for result, missed in rows:
        result.run = held
        results.append(result)
        failures.append(missed)
    CheckResult.objects.bulk_create(results, batch_size=ROWS)
    for result, missed in zip(results, failures, strict=True):
        for failure in missed:
            failure.result = result
    CheckFailure.objects.bulk_create([one for missed in failures for one in missed], batch_size=ROWS)
    held.reasons = [asdict(reason) for reason in reasons]
    held.verdict = worst([result.verdict for result in results]) if not held.reasons else Verdict.NOT_CHECKED
    held.tool, held.finished_at = tool[:100], clock.now()
    held.save()
    record(
        "bim.check.finished",
        BimModel.objects.get(pk=held.model_id),
        trace.SYSTEM,
        requirements=held.key,
        verdict=held.verdict,
        sha256=held.model_sha256,
        ids_sha256=held.ids_sha256,
        tool=held.tool,
    )


def worst(verdicts: Iterable[str]) -> str:
    """One failure fails; one thing that was not checked leaves all unchecked; something must have been looked at."""
    found = set(verdicts)
    for verdict in (Verdict.FAILED, Verdict.NOT_CHECKED, Verdict.PASSED):
        if verdict in found:
            return verdict
    return Verdict.NOT_APPLICABLE if found else Verdict.NOT_CHECKED
