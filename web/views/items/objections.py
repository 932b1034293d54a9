"""Objections on the page of an item (公示异议): recorded from paper, answered; refusals show the page again."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from approvals.models import ApprovalItem
from approvals.services import publicity
from core.errors import Problem, RuleViolation
from core.locks import found
from web.access import signed_in
from web.forms.publicity import AnswerForm, PaperForm
from web.refused_forms import show_refusal
from web.views.items.moving import back_to
from web.views.items.page import item_for_page, show


@require_POST
@signed_in
def item_objection(request: HttpRequest, pk: int) -> HttpResponse:
    row, form = _item(request, pk), PaperForm(request.POST)
    if form.is_valid():
        try:
            publicity.record(
                row.pk, form.objection(), actor=request.actor, received_on=form.cleaned_data["received_on"]
            )
        except RuleViolation as refusal:
            show_refusal(form, refusal)
        else:
            messages.success(request, _("The objection is recorded."))
            return back_to(request, pk, "#objections")
    return _again(request, pk, _("The objection was not recorded"), form)


@require_POST
@signed_in
def item_objection_answer(request: HttpRequest, pk: int, objection: int) -> HttpResponse:
    row, form = _item(request, pk), AnswerForm(request.POST, objection=objection)
    if form.is_valid():
        said = form.cleaned_data
        try:
            publicity.answer(
                row.pk, objection, actor=request.actor, answer=said["answer"], is_upheld=said["upheld"] == "yes"
            )
        except RuleViolation as refusal:
            show_refusal(form, refusal)
        else:
            messages.success(request, _("The objection is answered."))
            return back_to(request, pk, "#objections")
    return _again(request, pk, _("The answer was not kept"), form)


def _item(request: HttpRequest, pk: int) -> ApprovalItem:
    return found(ApprovalItem.objects.visible_to(request.actor), pk=pk)


def _again(request: HttpRequest, pk: int, title: str, form: Any) -> HttpResponse:
    problems = tuple(
        Problem("form", str(error), form.add_prefix(name) if name in form.fields else "")
        for name, errors in form.errors.items()
        for error in errors
    )
    row = item_for_page(request.actor, pk)
    return show(request, row, status=422, title=title, problems=problems, objection_form=form)
