"""Handover batches and titles."""

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.roles import Role
from assets.states import DELIVERED, OPEN_BATCH, AccountState, AssetClass, BatchKind, BatchState, TitlePaper
from assets.states import BatchState as B
from assets.states import TitleState as T
from core.errors import Problem
from core.workflow import Input, Move, Situation, Workflow
from projects.states import MAIN_LINE, Gate, Stage

REASON = Input("reason", _("Reason"))
AFTER_THE_APPROVAL = (Stage.ASSET_HANDOVER, Stage.TITLE_REGISTRATION)


def has_lines(batch: Any, situation: Situation) -> Iterator[Problem]:
    if not batch.lines.all():
        yield Problem("handover.empty", gettext("The batch has no assets."), "assets")


def is_approved(asset: Any, situation: Situation) -> bool:
    """Whether finance has approved the value of this asset: with the project's account or that of its single project."""
    project = asset.project
    if project.stage in AFTER_THE_APPROVAL or project.has_gate(Gate.FINAL_ACCOUNT_APPROVED, situation.on):
        return True
    return asset.account is not None and asset.account.state == AccountState.APPROVED


def final_batches_wait_for_the_approval(batch: Any, situation: Situation) -> Iterator[Problem]:
    """R-LC-08: before the final account is approved only a provisional handover is possible."""
    if batch.kind != BatchKind.FINAL:
        return
    waiting = [line.asset.name for line in batch.lines.all() if not is_approved(line.asset, situation)]
    if waiting:
        words = gettext("The final account is not approved yet: hand over provisionally (%(assets)s).")
        yield Problem("handover.not_approved", words % {"assets": _named(waiting)}, "kind")


def provisional_batches_wait_for_the_acceptance(batch: Any, situation: Situation) -> Iterator[Problem]:
    """R-LC-08: from the acceptance on, in parallel with the main line."""
    stage = batch.project.stage
    if stage in MAIN_LINE and MAIN_LINE.index(stage) < MAIN_LINE.index(Stage.ACCEPTANCE):
        words = gettext("The project is in “%(stage)s”: assets are handed over from the acceptance on.")
        yield Problem("handover.too_early", words % {"stage": batch.project.get_stage_display()}, "kind")


def infrastructure_is_maintained(batch: Any, situation: Situation) -> Iterator[Problem]:
    for line in batch.lines.all():
        if line.asset.asset_class == AssetClass.PUBLIC_INFRA and not line.asset.maintenance_unit:
            yield Problem(
                "handover.maintenance",
                gettext("“%(asset)s” has no maintenance unit.") % {"asset": line.asset.name},
                "assets",
            )


def every_asset_is_free(batch: Any, situation: Situation) -> Iterator[Problem]:
    """An asset is in one batch under way at a time; what was handed over finally is handed over anew only at another value."""
    for line in batch.lines.all():
        yield from busy_problems(line.asset, batch)


def busy_problems(asset: Any, batch: Any) -> Iterator[Problem]:
    """What other batches keep this asset from going into this one."""
    for other in asset.handovers.all():
        if other.batch_id == batch.pk or other.batch.state == BatchState.CANCELLED:
            continue
        shown = {"asset": asset.name, "number": other.batch.number}
        if other.batch.state in OPEN_BATCH:
            words = gettext("“%(asset)s” is in batch %(number)s, which is under way.")
            yield Problem("handover.busy", words % shown, "assets")
        elif other.batch.kind == BatchKind.FINAL and other.value == asset.value:
            words = gettext("“%(asset)s” was handed over finally with batch %(number)s.")
            yield Problem("handover.twice", words % shown, "assets")
        elif other.batch.kind == BatchKind.PROVISIONAL and batch.kind == BatchKind.PROVISIONAL:
            words = gettext(
                "“%(asset)s” was handed over provisionally with batch %(number)s: only the final one is left."
            )
            yield Problem("handover.twice", words % shown, "assets")


