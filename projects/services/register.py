"""Puts a project on the register: a new one, or one taken over while it is already running."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.actor import Actor
from accounts.policies import insist
from core import clock, trace
from core.errors import Problem, require, together
from core.money import size_problems
from core.row_problems import row_problems
from projects import codes
from projects.models import ControlFigure, Project, ProjectFunding
from projects.policies import may_register
from projects.rules import project_code
from projects.services import index, stages
from projects.states import MAIN_LINE, CodeScheme, Stage

BASICS = (
    "name", "code", "construction_unit", "user_unit", "agent_builder", "competent_dept", "content_scale", "subdistrict",
    "address", "longitude", "latitude", "crs", "project_class", "construction_nature", "investment_mode", "industry",
    "sector", "plan_category", "urgency", "secrecy", "operating", "is_major", "needs_title", "audit_mode",
    "rough_investment", "meeting_minute", "planned_start", "planned_completion",
)  # fmt: skip


@dataclass(frozen=True)
class TakenOverFigure:
    """An amount approved before the project was taken over; yuan. `kind` is a FigureKind."""

    kind: str
    amount: Decimal
    decided_on: date
    document_no: str
    works_amount: Decimal | None = None


@transaction.atomic
def register(
    *,
    actor: Actor,
    basics: dict[str, Any],
    funding: dict[str, Decimal] | None = None,
    taken_over_at: str = "",
    taken_over_reason: str = "",
    taken_over_figures: Iterable[TakenOverFigure] = (),
    faults: Sequence[Problem] = (),
) -> Project:
    """T01. `basics` holds fields of BASICS; `funding` maps a source's code to yuan.

    `taken_over_at` is the stage a running project has reached when it enters the system; the earlier stages are marked
    waived with the reason, which names the earlier decisions, and `taken_over_figures` are the amounts they approved, so
    that the investment rules hold from then on. `faults` is what the caller could not read: nothing is written then.
    Raises RuleViolation with every fault of form and of rule.
    """
    insist(may_register, actor)
    project = Project(
        owner_unit=actor.organisation,
        district=settings.DISTRICT_NAME,
        registered_by=actor.user,
        registered_at=clock.now(),
        stage=taken_over_at or Stage.RESERVE,
        **{name: value for name, value in basics.items() if name in BASICS and value is not None},
    )
    set_code(project, project.code)
    project.touch()
    told = [*_take_over_problems(taken_over_at, taken_over_reason), *funding_problems(funding or {})]
    require(all_problems(project, together(faults, [*basics_problems(project), *told])))
    project.save()
    stages.begin(project, clock.today())
    if taken_over_at:
        stages.waive_earlier(project, clock.today(), taken_over_reason)
        _keep_figures(project, taken_over_figures)
    set_funding(project, funding or {})
    index.reindex(project)
    trace.record(
        "projects.project.registered",
        actor=actor,
        target=project,
        project_id=project.pk,
        reason=taken_over_reason,
        facts={"name": project.name, "code": project.code, "stage": project.stage, "funding": funding or {}},
    )
    return project


def _keep_figures(project: Project, figures: Iterable[TakenOverFigure]) -> None:
    for version, figure in enumerate(sorted(figures, key=lambda f: f.decided_on), start=1):
        ControlFigure.objects.create(project=project, version=version, **asdict(figure))


def _take_over_problems(stage: str, reason: str) -> list[Problem]:
    if not stage:
        return []
    problems = []
    if stage not in MAIN_LINE:
        problems.append(Problem("take_over.stage", _("Unknown stage."), "taken_over_at"))
    if not reason.strip():
        message = _("Name the decisions made before the project was taken over.")
        problems.append(Problem("take_over.reason", message, "taken_over_reason"))
    return problems


def basics_problems(project: Project) -> list[Problem]:
    """What is wrong with the basics: code format, unknown classifications, secret projects."""
    problems = [
        Problem("code_table.unknown", _("“%(value)s” is not in the table.") % {"value": value}, name)
        for name, table in codes.TABLE_OF_FIELD.items()
        if (value := getattr(project, name)) and not codes.is_valid(table, value, clock.today())
    ]
    if not project.name.strip():
        problems.append(Problem("required", _("The project needs a name."), "name"))
    for name in ("project_class", "construction_nature", "investment_mode", "industry"):
        if not getattr(project, name):
            problems.append(Problem("required", _("This field is required."), name))
    if project.code and project_code.parse(project.code) is None:
        message = _("The code does not have the form YYMM-RRRRRR-DD-TT-NNNNNN.")
        problems.append(Problem("code.format", message, "code"))
    if project.secrecy not in ("OPEN", "INTERNAL"):
        problems.append(Problem("secrecy", _("Secret projects must not be entered into this system."), "secrecy"))
    if project.rough_investment is not None and project.rough_investment < 0:
        problems.append(Problem("negative", _("An amount cannot be negative."), "rough_investment"))
    problems += size_problems(project.rough_investment, "rough_investment")
    if project.planned_start and project.planned_completion and project.planned_completion < project.planned_start:
        message = _("The planned completion lies before the planned start.")
        problems.append(Problem("dates.order", message, "planned_completion"))
    return problems


def all_problems(project: Project, known: Sequence[Problem]) -> list[Problem]:
    """`known`, and what the row's own constraints refuse in fields with which nothing is wrong so far."""
    try:
        project.full_clean(exclude={problem.field for problem in known if problem.field})
    except ValidationError as refusal:
        return together(known, row_problems(refusal))
    return list(known)


def set_code(project: Project, code: str) -> None:
    parsed = project_code.parse(code) if code else None
    project.code = code
    project.code_scheme = CodeScheme(parsed.scheme) if parsed else ""


def funding_problems(funding: dict[str, Decimal]) -> list[Problem]:
    """Unknown sources, and amounts that cannot be kept."""
    problems = [
        Problem("funding.unknown", _("Unknown funding source “%(code)s”.") % {"code": code}, "funding")
        for code in funding
        if not codes.is_valid("funding_source", code, clock.today())
    ]
    problems += [problem for amount in funding.values() for problem in size_problems(amount, "funding")]
    return problems


def set_funding(project: Project, funding: dict[str, Decimal]) -> None:
    """Replaces the funding rows; `funding_problems` has found nothing."""
    project.funding.all().delete()
    for source, amount in funding.items():
        row = ProjectFunding(project=project, source=source, amount=amount)
        row.full_clean()
        row.save()
