"""How a model stands: what was found for these very bytes, by these very requirements. Not checked is never passed."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from bim import check_wording
from bim.ids_library import MINIMUM_TOOL, Requirements, fitting, library
from bim.models import BimModel, CheckRun
from bim.models.check import Verdict
from bim.states import Discipline
from core import jobs
from core.errors import Problem
from projects.models import Project


@dataclass(frozen=True)
class Checked:
    """One set of requirements and what is known of the model under it now. `run` is the newest one that ended, `pending` one at work."""

    requirements: Requirements
    verdict: str
    run: CheckRun | None = None
    pending: CheckRun | None = None

    @property
    def is_stale(self) -> bool:
        """There is a result, but of other bytes, other requirements or an older edition of the minimum set."""
        return self.run is not None and self.verdict == Verdict.NOT_CHECKED and not is_current(self.run, self)

    @property
    def title(self) -> str:
        return check_wording.title_of(self.requirements)


@dataclass(frozen=True)
class Standing:
    """PASSED, FAILED or NOT_CHECKED over all required sets, with the reasons for the latter two."""

    verdict: str
    reasons: list[Problem] = field(default_factory=list)

    @property
    def is_passed(self) -> bool:
        return self.verdict == Verdict.PASSED


@dataclass(frozen=True)
class StageStanding:
    """The accepted models of one stage that are in force, each with how it stands."""

    stage: str
    models: list[tuple[BimModel, Standing]] = field(default_factory=list)

    @property
    def is_passed(self) -> bool:
        """At least one model, and none of them fails or waits for a required check."""
        return bool(self.models) and all(standing.is_passed for _model, standing in self.models)


def checked_of(model: BimModel, among: Iterable[Requirements] | None = None) -> list[Checked]:
    """Every set that fits the model, with its result; sets that were run on demand beside them. Two queries."""
    runs: dict[str, list[CheckRun]] = {}
    for run in CheckRun.objects.filter(model=model).select_related("ids_file", "started_by", "job").order_by("-pk"):
        run.model = model
        runs.setdefault(run.key, []).append(run)
    known = list(library() if among is None else among)
    sets = fitting(model, known)
    sets += [one for one in known if one.key in runs and one not in sets]
    return [_checked(one, runs.get(one.key, [])) for one in sets]


def _checked(requirements: Requirements, runs: list[CheckRun]) -> Checked:
    pending = next((run for run in runs if run.finished_at is None and _is_at_work(run)), None)
    ended = next((run for run in runs if run.finished_at is not None), None)
    checked = Checked(requirements, Verdict.NOT_CHECKED, ended, pending)
    if ended is not None and is_current(ended, checked):
        return Checked(requirements, ended.verdict, ended, pending)
    return checked


def _is_at_work(run: CheckRun) -> bool:
    """A run whose job died stays without an end, and is nothing to wait for."""
    return run.job is not None and run.job.state in jobs.UNDER_WAY


def is_current(run: CheckRun, checked: Checked) -> bool:
    """Whether the result is of the model's bytes, of the requirements as they are now, and of this minimum set."""
    if run.model_sha256 != run.model.sha256 or run.ids_sha256 != checked.requirements.sha256:
        return False
    return not checked.requirements.is_minimum or run.tool == MINIMUM_TOOL


def standing(model: BimModel) -> Standing:
    """The worst of the required runs."""
    return standing_of(checked_of(model))


def standing_of(rows: Iterable[Checked]) -> Standing:
    reasons, has_failed = [], False
    for one in rows:
        if not one.requirements.required:
            continue
        if one.verdict == Verdict.FAILED and one.run is not None:
            has_failed = True
            reasons += _failed_reasons(one.title, one.run)
        elif one.verdict == Verdict.NOT_CHECKED:
            reasons.append(Problem("model.not_checked", _not_checked(one)))
    if has_failed:
        return Standing(Verdict.FAILED, reasons)
    return Standing(Verdict.NOT_CHECKED if reasons else Verdict.PASSED, reasons)


def _failed_reasons(title: str, run: CheckRun) -> list[Problem]:
    found = []
    for result in run.results.filter(verdict=Verdict.FAILED):
        message = ngettext(
            "%(title)s · %(what)s: %(n)s element fails.", "%(title)s · %(what)s: %(n)s elements fail.", result.n_failed
        )
        facts = {"title": title, "what": check_wording.result_name(result), "n": result.n_failed}
        if not result.n_failed or check_wording.is_of_the_whole(result):
            message = _("%(title)s · %(what)s: not met.")
        found.append(Problem("model.check_failed", message % facts))
    return found


def _not_checked(one: Checked) -> str:
    if one.pending is not None:
        return _("%(title)s: the check is still under way.") % {"title": one.title}
    if one.is_stale:
        return _("%(title)s: the result is of an older file and counts no longer.") % {"title": one.title}
    return _("%(title)s: not checked.") % {"title": one.title}


def stage_standing(project: Project, stage: str) -> StageStanding:
    """The newest accepted version of each discipline of the stage, and how it stands."""
    accepted = BimModel.objects.accepted().filter(project=project, stage=stage).select_related("file", "project")
    newest = {model.discipline: model for model in accepted.order_by("version")}
    models = [newest[discipline] for discipline in Discipline.values if discipline in newest]
    known = library() if models else []
    return StageStanding(stage, [(model, standing_of(checked_of(model, known))) for model in models])
