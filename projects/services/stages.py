"""Keeps the thirteen stage rows of a project in step with the move just made."""

from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from projects.models import Project, ProjectStage
from projects.states import MAIN_LINE, Gate, Stage, StageStatus

# Whose decision passes a stage. The others are passed by a document that is named with the move, or by nothing.
DECIDED_BY = {
    Stage.RESERVE: (Gate.RESERVE_ADMITTED,),
    Stage.PROPOSAL: (Gate.PROPOSAL_APPROVED,),
    Stage.FEASIBILITY: (Gate.FEASIBILITY_APPROVED,),
    Stage.PRELIM_DESIGN: (Gate.ESTIMATE_APPROVED,),
    Stage.BUDGET: (Gate.BUDGET_REVIEWED,),
    Stage.PROCUREMENT: (Gate.AWARDED, Gate.START_PERMITTED),
    Stage.ACCEPTANCE: (Gate.ACCEPTED,),
    Stage.SETTLEMENT: (Gate.SETTLED,),
    Stage.FINAL_AUDIT: (Gate.AUDITED,),
    Stage.FINAL_ACCOUNT: (Gate.FINAL_ACCOUNT_APPROVED,),
    Stage.ASSET_HANDOVER: (Gate.HANDED_OVER,),
    Stage.TITLE_REGISTRATION: (Gate.TITLED,),
}


def begin(project: Project, on: date) -> None:
    """The rows of a new project: everything before its first stage was decided elsewhere and is waived with the reason."""
    here = MAIN_LINE.index(project.stage)
    ProjectStage.objects.bulk_create(
        ProjectStage(
            project=project,
            stage=stage,
            position=position,
            status=StageStatus.IN_PROGRESS if position == here else StageStatus.NOT_STARTED,
            entered_on=on if position == here else None,
        )
        for position, stage in enumerate(MAIN_LINE)
    )


def waive_earlier(project: Project, on: date, reason: str) -> None:
    """For a project taken over while running: the stages before its first one (R-LC-03 does not apply to them)."""
    project.stages.filter(position__lt=MAIN_LINE.index(project.stage)).update(
        status=StageStatus.WAIVED, waiver_ground="TAKEN_OVER", reason=reason, passed_on=on
    )


def follow(project: Project, source: str, on: date, *, waived: dict[str, str], data: dict[str, Any]) -> None:
    """Marks the stage left as passed, the ones jumped as waived or skipped, the one entered as in progress."""
    rows = {row.stage: row for row in project.stages.all()}
    for stage, status in waived.items():
        row = rows[stage]
        row.status, row.passed_on = status, on
        row.waiver_ground = data.get("ground", "IN_PLAN") if status == StageStatus.WAIVED else ""
        row.reason = data.get("reason") or _why_skipped(stage)
        row.decision_no = _document(data)
        row.save()
    if source in rows and source not in waived and _is_forward(source, project.stage):
        _pass(rows[source], project, on, data)
    if project.stage in rows:
        _enter(rows, project.stage, on, forward=_is_forward(source, project.stage))


def _why_skipped(stage: str) -> str:
    """R-LC-07 and T22; what else a rule passes over goes without more words."""
    if stage == Stage.FINAL_AUDIT:
        return _("The project is exempt from audit.")
    if stage == Stage.TITLE_REGISTRATION:
        return _("No asset of the project needs a title.")
    return _("By rule.")


def _is_forward(source: str, target: str) -> bool:
    if target == Stage.CLOSED:
        return True
    return source in MAIN_LINE and target in MAIN_LINE and MAIN_LINE.index(target) > MAIN_LINE.index(source)


def _pass(row: ProjectStage, project: Project, on: date, data: dict[str, Any]) -> None:
    openings = project.gate_openings.filter(gate__in=DECIDED_BY.get(Stage(row.stage), ()), closed_on__isnull=True)
    opening = openings.filter(item_id__isnull=False).order_by("-pk").first()
    waived_by_rule = "ground" in data
    row.status = StageStatus.WAIVED if waived_by_rule and data["ground"] != "WAIVED_BY_APPROVAL" else StageStatus.PASSED
    if row.status == StageStatus.WAIVED:
        row.waiver_ground, row.reason = data["ground"], data.get("reason") or _("By rule.")
        row.decision_no = _document(data)
    elif opening:
        row.decision_item_id, row.decision_no = opening.item_id, opening.document_no
    else:
        row.decision_item_id, row.decision_no = None, _document(data)
    row.passed_on = on
    row.save()


def _document(data: dict[str, Any]) -> str:
    """What the person named with the move, as long as the row can keep."""
    return str(data.get("document", ""))[: ProjectStage._meta.get_field("decision_no").max_length]


def _enter(rows: dict[str, ProjectStage], stage: str, on: date, *, forward: bool) -> None:
    row = rows[stage]
    if row.status == StageStatus.IN_PROGRESS:
        return
    row.status, row.entered_on, row.passed_on = StageStatus.IN_PROGRESS, row.entered_on or on, None
    row.save()
    if not forward:
        for later in rows.values():
            if later.position > row.position and later.status != StageStatus.NOT_STARTED:
                later.status, later.passed_on = StageStatus.NOT_STARTED, None
                later.save()
