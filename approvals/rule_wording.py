"""What the rule rows are called, for those who read and amend them."""

from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from approvals.catalog import ITEM_TYPES
from approvals.states import ItemState
from core.rulebook import RuleRow

WORKING_DAYS, DAYS, MONTHS, YEARS, RATIO, YUAN, SWITCH = (
    "working days",
    "days",
    "months",
    "years",
    "ratio",
    "yuan",
    "switch",
)

RULES: dict[str, tuple[Any, str]] = {
    "limit.item": (gettext_lazy("Promised limit of an item"), WORKING_DAYS),
    "limit.step": (gettext_lazy("Limit of a step"), WORKING_DAYS),
    "limit.acceptance": (gettext_lazy("Answer on acceptance"), WORKING_DAYS),
    "limit.correction": (gettext_lazy("Correction by the unit"), WORKING_DAYS),
    "limit.pre_review": (gettext_lazy("Pre-review"), WORKING_DAYS),
    "limit.correction_grace": (gettext_lazy("Withdrawal when a correction stays out"), WORKING_DAYS),
    "R-INV-05": (gettext_lazy("An adjustment needs reasons, a plan and a source of funds"), SWITCH),
    "R-INV-07": (gettext_lazy("Shifts between parts within the total are noted"), SWITCH),
    "limit.archive": (gettext_lazy("Archiving after issue"), WORKING_DAYS),
    "warn.archive": (gettext_lazy("Warning before archiving is late"), WORKING_DAYS),
    "limit.extension_max": (gettext_lazy("Longest extension"), WORKING_DAYS),
    "limit.supplement_grace": (gettext_lazy("Return when a supplement stays out"), WORKING_DAYS),
    "limit.nudge_every": (gettext_lazy("Between two reminders of the unit"), WORKING_DAYS),
    "limit.explain_red": (gettext_lazy("Explanation of a delay"), WORKING_DAYS),
    "limit.publicity": (gettext_lazy("Publicity period"), WORKING_DAYS),
    "publicity.required": (gettext_lazy("Publicity before the determination"), SWITCH),
    "yellow.remaining": (gettext_lazy("Yellow light from so many days left"), WORKING_DAYS),
    "clock.center_excluded": (gettext_lazy("Review centre's time stops the clock"), SWITCH),
    "clock.expert_excluded": (gettext_lazy("Expert review stops the clock"), SWITCH),
    "clock.supplement_excluded": (gettext_lazy("Supplement stops the clock"), SWITCH),
    "clock.publicity_excluded": (gettext_lazy("Publicity stops the clock"), SWITCH),
    "accept.deemed": (gettext_lazy("Silence counts as acceptance"), SWITCH),
    "small_works_threshold": (gettext_lazy("Threshold of small works"), YUAN),
    "R-INV-02": (gettext_lazy("Declared estimate to feasibility figure: block"), RATIO),
    "R-INV-03": (gettext_lazy("Approved estimate to feasibility figure: warn"), RATIO),
    "R-INV-04.yellow": (gettext_lazy("Forecast to control figure: yellow"), RATIO),
    "R-INV-04.red": (gettext_lazy("Forecast to control figure: red"), RATIO),
    "R-INV-06": (gettext_lazy("Adjusted to original estimate: audit first"), RATIO),
    "R-INV-08.block": (gettext_lazy("Budget to works of the estimate: block"), RATIO),
    "R-INV-08.new_estimate": (gettext_lazy("Budget to works of the estimate: new estimate"), RATIO),
    "R-INV-09": (gettext_lazy("Ceiling price to budget, award to ceiling price"), RATIO),
    "R-INV-12": (gettext_lazy("Final account to control figure"), RATIO),
    "R-BIM-01.yellow": (gettext_lazy("Model to declared quantity: yellow beyond"), RATIO),
    "R-BIM-01.red": (gettext_lazy("Model to declared quantity: red beyond"), RATIO),
    "R-INV-17": (gettext_lazy("Tolerance between parts and total"), YUAN),
    "R-INV-14.share": (gettext_lazy("All changes to the contract price: one level higher"), RATIO),
    "R-INV-14.section_amount": (gettext_lazy("One change: the section decides"), YUAN),
    "R-INV-14.bureau_amount": (gettext_lazy("One change: the leader of the authority decides"), YUAN),
    "R-FA-09": (gettext_lazy("Tail works to the approved estimate"), RATIO),
    "tender.must.works": (gettext_lazy("Works contract from which a tender must be held"), YUAN),
    "tender.must.goods": (gettext_lazy("Purchase of equipment from which a tender must be held"), YUAN),
    "tender.must.services": (gettext_lazy("Survey, design or supervision from which a tender must be held"), YUAN),
    "tender.min_bidders": (gettext_lazy("Fewest bidders with whom bids are opened"), ""),
    "tender.bid_days": (gettext_lazy("Announcement of a tender to the closing of bids"), DAYS),
    "tender.publicity_days": (gettext_lazy("Publicity of the candidates of a tender"), DAYS),
    "tender.publicity_start_days": (gettext_lazy("Evaluation report to the publicity of the candidates"), DAYS),
    "tender.contract_days": (gettext_lazy("Notice of award to the contract"), DAYS),
    "tender.contract_yellow": (gettext_lazy("Yellow light before the contract is late"), DAYS),
    "R-INV-11.progress": (gettext_lazy("Paid of a contract before its settlement, at most"), RATIO),
    "R-INV-11.settled": (gettext_lazy("Paid of a settled contract before the retention is due, at most"), RATIO),
    "payment.floor": (gettext_lazy("Progress payment to the work done, at least"), RATIO),
    "progress.due_day": (gettext_lazy("Monthly report due in the next month"), DAYS),
    "progress.lag_yellow": (gettext_lazy("Works behind the plan: yellow beyond"), RATIO),
    "progress.lag_red": (gettext_lazy("Works behind the plan: red beyond"), RATIO),
    "contract.retention_max": (gettext_lazy("Highest retention of a works contract"), RATIO),
    "acceptance.filing_days": (gettext_lazy("Passed acceptance to its filing"), DAYS),
    "acceptance.filing_yellow": (gettext_lazy("Yellow light before the filing of an acceptance is late"), DAYS),
    "settlement.days_0": (gettext_lazy("Settlement review below 5 million yuan"), DAYS),
    "settlement.days_1": (gettext_lazy("Settlement review of 5 to 20 million yuan"), DAYS),
    "settlement.days_2": (gettext_lazy("Settlement review of 20 to 50 million yuan"), DAYS),
    "settlement.days_3": (gettext_lazy("Settlement review above 50 million yuan"), DAYS),
    "settlement.days_yellow": (gettext_lazy("Yellow light before a settlement review is late"), DAYS),
    "validity.months": (gettext_lazy("Validity of an approval"), MONTHS),
    "validity.warn_days": (gettext_lazy("First warning before an approval lapses"), DAYS),
    "validity.warn_days.last": (gettext_lazy("Last warning before an approval lapses"), DAYS),
    "recusal.years": (gettext_lazy("Earlier employment that excludes"), YEARS),
    "bim.required": (gettext_lazy("Projects set up from then on use building models"), SWITCH),
    "discretion.reason_above": (gettext_lazy("Class of reason required above this reduction"), RATIO),
}


