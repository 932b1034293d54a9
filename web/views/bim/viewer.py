"""The model in the browser: the page, the tree as JSON, the shapes as one binary glTF."""

from hashlib import sha256
from typing import Any

from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseNotModified, JsonResponse
from django.shortcuts import render
from django.utils.cache import patch_cache_control
from django.utils.http import parse_etags
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_GET

from bim import viewing
from bim.models import BimModel
from bim.selectors import detailed
from core import files
from core.errors import NotFound, Problem
from core.locks import found
from web.access import signed_in
from web.views.bim.drawing import drawing_of, geometry_version
from web.views.bim.topics import panel_of

YEAR = 365 * 24 * 3600
MIME = "model/gltf-binary"


@require_GET
@signed_in
def viewer(request: HttpRequest, pk: int) -> HttpResponse:
    """`?select=guid,guid` lights these elements up."""
    model = detailed(request.actor, pk)
    context = {"model": model, "drawing": drawing_of(model), "unseen": viewing.unseen_of(model)}
    context["topic_panel"] = panel_of(request, model)
    return render(request, "web/bim/viewer.html", context)


@require_GET
@signed_in
@gzip_page
def model_tree(request: HttpRequest, pk: int) -> HttpResponse:
    """What was read from an accepted file does not change, so the browser asks once and then only whether it may still."""
    model = _model(request, pk)
    said = f"{model.pk}|{model.sha256}|{model.checked_at}|{model.n_elements}|{get_language()}"
    return _kept(request, f'"{sha256(said.encode()).hexdigest()[:32]}"', lambda: JsonResponse(viewing.tree_of(model)))


@require_GET
@signed_in
def geometry(request: HttpRequest, pk: int) -> HttpResponse:
    """The GLB. Under its own version (`?v=`) it never changes; sessions do not share what the browser keeps."""
    model = _model(request, pk)
    file = model.geometry
    if file is None:
        raise NotFound(Problem("geometry.none", _("The model has no geometry to show.")))

    def whole() -> FileResponse:
        response = FileResponse(files.open_stored(file), content_type=MIME)
        response["Content-Length"] = file.size
        response["X-Content-Type-Options"] = "nosniff"
        return response

    return _kept(
        request, f'"{file.sha256}"', whole, max_age=YEAR if request.GET.get("v") == geometry_version(model) else None
    )


def _model(request: HttpRequest, pk: int) -> BimModel:
    return found(BimModel.objects.visible_to(request.actor).select_related("geometry"), pk=pk)


def _kept(request: HttpRequest, etag: str, whole: Any, max_age: int | None = None) -> HttpResponse:
    """The answer, or 304 when the browser has it; permission was asked before either."""
    known = parse_etags(request.headers.get("If-None-Match", ""))
    is_known = etag in [one.removeprefix("W/") for one in known]
    response = HttpResponseNotModified() if is_known else whole()
    response["ETag"] = etag
    if max_age is None:
        patch_cache_control(response, private=True, no_cache=True)
    else:
        patch_cache_control(response, private=True, max_age=max_age, immutable=True)
    return response
