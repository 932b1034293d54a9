"""The payments of a project with what may still be paid, the application, and one payment with its papers."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.policies import insist
from core.errors import RuleViolation
from core.money import ZERO
from execution import contracting, paying
from execution.findings import source_label
from execution.flows.payment import PAYMENT_FLOW
from execution.models import Contract, Payment
from execution.policies import may_keep_books
from execution.services import payments as service
from execution.states import PaymentState
from projects.models import Project
from web.access import signed_in
from web.forms.faults import faults_of, refuse
from web.forms.move_inputs import MoveForm, version_seen
from web.forms.payments import FundingForm, PaymentForm, Sources
from web.paging import keyset
from web.views.execution.moving import page_of, shown_moves

PAGE = 50


@require_GET
@signed_in
def payments(request: HttpRequest, pk: int) -> HttpResponse:
    project = paying.project_of(request.actor, pk)
    context = {
        "project": project,
        "standing": paying.standing(project, contracting.rules_today()),
        "page": keyset(request, paying.payments_of(project), PAGE),
        "payable": service.PAYABLE,
        "may_apply": may_keep_books(request.actor, project) is None,
    }
    return render(request, "web/execution/payments.html", context)


@require_http_methods(["GET", "POST"])
@signed_in
def payment_new(request: HttpRequest, pk: int) -> HttpResponse:
    contract = contracting.contract_of(request.actor, pk)
    insist(may_keep_books, request.actor, contract.project)
    form = _form(request, contract.project)

    def save() -> Payment:
        return service.apply(
            pk, actor=request.actor, values=form.values(), funding=form.funding(), report_id=form.report_id(),
            faults=faults_of(form),
        )  # fmt: skip

    context = {"title": _("Apply for a payment"), "back": reverse("web:payments", args=[contract.project_id])}
    return _answer(request, form, save, contract, context)


@require_http_methods(["GET", "POST"])
@signed_in
def payment_edit(request: HttpRequest, pk: int) -> HttpResponse:
    row = paying.payment_of(request.actor, pk)
    insist(may_keep_books, request.actor, row.contract.project)
    form = _form(request, row.contract.project, row)

    def save() -> Payment:
        return service.amend(
            pk, actor=request.actor, values=form.values(), funding=form.funding(), report_id=form.report_id(),
            expected_version=version_seen(request.POST), faults=faults_of(form),
        )  # fmt: skip

    return _answer(
        request, form, save, row.contract, {"title": _("Correct the application"), "back": row.get_absolute_url()}
    )


def _form(request: HttpRequest, project: Project, row: Payment | None = None) -> PaymentForm:
    reports = paying.reports_to_rest_on(project)
    initial = PaymentForm.initial_of(row) if row else None
    return PaymentForm(_sources(project, row), reports, request.POST or None, initial=initial)


def _sources(project: Project, row: Payment | None) -> Sources:
    """What was released, and what the payment names already."""
    sources = paying.payable_sources(project)
    known = {code for code, _label, _released in sources}
    own = [part.source for part in row.funding.all()] if row else []
    return [*sources, *((code, source_label(code), ZERO) for code in own if code not in known)]


def _answer(
    request: HttpRequest, form: PaymentForm, save: Callable[[], Payment], contract: Contract, context: dict
) -> HttpResponse:
    if request.method == "POST":
        form.full_clean()
        try:
            row = save()
        except RuleViolation as refusal:
            refuse(form, refusal.problems)
        else:
            messages.success(request, _("Saved."))
            return redirect(row.get_absolute_url())
    standing = paying.standing(contract.project, contracting.rules_today())
    left = next((row.room for row in standing.contracts if row.contract.pk == contract.pk), None)
    context |= {
        "form": form, "contract": contract, "project": contract.project, "standing": standing, "contract_room": left,
    }  # fmt: skip
    return render(request, "web/execution/payment_form.html", context, status=422 if form.errors else 200)


@require_GET
@signed_in
def payment(request: HttpRequest, pk: int) -> HttpResponse:
    return _page(request, pk)


@page_of("payment")
def _after_refusal(request: HttpRequest, pk: int, refused: MoveForm | None, status: int) -> HttpResponse:
    return _page(request, pk, status, refused)


def _page(
    request: HttpRequest, pk: int, status: int = 200, refused: MoveForm | None = None, **shown: Any
) -> HttpResponse:
    row = paying.payment_of(request.actor, pk)
    project, rules = row.contract.project, contracting.rules_today()
    keeps = may_keep_books(request.actor, project) is None
    may_split = keeps and row.state in service.SPLIT_OPEN and row.state not in service.ENTERED
    trail = [{**entry, "label": PAYMENT_FLOW[entry["move"]].label} for entry in row.trail]
    context = {
        "payment": row,
        "contract": row.contract,
        "project": project,
        "project_name": project.name,
        "limits": paying.limits_of(row, rules),
        "below_floor": paying.is_below_floor(row, rules),
        "measured": service.measured_value(row.contract, row.report) if row.report else None,
        "parts": [(source_label(part.source), part.amount) for part in row.funding.all()],
        "trail": trail,
        "returned": trail[-1] if trail and row.state == PaymentState.RETURNED else None,
        "may_amend": keeps and row.state in service.ENTERED,
        **shown_moves("payment", row, request, refused),
        **shown,
    }
    if may_split and "split_form" not in context:
        context["split_form"] = FundingForm(
            _sources(project, row), initial={**FundingForm.funding_of(row), "version": row.version}
        )
    return render(request, "web/execution/payment.html", context, status=status)


@require_POST
@signed_in
def payment_split(request: HttpRequest, pk: int) -> HttpResponse:
    row = paying.payment_of(request.actor, pk)
    form = FundingForm(_sources(row.contract.project, row), request.POST)
    form.full_clean()
    try:
        service.split(
            pk, actor=request.actor, funding=form.funding(), expected_version=version_seen(request.POST),
            faults=faults_of(form),
        )  # fmt: skip
    except RuleViolation as refusal:
        refuse(form, refusal.problems)
        return _page(request, pk, refusal.http_status, split_form=form)
    messages.success(request, _("Saved."))
    return redirect(row.get_absolute_url())
