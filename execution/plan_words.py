"""What trace entries of the annual plan say: verbs and the names of kept values."""

from django.utils.translation import gettext_lazy as _

from execution.flows.plan import PLAN_FLOW, PLAN_ITEM_FLOW

VERBS = {
    **{flow.verb(move.name): move.label for flow in (PLAN_FLOW, PLAN_ITEM_FLOW) for move in flow},
    "execution.plan.called": _("Called a plan year"),
    "execution.plan.call_amended": _("Changed deadline and notice of a plan"),
    "execution.plan.envelopes_set": _("Set the envelopes of a plan"),
    "execution.plan.exported": _("Exported the annual plan"),
    "execution.plan.imported": _("Imported rows of the annual plan"),
    "execution.plan_item.requested": _("Drafted a request for the plan"),
    "execution.plan_item.amended": _("Corrected a request for the plan"),
    "execution.plan_item.discarded": _("Took a draft request back"),
    "execution.plan_item.funds_released": _("Released funds"),
    "execution.plan_item.quota_adjusted": _("Adjusted a quota"),
    "execution.plan_item.carried_over": _("Carried a quota over to the next year"),
    "execution.plan_item.reclaimed": _("Reclaimed a quota"),
}
FACTS = {
    "requests_until": _("Requests until"),
    "envelopes": _("Envelopes (yuan)"),
    "before": _("Before"),
    "planned": _("Planned (yuan)"),
    "requested": _("Requested (yuan)"),
    "released_on": _("Released on"),
    "decided_on": _("Date of the document"),
    "category": _("Plan category"),
    "total_investment": _("Total investment (yuan)"),
}
