"""Findings of the final audit: recorded by the auditor, scheduled and rectified by the unit, confirmed by another person."""

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from accounts.actor import Actor
from accounts.models import Appointment
from accounts.policies import insist
from accounts.roles import Role
from accounts.services import notify
from approvals.models import ApprovalItem
from core import clock, locks, trace
from core.errors import Problem, StaleState, require, together
from core.money import size_problems
from core.workflow import Situation
from execution import closing
from execution.closing_policies import may_record_finding
from execution.machines import FINDINGS
from execution.models import AuditFinding
from execution.policies import may_keep_books
from execution.services.acceptance import day_problems
from execution.services.evidence import Upload, kept
from execution.services.machine import Step
from execution.states import FindingState
from projects.models import Project
from projects.services import facts
from projects.states import MAIN_LINE, AuditMode, Stage

AUDITED = frozenset({*MAIN_LINE[MAIN_LINE.index(Stage.FINAL_AUDIT) :], Stage.CLOSED})


@transaction.atomic
def record(
    project_id: int,
    *,
    actor: Actor,
    text: str,
    found_on: date | None,
    amount: Decimal | None = None,
    item_id: int | None = None,
    faults: Sequence[Problem] = (),
) -> AuditFinding:
    """A finding of the audit, with the yuan it concerns and the AUD item it belongs to, if any.

    Raises RuleViolation with every reason. T19 waits until it is scheduled or rectified.
    """
    project = locks.locked(Project.objects.visible_to(actor), project_id)
    insist(may_record_finding, actor, project)
    item, found = _audit(project, item_id, actor)
    require(together(faults, [*_stage_problems(project), *_said_wrongly(text, found_on, amount), *found]))
    number = (project.audit_findings.aggregate(last=Max("number"))["last"] or 0) + 1
    row = AuditFinding.objects.create(
        project=project, number=number, mode=project.audit_mode, text=text.strip(), amount=amount, found_on=found_on,
        item=item, recorded_by=actor.user,
    )  # fmt: skip
    _trace("recorded", actor, row)
    posts = Appointment.objects.on(clock.today()).filter(role=Role.APPLICANT_LEAD, organisation=project.owner_unit)
    for post in posts.select_related("user"):
        notify.tell(post.user, "finding.recorded", _about(row), link=row.get_absolute_url())
    tell(project)
    return row


@transaction.atomic
def amend(
    pk: int,
    *,
    actor: Actor,
    text: str,
    found_on: date | None,
    amount: Decimal | None = None,
    item_id: int | None = None,
    expected_version: int | None = None,
    faults: Sequence[Problem] = (),
) -> AuditFinding:
    """Corrects a finding the unit has not answered yet."""
    row = FINDINGS.lock(pk, actor)
    insist(may_record_finding, actor, row.project)
    if expected_version not in (None, row.version):
        raise StaleState(Problem("stale", _("Somebody else has changed this meanwhile. Please look at it again.")))
    problems = list(_said_wrongly(text, found_on, amount))
    if row.state != FindingState.OPEN:
        problems.append(Problem("finding.answered", _("A finding the unit has answered is no longer changed.")))
    item, found = _audit(row.project, item_id, actor)
    require(together(faults, [*problems, *found]))
    row.text, row.found_on, row.amount, row.item = text.strip(), found_on, amount, item
    row.version += 1
    row.save()
    _trace("amended", actor, row)
    return row


def _stage_problems(project: Project) -> Iterable[Problem]:
    if project.audit_mode == AuditMode.EXEMPT:
        yield Problem("audit.exempt", _("The project is exempt from audit."))
    if project.stage not in AUDITED:
        words = _("Not possible in the stage “%(stage)s”.") % {"stage": project.get_stage_display()}
        yield Problem("audit.stage", words)


def _said_wrongly(text: str, found_on: date | None, amount: Decimal | None) -> Iterable[Problem]:
    if not text.strip():
        yield Problem("required", _("This field is required."), "text")
    yield from day_problems(found_on, "found_on", None)
    if amount is not None and amount < 0:
        yield Problem("amount.negative", _("An amount cannot be negative."), "amount")
    yield from size_problems(amount, "amount")


def _audit(project: Project, item_id: int | None, actor: Actor) -> tuple[ApprovalItem | None, list[Problem]]:
    if item_id is None:
        return None, []
    item = closing.audits_of(project, actor).filter(pk=item_id).first()
    if item is None:
        return None, [Problem("finding.item", _("The project has no such audit."), "item_id")]
    return item, []


