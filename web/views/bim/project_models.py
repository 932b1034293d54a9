"""The models of one project: what there is of each stage and discipline, in versions, and where a new one is handed in."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from bim import policies, selectors
from bim.selectors import Series
from bim.services.upload import KINDS, uploadable_problems
from bim.states import Discipline, ModelStage
from core.errors import Problem
from core.files import KINDS as FILE_KINDS
from core.files import MB
from projects.models import Project
from projects.states import MAIN_LINE, Stage
from web.access import signed_in
from web.forms.bim import ModelUploadForm

ACCEPT = ",".join(extension for code in KINDS for extension in FILE_KINDS[code].extensions)
MAX_BYTES = FILE_KINDS[KINDS[0]].max_mb * MB
# The first stage of a project from which on the model of the next kind is the usual one.
USUAL = (
    (Stage.ACCEPTANCE, ModelStage.AS_BUILT),
    (Stage.CONSTRUCTION, ModelStage.CONSTRUCTION),
    (Stage.BUDGET, ModelStage.DRAWINGS),
    (Stage.PRELIM_DESIGN, ModelStage.PRELIMINARY),
)


@dataclass(frozen=True)
class MatrixRow:
    """One discipline: the versions of every stage, or None."""

    label: str
    cells: list[Series | None]


@require_GET
@signed_in
def models_of_project(request: HttpRequest, pk: int) -> HttpResponse:
    return page(request, selectors.project_of(request.actor, pk))


def page(
    request: HttpRequest, project: Project, form: ModelUploadForm | None = None, problems: Iterable[Problem] = ()
) -> HttpResponse:
    """The page, or the same again with the reasons why the upload was refused."""
    series, problems = selectors.series_of(project), tuple(problems)
    stages = [stage for stage in ModelStage if any(one.stage == stage for one in series)]
    context: dict[str, Any] = {
        "project": project,
        "series": series,
        "stages": stages,
        "rows": _matrix(series, stages),
        "problems": problems,
        "may_upload": policies.may_upload(request.actor, project) is None,
        "upload_problems": uploadable_problems(project),
        "form": form or ModelUploadForm(initial={"stage": usual_stage(project), "discipline": Discipline.COMBINED}),
        "endpoint": reverse("api:uploads"),
        "accept": ACCEPT,
        "max_bytes": MAX_BYTES,
    }
    return render(request, "web/bim/project.html", context, status=422 if problems else 200)


def _matrix(series: list[Series], stages: list[ModelStage]) -> list[MatrixRow]:
    by_place = {(one.stage, one.discipline): one for one in series}
    used = [discipline for discipline in Discipline if any(one.discipline == discipline for one in series)]
    return [
        MatrixRow(str(discipline.label), [by_place.get((stage, discipline)) for stage in stages]) for discipline in used
    ]


def usual_stage(project: Project) -> str:
    """The kind of model that is usually handed in where the project stands."""
    place = {stage: number for number, stage in enumerate(MAIN_LINE)}
    now = place.get(project.stage, -1)
    return next((kind for stage, kind in USUAL if place.get(stage, 99) <= now), ModelStage.CONCEPT)
