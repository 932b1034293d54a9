"""The account before finance: declared by an FA item, moved with it, approved at what the item approves."""

import io

from django.conf import settings
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from accounts.actor import Actor
from accounts.policies import insist
from approvals.models import ApprovalItem
from approvals.services import costs, create, engine, links, materials
from approvals.services import moves as item_moves
from approvals.services.costs import DeclaredLine
from approvals.services.engine import Case
from approvals.services.materials import UPLOADABLE
from approvals.states import ItemState
from assets import holdings
from assets.machines import FINAL_ACCOUNTS
from assets.models import FinalAccount
from assets.policies import may_compile
from assets.rules import approval
from assets.services import book
from assets.states import AccountState
from core import trace
from core.errors import Problem, RuleViolation, require

ITEM_TYPE = "FA"
STATEMENTS = "I01"
RELEASED_FUNDS = "I04"
GOES_IN = ("submit", "resubmit", "approve")
ENDED = (
    ItemState.REJECTED, ItemState.RETURNED, ItemState.WITHDRAWN, ItemState.NOT_ACCEPTED, ItemState.REVOKED,
)  # fmt: skip


@transaction.atomic
def declare(pk: int, *, actor: Actor) -> ApprovalItem:
    """The FA item of a compiled account: opened, or the draft there is; with the account's lines as its cost lines and the
    book as its statements. Its other materials are brought as with every declaration. Raises RuleViolation."""
    account = FINAL_ACCOUNTS.lock(pk, actor)
    insist(may_compile, actor, account.project)
    require(_declaring_problems(account))
    item = _item_of(account, actor)
    _declare_lines(account, item, actor)
    _attach_the_book(account, item, actor)
    releases = account.project.releases.order_by("released_on", "pk").values_list("document_no", flat=True)
    links.link(item, RELEASED_FUNDS, releases)
    account.item = item
    account.version += 1
    account.save()
    trace.record(
        "assets.final_account.declared", actor=actor, target=account, project_id=account.project_id, item_id=item.pk,
        facts={"no": item.no},
    )  # fmt: skip
    item.refresh_from_db()
    return item


def _declaring_problems(account: FinalAccount) -> list[Problem]:
    found = []
    if account.state != AccountState.COMPILED:
        found.append(Problem("account.not_compiled", _("Only a compiled account is declared.")))
    if account.part:
        words = _("The account of a single project is approved by finance without an item.")
        found.append(Problem("account.part_item", words))
    return found


def _item_of(account: FinalAccount, actor: Actor) -> ApprovalItem:
    """The draft of this account, or of nobody's, else a new one."""
    drafts = account.project.items.filter(item_type=ITEM_TYPE, state__in=UPLOADABLE).order_by("-pk")
    for item in drafts:
        if not item.final_accounts.exclude(pk=account.pk).exists():
            return item
    return create.create(account.project_id, ITEM_TYPE, actor=actor)


def _declare_lines(account: FinalAccount, item: ApprovalItem, actor: Actor) -> None:
    lines = approval.declared(holdings.forms_of(account), holdings.holdings_of(account))
    rows: list[DeclaredLine] = []
    for branch, heading in approval.HEADINGS.items():
        below = [line for line in lines if line.branch == branch]
        if below:
            rows.append(DeclaredLine(branch, heading))
            rows += [DeclaredLine(line.code, line.name, line.amount) for line in below]
    costs.declare_lines(item.pk, actor=actor, lines=rows)


def _attach_the_book(account: FinalAccount, item: ApprovalItem, actor: Actor) -> None:
    slot = item.slots.filter(code=STATEMENTS).first()
    if slot is not None:
        with translation.override(settings.LANGUAGE_CODE):
            content = book.pdf(account)
            name = book.file_name(account, "pdf")
        materials.upload(item.pk, slot.pk, io.BytesIO(content), name=name, actor=actor)


def follow_the_item(case: Case) -> None:
    """What becomes of the account when its item moves: it goes in with the item, is approved with it, comes back with it."""
    if case.item.item_type != ITEM_TYPE:
        return
    account = FinalAccount.objects.select_related("project").filter(item=case.item).first()
    if account is None:
        require(_missing(case))
        return
    if case.move in GOES_IN and account.state != AccountState.SUBMITTED:
        words = _("The final account of this item is not submitted: it is in “%(state)s”.")
        raise RuleViolation([Problem("account.not_submitted", words % {"state": account.get_state_display()})])
    if case.move == "approve":
        reviewed = {
            line.code: line.reviewed
            for line in case.item.cost_lines.all()
            if line.is_leaf and line.reviewed is not None
        }
        said = {
            "approved_total": case.item.approved_amount, "document_no": case.item.document_no, "reviewed": reviewed,
        }  # fmt: skip
        FINAL_ACCOUNTS.perform_by_system(account, "approve", actor=case.actor, data=said)
    elif case.item.state in ENDED and account.state != AccountState.DRAFT:
        account.item = None
        FINAL_ACCOUNTS.perform_by_system(account, "release", actor=case.actor, data={})


def _missing(case: Case) -> list[Problem]:
    """A project whose contracts are kept here comes with its account (where the rule `execution.required` is 1)."""
    project = case.item.project
    if case.move not in GOES_IN or not case.now.rules.value("execution.required") or not project.contracts.exists():
        return []
    return [Problem("account.missing", _("Compile the final account and declare it from there."))]


engine.OBSERVERS.append(follow_the_item)
__all__ = ["declare", "item_moves"]
