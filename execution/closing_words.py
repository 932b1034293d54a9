"""What trace entries of acceptance, settlement and audit say: verbs and the names of kept values."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from execution.flows.finding import FINDING_FLOW

VERBS = {
    **{FINDING_FLOW.verb(move.name): move.label for move in FINDING_FLOW},
    "execution.acceptance.opened": _("Opened an acceptance round"),
    "execution.acceptance.opinion_recorded": _("Recorded the opinion of a party of the acceptance"),
    "execution.acceptance.cleared": _("Recorded a paper the acceptance rests on"),
    "execution.acceptance.passed": _("Signed that the works are accepted"),
    "execution.acceptance.failed": _("Signed that the works are not accepted"),
    "execution.defect.recorded": _("Recorded a defect of the works"),
    "execution.defect.mended": _("Reported that a defect is mended"),
    "execution.defect.checked": _("Checked that a defect is mended"),
    "execution.defect.sent_back": _("Sent the mending of a defect back"),
    "execution.contract.tail_works": _("Marked a contract as tail works, or took it back"),
    "execution.settlement.submitted": _("Handed in the settlement of a contract"),
    "execution.settlement.amended": _("Corrected the settlement of a contract"),
    "execution.settlement.reviewed": _("Took the reviewed settlement of a contract over"),
    "execution.finding.recorded": _("Recorded an audit finding"),
    "execution.finding.amended": _("Corrected an audit finding"),
    "execution.finding.evidence_attached": _("Attached evidence of a rectification"),
    "projects.project.audit_decided": _("Decided how the project is audited"),
}
FACTS = {
    "held_on": _("Day of the acceptance meeting"),
    "party": _("Party"),
    "person": _("Person in charge"),
    "agrees": pgettext_lazy("a party of the acceptance", "Agrees"),
    "clearance": _("Paper"),
    "issued_on": _("Issued on"),
    "fixed_on": _("Mended on"),
    "place": _("Place"),
    "is_tail_works": _("Tail works"),
    "submitted": _("Submitted settlement (yuan)"),
    "finding": _("Number of the finding"),
    "found_on": _("Found on"),
    "measure": _("Measure"),
    "due_on": _("Due on"),
    "rectified_on": _("Rectified on"),
    "mode": _("Audit mode"),
    "audit_mode": _("Audit mode"),
    "item": _("Item number"),
}
