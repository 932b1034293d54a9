"""Corrects the basics of a project, and assigns its code once."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.actor import Actor
from accounts.policies import insist
from core import locks, trace
from core.errors import Problem, StaleState, require, together
from projects.models import Project
from projects.policies import may_amend
from projects.services import index
from projects.services.register import BASICS, all_problems, basics_problems, funding_problems, set_code, set_funding
from projects.states import TERMINAL


@transaction.atomic
def amend(
    project_id: int,
    *,
    actor: Actor,
    basics: dict[str, Any],
    funding: dict[str, Decimal] | None = None,
    expected_version: int | None = None,
    faults: Sequence[Problem] = (),
) -> Project:
    """Changes the fields given in `basics`. The trace keeps both values of each. A code, once issued, stays (R-CODE-05).

    `faults` is what the caller could not read: nothing is written then. Raises RuleViolation with every fault of form
    and of rule.
    """
    project = locks.locked(Project.objects.visible_to(actor), project_id)
    if expected_version is not None and expected_version != project.version:
        raise StaleState(Problem("stale", _("Somebody else has changed this project. Please look at it again.")))
    insist(may_amend, actor, project)
    changes = {}
    told = [*_amend_problems(project, basics), *funding_problems(funding or {})]
    for name in BASICS:
        if name in basics and getattr(project, name) != basics[name]:
            changes[name] = [getattr(project, name), basics[name]]
            setattr(project, name, basics[name])
    set_code(project, project.code)
    project.touch()
    require(all_problems(project, together(faults, [*told, *basics_problems(project)])))
    project.save()
    if funding is not None:
        changes["funding"] = [{row.source: row.amount for row in project.funding.all()}, funding]
        set_funding(project, funding)
    index.reindex(project)
    trace.record(
        "projects.project.amended", actor=actor, target=project, project_id=project.pk, facts={"changes": changes}
    )
    return project


def _amend_problems(project: Project, basics: dict[str, Any]) -> list[Problem]:
    problems = []
    if project.stage in TERMINAL:
        problems.append(Problem("project.ended", _("The project has ended.")))
    if project.code and basics.get("code", project.code) != project.code:
        problems.append(Problem("code.fixed", _("A project code, once issued, may not be changed."), "code"))
    if basics.get("audit_mode", project.audit_mode) != project.audit_mode:
        words = _("How a registered project is audited is decided by the audit office.")
        problems.append(Problem("audit_mode.fixed", words, "audit_mode"))
    return problems
