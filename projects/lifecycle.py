"""The project's life, one line per arrow (DOMAIN §2.4). Guards read only the project's own rows.

A guard takes the project and the situation and yields problems. Which approval opens which gate is told in
approvals/catalog.py; here only the gates are known.
"""

from collections.abc import Callable, Iterator
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.roles import Role
from core.errors import Problem
from core.workflow import Input, Move, Situation, Workflow
from projects.states import MAIN_LINE, WAIVER_GROUNDS, AuditMode, Gate, Stage

CLERK, LEAD = (Role.APPLICANT_CLERK,), (Role.APPLICANT_LEAD,)
OFFICER, DETERMINER, DIRECTOR = (Role.CASE_OFFICER,), (Role.DETERMINER,), (Role.DIRECTOR,)

DOCUMENT = Input("document", _("Authority document"), "line")
REASON = Input("reason", _("Reason"))
GROUND = Input("ground", _("Ground of the simplification"), "choice", choices=WAIVER_GROUNDS[:4])

Guard = Callable[[Any, Situation], Iterator[Problem]]


def gate_is_open(gate: Gate) -> Guard:
    """True while an approval that opens this gate is in force."""

    def guard(project: Any, situation: Situation) -> Iterator[Problem]:
        if not project.has_gate(gate, situation.on):
            yield Problem("gate.closed", gettext("Missing: %(gate)s.") % {"gate": gate.label})

    return guard


# What a later stage before the start of works rests on: the stage that was passed, and the gate its approval opened.
BASIS = (
    (Stage.PROPOSAL, Gate.PROPOSAL_APPROVED),
    (Stage.FEASIBILITY, Gate.FEASIBILITY_APPROVED),
    (Stage.PRELIM_DESIGN, Gate.ESTIMATE_APPROVED),
    (Stage.BUDGET, Gate.BUDGET_REVIEWED),
)


def lost_approvals(project: Any, stage: str) -> list[Any]:
    """The openings of stages before this one that were revoked or have expired and were not given anew (R-LC-01).

    A stage that was waived, or taken over, rests on no opening. From the start of works on nothing is asked any more.
    """
    if stage not in MAIN_LINE[1:6]:
        return []
    openings: dict[str, list[Any]] = {}
    for row in project.gate_openings.all():
        openings.setdefault(row.gate, []).append(row)
    return [
        openings[gate][-1]
        for passed, gate in BASIS
        if MAIN_LINE.index(passed) < MAIN_LINE.index(stage)
        and gate in openings
        and all(row.closed_on for row in openings[gate])
    ]


def lost_problems(project: Any, stage: str) -> Iterator[Problem]:
    message = gettext("%(gate)s: %(document)s no longer stands and has to be given anew.")
    for row in lost_approvals(project, stage):
        values = {"gate": row.get_gate_display(), "document": row.document_no}
        yield Problem("approval.lost", message % values)


def earlier_approvals_stand(project: Any, situation: Situation) -> Iterator[Problem]:
    yield from lost_problems(project, project.stage)


def in_reserve_or_decided_by_meeting(project: Any, situation: Situation) -> Iterator[Problem]:
    if not project.reserve_no and not project.meeting_minute:
        yield Problem(
            "reserve.missing", gettext("The project is not in the reserve and no meeting minute is recorded.")
        )


def has_a_code(project: Any, situation: Situation) -> Iterator[Problem]:
    """R-CODE-01: no code, no acceptance."""
    if not project.code:
        yield Problem("code.missing", gettext("The project has no project code yet."))


def award_is_new(project: Any, situation: Situation) -> Iterator[Problem]:
    """T11: each filed award is recorded once; another lot, or a tender held again, brings a filing of its own."""
    standing = [row for row in project.gate_openings.all() if row.gate == Gate.AWARDED and row.closed_on is None]
    if standing and all(row.recorded_on for row in standing):
        yield Problem("award.recorded", gettext("The award has already been recorded."))


def is_exempt_from_audit(project: Any, situation: Situation) -> Iterator[Problem]:
    if project.audit_mode != AuditMode.EXEMPT:
        yield Problem("audit.required", gettext("The project is to be audited."))


def is_to_be_audited(project: Any, situation: Situation) -> Iterator[Problem]:
    if project.audit_mode == AuditMode.EXEMPT:
        yield Problem("audit.exempt", gettext("The project is exempt from audit."))


def needs_a_title(project: Any, situation: Situation) -> Iterator[Problem]:
    if not project.needs_title:
        yield Problem("title.not_needed", gettext("No asset of the project needs a title."))


def needs_no_title(project: Any, situation: Situation) -> Iterator[Problem]:
    if project.needs_title:
        yield Problem("title.needed", gettext("The project has assets that need a title."))


def is_adjusting(project: Any, situation: Situation) -> Iterator[Problem]:
    if not project.is_estimate_adjusting:
        yield Problem("adjustment.not_open", gettext("No estimate adjustment is open."))


