"""The signed paper of a contract and of its supplements: kept once it is signed, exchanged only with a trace of both hashes."""

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.actor import Actor
from accounts.policies import insist
from core import locks, trace
from core.errors import Problem
from execution.machines import CONTRACTS
from execution.models import Contract, Supplement
from execution.policies import may_keep_books
from execution.services.evidence import Upload, kept


@transaction.atomic
def keep_contract(pk: int, *, actor: Actor, upload: Upload | None) -> Contract:
    """The scan of the signed contract (PDF, OFD or an image). Raises RuleViolation with every reason."""
    contract = CONTRACTS.lock(pk, actor)
    _keep(contract, contract, actor, upload, "")
    return contract


@transaction.atomic
def keep_supplement(pk: int, *, actor: Actor, upload: Upload | None) -> Supplement:
    """The scan of a supplementary agreement."""
    seen = locks.found(Supplement.objects.filter(contract__in=Contract.objects.visible_to(actor)), pk=pk)
    contract = CONTRACTS.lock(seen.contract_id, actor)
    row = locks.found(contract.supplements.select_related("file"), pk=pk)
    _keep(row, contract, actor, upload, row.no)
    return row


def _keep(row: Contract | Supplement, contract: Contract, actor: Actor, upload: Upload | None, no: str) -> None:
    insist(may_keep_books, actor, contract.project)
    unsigned = [] if row.signed_on else [Problem("contract.unsigned", _("The day of signing is missing."), "signed_on")]
    before, row.file = row.file, kept(upload, actor, unsigned)
    row.save()
    facts = {"no": no or contract.no, "file": row.file.name, "sha256": row.file.sha256}
    trace.record(
        "execution.contract.file_kept", actor=actor, target=contract, project_id=contract.project_id,
        facts=facts | ({"replaces": before.sha256} if before else {}),
    )  # fmt: skip
