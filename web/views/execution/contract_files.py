"""The signed papers of contracts and supplements: handed in by the unit, read by whoever reads the contract."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_GET, require_POST

from core.errors import NotFound, Problem, RuleViolation
from core.locks import found
from core.models import StoredFile
from execution.models import Contract, Supplement
from execution.services import contract_files as service
from execution.services.evidence import Upload
from web.access import signed_in
from web.file_answer import answer_with
from web.views.execution.contracts import page_with


@require_GET
@signed_in
@cache_control(private=True, no_cache=True)
def contract_file(request: HttpRequest, pk: int) -> HttpResponse:
    row = found(Contract.objects.visible_to(request.actor).select_related("file"), pk=pk)
    return _answer(row.file, request)


@require_GET
@signed_in
@cache_control(private=True, no_cache=True)
def supplement_file(request: HttpRequest, pk: int) -> HttpResponse:
    rows = Supplement.objects.filter(contract__in=Contract.objects.visible_to(request.actor)).select_related("file")
    return _answer(found(rows, pk=pk).file, request)


def _answer(file: StoredFile | None, request: HttpRequest) -> HttpResponse:
    if file is None:
        raise NotFound(Problem("not_found", _("There is no such record, or you may not see it.")))
    return answer_with(file, request)


@require_POST
@signed_in
def contract_file_keep(request: HttpRequest, pk: int) -> HttpResponse:
    """`supplement` in the form names the supplement the paper belongs to; without it, it is the contract's own."""
    supplement = request.POST.get("supplement", "")
    try:
        if supplement.isdecimal():
            service.keep_supplement(int(supplement), actor=request.actor, upload=_upload(request))
        else:
            service.keep_contract(pk, actor=request.actor, upload=_upload(request))
    except RuleViolation as refusal:
        return page_with(request, pk, refusal.http_status, file_problems=refusal.problems)
    messages.success(request, _("Saved."))
    return redirect("web:contract", pk)


def _upload(request: HttpRequest) -> Upload | None:
    file = request.FILES.get("file")
    return Upload(file, file.name or "") if file else None
