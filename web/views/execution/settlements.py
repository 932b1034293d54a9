"""The settlements of a project: every contract with its declared and reviewed price, and what the review took off."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.actor import Actor
from accounts.policies import insist
from approvals.models import ApprovalItem
from approvals.rules.reductions import Direction
from core import clock
from core.errors import RuleViolation, StaleState
from core.locks import found
from execution import closing, contracting
from execution.closing_policies import may_sign_for_the_unit
from execution.contracting import books_of, rules_today
from execution.policies import may_keep_books
from execution.rules.settlement import Flag
from execution.services import settlements as service
from execution.states import ContractState
from web.access import signed_in
from web.forms.closing import SettlementForm, SharesForm, TailWorksForm
from web.forms.faults import faults_of, refuse

FLAGS = {
    Flag.ABOVE_VALUE: ("RED", gettext_lazy("Above the value of the contract")),
    Flag.INCREASED: ("YELLOW", gettext_lazy("The review added to what was submitted")),
    Flag.OVERPAID: ("RED", gettext_lazy("More is paid or approved than was reviewed")),
}


@require_GET
@signed_in
def settlements(request: HttpRequest, pk: int) -> HttpResponse:
    return _page(request, pk)


def _page(request: HttpRequest, pk: int, refused: forms.Form | None = None, status: int = 200) -> HttpResponse:
    project = books_of(request.actor, pk)
    table = closing.settlement_table(project, rules_today(), clock.today())
    keeps = may_keep_books(request.actor, project) is None
    signs = may_sign_for_the_unit(request.actor, project) is None
    rows = [
        {
            "line": line,
            "warnings": [FLAGS[Flag(code)] for code in line.flags],
            "may_submit": keeps and line.settlement is None and line.contract.state in service.SETTLEABLE,
            "may_amend": keeps and line.settlement is not None and line.settlement.reviewed is None,
            "tail_form": _tail_form(line, refused) if signs else None,
        }
        for line in table.lines
    ]
    move = "pass_settlement_no_audit" if project.audit_mode == "EXEMPT" else "pass_settlement"
    context = {
        "project": project,
        "rows": rows,
        "table": table,
        "is_increase": table.reduction.direction == Direction.INCREASE,
        "reviews": _reviews(request, project, keeps, refused),
        "waits": closing.what_keeps(project, move, clock.today()),
        "refused": refused,
    }
    return render(request, "web/execution/settlements.html", context, status=status)


def _tail_form(line: closing.SettlementLine, refused: forms.Form | None) -> Any:
    """For a contract that is not settled: to mark it as tail works, or to take that back."""
    contract, prefix = line.contract, f"tail-{line.contract.pk}"
    if contract.state not in service.SETTLEABLE or (line.settlement is not None and not contract.is_tail_works):
        return None
    if refused is not None and refused.prefix == prefix:
        return refused
    return TailWorksForm(
        prefix=prefix, initial={"version": contract.version, "is_tail_works": not contract.is_tail_works}
    )


@require_POST
@signed_in
def tail_works(request: HttpRequest, pk: int) -> HttpResponse:
    """Marks a contract as tail works, or takes that back."""
    contract = contracting.contract_of(request.actor, pk)
    form = TailWorksForm(request.POST, prefix=f"tail-{pk}")
    form.full_clean()
    said = form.cleaned_data
    try:
        service.mark_tail_works(
            pk, actor=request.actor, is_tail_works=said.get("is_tail_works", False), reason=said.get("reason", ""),
            expected_version=said.get("version"), faults=faults_of(form),
        )  # fmt: skip
    except (RuleViolation, StaleState) as refusal:
        refuse(form, refusal.problems)
        return _page(request, contract.project_id, form, refusal.http_status)
    messages.success(request, _("Saved."))
    return redirect("web:settlements", contract.project_id)


def _reviews(request: HttpRequest, project: Any, keeps: bool, refused: forms.Form | None) -> list[dict[str, Any]]:
    """Each settlement review with the settlements that went to it; with a form where its amount can be taken over."""
    shown = []
    items = closing.reviews_of(project, request.actor).prefetch_related("settlements__contract")
    for item in items:
        own = list(item.settlements.all())
        ready = keeps and closing.is_decided(item) and bool(own) and all(row.reviewed is None for row in own)
        form = None
        if ready:
            prefix = f"review-{item.pk}"
            is_this = refused is not None and refused.prefix == prefix
            form = refused if is_this else SharesForm(own if len(own) > 1 else (), prefix=prefix)
        shown.append(
            {
                "item": item,
                "settlements": own,
                "form": form,
                "is_decided": closing.is_decided(item),
                "is_taken": any(r.reviewed is not None for r in own),
            }
        )
    return shown


@require_http_methods(["GET", "POST"])
@signed_in
def settlement_new(request: HttpRequest, pk: int) -> HttpResponse:
    """The settlement of one contract."""
    contract = contracting.contract_of(request.actor, pk)
    insist(may_keep_books, request.actor, contract.project)
    reviews = _open_reviews(contract.project, request.actor)
    form = SettlementForm(reviews, request.POST or None, initial=_guess(reviews))

    def act() -> Any:
        said = form.cleaned_data
        return service.submit(
            pk, actor=request.actor, submitted=said.get("submitted"), submitted_on=said.get("submitted_on"),
            item_id=said.get("item_id"), faults=faults_of(form),
        )  # fmt: skip

    return _answer(request, form, act, contract, _("Hand in the settlement"))


def _open_reviews(project: Any, actor: Actor) -> list[ApprovalItem]:
    return list(closing.reviews_of(project, actor).exclude(settlements__reviewed__isnull=False))


def _guess(reviews: list[ApprovalItem]) -> dict[str, Any]:
    return {"submitted_on": clock.today(), **({"item_id": reviews[0].pk} if len(reviews) == 1 else {})}


@require_http_methods(["GET", "POST"])
@signed_in
def settlement_edit(request: HttpRequest, pk: int) -> HttpResponse:
    row = found(closing.settlements(request.actor), pk=pk)
    contract = contracting.contract_of(request.actor, row.contract_id)
    insist(may_keep_books, request.actor, contract.project)
    form = SettlementForm(
        _open_reviews(contract.project, request.actor), request.POST or None, initial=SettlementForm.initial_of(row)
    )

    def act() -> Any:
        said = form.cleaned_data
        return service.amend(
            pk, actor=request.actor, submitted=said.get("submitted"), submitted_on=said.get("submitted_on"),
            item_id=said.get("item_id"), expected_version=said.get("version"), faults=faults_of(form),
        )  # fmt: skip

    return _answer(request, form, act, contract, _("Correct the settlement"))


def _answer(
    request: HttpRequest, form: SettlementForm, act: Callable[[], Any], contract: Any, title: str
) -> HttpResponse:
    status = 200
    if request.method == "POST":
        form.full_clean()
        try:
            act()
        except (RuleViolation, StaleState) as refusal:
            refuse(form, refusal.problems)
            status = refusal.http_status
        else:
            messages.success(request, _("Saved."))
            return redirect("web:settlements", contract.project_id)
    context = {
        "form": form,
        "title": title,
        "contract": contract,
        "project": contract.project,
        "value": contracting.value_of(contract),
        "is_performed": contract.state == ContractState.COMPLETED,
    }
    return render(request, "web/execution/settlement_form.html", context, status=status)


@require_POST
@signed_in
def settlement_review(request: HttpRequest, pk: int) -> HttpResponse:
    """Takes the reviewed amount of a decided review (an approval item) over into its contracts."""
    item = found(ApprovalItem.objects.visible_to(request.actor).filter(item_type="SET"), pk=pk)
    own = list(item.settlements.select_related("contract"))
    form = SharesForm(own if len(own) > 1 else (), request.POST, prefix=f"review-{pk}")
    form.full_clean()
    try:
        service.take_review(pk, actor=request.actor, shares=form.shares(), faults=faults_of(form))
    except RuleViolation as refusal:
        refuse(form, refusal.problems)
        return _page(request, item.project_id, form, refusal.http_status)
    messages.success(request, _("Saved."))
    return redirect("web:settlements", item.project_id)
