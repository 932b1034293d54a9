"""Where the projects of the demonstration stand that came to different ends, read from the tables."""

from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import NamedTuple

from django.utils.translation import gettext as _

from assets.models import ArchivePackage, HandoverBatch, TitleRecord
from assets.states import BatchKind, BatchState, TitleState
from core.money import wan
from demonstration.ends import ADJUSTING, CLOSED, EXEMPT, PROVISIONAL, TERMINATED
from demonstration.present import SUSPENDED
from execution import control
from execution.models import Payment
from execution.states import PaymentState
from projects.models import Project
from projects.states import Stage, StageStatus


class End(NamedTuple):
    """A project, the stage it is in, and what is peculiar about it, in words."""

    project: str
    stage: str
    note: str


def ends() -> Iterator[End]:
    """Nothing for a project that is not there."""
    for name, note in NOTES.items():
        project = Project.objects.filter(name=name).first()
        if project is not None:
            yield End(project.name, str(project.get_stage_display()), note(project))


def _closed(project: Project) -> str:
    titles = TitleRecord.objects.filter(asset__project=project, state=TitleState.REGISTERED).count()
    package = ArchivePackage.objects.filter(project=project).last()
    facts = {"titles": titles, "hash": package.manifest_sha256[:16] if package else "—"}
    return _("titles registered: %(titles)s; archive package SHA-256 %(hash)s…") % facts


def _suspended(project: Project) -> str:
    return _("suspended from the stage “%(stage)s”") % {"stage": Stage(project.resume_stage).label}


def _terminated(project: Project) -> str:
    paid = Payment.objects.filter(contract__project=project, state=PaymentState.PAID)
    sunk = sum((row.amount for row in paid), Decimal(0))
    return _("sunk cost %(amount)s 万元") % {"amount": wan(sunk)}


def _adjusting(project: Project) -> str:
    total = control.control_of(project).sheet.total
    facts = {"forecast": wan(total.forecast), "estimate": wan(total.estimate)}
    return _("adjustment open: forecast %(forecast)s, estimate %(estimate)s 万元") % facts


def _provisional(project: Project) -> str:
    batch = HandoverBatch.objects.filter(
        project=project, kind=BatchKind.PROVISIONAL, state=BatchState.CONFIRMED
    ).first()
    if batch is None:
        return "—"
    value = sum((line.value for line in batch.lines.all()), Decimal(0))
    facts = {"receiver": batch.to_unit.name, "value": wan(value)}
    return _("handed over provisionally to %(receiver)s at %(value)s 万元") % facts


def _exempt(project: Project) -> str:
    row = project.stages.get(stage=Stage.FINAL_AUDIT)
    return f"{Stage.FINAL_AUDIT.label} {StageStatus(row.status).label}"


NOTES: dict[str, Callable[[Project], str]] = {
    CLOSED: _closed,
    SUSPENDED: _suspended,
    TERMINATED: _terminated,
    ADJUSTING: _adjusting,
    PROVISIONAL: _provisional,
    EXEMPT: _exempt,
}
