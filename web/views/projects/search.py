"""One box for everything with a name or a number: projects, their codes, document numbers, item numbers."""

from dataclasses import dataclass

from django.db import connection
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET

from accounts.actor import Actor
from approvals.models import ApprovalItem
from projects import search as spelling
from projects import selectors
from projects.selectors import Hit
from web.access import signed_in

PAGE = 20
MOST_ITEMS = 20
SHORTEST_NUMBER = 4


@dataclass(frozen=True)
class Found:
    """A project found, and its items whose document number is the reason."""

    hit: Hit
    items: tuple[ApprovalItem, ...] = ()


@require_GET
@signed_in
def search(request: HttpRequest) -> HttpResponse:
    """Results newest first. An item number typed in full leads straight to the item."""
    text = request.GET.get("q", "").strip()[:100]
    after = request.GET.get("after", "")
    position = int(after) if after.isascii() and after.isdigit() and len(after) < 19 else None
    items = _by_number(request.actor, text) if position is None else []
    if len(items) == 1 and items[0].no.casefold() == text.casefold():
        return redirect("web:item", items[0].pk)
    page = selectors.search(request.actor, text, position, PAGE)
    context = {
        "text": text,
        "items": items,
        "found": _with_items(request.actor, page.rows, spelling.fold(text)),
        "after": page.after,
        "is_later_page": position is not None,
        "too_short": len(spelling.fold(text)) == 1,
    }
    return render(request, "web/projects/search.html", context)


def _by_number(actor: Actor, text: str) -> list[ApprovalItem]:
    """Items whose number begins with the text, upper or lower case."""
    prefix = text.upper().replace("\x00", "")
    if len(prefix) < SHORTEST_NUMBER or not prefix.isascii():
        return []
    rows = ApprovalItem.objects.visible_to(actor).filter(_beginning_with("no", prefix))
    return list(rows.select_related("project", "owner_unit").order_by("no")[:MOST_ITEMS])


def _beginning_with(field: str, prefix: str) -> Q:
    """In a form each engine answers from its index: PostgreSQL keeps one for LIKE, SQLite compares ranges."""
    if connection.vendor == "postgresql":
        return Q(**{f"{field}__startswith": prefix})
    return Q(**{f"{field}__gte": prefix, f"{field}__lt": f"{prefix}\U0010ffff"})


def _with_items(actor: Actor, hits: list[Hit], folded: str) -> list[Found]:
    by_document = [hit.project.pk for hit in hits if hit.kind == "document"]
    named: dict[int, list[ApprovalItem]] = {pk: [] for pk in by_document}
    if by_document:
        rows = ApprovalItem.objects.visible_to(actor).filter(project__in=by_document).exclude(document_no="")
        for item in rows.order_by("-pk"):
            if folded in spelling.fold(item.document_no):
                named[item.project_id].append(item)
    return [Found(hit, tuple(named.get(hit.project.pk, ()))) for hit in hits]
