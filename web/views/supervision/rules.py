"""The rules in force, what they rest on, how they changed; proposals to change them and their approval."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.roles import Role
from approvals.catalog import ITEM_TYPES
from approvals.rule_wording import rule_in_words, rule_label, scope, value_in_words
from approvals.states import Step
from core import clock, rulebook
from core.errors import DomainError
from core.models import RuleAmendment
from core.services import rules as service
from web.access import signed_in
from web.forms.supervision import AmendmentForm
from web.navigation import SEES_RULES
from web.refused_forms import show_refusal

# Switches that may be turned for one kind of item though the shipped row speaks of all.
PER_KIND = frozenset({"publicity.required"})


@signed_in(roles=SEES_RULES)
def rules(request: HttpRequest) -> HttpResponse:
    """GET on: the day whose rules are shown. POST proposes a change."""
    if request.method != "POST":
        return _page(request, AmendmentForm(rules=_choices()))
    form = AmendmentForm(request.POST, rules=_choices())
    if form.is_valid():
        said = form.cleaned_data
        code, item_type, step = said.pop("rule").split("|")
        try:
            service.propose_amendment(actor=request.actor, code=code, item_type=item_type, step=step, **said)
        except DomainError as error:
            show_refusal(form, error)
        else:
            messages.success(
                request, _("Proposed. It takes effect on its day, once the deputy director has approved it.")
            )
            return redirect("web:rules")
    return _page(request, form, status=422)


@require_POST
@signed_in
def approve(request: HttpRequest, pk: int) -> HttpResponse:
    row = service.approve_amendment(pk, actor=request.actor)
    messages.success(request, _("Approved. In force from %(day)s.") % {"day": row.effective_from})
    return redirect("web:rules")


def _page(request: HttpRequest, form: AmendmentForm, status: int = 200) -> HttpResponse:
    day = _day(request)
    amendments = RuleAmendment.objects.select_related("proposed_by", "approved_by").order_by("-pk")
    context = {
        "on": day,
        "rows": [rule_in_words(row) for row in _sorted(rulebook.on(day))],
        "waiting": [_shown(row) for row in amendments.filter(approved_at__isnull=True)[:50]],
        "history": [_shown(row) for row in amendments.filter(approved_at__isnull=False)[:50]],
        "form": form,
        "may_propose": request.actor.role == Role.SYS_ADMIN,
        "may_approve": request.actor.role == Role.DETERMINER,
    }
    return render(request, "web/supervision/rules.html", context, status=status)


def _day(request: HttpRequest) -> Any:
    try:
        return parse_date(request.GET.get("on", "")) or clock.today()
    except ValueError:
        return clock.today()


def _sorted(rows: Any) -> list[rulebook.RuleRow]:
    return sorted(rows, key=lambda row: (row.code.startswith("R-"), row.code, row.item_type, row.step))


def _choices() -> list[tuple[str, str]]:
    found, book = [], rulebook.on(clock.today())
    for row in _sorted(book):
        words = rule_in_words(row)
        name = " · ".join(part for part in (words["label"], words["scope"]) if part)
        found.append((f"{row.code}|{row.item_type}|{row.step}", f"{name}: {words['value']}"))
        if row.code in PER_KIND and not row.item_type:
            found += _kinds_that_follow(row, book)
    return found


def _kinds_that_follow(row: rulebook.RuleRow, book: rulebook.Rulebook) -> list[tuple[str, str]]:
    """The general row once more for each reviewed kind of item without a row of its own: it may come to differ."""
    words = value_in_words(row.code, row.value)
    return [
        (f"{row.code}|{kind.code}|", f"{rule_label(row.code)} · {kind.label}: {words}")
        for kind in ITEM_TYPES.values()
        if Step.SECOND in kind.steps and book.row(row.code, kind.code) == row
    ]


def _shown(row: RuleAmendment) -> dict[str, Any]:
    words = value_in_words(row.code, row.value)
    past = row.approved_at is None and row.effective_from <= clock.today()
    return {"row": row, "label": rule_label(row.code), "scope": scope(row), "value": words, "is_too_late": past}
