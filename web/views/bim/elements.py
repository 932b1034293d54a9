"""The elements of a model as lists and pages: what the viewer shows, for readers without WebGL or scripts."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from bim import viewing
from bim.class_names import class_name
from bim.models import BimModel
from core.locks import found
from web.access import signed_in
from web.paging import keyset
from web.views.bim.drawing import drawing_of
from web.views.bim.element_links import links_of

PAGE = 50
SHOWN_PLACES = 400


@require_GET
@signed_in
def elements(request: HttpRequest, pk: int) -> HttpResponse:
    """The tree of places beside the elements, narrowed by place, class and text."""
    model = _model(request, pk)
    everywhere = viewing.places_of(model)
    asked = {name: request.GET.get(name, "") for name in ("place", "kind", "q")}
    here = next((place for place in everywhere if place.guid == asked["place"]), None)
    places = viewing.unfolded(everywhere, here)
    context = {
        "model": model,
        "places": places[:SHOWN_PLACES],
        "places_left_out": max(0, len(places) - SHOWN_PLACES),
        "kinds": sorted((class_name(kind), kind, count) for kind, count in model.by_class.items()),
        "asked": asked,
        "here": here,
        "page": keyset(request, viewing.elements_of(model, asked), PAGE),
    }
    return render(request, "web/bim/elements.html", context)


@require_GET
@signed_in
def element(request: HttpRequest, pk: int, guid: str) -> HttpResponse:
    """One element: a page, the viewer's panel (`?part=panel`) or JSON (`?format=json`)."""
    model = _model(request, pk)
    facts = viewing.facts_of(model, guid)
    links = links_of(request.actor, model, facts)
    if request.GET.get("format") == "json":
        return JsonResponse(_plain(facts) | {"links": links.plain()})
    context = {"model": model, "facts": facts, "links": links}
    if request.GET.get("part") == "panel":
        return render(request, "web/bim/_element.html", context | {"in_panel": True})
    return render(request, "web/bim/element.html", context | {"drawing": drawing_of(model)})


def _model(request: HttpRequest, pk: int) -> BimModel:
    rows = BimModel.objects.visible_to(request.actor).select_related("project", "geometry")
    return found(rows, pk=pk)


def _plain(facts: viewing.ElementFacts) -> dict[str, object]:
    sets = {
        kind: {one.name: [{"name": f.name, "value": f.value, "unit": f.unit} for f in one.facts] for one in found}
        for kind, found in (("properties", facts.properties), ("quantities", facts.quantities))
    }
    return {
        "guid": facts.guid,
        "class": facts.ifc_class,
        "class_name": facts.class_label,
        "predefined_type": facts.predefined_type,
        "name": facts.name,
        "type": facts.type_name,
        "tag": facts.tag,
        "material": facts.material,
        "place": [{"guid": node.guid, "class": node.ifc_class, "name": node.name} for node in facts.place],
        "host": facts.host.guid if facts.host else "",
        "parts": [part.guid for part in facts.parts],
        "classifications": [{"system": c.system, "code": c.code, "title": c.title} for c in facts.classifications],
        **sets,
        "missing": facts.missing,
    }
