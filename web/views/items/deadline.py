"""Why an item is due when it is: every day from acceptance on, counted or not."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from approvals import deadline_wording, selectors
from approvals.models import ApprovalItem
from approvals.services import moves
from core.locks import found
from web.access import signed_in
from web.views.items.page import clock_words


@signed_in
def item_deadline(request: HttpRequest, pk: int) -> HttpResponse:
    rows = ApprovalItem.objects.visible_to(request.actor).select_related("project", "authority")
    row = found(rows.prefetch_related("pauses", "project__suspensions", "tasks"), pk=pk)
    now = moves.situation()
    explanation = selectors.deadline_explanation(row, now)
    months = [] if explanation is None else [_month(first, lines) for first, lines in explanation.months]
    pauses = (
        []
        if explanation is None
        else [(p, deadline_wording.say_pause_reason(str(p.reason))) for p in explanation.pauses]
    )
    context = {
        "item": row,
        "clock": clock_words(row, now),
        "explanation": explanation,
        "months": months,
        "pauses": pauses,
    }
    return render(request, "web/items/deadline.html", context)


def _month(first: object, lines: list) -> dict[str, object]:
    return {
        "first": first,
        "counted": sum(line.counted for line in lines),
        "lines": [{"line": line, "why": deadline_wording.say_day_line(line)} for line in lines],
    }
