"""What a complete package needs: for every stage that was passed its decision, and what the end of the works leaves."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from django.utils.translation import gettext as _

from approvals.models import ApprovalItem
from assets.models import TitleRecord
from assets.services import standing
from assets.states import AccountState, TitleState
from bim.states import ModelStage
from core.rulebook import Rulebook
from core.workflow import Situation
from execution.models import Payment
from execution.states import ContractState, PaymentState
from projects.models import Project
from projects.states import Stage, StageStatus

UNSETTLED = (ContractState.EFFECTIVE, ContractState.COMPLETED)


class State(StrEnum):
    MET = "MET"
    MISSING = "MISSING"
    NOT_APPLICABLE = "NOT_APPLICABLE"


@dataclass(frozen=True)
class Requirement:
    """One line of the list. `detail` names the document that meets it, or what is missing."""

    code: str
    label: str
    state: State
    detail: str = ""

    @property
    def is_missing(self) -> bool:
        return self.state is State.MISSING


def requirements(project: Project, rules: Rulebook) -> list[Requirement]:
    """The whole list; what the project never went through is not applicable."""
    stages = {row.stage: row for row in project.stages.all()}
    passed = {stage for stage, row in stages.items() if row.status == StageStatus.PASSED}
    keeps_works = bool(rules.value("execution.required"))
    return [
        *_decisions(project, stages.values()),
        *_works(project, passed, keeps_works),
        *_closing(project, passed, keeps_works),
        _model(project),
    ]


def missing(project: Project, rules: Rulebook) -> list[Requirement]:
    return [one for one in requirements(project, rules) if one.is_missing]


@dataclass(frozen=True)
class ArchiveClock:
    """R-ARC-03: until when the package is made; `light` GREEN, YELLOW or RED."""

    due_on: date
    light: str


def archive_clock(project: Project, now: Situation) -> ArchiveClock | None:
    """`limit.archive` working days from the day the project was closed; None before, and once there is a package."""
    days = [row.passed_on for row in project.stages.all() if row.passed_on]
    if project.stage != Stage.CLOSED or not days or project.archive_packages.exists():
        return None
    closed = max(days)
    due, warn = (
        now.works.provisional().add(closed, now.rules.days(name)) for name in ("limit.archive", "warn.archive")
    )
    return ArchiveClock(due, "RED" if now.on > due else "YELLOW" if now.on >= warn else "GREEN")


def _decisions(project: Project, stages: Iterable[Any]) -> Iterator[Requirement]:
    items = {item.pk: item for item in project.items.prefetch_related("documents", "slots__versions")}
    for row in stages:
        label = _("Decision of the stage “%(stage)s”") % {"stage": Stage(row.stage).label}
        code = f"decision.{row.stage}"
        if row.status != StageStatus.PASSED:
            why = row.reason or str(row.get_status_display())
            yield Requirement(code, label, State.NOT_APPLICABLE, why)
        elif row.decision_item_id is None:
            yield Requirement(code, label, State.NOT_APPLICABLE, _("Passed without an item"))
        else:
            yield _decision(code, label, items.get(row.decision_item_id), row.decision_no)


def _decision(code: str, label: str, item: ApprovalItem | None, number: str) -> Requirement:
    if item is None or not item.documents.all():
        return Requirement(code, label, State.MISSING, number)
    lacking = [
        slot.code for slot in item.slots.all()
        if slot.necessity == "M" and slot.requirement and slot.requirement.needs_file and not slot.versions.all()
        and not slot.linked
    ]  # fmt: skip
    if lacking:
        return Requirement(code, label, State.MISSING, _("Materials: %(codes)s") % {"codes": "、".join(lacking)})
    return Requirement(code, label, State.MET, number or item.no)


def _works(project: Project, passed: set[str], keeps_works: bool) -> Iterator[Requirement]:
    contracts = list(project.contracts.exclude(state=ContractState.DRAFT))
    applies = bool(contracts) or (keeps_works and Stage.PROCUREMENT in passed)
    yield _told("contracts", _("Contracts"), applies, bool(contracts), _("%(n)s contracts") % {"n": len(contracts)})
    open_ones = [row.no for row in contracts if row.state in UNSETTLED and not row.is_tail_works]
    applies = project.stage == Stage.CLOSED and bool(contracts)
    yield _told("settlements", _("Settlement of every contract"), applies, not open_ones, "、".join(open_ones[:5]))
    rounds = list(project.acceptance_rounds.all())
    applies = bool(rounds) or (keeps_works and Stage.ACCEPTANCE in passed)
    accepted = any(row.passed for row in rounds)
    yield _told("acceptance", _("Acceptance by the five parties"), applies, accepted)


def _closing(project: Project, passed: set[str], keeps_works: bool) -> Iterator[Requirement]:
    accounts = list(project.final_accounts.all())
    applies = (Stage.FINAL_ACCOUNT in passed and (keeps_works or bool(accounts))) or _is_to_write_off(project)
    approved = [row for row in accounts if row.state == AccountState.APPROVED]
    numbers = "、".join(row.document_no for row in approved if row.document_no)
    yield _told("final_account", _("Approved final account"), applies, bool(approved), numbers)
    has_cards = project.assets.exists()
    applies = Stage.ASSET_HANDOVER in passed and (keeps_works or has_cards)
    left = standing.undelivered(project) if applies else None
    detail = "" if left is None else _("%(amount)s yuan not handed over") % {"amount": f"{left:,.2f}"}
    yield _told("handover", _("Handover lists signed by both houses"), applies, left == 0, "" if left == 0 else detail)
    titles = list(TitleRecord.objects.filter(asset__project=project).select_related("asset"))
    applies = Stage.TITLE_REGISTRATION in passed and (keeps_works or bool(titles))
    lacking = [row.asset.name for row in titles if not _is_titled(row)]
    numbers = "、".join(row.certificate_no for row in titles if row.certificate_no)
    yield _told("titles", _("Certificates of title"), applies, not lacking, "、".join(lacking[:5]) or numbers)


def _is_to_write_off(project: Project) -> bool:
    """R-FA-06: a terminated project that has spent money accounts for it."""
    paid = Payment.objects.filter(contract__project=project, state=PaymentState.PAID)
    return project.stage == Stage.TERMINATED and paid.exists()


def _is_titled(title: TitleRecord) -> bool:
    return title.state == TitleState.NOT_REQUIRED or (
        title.state == TitleState.REGISTERED and title.document_id is not None
    )


def _model(project: Project) -> Requirement:
    """Where models were kept at all, the one of what was built belongs into the archive."""
    stages = set(project.bim_models.filter(status="ACCEPTED").values_list("stage", flat=True))
    built = project.stage == Stage.CLOSED
    return _told("as_built_model", _("As-built model"), built and bool(stages), ModelStage.AS_BUILT in stages)


def _told(code: str, label: str, applies: bool, is_met: bool, detail: str = "") -> Requirement:
    if not applies:
        return Requirement(code, label, State.NOT_APPLICABLE)
    return Requirement(code, label, State.MET if is_met else State.MISSING, detail)
