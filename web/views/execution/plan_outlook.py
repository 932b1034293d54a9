"""What if: envelopes of several years against what unfinished projects still need. Nothing is kept; the address says it all."""

from decimal import Decimal, InvalidOperation
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from accounts.policies import insist
from approvals.costing.amounts import AmountRefused, Unit, parse_amount
from approvals.costing.wording import say
from core.keys import key_of
from core.money import ZERO, wan
from execution import plan_outlook, planning
from execution.findings import source_label
from execution.models import AnnualPlan
from execution.plan_outlook import Assumptions, Picture
from execution.plan_policies import may_simulate
from projects import codes
from web.access import signed_in
from web.forms.plans import shown

PAGE = 50
GROWTH_BOUND = 100


@require_GET
@signed_in
def plan_simulation(request: HttpRequest) -> HttpResponse:
    insist(may_simulate, request.actor)
    plans = list(planning.years(request.actor))
    chosen = key_of(request.GET.get("plan", ""))
    plan = next((one for one in plans if one.pk == chosen), plans[0] if plans else None)
    context: dict[str, Any] = {"plans": plans, "plan": plan}
    if plan is not None:
        said, faults = _assumptions(request, plan)
        context |= _shown(request, plan_outlook.outlook(request.actor, plan, said), said, faults)
    return render(request, "web/execution/plan_simulation.html", context)


def _assumptions(request: HttpRequest, plan: AnnualPlan) -> tuple[Assumptions, list[str]]:
    """What the address says; what cannot be read counts as not said, and is named."""
    faults: list[str] = []
    years = min(key_of(request.GET.get("years", "")) or 3, plan_outlook.MOST_YEARS)
    growth = ZERO
    text = request.GET.get("growth", "").strip()[:10]
    if text:
        try:
            growth = Decimal(text.replace("−", "-").rstrip("%"))
            if not growth.is_finite() or abs(growth) > GROWTH_BOUND:
                raise InvalidOperation
        except InvalidOperation:
            growth = ZERO
            faults.append(_("“%(text)s” is no percentage between -100 and 100.") % {"text": text})
    envelopes = {}
    for year in range(plan.year, plan.year + years):
        for code in codes.labels("funding_source"):
            typed = request.GET.get(f"e-{year}-{code}", "").strip()[:40]
            if not typed:
                continue
            try:
                envelopes[year, code] = parse_amount(typed, Unit.WAN)
            except AmountRefused as refused:
                faults.append(f"{year} {source_label(code)}: {say(refused.code, refused.params)}")
    with_left_out = request.GET.get("left_out") == "1"
    return Assumptions(years, growth, envelopes, with_left_out), faults


def _shown(request: HttpRequest, picture: Picture, said: Assumptions, faults: list[str]) -> dict[str, Any]:
    page = Paginator(picture.projects, PAGE).get_page(request.GET.get("page"))
    totals, labels = picture.totals(), codes.labels("funding_source")
    rows = [
        {
            "source": code,
            "label": labels.get(code, code),
            "cells": [
                {
                    "cell": cell,
                    "name": f"e-{cell.year}-{code}",
                    "text": shown(cell.available) if (cell.year, code) in said.envelopes else "",
                    "base": shown(cell.available),
                }
                for cell in picture.outlook.cells
                if cell.source == code
            ],
        }
        for code in picture.sources
    ]
    series = [
        {"name": str(name), "values": [str(wan(getattr(cell, column))) for cell in totals]}
        for name, column in ((_("Available"), "available"), (_("Needed"), "planned"), (_("Gap"), "gap"))
    ]
    return {
        "picture": picture,
        "years": picture.years,
        "rows": rows,
        "totals": totals,
        "page": page,
        "said": said,
        "growth": request.GET.get("growth", ""),
        "faults": faults,
        "choices_of_years": range(1, 6),
        "chart": {"labels": [str(year) for year in picture.years], "series": series},
        "category_labels": codes.labels("plan_category"),
    }
