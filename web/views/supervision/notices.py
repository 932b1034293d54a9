"""A holiday notice on its way into force: which days it changes, which deadlines it would move, who approves it."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from accounts.roles import ADMINISTRATORS, Role
from approvals.services import calendar_notices
from core import calendars
from core.calendar import YearNotice, changed_days
from core.errors import Problem, RuleViolation
from core.locks import found
from core.models import CalendarNotice
from core.services import holidays
from web.access import signed_in
from web.navigation import SEES_RULES

MOST_BYTES = 200_000
SHOWN = 200


@require_POST
@signed_in(roles=[Role.SYS_ADMIN])
def propose(request: HttpRequest) -> HttpResponse:
    """POST file: a holiday file. Becomes a proposal; nothing changes yet."""
    upload = request.FILES.get("file")
    if upload is None or upload.size > MOST_BYTES:
        raise RuleViolation([Problem("calendar.no_file", _("Choose the holiday file of one year (JSON)."), "file")])
    row = holidays.propose_notice(YearNotice.from_json(upload.read()), actor=request.actor)
    messages.success(request, _("Proposed. It takes effect when the deputy director approves it."))
    return redirect("web:notice", row.pk)


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
