"""Whether a document that was issued is genuine: what was frozen when it was issued, and whether it is still in force."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from approvals.models import IssuedDocument
from web.throttle import at_most


@require_safe
@at_most(60)
def verify(request: HttpRequest, token: str) -> HttpResponse:
    """The token stands on the paper, as address and as QR code; it cannot be guessed (128 bits)."""
    document = IssuedDocument.objects.filter(token=token).select_related("file", "item__project").first()
    context = {"document": document, "issuer": document.facts.get("issuer", "") if document else ""}
    response = render(request, "web/public/verify.html", context, status=200 if document else 404)
    response["X-Robots-Tag"] = "noindex"
    response["Cache-Control"] = "no-store"
    return response
