"""The tables of the execution of a project, in the order of its life."""

from execution.models.change import ChangeLine, ChangeOrder
from execution.models.closing import (
    AcceptanceDefect,
    AcceptanceRound,
    AuditFinding,
    PartyOpinion,
    Settlement,
    SpecialAcceptance,
)
from execution.models.contract import Contract, ContractLine, Supplement
from execution.models.payment import Payment, PaymentFunding, TreasuryImport
from execution.models.plan import AnnualPlan, FundRelease, PlanAdjustment, PlanEnvelope, PlanItem, PlanItemFunding
from execution.models.progress import Forecast, Measurement, Milestone, ProgressPhoto, ProgressReport
from execution.models.tender import Tender, TenderObjection

__all__ = [
    "AcceptanceDefect",
    "AcceptanceRound",
    "AnnualPlan",
    "AuditFinding",
    "ChangeLine",
    "ChangeOrder",
    "Contract",
    "ContractLine",
    "Forecast",
    "FundRelease",
    "Measurement",
    "Milestone",
    "PartyOpinion",
    "Payment",
    "PaymentFunding",
    "PlanAdjustment",
    "PlanEnvelope",
    "PlanItem",
    "PlanItemFunding",
    "ProgressPhoto",
    "ProgressReport",
    "Settlement",
    "SpecialAcceptance",
    "Supplement",
    "Tender",
    "TenderObjection",
    "TreasuryImport",
]
