"""Saves what reviewers write: the reviewed column with its reasons, and comments at the materials."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from approvals.models import ApprovalItem
from approvals.services import costs, materials
from core.errors import RuleViolation, StaleState, require
from core.keys import key_of
from core.locks import found
from web.access import signed_in
from web.forms.review import CommentForm, read_review
from web.views.items.moving import back_to, seen_version
from web.views.items.page import item_for_page, show


@require_POST
@signed_in
def item_review(request: HttpRequest, pk: int) -> HttpResponse:
    """The whole column at once; one cell that cannot be read saves nothing and is told at the cell."""
    row = found(ApprovalItem.objects.visible_to(request.actor), pk=pk)
    lines, unreadable = read_review(row, request.POST)
    try:
        require(unreadable)
        costs.review_lines(row.pk, actor=request.actor, lines=lines, expected_version=seen_version(request))
    except (RuleViolation, StaleState) as refusal:
        return show(
            request,
            item_for_page(request.actor, pk),
            status=refusal.http_status,
            title=_("The reviewed amounts were not saved"),
            problems=refusal.problems,
            posted_review=request.POST,
        )
    messages.success(request, _("The reviewed amounts are saved."))
    return back_to(request, pk, "#review")


@require_POST
@signed_in
def item_comment(request: HttpRequest, pk: int, slot: int) -> HttpResponse:
    """A verdict or remark on the current version of one material (R-FILE-02)."""
    row = found(ApprovalItem.objects.visible_to(request.actor), pk=pk)
    form = CommentForm(request.POST, prefix=f"m{slot}", use_required_attribute=False)
    status, elsewhere = 422, ()
    if form.is_valid():
        said = form.cleaned_data
        try:
            materials.comment(
                row.pk,
                slot,
                actor=request.actor,
                verdict=said["verdict"],
                text=said["text"],
                page=said["page"],
                expected_file=key_of(request.POST.get("file_read", "")),
            )
        except (RuleViolation, StaleState) as refusal:
            status = refusal.http_status
            elsewhere = tuple(problem for problem in refusal.problems if problem.field not in form.fields)
            for problem in refusal.problems:
                if problem.field in form.fields:
                    form.add_error(problem.field, str(problem.message))
        else:
            messages.success(request, _("The comment is kept."))
            return back_to(request, pk, f"#material-{slot}")
    title = _("The comment was not kept")
    page = item_for_page(request.actor, pk)
    return show(request, page, status=status, title=title, problems=elsewhere, comment_form=form)
