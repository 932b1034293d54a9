"""The library of information requirements: the list, handing in, required or advice, retired and taken back."""

from collections.abc import Callable
from typing import Any
from urllib.parse import quote

from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from bim import ids_library, policies
from bim.check_wording import MINIMUM_SET
from bim.ifc.checks import CHECKS
from bim.services import ids_files as service
from bim.states import Discipline, ModelStage
from core import files
from core.errors import NotFound, Problem, RuleViolation
from web.access import signed_in
from web.forms.ids_files import IdsUploadForm
from web.refused_forms import show_refusal


@require_GET
@signed_in
def library(request: HttpRequest) -> HttpResponse:
    return page(request, IdsUploadForm())


@require_POST
@signed_in
def ids_upload(request: HttpRequest) -> HttpResponse:
    """An invalid file is refused with its faults."""
    form, file = IdsUploadForm(request.POST), request.FILES.get("file")
    form.is_valid()
    try:
        if file is None:
            raise RuleViolation([Problem("file.missing", _("Choose a file first."), "file")])
        row = service.upload(file, name=file.name, actor=request.actor, said=request.POST.dict())
    except RuleViolation as refusal:
        show_refusal(form, refusal)
        return page(request, form, refusal.problems)
    messages.success(request, _("“%(title)s” is now in the library.") % {"title": row.title})
    return redirect("web:bim_ids")


@require_POST
@signed_in
def ids_change(request: HttpRequest, key: str) -> HttpResponse:
    """What the buttons of a row do: require, advise, retire, take_back."""
    change = CHANGES.get(request.POST.get("change", ""))
    if change is None:
        raise NotFound(Problem("not_found", _("There is no such action.")))
    row = change(key, request)
    messages.success(request, _("“%(title)s” was changed.") % {"title": row.title})
    return redirect("web:bim_ids")


CHANGES: dict[str, Callable[[str, HttpRequest], Any]] = {
    "require": lambda key, request: service.set_required(key, True, actor=request.actor),
    "advise": lambda key, request: service.set_required(key, False, actor=request.actor),
    "retire": lambda key, request: service.retire(key, actor=request.actor),
    "take_back": lambda key, request: service.take_back(key, actor=request.actor),
}


@require_GET
@signed_in
def ids_file(request: HttpRequest, key: str) -> HttpResponse:
    """The file itself, as it is used. Bytes that no longer have their hash are never given out."""
    one = ids_library.entry(key, with_retired=True)
    if one is None or one.path is None or not one.path.is_file() or files.hash_of(one.path) != one.sha256:
        raise NotFound(Problem("ids.unknown", _("There are no such information requirements.")))
    response = FileResponse(one.path.open("rb"), content_type="application/xml")
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(one.title)}.ids"
    response["X-Content-Type-Options"] = "nosniff"
    return response


def page(request: HttpRequest, form: IdsUploadForm, problems: Any = ()) -> HttpResponse:
    rows = ids_library.library(with_retired=True)
    everywhere = _("All")
    labels = dict(ModelStage.choices) | {"": everywhere}
    disciplines = dict(Discipline.choices) | {"": everywhere}
    context = {
        "in_force": [(one, labels[one.stage], disciplines[one.discipline]) for one in rows if not one.retired_at],
        "retired": [(one, labels[one.stage], disciplines[one.discipline]) for one in rows if one.retired_at],
        "minimum": [(MINIMUM_SET[check.code], labels[check.since]) for check in CHECKS],
        "form": form,
        "problems": problems,
        "may_keep": policies.may_keep_requirements(request.actor) is None,
    }
    return render(request, "web/bim/ids.html", context, status=422 if problems else 200)