def rule_label(code: str) -> str:
    return str(RULES[code][0]) if code in RULES else code


# Kinds of items whose limits are fixed already, though their own modules come later.
LATER_KINDS = {
    "CHG": gettext_lazy("Engineering change"),
    "FUND": gettext_lazy("Fund application"),
    "PAY": gettext_lazy("Payment application"),
    "PE": gettext_lazy("Post-evaluation"),
    "PLAN": gettext_lazy("Annual investment plan"),
}
EVERY_STEP = {"STEP": gettext_lazy("every step")}


def scope(row: Any) -> str:
    """For which kind of item and step; empty when for all."""
    known = ITEM_TYPES.get(row.item_type)
    kind = known.label if known else LATER_KINDS.get(row.item_type, row.item_type)
    step = ItemState(row.step).label if row.step in ItemState.values else EVERY_STEP.get(row.step, row.step)
    return " · ".join(str(part) for part in (kind, step) if part)


def value_in_words(code: str, value: Decimal) -> str:
    """5 → 5 个工作日, 1.10 → 110 %, 2000000 → 2,000,000 元, 1 of a switch → 是."""
    unit = RULES[code][1] if code in RULES else ""
    if unit == SWITCH:
        return _("yes") if value else _("no")
    if unit == RATIO:
        return f"{_plain(value * 100)} %"
    units = {
        WORKING_DAYS: _("%(n)s working days"),
        DAYS: _("%(n)s days"),
        MONTHS: _("%(n)s months"),
        YEARS: _("%(n)s years"),
        YUAN: _("%(n)s yuan"),
    }
    return units[unit] % {"n": _plain(value)} if unit in units else _plain(value)


def _plain(value: Decimal) -> str:
    whole = value.to_integral_value()
    return f"{whole:,.0f}" if value == whole else f"{value.normalize():,f}"


def rule_in_words(row: RuleRow) -> dict[str, Any]:
    return {
        "row": row,
        "label": rule_label(row.code),
        "scope": scope(row),
        "value": value_in_words(row.code, row.value),
    }
