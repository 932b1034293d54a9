"""How a project is audited, as the annual audit plan decides (R-LC-07)."""

from collections.abc import Iterable, Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.actor import Actor
from accounts.policies import insist
from core import locks, trace
from core.errors import Problem, StaleState, require, together
from projects.models import Project
from projects.policies import may_set_audit_mode
from projects.states import MAIN_LINE, TERMINAL, AuditMode, Stage

AUDIT = MAIN_LINE.index(Stage.FINAL_AUDIT)


@transaction.atomic
def decide(
    project_id: int,
    *,
    actor: Actor,
    mode: str,
    document_no: str,
    expected_version: int | None = None,
    faults: Sequence[Problem] = (),
) -> Project:
    """The audit office says how the project is audited, or that it is not, naming its audit plan."""
    project = locks.locked(Project.objects.visible_to(actor), project_id)
    insist(may_set_audit_mode, actor)
    if expected_version not in (None, project.version):
        raise StaleState(Problem("stale", _("Somebody else has changed this project. Please look at it again.")))
    require(together(faults, _problems(project, mode, document_no)))
    before, project.audit_mode = project.audit_mode, mode
    project.touch()
    project.save()
    said = {"audit_mode": [before, mode], "document": document_no.strip()}
    trace.record("projects.project.audit_decided", actor=actor, target=project, project_id=project.pk, facts=said)
    return project


def _problems(project: Project, mode: str, document_no: str) -> Iterable[Problem]:
    if mode not in AuditMode.values:
        yield Problem("audit_mode.unknown", _("There is no such audit mode."), "mode")
    if not document_no.strip():
        yield Problem("required", _("This field is required."), "document_no")
    elif len(document_no.strip()) > 60:
        yield Problem("too_long", _("At most 60 characters."), "document_no")
    here = MAIN_LINE.index(project.stage) if project.stage in MAIN_LINE else -1
    if project.stage in TERMINAL or here > AUDIT:
        yield Problem("audit.over", _("The stage of the audit is over."))
    elif here == AUDIT and mode == AuditMode.EXEMPT:
        yield Problem("audit.begun", _("The audit has begun; the project can no longer be exempt."), "mode")
