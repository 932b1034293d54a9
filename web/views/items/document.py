"""An issued document as PDF."""

from urllib.parse import quote

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from approvals.models import ApprovalItem, IssuedDocument
from approvals.services import documents
from approvals.sight import sight_of
from core.errors import NotFound, Problem
from core.locks import found
from web.access import signed_in


@require_safe
@signed_in
def document(request: HttpRequest, pk: int) -> HttpResponse:
    """The same facts always give the same bytes; reading keeps nothing."""
    visible = ApprovalItem.objects.visible_to(request.actor)
    rows = IssuedDocument.objects.filter(item__in=visible.order_by().values("pk"))
    row = found(rows.select_related("item", "file"), pk=pk)
    if not sight_of(request.actor, row.item).shows_document(row.kind):
        raise NotFound(Problem("not_found", _("There is no such record, or you may not see it.")))
    response = HttpResponse(documents.content_of(row), content_type="application/pdf")
    response["Content-Disposition"] = f"inline; filename*=UTF-8''{quote(documents.file_name(row), safe='')}"
    response["X-Content-Type-Options"] = "nosniff"
    return response
