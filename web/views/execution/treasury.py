"""Finance takes in the treasury's results: the files so far, what came of each row, what still waits to be paid."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from accounts.policies import insist
from core.errors import Problem, RuleViolation
from core.files import KINDS
from core.locks import found
from execution import ledger, paying, treasury_file
from execution.models import TreasuryImport
from execution.policies import may_import_treasury
from execution.services import treasury as service
from execution.states import PaymentState
from web.access import signed_in
from web.paging import keyset

PAGE = 50
ACCEPT = ",".join(extension for code in service.KINDS for extension in KINDS[code].extensions)
OUTCOMES = {
    "PAID": ("success", gettext_lazy("Booked as paid")),
    "KNOWN": ("ended", gettext_lazy("In the books already")),
    "UNKNOWN": ("waiting", gettext_lazy("Payment not known")),
    "MISMATCH": ("waiting", gettext_lazy("Says otherwise than the books")),
    "REFUSED": ("waiting", gettext_lazy("Cannot be paid now")),
    "UNREADABLE": ("waiting", gettext_lazy("Cannot be read")),
}


@require_http_methods(["GET", "POST"])
@signed_in
def treasury(request: HttpRequest) -> HttpResponse:
    insist(may_import_treasury, request.actor)
    problems: tuple[Problem, ...] = ()
    if request.method == "POST":
        chosen = request.FILES.get("file")
        try:
            if chosen is None:
                raise RuleViolation([Problem("required", _("Choose a file."), "file")])
            done = service.take_in(chosen, name=chosen.name, actor=request.actor)
        except RuleViolation as refusal:
            problems = refusal.problems
        else:
            messages.success(request, _("Rows looked at: %(n)s.") % {"n": len(done.result)})
            return redirect(done.get_absolute_url())
    waiting = ledger.entries(request.actor, ledger.LedgerFilter(states=(PaymentState.FINANCE_APPROVED,)))
    page = keyset(request, paying.imports(request.actor), PAGE)
    context = {
        "page": page,
        "rows": [(row, _counted(row)) for row in page.rows],
        "waiting": waiting[:PAGE],
        "waiting_sum": ledger.totals(waiting)["committed"],
        "accept": ACCEPT,
        "problems": problems,
    }
    return render(request, "web/execution/treasury.html", context, status=422 if problems else 200)


def _counted(row: TreasuryImport) -> list[tuple[str, Any, int]]:
    counts = service.counts(row)
    return [(tone, label, counts[code]) for code, (tone, label) in OUTCOMES.items() if code in counts]


@require_GET
@signed_in
def treasury_import(request: HttpRequest, pk: int) -> HttpResponse:
    insist(may_import_treasury, request.actor)
    done = found(paying.imports(request.actor), pk=pk)
    rows = [{**row, "tone": OUTCOMES[row["outcome"]][0], "label": OUTCOMES[row["outcome"]][1]} for row in done.result]
    open_rows = [row for row in rows if row["outcome"] not in service.DONE]
    context = {"done": done, "rows": rows, "counts": _counted(done), "open_rows": len(open_rows)}
    return render(request, "web/execution/treasury_import.html", context)


@require_GET
@signed_in
def treasury_template(request: HttpRequest) -> HttpResponse:
    """An empty file with the head row."""
    answer = HttpResponse(treasury_file.template(), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = (
        "attachment; filename=\"treasury.csv\"; filename*=UTF-8''%E5%9B%BD%E5%BA%93%E6%94%AF%E4%BB%98%E7%BB%93%E6%9E%9C.csv"
    )
    return answer
