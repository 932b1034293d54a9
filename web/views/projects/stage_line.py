"""The thirteen stages of a project as the page shows them."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from projects.models import Project, ProjectStage
from projects.states import Stage, StageStatus

MARK = {
    StageStatus.NOT_STARTED: "todo",
    StageStatus.IN_PROGRESS: "current",
    StageStatus.PASSED: "done",
    StageStatus.WAIVED: "skipped",
    StageStatus.SKIPPED_BY_RULE: "skipped",
}


@dataclass(frozen=True)
class StageStep:
    """One stage for components/steps.html; `row` holds the dates, the decision and the reason of a waiver."""

    name: Any
    state: str
    when: date | None
    days: str
    row: ProjectStage


def stage_line(project: Project) -> list[StageStep]:
    return [_step(project, row) for row in project.stages.all()]


def _step(project: Project, row: ProjectStage) -> StageStep:
    mark = MARK[StageStatus(row.status)]
    if project.stage in (Stage.TERMINATED, Stage.REVOKED) and mark == "current":
        return StageStep(row.get_stage_display(), "todo", row.entered_on, project.get_stage_display(), row)
    if project.is_suspended and row.stage == project.resume_stage:
        mark = "paused"
    passed = "" if mark in ("todo", "current") else row.get_status_display() if mark == "skipped" else ""
    return StageStep(row.get_stage_display(), mark, row.passed_on or row.entered_on, passed, row)
