"""What the moves of a final account entail: frozen when compiled, explained when late, booked as approved."""

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _

from assets import deadlines, holdings
from assets.machines import FINAL_ACCOUNTS
from assets.models import Asset, FinalAccount
from assets.rules import approval, forms_books
from assets.rules.forms_reckoning import Forms
from assets.services import account_notices, standing
from assets.services.spreading import spread_costs
from core.errors import Problem
from core.workflow import Situation
from execution.services.machine import Step


@FINAL_ACCOUNTS.check("submit")
def lateness_is_explained(account: FinalAccount, said: dict[str, Any], now: Situation) -> Iterable[Problem]:
    """R-TL-09: overtime refuses nothing, but it is explained."""
    term = deadlines.term_of(account, now)
    if term.days_left is not None and term.days_left < 0 and not said.get("late_reason"):
        words = _("The final account was due on %(day)s: say why it is late.")
        yield Problem("account.late", words % {"day": term.due_on}, "late_reason")


@FINAL_ACCOUNTS.before("compile")
def freeze(step: Step) -> None:
    """What is compiled stays as it was, whatever is paid or changed afterwards."""
    account = step.row
    held = holdings.holdings_of(account)
    account.holdings = forms_books.as_json(held)
    step.facts["total"] = Forms(forms_books.books_of(held), holdings.written_of(account)).amount("01.total.actual")


@FINAL_ACCOUNTS.before("submit")
def keep_the_day(step: Step) -> None:
    account = step.row
    account.submitted_on = step.on
    account.late_reason = step.data.get("late_reason", "")
    step.facts["total"] = holdings.forms_of(account).amount("01.total.actual")


@FINAL_ACCOUNTS.before("reopen")
@FINAL_ACCOUNTS.before("return_account")
@FINAL_ACCOUNTS.before("release")
@FINAL_ACCOUNTS.before("take_up_again")
def thaw(step: Step) -> None:
    """From now on the forms follow the books again; what an ended item decided no longer counts."""
    account = step.row
    if step.move.name == "release" and account.approved_total is not None and account.holdings is not None:
        _take_back_the_cuts(account)
    if account.item is not None and not account.item.is_open:
        account.item = None
    account.holdings = None
    account.submitted_on = account.approved_on = account.approved_total = None
    account.document_no = ""


def _take_back_the_cuts(account: FinalAccount) -> None:
    """Where the approval itself is taken back, the assets cost again what was submitted of them. (A project that is opened
    again keeps the values that were handed over.)"""
    submitted = {approval.key_of(asset.key): asset for asset in forms_books.from_json(account.holdings).assets}
    rows = list(Asset.objects.filter(pk__in=submitted))
    for row in rows:
        row.direct, row.installation = submitted[row.pk].direct, submitted[row.pk].installation
    Asset.objects.bulk_update(rows, ["direct", "installation"])


@FINAL_ACCOUNTS.after("return_account")
def spread_anew_and_say_why(step: Step) -> None:
    spread_costs(step.row)
    account_notices.tell_it_came_back(step)


@FINAL_ACCOUNTS.after("reopen")
@FINAL_ACCOUNTS.after("release")
@FINAL_ACCOUNTS.after("take_up_again")
def spread_anew(step: Step) -> None:
    spread_costs(step.row)


@FINAL_ACCOUNTS.check("extend")
def extension_problems(account: FinalAccount, said: dict[str, Any], now: Situation) -> Iterable[Problem]:
    """R-TL-09: two months, six for a large project; once."""
    if account.extension_months:
        yield Problem("account.extended", _("The deadline has been extended already."))
    longest = deadlines.longest_extension(account)
    if "months" in said and said["months"] > longest:
        yield Problem("account.extension", _("At most %(n)s months.") % {"n": longest}, "months")


@FINAL_ACCOUNTS.before("extend")
def lengthen(step: Step) -> None:
    step.row.extension_months = step.data["months"]
    step.row.extension_document = step.data["document_no"]
    step.row.due_on = deadlines.term_of(step.row, step.now).due_on


@FINAL_ACCOUNTS.check("approve_directly")
def approval_problems(account: FinalAccount, said: dict[str, Any], now: Situation) -> Iterable[Problem]:
    total = holdings.forms_of(account).amount("01.total.actual")
    if "approved_total" in said and said["approved_total"] > total:
        words = _("At most the total of the account, %(total)s yuan.") % {"total": f"{total:,.2f}"}
        yield Problem("account.above_total", words, "approved_total")


@FINAL_ACCOUNTS.before("approve")
@FINAL_ACCOUNTS.before("approve_directly")
def keep_the_approval(step: Step) -> None:
    account = step.row
    account.approved_total = step.data["approved_total"]
    account.document_no = step.data["document_no"]
    account.approved_on = step.on
    step.facts["reduction"] = holdings.forms_of(account).amount("01.total.actual") - account.approved_total


@FINAL_ACCOUNTS.after("approve")
@FINAL_ACCOUNTS.after("approve_directly")
def book_the_approved_values(step: Step) -> None:
    """The assets are worth what was approved of them: together with what forms no asset, the approved total to the fen."""
    account = step.row
    held = holdings.holdings_of(account)
    declared = approval.declared(holdings.forms_of(account), held)
    reviewed = step.data.get("reviewed", {})
    values = approval.approved_values(held, declared, reviewed, account.approved_total)
    rows = list(Asset.objects.filter(pk__in=[approval.key_of(key) for key in values]))
    for row in rows:
        value = values[f"asset-{row.pk}"]
        row.direct, row.installation, row.allocated = value.direct, value.installation, value.deferred
    Asset.objects.bulk_update(rows, ["direct", "installation", "allocated"])
    standing.values_moved(account.project)
    account_notices.tell_it_was_approved(step)
