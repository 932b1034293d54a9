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
}