@transaction.atomic
def attach(pk: int, *, actor: Actor, file: Upload | None) -> AuditFinding:
    """The evidence of a rectification, before it is reported by the move `rectify`; the newest one counts."""
    row = FINDINGS.lock(pk, actor)
    insist(may_keep_books, actor, row.project)
    problems = []
    if row.state not in (FindingState.OPEN, FindingState.SCHEDULED):
        label = row.get_state_display()
        problems.append(Problem("wrong_state", _("Not possible in the state “%(state)s”.") % {"state": label}))
    evidence = kept(file, actor, problems)
    row.evidence = evidence
    row.save()
    _trace("evidence_attached", actor, row, sha256=evidence.sha256 if evidence else "")
    return row


@transaction.atomic
def rectify(
    pk: int,
    *,
    actor: Actor,
    rectified_on: date | None,
    note: str,
    file: Upload | None = None,
    expected_version: int | None = None,
    faults: Sequence[Problem] = (),
) -> AuditFinding:
    """Attaches the evidence, if some came, and reports the rectification (U02): one act, all reasons at once."""
    row = FINDINGS.lock(pk, actor)
    refused = FINDINGS.refusal(actor, row, FINDINGS.flow["rectify"])
    if refused is None and row.state in (FindingState.OPEN, FindingState.SCHEDULED):
        said_wrongly = [*_filled(note), *day_problems(rectified_on, "rectified_on", row.found_on)]
        evidence = kept(file, actor, together(faults, said_wrongly), required=row.evidence_id is None)
        row.evidence = evidence or row.evidence
        row.save()
    said = {"rectified_on": rectified_on, "note": note}
    return FINDINGS.perform(pk, "rectify", actor=actor, data=said, expected_version=expected_version)


def _filled(note: str) -> list[Problem]:
    return [] if note.strip() else [Problem("required", _("This field is required."), "note")]


@FINDINGS.check("schedule")
def schedule_problems(row: AuditFinding, said: dict[str, Any], now: Situation) -> Iterable[Problem]:
    day = said.get("due_on")
    if day is not None and day < now.on:
        yield Problem("date.past", _("This day has passed."), "due_on")


@FINDINGS.check("rectify")
def rectification_problems(row: AuditFinding, said: dict[str, Any], now: Situation) -> Iterable[Problem]:
    if "rectified_on" in said:
        yield from day_problems(said["rectified_on"], "rectified_on", row.found_on)


@FINDINGS.before("schedule")
def keep_the_schedule(step: Step) -> None:
    step.row.measure, step.row.due_on = step.data["measure"], step.data["due_on"]


@FINDINGS.before("rectify")
def keep_the_rectification(step: Step) -> None:
    row = step.row
    row.rectified_on, row.note, row.rectified_by = step.data["rectified_on"], step.data["note"], step.actor.user
    row.returned_note = ""
    step.facts |= {"finding": row.number, "sha256": row.evidence.sha256}


@FINDINGS.after("rectify")
def ask_for_the_confirmation(step: Step) -> None:
    row = step.row
    notify.tell(row.recorded_by, "finding.rectified", _about(row), link=row.get_absolute_url())
    tell(row.project)


@FINDINGS.before("confirm")
def keep_the_confirmation(step: Step) -> None:
    step.row.confirmed_by, step.row.confirmed_on = step.actor.user, step.on
    step.facts |= {"finding": step.row.number}


@FINDINGS.before("send_back")
def forget_the_rectification(step: Step) -> None:
    """Back to its schedule, or open where it never had one; the evidence has to come anew."""
    row = step.row
    row.returned_note = step.data["reason"]
    if row.rectified_by is not None:
        notify.tell(row.rectified_by, "finding.returned", _about(row), link=row.get_absolute_url())
    row.rectified_on, row.rectified_by, row.evidence = None, None, None
    step.target = FindingState.SCHEDULED if row.due_on else FindingState.OPEN
    step.facts |= {"finding": row.number}


@FINDINGS.after("schedule")
@FINDINGS.after("send_back")
def tell_the_project(step: Step) -> None:
    tell(step.row.project)


def tell(project: Project) -> None:
    """T19 waits for findings that are neither scheduled nor rectified."""
    facts.tell(project, open_findings=closing.open_findings(project))


def _about(row: AuditFinding) -> dict[str, str]:
    return {"project": row.project.name, "text": row.text[:80]}


def _trace(verb: str, actor: Actor, row: AuditFinding, **said: object) -> None:
    kept_facts = {
        "finding": row.number, "amount": row.amount, "found_on": row.found_on, "mode": row.mode,
        "item": row.item.no if row.item else None, **said,
    }  # fmt: skip
    trace.record(
        f"execution.finding.{verb}", actor=actor, target=row, project_id=row.project_id, reason=row.text,
        facts=kept_facts,
    )  # fmt: skip
