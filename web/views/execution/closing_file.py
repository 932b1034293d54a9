"""The papers and photos of acceptance and audit, for whoever sees the row they belong to."""

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_GET

from accounts.actor import Actor
from core.errors import NotFound, Problem
from core.locks import found
from core.models import StoredFile
from execution import closing
from execution.models import PartyOpinion, SpecialAcceptance
from projects.models import Project
from web.access import signed_in
from web.file_answer import answer_with


@require_GET
@signed_in
@cache_control(private=True, no_cache=True)
def closing_file(request: HttpRequest, kind: str, pk: int) -> HttpResponse:
    """`kind`: opinion, paper, defect, finding."""
    file = _file_of(kind, pk, request.actor)
    if file is None:
        raise NotFound(Problem("not_found", _("There is no such record, or you may not see it.")))
    return answer_with(file, request)


def _file_of(kind: str, pk: int, actor: Actor) -> StoredFile | None:
    if kind == "opinion":
        return found(PartyOpinion.objects.filter(round__in=closing.rounds(actor)).select_related("file"), pk=pk).file
    if kind == "paper":
        rows = SpecialAcceptance.objects.filter(project__in=Project.objects.visible_to(actor))
        return found(rows.select_related("file"), pk=pk).file
    if kind == "defect":
        return found(closing.defects(actor).select_related("evidence"), pk=pk).evidence
    if kind == "finding":
        return found(closing.findings(actor).select_related("evidence"), pk=pk).evidence
    return None
