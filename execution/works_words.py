"""What trace entries of the works and of payments say: verbs and the names of kept values."""

from django.utils.translation import gettext_lazy as _

from execution.flows.payment import PAYMENT_FLOW
from execution.flows.progress import REPORT_FLOW

VERBS = {
    **{flow.verb(move.name): move.label for flow in (PAYMENT_FLOW, REPORT_FLOW) for move in flow},
    "execution.payment.applied": _("Applied for a payment"),
    "execution.payment.amended": _("Corrected an application for payment"),
    "execution.payment.split": _("Split a payment over its sources anew"),
    "execution.payment.results_taken_in": _("Took in results of the treasury"),
    "execution.progress.drafted": _("Drafted a monthly report"),
    "execution.progress.amended": _("Corrected a monthly report"),
    "execution.progress.photo_added": _("Added a photo to a monthly report"),
    "execution.progress.photo_removed": _("Removed a photo from a monthly report"),
    "execution.progress.milestones_set": _("Set the milestones"),
    "execution.progress.milestone_reached": _("Recorded when a milestone was reached"),
    "execution.progress.foreseen": _("Foresaw the cost at completion"),
}
FACTS = {
    "contract": _("Contract"),
    "funding": _("Funding sources"),
    "certified": _("Certified amount (yuan)"),
    "checked": _("Checked amount (yuan)"),
    "treasury_no": _("Treasury payment number"),
    "paid_on": _("Paid on"),
    "month": _("Month"),
    "percent": _("Physical progress (%)"),
    "completed_investment": _("Completed investment"),
    "measured": _("Measured (yuan)"),
    "milestones": _("Milestones"),
    "rows": _("Rows"),
    "PAID": _("Booked as paid"),
    "KNOWN": _("In the books already"),
    "UNKNOWN": _("Payment not known"),
    "MISMATCH": _("Says otherwise than the books"),
    "REFUSED": _("Cannot be paid now"),
    "UNREADABLE": _("Cannot be read"),
}
