"""What is built with public money, and was it approved (R-PUB-01): the approvals that are open to the public."""

from decimal import Decimal
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from approvals.models import IssuedDocument
from web.paging import keyset
from web.throttle import at_most

PAGE = 20
SECRECY_OPEN = "OPEN"


@require_safe
@at_most(120)
def public(request: HttpRequest) -> HttpResponse:
    """GET q: part of the project's name or of the document number."""
    query = request.GET.get("q", "").strip()[:100]
    page = keyset(request, _found(query), PAGE)
    rows = [{"document": row, "approved": _amount(row.facts.get("approved"))} for row in page.rows]
    return render(request, "web/public/openness.html", {"rows": rows, "page": page, "q": query})


def _found(query: str) -> QuerySet[IssuedDocument]:
    documents = IssuedDocument.objects.filter(
        is_public=True, item__project__is_public=True, item__project__secrecy=SECRECY_OPEN
    ).select_related("item__project", "item__owner_unit")
    if not query:
        return documents
    return documents.filter(item__project__name__icontains=query) | documents.filter(number__icontains=query)


def _amount(text: Any) -> Decimal | None:
    return Decimal(text) if text else None