def is_not_adjusting(project: Any, situation: Situation) -> Iterator[Problem]:
    if project.is_estimate_adjusting:
        yield Problem("adjustment.open", gettext("An estimate adjustment is open."))


def is_not_in_reserve(project: Any, situation: Situation) -> Iterator[Problem]:
    if project.reserve_no:
        yield Problem("reserve.already", gettext("The project is already in the reserve."))


def _facts(project: Any, situation: Situation) -> Any:
    """What the rooms to the right have told; None where they are not required yet (rule `execution.required`)."""
    return project.told if situation.rules.value("execution.required") else None


def a_works_contract_is_in_force(project: Any, situation: Situation) -> Iterator[Problem]:
    told = _facts(project, situation)
    if told and not told.works_contracts:
        yield Problem("contract.missing", gettext("No works contract is in force."))


def funds_are_released(project: Any, situation: Situation) -> Iterator[Problem]:
    told = _facts(project, situation)
    if told and told.released <= 0:
        yield Problem("funds.missing", gettext("No funds of an annual plan have been released to the project."))


def works_are_complete(project: Any, situation: Situation) -> Iterator[Problem]:
    told = _facts(project, situation)
    if told and told.physical_percent < 100:
        shown = {"percent": told.physical_percent}
        yield Problem(
            "progress.incomplete", gettext("The confirmed progress of the works is %(percent)s %%, not 100 %%.") % shown
        )


def the_parties_accepted(project: Any, situation: Situation) -> Iterator[Problem]:
    told = _facts(project, situation)
    if told and not told.acceptance_passed:
        yield Problem("acceptance.open", gettext("The five parties have not accepted the works, or defects are open."))


def every_contract_is_settled(project: Any, situation: Situation) -> Iterator[Problem]:
    told = _facts(project, situation)
    if told and told.unsettled_contracts:
        shown = {"n": told.unsettled_contracts}
        yield Problem("settlement.open", gettext("Contracts neither settled nor marked as tail works: %(n)s.") % shown)


def findings_are_dealt_with(project: Any, situation: Situation) -> Iterator[Problem]:
    told = _facts(project, situation)
    if told and told.open_findings:
        shown = {"n": told.open_findings}
        yield Problem("findings.open", gettext("Audit findings neither rectified nor scheduled: %(n)s.") % shown)


def every_asset_is_delivered(project: Any, situation: Situation) -> Iterator[Problem]:
    """T21: Σ handover value = Σ delivered assets, to the fen, signed by the receivers."""
    told = _facts(project, situation)
    if told and told.undelivered is None:
        yield Problem("handover.missing", gettext("No assets have been handed over yet."))
    elif told and told.undelivered != 0:
        shown = {"amount": f"{told.undelivered:,.2f}"}
        yield Problem(
            "handover.difference", gettext("Assets worth %(amount)s yuan are not handed over and signed for.") % shown
        )


def every_title_is_registered(project: Any, situation: Situation) -> Iterator[Problem]:
    told = _facts(project, situation)
    if told and (told.pending_titles is None or told.pending_titles):
        yield Problem(
            "title.pending",
            gettext("Real-estate assets without a certificate: %(n)s.") % {"n": told.pending_titles or "—"},
        )


