"""The archive of a project: what a complete package needs, the packages there are, and whether one is still whole."""

from typing import Any

from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from assets import registering
from assets.archive import required
from assets.archive.contents import PERMANENT
from assets.archive.verifying import Verdict
from assets.handover_policies import may_archive, may_take_archive
from assets.services import archive as service
from core import clock, rulebook
from core.errors import RuleViolation
from execution.services.machine import situation
from projects.models import Project
from projects.states import TERMINAL
from web.access import signed_in
from web.file_answer import answer_with
from web.forms.faults import refuse
from web.forms.handover import ArchiveForm

COLOURS = {
    required.State.MET: "GREEN", required.State.MISSING: "RED", required.State.NOT_APPLICABLE: "GREY",
}  # fmt: skip


@require_GET
@signed_in
def archive(request: HttpRequest, pk: int) -> HttpResponse:
    return _page(request, _project(request, pk))


def _project(request: HttpRequest, pk: int) -> Project:
    return registering.project_of(request.actor, pk)


def _page(request: HttpRequest, project: Project, form: ArchiveForm | None = None, status: int = 200) -> HttpResponse:
    listed = required.requirements(project, rulebook.on(clock.today()))
    words = {
        required.State.MET: _("There"), required.State.MISSING: _("Missing in the package"),
        required.State.NOT_APPLICABLE: _("Not applicable"),
    }  # fmt: skip
    form = form or ArchiveForm()
    # It is asked only where something is missing, and then it is needed.
    form.fields["gaps_reason"].required = True
    context = {
        "project": project,
        "rows": [{"one": one, "colour": COLOURS[one.state], "words": words[one.state]} for one in listed],
        "n_missing": sum(1 for one in listed if one.is_missing),
        "packages": project.archive_packages.select_related("file", "made_by").order_by("-pk")[:20],
        "has_ended": project.stage in TERMINAL,
        "clock": required.archive_clock(project, situation()),
        "may_make": may_archive(request.actor, project) is None,
        "may_take": may_take_archive(request.actor, project) is None,
        "cases": service.cases_of(request.actor, project),
        "form": form,
    }
    return render(request, "web/handover/archive.html", context, status=status)


@require_POST
@signed_in
def archive_make(request: HttpRequest, pk: int) -> HttpResponse:
    project = _project(request, pk)
    form = ArchiveForm(request.POST)
    form.full_clean()
    try:
        row = service.make(pk, actor=request.actor, gaps_reason=form.cleaned_data.get("gaps_reason", ""))
    except RuleViolation as refusal:
        refuse(form, refusal.problems)
        return _page(request, project, form, refusal.http_status)
    messages.success(request, _("The archive package was made."))
    return redirect(row.get_absolute_url())


@require_GET
@signed_in
def archive_package(request: HttpRequest, pk: int) -> HttpResponse:
    return _package(request, pk)


def _package(request: HttpRequest, pk: int, verdict: Verdict | None = None) -> HttpResponse:
    row = service.package_of(request.actor, pk)
    context: dict[str, Any] = {
        "package": row,
        "project": row.project,
        "verdict": verdict,
        "retention": _("Permanent") if row.retention == PERMANENT else row.retention,
        "may_take": may_take_archive(request.actor, row.project) is None,
    }
    return render(request, "web/handover/archive_package.html", context)


@require_POST
@signed_in
def archive_verify(request: HttpRequest, pk: int) -> HttpResponse:
    """Reads the kept file from end to end, and says what was found."""
    verdict = service.verify(pk, actor=request.actor)
    return _package(request, pk, verdict)


@require_POST
@signed_in
def archive_file(request: HttpRequest, pk: int) -> HttpResponse:
    return answer_with(service.take(pk, actor=request.actor), request)


@require_POST
@signed_in
def case_file(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The case file of one item, as a package of its own."""
    found = service.take_case(pk, actor=request.actor)
    return FileResponse(found.stream, as_attachment=True, filename=found.name, content_type="application/zip")
