"""Satisfies materials by what the system already holds (R-MAT-01): earlier approvals, waivers."""

from collections.abc import Iterable
from typing import Any

from approvals.models import ApprovalItem, MaterialSlot
from projects.states import Gate, Stage, StageStatus

STAGE_OF_GATE: dict[str, str] = {
    Gate.PROPOSAL_APPROVED: Stage.PROPOSAL,
    Gate.FEASIBILITY_APPROVED: Stage.FEASIBILITY,
    Gate.ESTIMATE_APPROVED: Stage.PRELIM_DESIGN,
    Gate.AUDITED: Stage.FINAL_AUDIT,
}
# A project that was taken over after its audit still brings the report; one exempt from audit has none (R-LC-07).
EXEMPT = (StageStatus.SKIPPED_BY_RULE,)
EXCUSED = (StageStatus.WAIVED, StageStatus.SKIPPED_BY_RULE)


def link_earlier_approvals(item: ApprovalItem) -> None:
    """Fills `linked` of every AUTO slot with the decisions or waivers that satisfy it."""
    project = item.project
    openings = list(project.gate_openings.filter(closed_on__isnull=True))
    stages = {row.stage: row for row in project.stages.all()}
    for slot in item.slots.all():
        gates = slot.requirement.gates if slot.requirement else ()
        links = []
        for gate in gates:
            opening = next((o for o in reversed(openings) if o.gate == gate), None)
            stage = stages.get(STAGE_OF_GATE.get(gate, ""))
            if opening:
                links.append({"gate": gate, "item_id": opening.item_id, "document_no": opening.document_no})
            elif stage and stage.status in (EXCUSED if gate != Gate.AUDITED else EXEMPT):
                links.append({"gate": gate, "waived": stage.reason})
        if links and len(links) == len(gates):
            _keep(slot, links)


def link(item: ApprovalItem, code: str, documents: Iterable[str]) -> None:
    """Satisfies one material by documents another part of the system holds; none of them leaves it to be uploaded."""
    slot = item.slots.filter(code=code).first()
    if slot is not None and slot.requirement and slot.requirement.gates:
        _keep(slot, [{"gate": "", "document_no": number} for number in dict.fromkeys(documents)])


def _keep(slot: MaterialSlot, links: list[dict[str, Any]]) -> None:
    slot.linked = links
    slot.save(update_fields=["linked"])
