"""The titles of a project's real estate: the list, one with what is to be brought and the scan of the certificate."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from assets import registering
from assets.handover_policies import may_attach_to_title
from assets.models import TitleRecord
from assets.services import titles as service
from assets.states import TitlePaper, TitleState
from core import clock, rulebook
from core.errors import NotFound, Problem, RuleViolation
from execution.services.evidence import Upload
from web.access import signed_in
from web.file_answer import answer_with
from web.forms.faults import refuse
from web.forms.handover import FileForm
from web.forms.move_inputs import MoveForm
from web.paging import keyset
from web.views.execution.moving import page_of, shown_moves

PAGE = 50
ENDED = (TitleState.REGISTERED, TitleState.NOT_REQUIRED)


@require_GET
@signed_in
def titles(request: HttpRequest, pk: int) -> HttpResponse:
    project = registering.project_of(request.actor, pk)
    rules = rulebook.on(clock.today())
    page = keyset(request, registering.titles_of(request.actor, project), PAGE)
    rows = [{"title": row, "clock": registering.title_clock(row, rules)} for row in page.rows]
    context = {"project": project, "page": page, "rows": rows}
    return render(request, "web/handover/titles.html", context)


@require_GET
@signed_in
def title(request: HttpRequest, pk: int) -> HttpResponse:
    return _page(request, pk)


@page_of("title")
def _page(request: HttpRequest, pk: int, refused: MoveForm | None = None, status: int = 200) -> HttpResponse:
    return _title(request, pk, refused, None, status)


def _title(
    request: HttpRequest, pk: int, refused: MoveForm | None, refused_file: FileForm | None, status: int
) -> HttpResponse:
    row = registering.title_of(request.actor, pk)
    project = row.asset.project
    context = {
        "title_record": row,
        "asset": row.asset,
        "project": project,
        "project_name": project.name,
        "papers": _papers(row),
        "clock": registering.title_clock(row, rulebook.on(clock.today())),
        "may_attach": row.state not in ENDED and may_attach_to_title(request.actor, row) is None,
        "file_form": refused_file or FileForm(),
        **shown_moves("title", row, request, refused),
    }
    return render(request, "web/handover/title.html", context, status=status)


def _papers(row: TitleRecord) -> list[tuple[str, bool]]:
    return [(str(paper.label), paper.value in row.papers) for paper in TitlePaper]


@require_POST
@signed_in
def title_attach(request: HttpRequest, pk: int) -> HttpResponse:
    form = FileForm(request.POST, request.FILES)
    form.full_clean()
    file = form.cleaned_data.get("file")
    try:
        service.attach(pk, Upload(file, file.name) if file else None, actor=request.actor)
    except RuleViolation as refusal:
        refuse(form, refusal.problems)
        return _title(request, pk, None, form, refusal.http_status)
    messages.success(request, _("Saved."))
    return redirect("web:title", pk)


@require_GET
@signed_in
def title_document(request: HttpRequest, pk: int) -> HttpResponse:
    row = registering.title_of(request.actor, pk)
    if row.document is None:
        raise NotFound(Problem("not_found", _("There is no such record, or you may not see it.")))
    return answer_with(row.document, request)