def values_stand(batch: Any, situation: Situation) -> Iterator[Problem]:
    """What both houses signed is what the account says, to the fen; a provisional value may have moved since."""
    if batch.kind != BatchKind.FINAL:
        return
    for line in batch.lines.all():
        if line.value != line.asset.value:
            shown = {"asset": line.asset.name, "signed": f"{line.value:,.2f}", "value": f"{line.asset.value:,.2f}"}
            words = gettext("“%(asset)s” was signed for at %(signed)s yuan and is worth %(value)s: refuse the batch.")
            yield Problem("handover.value_moved", words % shown, "assets")


def documents_are_there(batch: Any, situation: Situation) -> Iterator[Problem]:
    """J01: the agreement of both houses, and the proof that the papers of the works were handed over as well."""
    if batch.kind == BatchKind.FINAL and not batch.documents.all():
        yield Problem("handover.documents", gettext("Attach the handover agreement first."), "documents")


def _named(names: list[str]) -> str:
    return "、".join(names[:3]) + (" …" if len(names) > 3 else "")


BATCH_FLOW = Workflow(
    "state",
    "assets.handover",
    Move("H01", "sign_over", _("Sign for the project unit"), (B.DRAFT,), B.SIGNED_OVER, (Role.APPLICANT_LEAD,),
         (has_lines, provisional_batches_wait_for_the_acceptance, final_batches_wait_for_the_approval,
          infrastructure_is_maintained, every_asset_is_free, documents_are_there), primary=True),
    Move("H02", "receive", _("Sign for the receiving unit"), (B.SIGNED_OVER,), B.RECEIVED, (Role.RECEIVER,),
         (values_stand,), primary=True),
    Move("H03", "refuse", _("Refuse the handover"), (B.SIGNED_OVER,), B.DRAFT, (Role.RECEIVER,), (), (REASON,)),
    Move("H04", "confirm", _("Confirm the handover"), (B.RECEIVED,), B.CONFIRMED, (Role.ASSET_OFFICER,),
         (values_stand,), primary=True, irreversible=True),
    Move("H05", "cancel", _("Cancel the handover"), (B.DRAFT,), B.CANCELLED, (Role.APPLICANT_CLERK, Role.APPLICANT_LEAD), (), (REASON,)),
    Move("H06", "return_batch", _("Return the handover"), (B.SIGNED_OVER, B.RECEIVED), B.DRAFT, (Role.ASSET_OFFICER,), (), (REASON,)),
)  # fmt: skip


def asset_was_handed_over(title: Any, situation: Situation) -> Iterator[Problem]:
    """The receiving unit registers what it holds; a provisional handover is enough."""
    if not any(line.batch.state == BatchState.CONFIRMED for line in title.asset.handovers.all()):
        yield Problem("title.not_received", gettext("The asset has not been handed over yet."))


def certificate_is_there(title: Any, situation: Situation) -> Iterator[Problem]:
    if title.document_id is None:
        yield Problem("title.document", gettext("Attach the scanned certificate first."), "document")


def is_delivered(asset: Any) -> bool:
    return asset.asset_class in DELIVERED


TITLE_FLOW = Workflow(
    "state",
    "assets.title",
    Move("R01", "file", _("File the application"), (T.PENDING_PAPERS, T.BLOCKED), T.FILED, (Role.RECEIVER,),
         (asset_was_handed_over,),
         (Input("filed_on", _("Filed on"), "date"),
          Input("papers", _("Papers brought"), "choices", choices=tuple(TitlePaper.choices))), primary=True),
    Move("R02", "register", _("Record the registration"), (T.FILED,), T.REGISTERED, (Role.RECEIVER,),
         (certificate_is_there,),
         (Input("certificate_no", _("Certificate number"), "line", longest=80), Input("registered_on", _("Registered on"), "date")), primary=True, irreversible=True),
    Move("R03", "block", _("Record an obstacle"), (T.PENDING_PAPERS, T.FILED), T.BLOCKED, (Role.RECEIVER,), (), (REASON,)),
    Move("R04", "exempt", _("No title needed"), (T.PENDING_PAPERS, T.BLOCKED), T.NOT_REQUIRED, (Role.ASSET_OFFICER,), (),
         (Input("basis", _("Ground on which no title is needed"), "line"),), irreversible=True),
)  # fmt: skip
