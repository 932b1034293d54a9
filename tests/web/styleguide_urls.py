"""Addresses for the tests of the components: the style guide and answers without data behind them."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import path
from django.views.decorators.csrf import csrf_exempt
from reportlab.pdfgen import canvas

from web.views.styleguide import sample_context, sample_shell

autosaved: list[dict[str, str]] = []
received: dict[str, bytearray] = {}
announced: dict[str, int] = {}
delivered: list[str] = []


def page(request: HttpRequest) -> HttpResponse:
    if request.headers.get("X-PT-Autosave"):
        autosaved.append(request.POST.dict())
        return JsonResponse({"fields": {}})
    shown = sample_context() | {"shell": sample_shell(), "tus_endpoint": "/tus/"}
    return render(request, "web/styleguide.html", shown)


def pdf(request: HttpRequest) -> HttpResponse:
    answer = HttpResponse(content_type="application/pdf")
    drawing = canvas.Canvas(answer)
    for number in (1, 2, 3):
        drawing.drawString(80, 700, f"Estimate page {number}")
        drawing.showPage()
    drawing.save()
    return answer


@csrf_exempt
def tus(request: HttpRequest, name: str = "") -> HttpResponse:
    """Just enough of tus 1.0; the connection drops once in the middle of the first upload."""
    if request.method == "POST":
        received["u1"] = bytearray()
        announced["u1"] = int(request.headers["Upload-Length"])
        return HttpResponse(status=201, headers={"Location": "/tus/u1/", "Tus-Resumable": "1.0.0"})
    held = received[name]
    if request.method == "PATCH":
        if held and "dropped" not in received:
            received["dropped"] = bytearray()
            return HttpResponse(status=409)
        assert int(request.headers["Upload-Offset"]) == len(held)
        held += request.body
        return HttpResponse(status=204, headers={"Upload-Offset": len(held), "Tus-Resumable": "1.0.0"})
    return HttpResponse(
        headers={"Upload-Offset": len(held), "Upload-Length": announced[name], "Tus-Resumable": "1.0.0"}
    )


def uploaded(request: HttpRequest) -> HttpResponse:
    delivered.append(request.POST["upload"])
    return HttpResponse("<!doctype html><title>ok</title><p>ok")


urlpatterns = [
    path("styleguide/", page),
    path("styleguide/sample.pdf", pdf),
    path("styleguide/uploaded/", uploaded),
    path("tus/", tus),
    path("tus/<str:name>/", tus),
]
