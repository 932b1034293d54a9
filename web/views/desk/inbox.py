"""The desk: what waits for me, what is under way, what I have done."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from approvals import selectors
from approvals.flow import ITEM_FLOW
from approvals.services import moves
from core.keys import key_of
from reports import waiting
from web.access import signed_in
from web.forms.review import NarrowingForm
from web.views.desk.rows import item_rows, task_rows
from web.waiting_rows import waiting_rows


@signed_in
def inbox(request: HttpRequest) -> HttpResponse:
    """The most urgent first."""
    form, narrowing = _narrowing(request)
    page = selectors.inbox(request.actor, narrowing, after=request.GET.get("after", ""))
    bulk_moves = [move for move in ITEM_FLOW if move.bulk and request.actor.role in move.roles]
    now = moves.situation()
    works_after = key_of(request.GET.get("works", "")) or 0
    works = waiting.listed(request.actor, waiting.Narrowing(text=narrowing.text), after=works_after, today=now.on)
    return _shown(
        request, "open", form, task_rows(page.rows, now), page, bulk_moves=bulk_moves,
        works=waiting_rows(works.rows, now.on), works_next=works.after, works_after=works_after,
    )  # fmt: skip


@signed_in
def inbox_sent(request: HttpRequest) -> HttpResponse:
    form, narrowing = _narrowing(request)
    page = selectors.under_way(request.actor, narrowing, after=request.GET.get("after", ""))
    return _shown(request, "sent", form, item_rows(page.rows, moves.situation()), page)


@signed_in
def inbox_done(request: HttpRequest) -> HttpResponse:
    form, narrowing = _narrowing(request)
    page = selectors.done(request.actor, narrowing, after=request.GET.get("after", ""))
    return _shown(request, "done", form, item_rows_of(page, request), page)


def item_rows_of(page: selectors.Slice, request: HttpRequest) -> list[Any]:
    """Finished tasks with the light the item shows now."""
    now = moves.situation()
    by_item = {row.item.pk: row for row in item_rows({task.item for task in page.rows}, now)}
    return [{"task": task, "row": by_item[task.item_id]} for task in page.rows]


def _narrowing(request: HttpRequest) -> tuple[NarrowingForm, selectors.Narrowing]:
    form = NarrowingForm(request.GET)
    return form, selectors.Narrowing(item_type=form.said("type"), kind=form.said("kind"), text=form.said("q"))


def _shown(
    request: HttpRequest, tab: str, form: NarrowingForm, rows: list[Any], page: selectors.Slice, **more: Any
) -> HttpResponse:
    tabs = [
        ("open", "web:inbox", _("To do")),
        ("sent", "web:inbox_sent", _("Under way")),
        ("done", "web:inbox_done", _("Done by me")),
    ]
    context = {
        "tab": tab,
        "tabs": tabs,
        "form": form,
        "rows": rows,
        "next": page.next,
        "after": request.GET.get("after", ""),
        "narrowed": any(form.said(name) for name in ("q", "type", "kind")),
        **more,
    }
    return render(request, "web/desk/inbox.html", context)
