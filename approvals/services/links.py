"""Satisfies materials by what the system already holds (R-MAT-01): earlier approvals, waivers."""

from approvals.models import ApprovalItem
from projects.states import Gate, Stage, StageStatus

STAGE_OF_GATE: dict[str, str] = {
    Gate.PROPOSAL_APPROVED: Stage.PROPOSAL,
    Gate.FEASIBILITY_APPROVED: Stage.FEASIBILITY,
    Gate.ESTIMATE_APPROVED: Stage.PRELIM_DESIGN,
}


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
            elif stage and stage.status in (StageStatus.WAIVED, StageStatus.SKIPPED_BY_RULE):
                links.append({"gate": gate, "waived": stage.reason})
        if links and len(links) == len(gates):
            slot.linked = links
            slot.save(update_fields=["linked"])
