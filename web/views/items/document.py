"""An issued document as PDF."""

from urllib.parse import quote

from django.http import FileResponse, HttpRequest
from django.utils.translation import gettext as _

from approvals.models import ApprovalItem, IssuedDocument
from approvals.services import documents
from approvals.sight import sight_of
from core import files
from core.errors import NotFound, Problem
from core.locks import found
from web.access import signed_in


@signed_in
def document(request: HttpRequest, pk: int) -> FileResponse:
    """Reading may render here: the PDF is a pure function of the frozen facts, kept on first use, so asking twice
    changes nothing. It is the one GET that may store a file."""
    visible = ApprovalItem.objects.visible_to(request.actor)
    row = found(IssuedDocument.objects.filter(item__in=visible.order_by().values("pk")).select_related("item"), pk=pk)
    if not sight_of(request.actor, row.item).shows_document(row.kind):
        raise NotFound(Problem("not_found", _("There is no such record, or you may not see it.")))
    stored = documents.rendered(row.pk)
    response = FileResponse(files.open_stored(stored), content_type="application/pdf")
    name = quote(f"{row.number or row.kind}.pdf")
    response["Content-Disposition"] = f"inline; filename*=UTF-8''{name}"
    response["X-Content-Type-Options"] = "nosniff"
    return response
