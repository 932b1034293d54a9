"""A holiday notice on its way into force: which days it changes, which deadlines it would move, who approves it."""

import json

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from accounts.roles import ADMINISTRATORS, Role
from approvals.services import calendar_notices
from core import calendars
from core.calendar import changed_days
from core.errors import RuleViolation
from core.locks import found
from core.models import CalendarNotice
from core.services import holidays
from web.access import signed_in
from web.forms.supervision import NoticeForm
from web.navigation import SEES_RULES
from web.views.supervision.calendar import page

SHOWN = 200


@require_POST
@signed_in(roles=[Role.SYS_ADMIN])
def propose(request: HttpRequest) -> HttpResponse:
    """POST file: a holiday file. Becomes a proposal; nothing changes yet. Refused, the form with every reason."""
    form = NoticeForm(request.POST, request.FILES)
    if not form.is_valid():
        return page(request, request.POST, form)
    try:
        row = holidays.propose_file(form.cleaned_data["file"].read(), actor=request.actor)
    except RuleViolation as refusal:
        for problem in refusal.problems:
            form.add_error("file", str(problem.message))
        return page(request, request.POST, form)
    messages.success(request, _("Proposed. It takes effect when the deputy director approves it."))
    return redirect("web:notice", row.pk)


@require_safe
@signed_in(roles=[Role.SYS_ADMIN])
def example(request: HttpRequest) -> HttpResponse:
    """The file of the latest published year, as a pattern for the next."""
    latest = calendars.current().notices[-1]
    response = HttpResponse(
        json.dumps(latest.as_json(), ensure_ascii=False, indent=2), content_type="application/json; charset=utf-8"
    )
    response["Content-Disposition"] = f'attachment; filename="holidays-{latest.year}.json"'
    return response


@signed_in(roles=SEES_RULES)
def notice(request: HttpRequest, pk: int) -> HttpResponse:
    """What this version says and, while it waits, what it would change. Administrators see no items (R-SOD-04)."""
    row = found(CalendarNotice.objects.select_related("proposed_by", "approved_by"), pk=pk)
    context = {"row": row, "waits": row.approved_at is None, "may_see_items": request.actor.role not in ADMINISTRATORS}
    if row.approved_at is None:
        asked = calendars.notice_of(row)
        moved = calendar_notices.shifts(asked)
        context |= {
            "changes": changed_days(calendars.current(), calendars.with_notice(asked)),
            "count": len(moved),
            "shifts": moved[:SHOWN],
            "may_approve": request.actor.role == Role.DETERMINER,
        }
    return render(request, "web/supervision/notice.html", context)


@require_POST
@signed_in
def approve(request: HttpRequest, pk: int) -> HttpResponse:
    """In force from now on; every open deadline is computed again at once."""
    _row, moved = calendar_notices.approve(pk, actor=request.actor)
    text = ngettext("In force. %(n)s deadline moved.", "In force. %(n)s deadlines moved.", moved) % {"n": moved}
    messages.success(request, text)
    return redirect("web:notice", pk)
