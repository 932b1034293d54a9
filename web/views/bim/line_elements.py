"""The elements that feed one cost line of an item: as a list, and as GlobalIds for the viewer to light up."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from approvals.model_quantities import elements_of_line
from approvals.models import ApprovalItem, CostLine
from core.locks import found
from web.access import signed_in

SHOWN = 200


@require_GET
@signed_in
def line_elements(request: HttpRequest, pk: int, code: str) -> HttpResponse:
    """`?format=json`: {"guids": […], "models": {model: […]}}."""
    item = found(ApprovalItem.objects.visible_to(request.actor).select_related("project"), pk=pk)
    line = found(CostLine.objects.filter(item=item), code=code)
    tied = elements_of_line(item, code)
    if request.GET.get("format") == "json":
        models: dict[int, list[str]] = {}
        for one in tied:
            models.setdefault(one.model_id, []).append(one.guid)
        return JsonResponse({"guids": [one.guid for one in tied], "models": models})
    context = {"item": item, "line": line, "tied": tied[:SHOWN], "total": len(tied)}
    return render(request, "web/bim/line_elements.html", context)
