"""The whole life of a project on one line: every stage with its dates, decisions, amounts and papers, and what blocks the next.

Only reads. Money in yuan. What a person may not see – items, undecided amounts, books – is left out here, so that the page
and the API cannot differ.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from accounts.actor import Actor
from accounts.roles import Role
from approvals.catalog import ITEM_TYPES, ItemType
from approvals.control_chain import CHAIN, Link, chain_of, overruns_of
from approvals.models import ApprovalItem
from approvals.next_steps import NextStep, next_steps
from approvals.project_items import items_of
from approvals.services.moves import situation
from approvals.sight import sight_of
from approvals.states import ItemState
from assets.handover_policies import reads_assets
from assets.states import AccountState, BatchKind, BatchState, TitleState
from core import clock
from core.models import TraceEntry
from core.money import ZERO, ratio
from core.workflow import Situation
from execution.policies import reads_books
from execution.states import FindingState, TenderState
from projects import selectors
from projects.lifecycle import LIFECYCLE
from projects.models import GateOpening, Project, ProjectStage
from projects.states import FigureKind, Stage, StageStatus
from reports import waiting
from reports.life_shapes import Decided, Life, Paper, Release, StageLife, Sum, Turn, Works

STAGE_OF_GATE: dict[str, str] = {kind.gate: kind.stages[0] for kind in ITEM_TYPES.values() if kind.gate}
TYPE_OF_GATE: dict[str, ItemType] = {kind.gate: kind for kind in ITEM_TYPES.values() if kind.gate}
FIGURE_OF_STAGE = {
    Stage.PROPOSAL: FigureKind.ROUGH,
    Stage.FEASIBILITY: FigureKind.FEASIBILITY,
    Stage.PRELIM_DESIGN: FigureKind.ESTIMATE,
    Stage.BUDGET: FigureKind.BUDGET,
    Stage.FINAL_ACCOUNT: FigureKind.FINAL,
}
TURNS = ("suspend", "resume", "terminate", "revoke", "reopen")
TURN_OF_ACCOUNT = {
    AccountState.DRAFT: Role.APPLICANT_CLERK,
    AccountState.COMPILED: Role.APPLICANT_LEAD,
    AccountState.SUBMITTED: Role.FINANCE_OFFICER,
    AccountState.APPROVED: Role.FINANCE_OFFICER,
}
REFUSED = (ItemState.REJECTED, ItemState.RETURNED, ItemState.NOT_ACCEPTED)


def life_of(actor: Actor, pk: int, now: Situation | None = None) -> Life:
    """Raises NotFound where this person does not see the project."""
    now = now or situation()
    project = selectors.detailed(actor, pk)
    items = items_of(project, actor, "documents")
    works = _works_of(project) if reads_books(actor) else Works()
    told = _Told(project, actor, items, works, now)
    return Life(
        project=project,
        stages=[*(told.stage(row) for row in project.stages.all()), told.end()],
        chain=chain_with_contracts(project, works),
        overruns=overruns_of(project).flags,
        releases=works.releases,
        waits=waiting.of_project(project, now.on) if reads_books(actor) else [],
        turns=turns_of(project),
        remains=list(_remains(project, works)),
    )


def turns_of(project: Project) -> list[Turn]:
    """As they were signed, the oldest first."""
    labels = {LIFECYCLE.verb(name): LIFECYCLE[name].label for name in TURNS}
    rows = TraceEntry.objects.filter(project_id=project.pk, verb__in=labels).order_by("pk")
    return [
        Turn(labels[row.verb], clock.date_of(row.at), str(row.facts.get("document", "")), row.reason) for row in rows
    ]


def _remains(project: Project, works: Works) -> Iterator[NextStep]:
    """R-FA-06: what a terminated project has spent is accounted for and written off."""
    if project.stage != Stage.TERMINATED or not works.paid or works.approved_account is not None:
        return
    account = works.accounts[0] if works.accounts else None
    role = TURN_OF_ACCOUNT[account.state] if account else Role.APPLICANT_CLERK
    who = str(role.label) if role == Role.FINANCE_OFFICER else f"{project.owner_unit} · {role.label}"
    progress = str(account.get_state_display()) if account else _("Not opened yet")
    what = _("Final account of what was spent (%(amount)s yuan), to be written off")
    yield NextStep(what % {"amount": f"{works.paid:,.2f}"}, who, progress, problem="account.terminated")


def _works_of(project: Project) -> Works:
    contracts = project.contracts.select_related("settlement", "file").prefetch_related(
        "supplements", "changes", "payments"
    )
    releases = project.releases.select_related("item__plan").order_by("released_on", "pk")
    return Works(
        tenders=list(project.tenders.order_by("pk")),
        contracts=list(contracts.order_by("pk")),
        accounts=list(project.final_accounts.all()),
        releases=[Release(row.item.plan.year, row.amount, row.document_no, row.released_on) for row in releases],
    )


def chain_with_contracts(project: Project, works: Works) -> list[Link]:
    """匡算→估算→概算→(调概)→预算→合同→结算→决算: contracts and settlements are sums over all contracts."""
    links = dict(zip(CHAIN, chain_of(project), strict=True))
    if works.in_force:
        links[FigureKind.AWARD] = _summed(links[FigureKind.AWARD], _("Contracts"), works.value, links)
    else:
        links[FigureKind.AWARD] = replace(links[FigureKind.AWARD], label=_("Contracts"))
    reviewed = [row.reviewed for row in works.settlements() if row.reviewed is not None]
    if reviewed:
        label = FigureKind.SETTLEMENT.label
        links[FigureKind.SETTLEMENT] = _summed(links[FigureKind.SETTLEMENT], label, sum(reviewed, ZERO), links)
    final = links[FigureKind.FINAL]
    if final.amount is None and works.approved_account is not None:
        links[FigureKind.FINAL] = replace(final, amount=works.approved_account)
    return [link for kind, link in links.items() if kind != FigureKind.ADJUSTED or link.amount is not None]


def _summed(link: Link, label: Any, amount: Decimal, links: dict[FigureKind, Link]) -> Link:
    """Held against the budget, or the estimate where no budget was reviewed."""
    kinds = (FigureKind.BUDGET, FigureKind.ADJUSTED, FigureKind.ESTIMATE)
    base = next((links[kind] for kind in kinds if links[kind].amount is not None), None)
    difference = amount - base.amount if base and base.amount is not None else None
    return replace(
        link,
        label=label,
        amount=amount,
        document_no="",
        item_id=None,
        decided_on=None,
        base=base.label if base else "",
        difference=difference,
        ratio=ratio(difference, base.amount) if base and base.amount and difference is not None else None,
        superseded=(),
    )


class _Told:
    """Gathers what is to be said of each stage."""

    def __init__(self, project: Project, actor: Actor, items: list[ApprovalItem], works: Works, now: Situation) -> None:
        self.project, self.actor, self.items, self.works, self.now = project, actor, items, works, now
        self.reads_books = reads_books(actor)
        self.by_pk = {item.pk: item for item in items}

    def stage(self, row: ProjectStage) -> StageLife:
        stands_still = self.project.is_suspended and row.stage == self.project.resume_stage
        is_here = row.stage == self.project.stage or stands_still
        return StageLife(
            code=row.stage,
            label=row.get_stage_display(),
            status=row.status,
            status_label=_("Suspended here") if stands_still else row.get_status_display(),
            entered_on=row.entered_on,
            left_on=row.passed_on,
            days=self._days(row, is_here),
            is_here=is_here,
            ground=row.get_waiver_ground_display() if row.waiver_ground else "",
            reason=row.reason,
            decisions=[*self._decisions(row), *self._refusals(row.stage)],
            sums=list(self._sums(Stage(row.stage))),
            papers=list(self._papers(row.stage)),
            steps=next_steps(self.project, self.items, self.actor, self.now) if is_here else [],
        )

    def end(self) -> StageLife:
        """办结归档: the fourteenth line, reached when the project is closed."""
        closed = self.project.stage == Stage.CLOSED
        passed = [row.passed_on for row in self.project.stages.all() if row.passed_on]
        status = StageStatus.PASSED if closed else StageStatus.NOT_STARTED
        packages = self.project.archive_packages.all() if reads_assets(self.actor) else ()
        return StageLife(
            code=Stage.CLOSED,
            label=Stage.CLOSED.label,
            status=status,
            status_label=status.label,
            entered_on=max(passed, default=None) if closed else None,
            papers=[Paper(_("Archive package"), "archive", row.pk, row.no, row.made_at.date()) for row in packages],
        )

    def _days(self, row: ProjectStage, is_here: bool) -> int | None:
        until = row.passed_on or (self.now.on if is_here else None)
        return (until - row.entered_on).days if row.entered_on and until else None

    def _decisions(self, row: ProjectStage) -> Iterator[Decided]:
        openings = [one for one in self.project.gate_openings.all() if STAGE_OF_GATE.get(one.gate) == row.stage]
        for opening in openings:
            yield self._decided(opening)
        if row.decision_no and row.decision_no not in {one.document_no for one in openings}:
            item_id = row.decision_item_id if row.decision_item_id in self.by_pk else None
            yield Decided(row.get_status_display(), row.decision_no, row.passed_on, "", item_id=item_id)

    def _decided(self, opening: GateOpening) -> Decided:
        item = self.by_pk.get(opening.item_id) if opening.item_id else None
        kind = TYPE_OF_GATE[opening.gate]
        return Decided(
            label=kind.label,
            document_no=opening.document_no,
            on=opening.opened_on,
            outcome=_("No longer stands") if opening.closed_on else opening.get_gate_display(),
            declared=item.declared_amount if item and kind.money else None,
            approved=opening.amount,
            item_id=item.pk if item else None,
            stands=opening.closed_on is None,
        )

    def _refusals(self, stage: str) -> Iterator[Decided]:
        """What ended without an approval is part of the story."""
        for item in reversed(self.items):
            if item.state in REFUSED and ITEM_TYPES[item.item_type].stages[0] == stage:
                yield Decided(
                    label=item.get_item_type_display(),
                    document_no=item.document_no,
                    on=item.decided_on,
                    outcome=item.get_state_display(),
                    declared=item.declared_amount if ITEM_TYPES[item.item_type].money else None,
                    item_id=item.pk,
                    stands=False,
                )

    def _papers(self, stage: str) -> Iterator[Paper]:
        for item in reversed(self.items):
            if ITEM_TYPES[item.item_type].stages[0] == stage:
                for row in sight_of(self.actor, item).documents(item):
                    if row.voided_on is None:
                        yield Paper(row.title, "document", row.pk, row.number, row.issued_on)
        if stage == Stage.PROCUREMENT:
            for contract in self.works.contracts:
                if contract.file_id:
                    yield Paper(contract.name, "contract", contract.pk, contract.no, contract.signed_on)

    def _sums(self, stage: Stage) -> Iterable[Sum]:
        if stage in FIGURE_OF_STAGE:
            yield from self._figure(FIGURE_OF_STAGE[stage])
        if stage == Stage.RESERVE and self.project.rough_investment is not None:
            yield Sum(_("Rough figure as registered"), self.project.rough_investment)
        if not self.reads_books:
            return
        tell = {
            Stage.PROCUREMENT: self._bought,
            Stage.CONSTRUCTION: self._built,
            Stage.ACCEPTANCE: self._accepted,
            Stage.SETTLEMENT: self._settled,
            Stage.FINAL_AUDIT: self._audited,
            Stage.FINAL_ACCOUNT: self._accounted,
            Stage.ASSET_HANDOVER: self._handed_over if reads_assets(self.actor) else None,
            Stage.TITLE_REGISTRATION: self._titled if reads_assets(self.actor) else None,
        }.get(stage)
        if tell is not None:
            yield from tell()

    def _figure(self, kind: FigureKind) -> Iterator[Sum]:
        figure = self.project.latest_figure(kind)
        if figure:
            yield Sum(kind.label, figure.amount)

    def _bought(self) -> Iterator[Sum]:
        standing = [row for row in self.works.tenders if row.state != TenderState.FAILED]
        awarded = [row.award for row in standing if row.award is not None]
        if standing:
            yield Sum(_("Ceiling prices"), sum((row.ceiling for row in standing), ZERO))
        if awarded:
            yield Sum(_("Awards"), sum(awarded, ZERO))
        if self.works.in_force:
            yield Sum(_("Contract prices"), sum((row.price for row in self.works.in_force), ZERO))

    def _built(self) -> Iterator[Sum]:
        yield from self._figure(FigureKind.ADJUSTED)
        if self.works.in_force:
            yield Sum(_("Value of the contracts now"), self.works.value)
        if self.works.releases:
            yield Sum(_("Released"), sum((row.amount for row in self.works.releases), ZERO))
        if self.works.paid:
            yield Sum(_("Paid"), self.works.paid)
        told = self.project.told
        if told.physical_percent:
            yield Sum(_("Confirmed progress"), words=f"{told.physical_percent.normalize():f} %")

    def _accepted(self) -> Iterator[Sum]:
        rounds = list(self.project.acceptance_rounds.prefetch_related("defects"))
        if rounds:
            last = rounds[-1]
            open_ones = sum(row.checked_on is None for one in rounds for row in one.defects.all())
            result = {True: _("passed"), False: _("not passed"), None: _("open")}[last.passed]
            words = _("round %(n)s on %(day)s: %(result)s") % {"n": last.number, "day": last.held_on, "result": result}
            yield Sum(_("Acceptance by the five parties"), words=words)
            yield Sum(_("Defects still open"), words=str(open_ones))

    def _settled(self) -> Iterator[Sum]:
        rows = self.works.settlements()
        if rows:
            yield Sum(_("Settlements submitted"), sum((row.submitted for row in rows), ZERO))
            yield Sum(_("Settlements reviewed"), sum((row.reviewed or ZERO for row in rows), ZERO))
        if self.project.told.unsettled_contracts:
            yield Sum(_("Contracts not settled"), words=str(self.project.told.unsettled_contracts))

    def _audited(self) -> Iterator[Sum]:
        yield Sum(_("Audit mode"), words=str(self.project.get_audit_mode_display()))
        findings = list(self.project.audit_findings.all())
        if findings:
            left = sum(row.state == FindingState.OPEN for row in findings)
            yield Sum(_("Findings"), words=_("%(n)s, of them open: %(left)s") % {"n": len(findings), "left": left})

    def _accounted(self) -> Iterator[Sum]:
        for row in self.works.accounts:
            label = row.part or _("Final account")
            yield Sum(label, words=str(row.get_state_display()))
            if row.approved_total is not None and self.project.latest_figure(FigureKind.FINAL) is None:
                yield Sum(_("Approved"), row.approved_total)

    def _handed_over(self) -> Iterator[Sum]:
        batches = list(self.project.handover_batches.prefetch_related("lines"))
        for kind in BatchKind:
            values = [
                line.value
                for batch in batches
                if batch.kind == kind and batch.state in (BatchState.RECEIVED, BatchState.CONFIRMED)
                for line in batch.lines.all()
            ]
            if values:
                yield Sum(kind.label, sum(values, ZERO))

    def _titled(self) -> Iterator[Sum]:
        titles = [row.title for row in self.project.assets.select_related("title") if hasattr(row, "title")]
        if titles:
            done = sum(row.state == TitleState.REGISTERED for row in titles)
            words = _("%(done)s of %(n)s registered") % {"done": done, "n": len(titles)}
            yield Sum(_("Titles"), words=words)
