"""One version of a material, as the file that was uploaded."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_GET

from approvals.models import ApprovalItem, MaterialVersion
from core.locks import found
from web.access import signed_in
from web.file_answer import answer_with


@require_GET
@signed_in
@cache_control(private=True, no_cache=True)
def material(request: HttpRequest, pk: int) -> HttpResponse:
    """Shown in place or downloaded, as `answer_with` says."""
    items = ApprovalItem.objects.visible_to(request.actor)
    version = found(MaterialVersion.objects.select_related("file").filter(slot__item__in=items), pk=pk)
    return answer_with(version.file, request)
