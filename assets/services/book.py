"""The book of a final account as a file: PDF or XLSX, in official Chinese; who took it stands in the trace."""

import hashlib
from dataclasses import dataclass

from django.conf import settings
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from accounts.actor import Actor
from accounts.policies import insist, may_do_business
from assets import holdings
from assets.books import pages, workbook
from assets.models import FinalAccount
from core import locks, trace
from core.errors import Problem, RuleViolation
from core.trace import Who

CONTENT_TYPES = {
    "pdf": "application/pdf",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


@dataclass(frozen=True)
class Book:
    name: str
    content_type: str
    content: bytes


def pdf(account: FinalAccount) -> bytes:
    return pages.render(account, holdings.forms_of(account), account.cut_off_on)


def xlsx(account: FinalAccount) -> bytes:
    return workbook.render(account, holdings.forms_of(account))


RENDERERS = {"pdf": pdf, "xlsx": xlsx}


def file_name(account: FinalAccount, format_name: str) -> str:
    named = "-".join(filter(None, (account.project.name, account.part)))
    return f"竣工财务决算-{named[:60]}-{account.cut_off_on:%Y%m%d}.{format_name}"


@transaction.atomic
def export(pk: int, format_name: str, *, actor: Actor) -> Book:
    """`pdf` or `xlsx`. Raises NotFound, NotPermitted, RuleViolation for an unknown format."""
    insist(may_do_business, actor)
    account = locks.found(FinalAccount.objects.visible_to(actor).select_related("project__owner_unit"), pk=pk)
    return _export(account, format_name, actor)


@transaction.atomic
def export_by_system(account: FinalAccount, format_name: str) -> Book:
    """The same from the command line."""
    return _export(account, format_name, trace.SYSTEM)


def _export(account: FinalAccount, format_name: str, actor: Who) -> Book:
    if format_name not in RENDERERS:
        words = _("“%(name)s” is not a format.") % {"name": format_name}
        raise RuleViolation([Problem("format.unknown", words, "format")])
    with translation.override(settings.LANGUAGE_CODE):
        content = RENDERERS[format_name](account)
    trace.record(
        "assets.final_account.exported", actor=actor, target=account, project_id=account.project_id,
        facts={"format": format_name, "sha256": hashlib.sha256(content).hexdigest(), "part": account.part},
    )  # fmt: skip
    return Book(file_name(account, format_name), CONTENT_TYPES[format_name], content)