S = Stage
LIFECYCLE = Workflow(
    "stage",
    "projects.project",
    Move("T02", "admit_to_reserve", _("Admit to the reserve"), (S.RESERVE,), None, OFFICER,
         (gate_is_open(Gate.RESERVE_ADMITTED), is_not_in_reserve)),
    Move("T03", "start_proposal", _("Start the proposal"), (S.RESERVE,), S.PROPOSAL, LEAD,
         (in_reserve_or_decided_by_meeting, has_a_code), primary=True),
    Move("T04", "pass_proposal", _("Proposal passed"), (S.PROPOSAL,), S.FEASIBILITY, (),
         (gate_is_open(Gate.PROPOSAL_APPROVED),)),
    Move("T05", "pass_proposal_waive_feasibility", _("Go to preliminary design without a feasibility study"),
         (S.PROPOSAL,), S.PRELIM_DESIGN, DETERMINER, (), (GROUND, DOCUMENT, REASON)),
    Move("T06", "direct_to_feasibility", _("Go directly to the feasibility study"), (S.RESERVE,), S.FEASIBILITY,
         DETERMINER, (has_a_code,), (DOCUMENT, REASON)),
    Move("T07", "pass_feasibility", _("Feasibility passed"), (S.FEASIBILITY,), S.PRELIM_DESIGN, (),
         (gate_is_open(Gate.FEASIBILITY_APPROVED), earlier_approvals_stand)),
    Move("T08", "pass_estimate", _("Estimate passed"), (S.PRELIM_DESIGN,), S.BUDGET, (),
         (gate_is_open(Gate.ESTIMATE_APPROVED), earlier_approvals_stand)),
    Move("T09", "reopen_feasibility", _("Demand a new feasibility study"), (S.PRELIM_DESIGN,), S.FEASIBILITY,
         DETERMINER, (gate_is_open(Gate.NEW_FEASIBILITY_DEMANDED),), (REASON,)),
    Move("T10", "pass_budget", _("Budget passed"), (S.BUDGET,), S.PROCUREMENT, (),
         (gate_is_open(Gate.BUDGET_REVIEWED), earlier_approvals_stand)),
    Move("T10b", "waive_budget", _("Go to procurement without a budget review"), (S.BUDGET,), S.PROCUREMENT,
         DETERMINER, (earlier_approvals_stand,), (GROUND, DOCUMENT, REASON)),
    Move("T11", "award", _("Record the award"), (S.PROCUREMENT,), None, CLERK,
         (gate_is_open(Gate.AWARDED), award_is_new, earlier_approvals_stand)),
    Move("T12", "start_construction", _("Start construction"), (S.PROCUREMENT,), S.CONSTRUCTION, LEAD,
         (gate_is_open(Gate.AWARDED), gate_is_open(Gate.START_PERMITTED), earlier_approvals_stand,
          a_works_contract_is_in_force, funds_are_released), primary=True),
    Move("T13", "open_estimate_adjustment", _("Open an estimate adjustment"), (S.CONSTRUCTION,), None, LEAD,
         (is_not_adjusting,), (REASON,)),
    Move("T14", "close_estimate_adjustment", _("Estimate adjustment closed"), (S.CONSTRUCTION,), None, (),
         (is_adjusting, gate_is_open(Gate.ADJUSTMENT_DECIDED))),
    Move("T15", "enter_acceptance", _("Enter completion acceptance"), (S.CONSTRUCTION,), S.ACCEPTANCE, CLERK,
         (is_not_adjusting, works_are_complete), (Input("document", _("Contractor's completion report"), "line"),
                               Input("tail_works", _("Tail works"), required=False)), primary=True),
    Move("T15b", "fail_acceptance", _("Acceptance failed"), (S.ACCEPTANCE,), S.CONSTRUCTION, LEAD, (),
         (Input("defects", _("Defects found")),)),
    Move("T16", "pass_acceptance", _("Acceptance passed"), (S.ACCEPTANCE,), S.SETTLEMENT, (),
         (gate_is_open(Gate.ACCEPTED), the_parties_accepted)),
    Move("T17", "pass_settlement", _("Settlement passed"), (S.SETTLEMENT,), S.FINAL_AUDIT, (),
         (gate_is_open(Gate.SETTLED), is_to_be_audited, every_contract_is_settled)),
    Move("T18", "pass_settlement_no_audit", _("Settlement passed, exempt from audit"), (S.SETTLEMENT,),
         S.FINAL_ACCOUNT, (), (gate_is_open(Gate.SETTLED), is_exempt_from_audit, every_contract_is_settled)),
    Move("T19", "pass_audit", _("Audit passed"), (S.FINAL_AUDIT,), S.FINAL_ACCOUNT, (),
         (gate_is_open(Gate.AUDITED), findings_are_dealt_with)),
    Move("T20", "approve_final_account", _("Final account approved"), (S.FINAL_ACCOUNT,), S.ASSET_HANDOVER, (),
         (gate_is_open(Gate.FINAL_ACCOUNT_APPROVED),)),
    Move("T21", "complete_handover", _("Handover completed"), (S.ASSET_HANDOVER,), S.TITLE_REGISTRATION, (),
         (gate_is_open(Gate.HANDED_OVER), needs_a_title, every_asset_is_delivered)),
    Move("T22", "complete_handover_no_title", _("Handover completed, no title needed"), (S.ASSET_HANDOVER,),
         S.CLOSED, (), (gate_is_open(Gate.HANDED_OVER), needs_no_title, every_asset_is_delivered)),
    Move("T23", "complete_title", _("Title registered"), (S.TITLE_REGISTRATION,), S.CLOSED, (),
         (gate_is_open(Gate.TITLED), every_title_is_registered)),
    Move("T24", "suspend", _("Suspend"), MAIN_LINE, S.SUSPENDED, DETERMINER, (), (REASON, DOCUMENT)),
    Move("T25", "resume", _("Resume"), (S.SUSPENDED,), MAIN_LINE, DETERMINER, (), (DOCUMENT,)),
    Move("T26", "terminate", _("Terminate"), (*MAIN_LINE, S.SUSPENDED), S.TERMINATED, DIRECTOR, (),
         (REASON, DOCUMENT), irreversible=True),
    Move("T27", "revoke", _("Revoke"), MAIN_LINE[1:6], S.REVOKED, DIRECTOR, (), (REASON, DOCUMENT),
         irreversible=True),
    Move("T28", "reopen", _("Reopen"), (S.CLOSED,), S.FINAL_ACCOUNT, DIRECTOR, (), (REASON, DOCUMENT)),
)  # fmt: skip
