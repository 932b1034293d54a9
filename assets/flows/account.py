"""The final account: compiled by the unit once it balances, submitted with its FA item, approved by finance."""

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.roles import Role
from approvals.states import OPEN
from assets import findings, holdings
from assets.states import AccountState as A
from core.errors import Problem
from core.workflow import Input, Move, Situation, Workflow
from projects.states import Gate, Stage

CLERK, LEAD, FINANCE = (Role.APPLICANT_CLERK,), (Role.APPLICANT_LEAD,), (Role.FINANCE_OFFICER,)
REASON = Input("reason", _("Reason"))
DOCUMENT = Input("document_no", _("Document number"), "line", longest=60)


def forms_balance(account: Any, situation: Situation) -> Iterator[Problem]:
    """R-FA-01…09: every rule that is broken, naming the two cells that disagree."""
    yield from findings.balance_problems(account, situation.rules)


def the_stage_has_come(account: Any, situation: Situation) -> Iterator[Problem]:
    """The whole project's account waits for its stage; one of a single project may come before (R-FA-08)."""
    stage = account.project.stage
    if not account.part and stage not in (Stage.FINAL_ACCOUNT, Stage.TERMINATED):
        yield Problem(
            "account.stage", gettext("The project is in “%(stage)s”.") % {"stage": account.project.get_stage_display()}
        )


def parts_are_approved(account: Any, situation: Situation) -> Iterator[Problem]:
    """R-FA-08: accounts of single projects come before that of the whole, which is filled from what was approved of them."""
    if account.part:
        return
    open_ones = [
        row.part for row in account.project.final_accounts.all() if row.part and row.state != A.APPROVED
    ]  # fmt: skip
    if open_ones:
        words = gettext("Not approved yet: the final account of %(parts)s.")
        yield Problem("account.parts_open", words % {"parts": "、".join(sorted(open_ones))})


def is_declared(account: Any, situation: Situation) -> Iterator[Problem]:
    """The whole project's account goes to finance with an FA item that declares the same amount."""
    if account.part or account.project.stage == Stage.TERMINATED:
        return
    item = account.item
    if item is None or item.state not in OPEN:
        yield Problem("account.no_item", gettext("Make the declaration to finance (FA) first."))
        return
    total = holdings.forms_of(account).amount("01.total.actual")
    if item.declared_amount != total:
        facts = {"declared": f"{item.declared_amount or 0:,.2f}", "total": f"{total:,.2f}"}
        message = gettext("The item declares %(declared)s yuan, the account comes to %(total)s.")
        yield Problem("account.item_amount", message % facts)


def has_no_item(account: Any, situation: Situation) -> Iterator[Problem]:
    """An account with an FA item is approved by the item; others by finance at once."""
    if account.item_id is not None:
        yield Problem("account.by_item", gettext("The FA item decides this account."))


def the_project_was_reopened(account: Any, situation: Situation) -> Iterator[Problem]:
    """T28 takes a closed project back to its final account; until then an approved account stands."""
    project = account.project
    if project.stage != Stage.FINAL_ACCOUNT or project.has_gate(Gate.FINAL_ACCOUNT_APPROVED, situation.on):
        yield Problem("account.stands", gettext("The approval of this final account stands."))


ACCOUNT_FLOW = Workflow(
    "state",
    "assets.final_account",
    Move("F01", "compile", _("Finish the compilation"), (A.DRAFT,), A.COMPILED, CLERK, (forms_balance,), primary=True),
    Move("F02", "reopen", _("Take up the compilation again"), (A.COMPILED,), A.DRAFT, CLERK),
    Move("F03", "submit", _("Submit the final account"), (A.COMPILED,), A.SUBMITTED, LEAD,
         (the_stage_has_come, parts_are_approved, is_declared, forms_balance),
         (Input("late_reason", _("Reason of the delay"), "line", required=False,
                help=_("Only where the deadline has passed.")),), primary=True),
    Move("F04", "return_account", _("Return the final account"), (A.SUBMITTED,), A.DRAFT, FINANCE, (), (REASON,)),
    Move("F05", "approve", _("Final account approved"), (A.SUBMITTED,), A.APPROVED, ()),
    Move("F06", "approve_directly", _("Approve the final account"), (A.SUBMITTED,), A.APPROVED, FINANCE, (has_no_item,),
         (Input("approved_total", _("Approved total (yuan)"), "money"), DOCUMENT), primary=True, irreversible=True),
    Move("F07", "release", _("Final account given back with its item"), (A.COMPILED, A.SUBMITTED, A.APPROVED),
         A.DRAFT, ()),
    Move("F08", "extend", _("Extend the deadline"), (A.DRAFT, A.COMPILED), None, FINANCE, (),
         (Input("months", _("Months"), "days"), DOCUMENT, REASON)),
    Move("F09", "take_up_again", _("Take up an approved final account again"), (A.APPROVED,), A.DRAFT, CLERK,
         (the_project_was_reopened,), (REASON,)),
)  # fmt: skip
