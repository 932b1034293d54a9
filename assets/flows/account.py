"""The final account: compiled by the unit once it balances, submitted with its FA item, approved by finance."""

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.roles import Role
from assets import findings
from assets.states import AccountState as A
from core.errors import Problem
from core.workflow import Input, Move, Situation, Workflow


def forms_balance(account: Any, situation: Situation) -> Iterator[Problem]:
    """R-FA-01…09: every rule that is broken, naming the two cells that disagree."""
    yield from findings.balance_problems(account)


ACCOUNT_FLOW = Workflow(
    "state",
    "assets.final_account",
    Move("F01", "compile", _("Finish the compilation"), (A.DRAFT,), A.COMPILED, (Role.APPLICANT_CLERK,), (forms_balance,), primary=True),
    Move("F02", "reopen", _("Take up the compilation again"), (A.COMPILED,), A.DRAFT, (Role.APPLICANT_CLERK,)),
    Move("F03", "submit", _("Submit the final account"), (A.COMPILED,), A.SUBMITTED, (Role.APPLICANT_LEAD,), (forms_balance,), primary=True),
    Move("F04", "return_account", _("Return the final account"), (A.SUBMITTED,), A.DRAFT, (Role.FINANCE_OFFICER,), (),
         (Input("reason", _("Reason")),)),
    Move("F05", "approve", _("Final account approved"), (A.SUBMITTED,), A.APPROVED, ()),
)  # fmt: skip
