"""What trace entries of final accounts, assets, handovers and titles say: verbs and the names of kept values."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from assets.flows.account import ACCOUNT_FLOW
from assets.flows.handover import BATCH_FLOW, TITLE_FLOW

FLOWS = (ACCOUNT_FLOW, BATCH_FLOW, TITLE_FLOW)
VERBS = {
    **{flow.verb(move.name): move.label for flow in FLOWS for move in flow},
    "assets.final_account.opened": _("Opened a final account"),
    "assets.final_account.amended": _("Corrected a final account"),
    "assets.final_account.written": _("Wrote cells of a final account"),
    "assets.final_account.deferred": _("Entered deferred costs without contract"),
    "assets.final_account.tails": _("Entered tail works"),
    "assets.final_account.allocated": _("Spread the deferred costs over the assets"),
    "assets.final_account.declared": _("Declared the final account to finance"),
    "assets.final_account.exported": _("Took the book of a final account"),
    "assets.asset.created": _("Entered an asset card"),
    "assets.asset.amended": _("Corrected an asset card"),
    "assets.asset.removed": _("Removed an asset card"),
    "assets.asset.drafted": _("Drafted asset cards from the as-built model"),
    "assets.asset.imported": _("Read asset cards from a table"),
    "assets.asset.exported": _("Took the asset cards as a table"),
    "assets.asset.elements_followed": _("Elements of assets followed into a new version"),
    "assets.handover.prepared": _("Prepared a handover"),
    "assets.handover.amended": _("Corrected a handover"),
    "assets.handover.document_added": _("Attached a paper to a handover"),
    "assets.handover.document_removed": _("Took a paper off a handover"),
    "assets.handover.exported": _("Took a handover list"),
    "assets.title.document_added": _("Attached a certificate of title"),
    "assets.archive.made": _("Made the archive package"),
    "assets.archive.verified": _("Verified the archive package"),
    "assets.archive.taken": _("Took the archive package"),
    "assets.archive.case_taken": _("Took the case file of an item"),
}
FACTS = {
    "part": _("Single project"),
    "form": pgettext_lazy("of a final account", "Form"),
    "total": _("Total (yuan)"),
    "approved_total": _("Approved total (yuan)"),
    "reduction": _("Reduction (yuan)"),
    "amount": _("Amount (yuan)"),
    "months": _("Months"),
    "late_reason": _("Reason of the delay"),
    "cut_off_on": _("Cut-off date"),
    "completed_on": _("Works completed on"),
    "to": _("Receiving unit"),
    "cards": _("Asset cards"),
    "elements": _("Elements of the model"),
    "value": _("Value (yuan)"),
    "difference": _("Difference (yuan)"),
    "filed_on": _("Filed on"),
    "papers": _("Papers brought"),
    "certificate_no": _("Certificate number"),
    "registered_on": _("Registered on"),
    "basis": _("Ground on which no title is needed"),
    "manifest": _("SHA-256 of the manifest"),
    "whole": _("Whole"),
    "faults": _("Faults"),
}
