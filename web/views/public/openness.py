"""What is built with public money, and was it approved (R-PUB-01): the approvals that are open to the public."""

from decimal import Decimal
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from approvals.models import IssuedDocument
from projects.states import SECRECY_OPEN
from web.throttle import at_most

PAGE = 20
MOST_PAGES = 500


@require_safe
@at_most(120)
def public(request: HttpRequest) -> HttpResponse:
    """GET q: part of the project's name or of the document number; page."""
    query = request.GET.get("q", "").strip()[:100]
    number = page_number(request)
    first = (number - 1) * PAGE
    found = list(_found(query).order_by("-issued_on", "-pk")[first : first + PAGE + 1])
    context = {
        "rows": [{"document": row, "approved": _amount(row.facts.get("approved"))} for row in found[:PAGE]],
        "q": query,
        "previous": number - 1,
        "next": number + 1 if len(found) > PAGE and number < MOST_PAGES else None,
    }
    return render(request, "web/public/openness.html", context)


def page_number(request: HttpRequest) -> int:
    text = request.GET.get("page", "")
    return min(max(int(text), 1), MOST_PAGES) if text.isascii() and text.isdigit() and len(text) < 5 else 1


def _found(query: str) -> QuerySet[IssuedDocument]:
    documents = IssuedDocument.objects.filter(
        is_public=True, item__project__is_public=True, item__project__secrecy=SECRECY_OPEN
    ).select_related("item__project", "item__owner_unit")
    if not query:
        return documents
    return documents.filter(item__project__name__icontains=query) | documents.filter(number__icontains=query)


def _amount(text: Any) -> Decimal | None:
    return Decimal(text) if text else None
