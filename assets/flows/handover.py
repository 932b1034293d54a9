"""Handover batches and titles."""

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.roles import Role
from assets.states import AssetClass, BatchKind
from assets.states import BatchState as B
from assets.states import TitleState as T
from core.errors import Problem
from core.workflow import Input, Move, Situation, Workflow
from projects.states import Gate

REASON = Input("reason", _("Reason"))


def has_lines(batch: Any, situation: Situation) -> Iterator[Problem]:
    if not batch.lines.all():
        yield Problem("handover.empty", gettext("The batch has no assets."), "assets")


def final_batches_wait_for_the_approval(batch: Any, situation: Situation) -> Iterator[Problem]:
    """R-LC-08: before the final account is approved only a provisional handover is possible."""
    if batch.kind == BatchKind.FINAL and not batch.project.has_gate(Gate.FINAL_ACCOUNT_APPROVED, situation.on):
        yield Problem(
            "handover.not_approved", gettext("The final account is not approved yet: hand over provisionally."), "kind"
        )


def infrastructure_is_maintained(batch: Any, situation: Situation) -> Iterator[Problem]:
    for line in batch.lines.all():
        if line.asset.asset_class == AssetClass.PUBLIC_INFRA and not line.asset.maintenance_unit:
            yield Problem(
                "handover.maintenance",
                gettext("“%(asset)s” has no maintenance unit.") % {"asset": line.asset.name},
                "assets",
            )


BATCH_FLOW = Workflow(
    "state",
    "assets.handover",
    Move("H01", "sign_over", _("Sign for the project unit"), (B.DRAFT,), B.SIGNED_OVER, (Role.APPLICANT_LEAD,),
         (has_lines, final_batches_wait_for_the_approval, infrastructure_is_maintained), primary=True),
    Move("H02", "receive", _("Sign for the receiving unit"), (B.SIGNED_OVER,), B.RECEIVED, (Role.RECEIVER,), (), primary=True),
    Move("H03", "refuse", _("Refuse the handover"), (B.SIGNED_OVER,), B.DRAFT, (Role.RECEIVER,), (), (REASON,)),
    Move("H04", "confirm", _("Confirm the handover"), (B.RECEIVED,), B.CONFIRMED, (Role.ASSET_OFFICER,), (), primary=True, irreversible=True),
    Move("H05", "cancel", _("Cancel the handover"), (B.DRAFT,), B.CANCELLED, (Role.APPLICANT_CLERK, Role.APPLICANT_LEAD), (), (REASON,)),
)  # fmt: skip

TITLE_FLOW = Workflow(
    "state",
    "assets.title",
    Move("R01", "file", _("File the application"), (T.PENDING_PAPERS, T.BLOCKED), T.FILED, (Role.RECEIVER,), (),
         (Input("filed_on", _("Filed on"), "date"),), primary=True),
    Move("R02", "register", _("Record the registration"), (T.FILED,), T.REGISTERED, (Role.RECEIVER,), (),
         (Input("certificate_no", _("Certificate number"), "line"), Input("registered_on", _("Registered on"), "date")), primary=True, irreversible=True),
    Move("R03", "block", _("Record an obstacle"), (T.PENDING_PAPERS, T.FILED), T.BLOCKED, (Role.RECEIVER,), (), (REASON,)),
)  # fmt: skip
