"""The tables of the case system, in the order of the rooms a file passes through."""

from approvals.models.clock import Nudge, Pause, SupervisionEvent, Task
from approvals.models.decision import Decision, DocumentSequence, IssuedDocument, Reduction, ReductionDelta
from approvals.models.item import ApprovalItem
from approvals.models.material import (
    Correction,
    CorrectionDefect,
    MaterialComment,
    MaterialSlot,
    MaterialVersion,
    SubmissionRound,
)
from approvals.models.model_link import ComparedModel, ElementLink, QuantityRule
from approvals.models.publicity import PublicityObjection
from approvals.models.review import CostLine, Countersign, ExpertInvitation, Opinion, Recusal

__all__ = [
    "ApprovalItem",
    "ComparedModel",
    "Correction",
    "CorrectionDefect",
    "CostLine",
    "Countersign",
    "Decision",
    "DocumentSequence",
    "ElementLink",
    "ExpertInvitation",
    "IssuedDocument",
    "MaterialComment",
    "MaterialSlot",
    "MaterialVersion",
    "Nudge",
    "Opinion",
    "Pause",
    "PublicityObjection",
    "QuantityRule",
    "Recusal",
    "Reduction",
    "ReductionDelta",
    "SubmissionRound",
    "SupervisionEvent",
    "Task",
]
