"""What trace entries of tenders, contracts and change orders say: verbs and the names of kept values."""

from django.utils.translation import gettext_lazy as _

from execution.closing_words import FACTS as CLOSING_FACTS
from execution.closing_words import VERBS as CLOSING_VERBS
from execution.flows.change import CHANGE_FLOW
from execution.flows.contract import CONTRACT_FLOW
from execution.flows.tender import TENDER_FLOW
from execution.plan_words import FACTS as PLAN_FACTS
from execution.plan_words import VERBS as PLAN_VERBS
from execution.works_words import FACTS as WORKS_FACTS
from execution.works_words import VERBS as WORKS_VERBS

FLOWS = (TENDER_FLOW, CONTRACT_FLOW, CHANGE_FLOW)
VERBS = {
    **{flow.verb(move.name): move.label for flow in FLOWS for move in flow},
    **CLOSING_VERBS,
    **PLAN_VERBS,
    **WORKS_VERBS,
    "execution.tender.recorded": _("Recorded a tender"),
    "execution.tender.amended": _("Corrected a tender"),
    "execution.tender.discarded": _("Took a planned tender back"),
    "execution.tender.objection_recorded": _("Recorded an objection to a tender"),
    "execution.tender.objection_answered": _("Answered an objection to a tender"),
    "execution.contract.drafted": _("Drafted a contract"),
    "execution.contract.amended": _("Corrected a contract"),
    "execution.contract.discarded": _("Took a draft contract back"),
    "execution.contract.supplemented": _("Recorded a supplement of a contract"),
    "execution.contract.file_kept": _("Kept the signed paper of a contract"),
    "execution.change.proposed": _("Proposed a change order"),
    "execution.change.amended": _("Corrected a change order"),
    "execution.control.exported": _("Took the cost control table as a file"),
}
FACTS = {
    **CLOSING_FACTS,
    **PLAN_FACTS,
    **WORKS_FACTS,
    "ceiling": _("Ceiling price (yuan)"),
    "method": _("Tender method"),
    "winner": _("Winner"),
    "award": _("Award price (yuan)"),
    "price": _("Contract price (yuan)"),
    "contractor": _("Contractor"),
    "level": _("Level of decision"),
    "share": _("Share of the contract price"),
    "priced": _("Priced change (yuan)"),
    "upheld": _("Upheld"),
    "objector": _("Objector"),
    "forecast": _("Forecast at completion moves by"),
}
