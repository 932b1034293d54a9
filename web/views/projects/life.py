"""The stage page: the whole life of a project on one line, and what blocks the next stage."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from accounts.actor import Actor
from approvals.control_chain import OVERRUNS
from approvals.services.moves import situation
from projects.models import Project
from projects.states import Stage
from reports import whole_life
from reports.life_shapes import Life, Paper, StageLife
from web.access import signed_in
from web.rooms import ROOMS, room_url
from web.views.projects.chain_chart import drawing_of
from web.views.projects.next_steps import way_of
from web.views.projects.stage_line import StageStep, stage_line
from web.waiting_rows import waiting_rows

ROOMS_OF = {
    Stage.PROCUREMENT: ("tenders",),
    Stage.CONSTRUCTION: ("progress", "changes", "payments", "control"),
    Stage.ACCEPTANCE: ("acceptance",),
    Stage.SETTLEMENT: ("settlements",),
    Stage.FINAL_AUDIT: ("audit",),
    Stage.FINAL_ACCOUNT: ("final_account",),
    Stage.ASSET_HANDOVER: ("assets", "handover"),
    Stage.TITLE_REGISTRATION: ("titles",),
    Stage.CLOSED: ("archive",),
}
PAGE_OF_PAPER = {"document": "document", "contract": "contract_file", "archive": "archive_package"}


@dataclass(frozen=True)
class StageRow:
    """One stage with its links: papers as (paper, address), rooms as (label, address)."""

    life: StageLife
    papers: list[tuple[Paper, str]]
    rooms: list[tuple[Any, str]]


@require_GET
@signed_in
def stages(request: HttpRequest, pk: int) -> HttpResponse:
    now = situation()
    life = whole_life.life_of(request.actor, pk, now)
    here = life.here
    context = {
        "project": life.project,
        "life": life,
        "here": here,
        "line": _line(life),
        "rows": [_row(stage, life.project, request.actor) for stage in life.stages],
        "steps": [way_of(life.project, step, request.actor) for step in here.steps] if here else [],
        "remains": [way_of(life.project, step, request.actor) for step in life.remains],
        "waits": waiting_rows(life.waits, now.on, request.actor),
        "drawing": drawing_of(life.chain),
        "overruns": [OVERRUNS[flag] for flag in life.overruns],
    }
    return render(request, "web/projects/life.html", context)


def _line(life: Life) -> list[StageStep]:
    closed = life.stages[-1]
    done = life.project.stage == Stage.CLOSED
    end = StageStep(closed.label, "done" if done else "todo", closed.entered_on, "", None)
    return [*stage_line(life.project), end]


def _row(stage: StageLife, project: Project, actor: Actor) -> StageRow:
    labels = {room.url: room.label for room in ROOMS}
    urls = [(labels[name], room_url(name, actor, project)) for name in ROOMS_OF.get(Stage(stage.code), ())]
    return StageRow(
        life=stage,
        papers=[(paper, reverse(f"web:{PAGE_OF_PAPER[paper.kind]}", args=[paper.pk])) for paper in stage.papers],
        rooms=[(label, url) for label, url in urls if url],
    )
