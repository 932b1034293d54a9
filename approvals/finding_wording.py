"""The sentences for what the investment rules find; the rules themselves only name codes and amounts."""

from collections.abc import Callable
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.utils.translation import gettext, gettext_lazy

from approvals.rules.investment import Finding
from core.errors import Problem
from core.money import wan

SENTENCES = {
    "investment.estimate_over_feasibility": gettext_lazy(
        "The declared estimate %(amount)s exceeds %(base)s, the approved feasibility figure, by %(percent)s: "
        "record the authority's decision first."
    ),
    "investment.ten_percent_accepted": gettext_lazy(
        "The declared estimate %(amount)s exceeds %(base)s, the approved feasibility figure, by %(percent)s; "
        "the authority has accepted this."
    ),
    "investment.new_feasibility_required": gettext_lazy(
        "The declared estimate %(amount)s exceeds %(base)s, the approved feasibility figure, by %(percent)s; "
        "the authority requires a new feasibility study, so this item should be returned."
    ),
    "investment.approved_estimate_over_feasibility": gettext_lazy(
        "The estimate to be approved, %(amount)s, exceeds the approved feasibility figure %(base)s."
    ),
    "investment.forecast_over_control": gettext_lazy(
        "The forecast at completion, %(amount)s, exceeds the control figure %(base)s by %(over_base)s."
    ),
    "investment.forecast_near_control": gettext_lazy(
        "The forecast at completion, %(amount)s, is close to the control figure %(base)s."
    ),
    "investment.adjustment_incomplete": gettext_lazy("The adjustment of the estimate still lacks: %(missing)s."),
    "investment.adjustment_needs_audit": gettext_lazy(
        "The adjusted estimate %(amount)s exceeds the original estimate %(base)s by %(percent)s: audit it first."
    ),
    "investment.line_transfer": gettext_lazy(
        "Lines exceed their control figures while the total does not (%(lines)s): log an internal transfer."
    ),
    "investment.budget_over_works": gettext_lazy(
        "The budget %(amount)s exceeds the works part of the approved estimate, %(base)s, by %(over_base)s."
    ),
    "investment.budget_needs_new_estimate": gettext_lazy(
        "The budget %(amount)s exceeds the works part of the approved estimate, %(base)s, by %(percent)s: "
        "a new estimate is needed."
    ),
    "investment.ceiling_over_budget": gettext_lazy(
        "The tender ceiling price %(amount)s exceeds the reviewed budget %(base)s."
    ),
    "investment.award_over_ceiling": gettext_lazy("The award %(amount)s exceeds the tender ceiling price %(base)s."),
    "investment.final_account_over_control": gettext_lazy(
        "The final account %(amount)s exceeds the control figure %(base)s: the estimate must be adjusted first."
    ),
    "investment.small_works": gettext_lazy(
        "A total of %(amount)s is below %(limit)s: small works are outside the full procedure."
    ),
    "investment.parts_differ_slightly": gettext_lazy(
        "The parts add up to %(parts)s, the stated total is %(stated)s (difference %(difference)s); "
        "the stated total counts."
    ),
    "investment.parts_differ": gettext_lazy(
        "The parts add up to %(parts)s, but the stated total is %(stated)s (difference %(difference)s)."
    ),
}
LACKING = {
    "reason": gettext_lazy("the reason (policy, price, geology or other)"),
    "plan": gettext_lazy("the adjustment plan"),
    "source_of_funds": gettext_lazy("the source of funds"),
}


def say(finding: Finding) -> str:
    """The finding as one sentence in the reader's language, amounts in 万元."""
    values = {name: _shown(name, value) for name, value in finding.params.items()}
    if "over_base" in finding.params and finding.params["base"]:
        values["percent"] = _percent(finding.params["over_base"] / finding.params["base"])
    elif "over_base" in finding.params:
        values["percent"] = values["over_base"]
    return str(SENTENCES[finding.code]) % values


def as_problem(finding: Finding, field: str = "") -> Problem:
    """A blocking finding as the refusal that services raise."""
    return Problem(finding.code, say(finding), field)


def _shown(name: str, value: Any) -> str:
    wording: Callable[[Any], str] = {"missing": _missing, "lines": _lines}.get(name, _wan)
    return wording(value)


def _wan(amount: Decimal) -> str:
    return gettext("%(amount)s ×10,000 yuan") % {"amount": f"{wan(amount):,.2f}"}


def _percent(ratio: Decimal) -> str:
    return f"{(ratio * 100).quantize(Decimal('0.01'), rounding=ROUND_HALF_UP)}%"


def _missing(names: tuple[str, ...]) -> str:
    return gettext(", ").join(str(LACKING[name]) for name in names)


def _lines(lines: tuple[tuple[str, Decimal], ...]) -> str:
    return gettext(", ").join(f"{code} +{_wan(over)}" for code, over in lines)
