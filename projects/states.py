"""The vocabulary of a project's life: stages, gates, status of a stage. Nothing here decides anything."""

from dataclasses import dataclass
from decimal import Decimal

from django.db import models
from django.utils.translation import gettext_lazy as _


class Stage(models.TextChoices):
    """DOMAIN §2.3: the thirteen stages of the main line, and the four states outside it."""

    RESERVE = "RESERVE", _("Project reserve")
    PROPOSAL = "PROPOSAL", _("Project proposal")
    FEASIBILITY = "FEASIBILITY", _("Feasibility study")
    PRELIM_DESIGN = "PRELIM_DESIGN", _("Preliminary design and estimate")
    BUDGET = "BUDGET", _("Construction budget")
    PROCUREMENT = "PROCUREMENT", _("Procurement")
    CONSTRUCTION = "CONSTRUCTION", _("Construction")
    ACCEPTANCE = "ACCEPTANCE", _("Completion acceptance")
    SETTLEMENT = "SETTLEMENT", _("Settlement")
    FINAL_AUDIT = "FINAL_AUDIT", _("Final audit")
    FINAL_ACCOUNT = "FINAL_ACCOUNT", _("Final account approval")
    ASSET_HANDOVER = "ASSET_HANDOVER", _("Asset handover")
    TITLE_REGISTRATION = "TITLE_REGISTRATION", _("Title registration")
    CLOSED = "CLOSED", _("Closed")
    SUSPENDED = "SUSPENDED", _("Suspended")
    TERMINATED = "TERMINATED", _("Terminated")
    REVOKED = "REVOKED", _("Revoked")


MAIN_LINE: tuple[str, ...] = tuple(Stage)[:13]
TERMINAL: frozenset[str] = frozenset({Stage.CLOSED, Stage.TERMINATED, Stage.REVOKED})


class StageStatus(models.TextChoices):
    NOT_STARTED = "NOT_STARTED", _("Not started")
    IN_PROGRESS = "IN_PROGRESS", _("In progress")
    PASSED = "PASSED", _("Passed")
    WAIVED = "WAIVED", _("Waived")
    SKIPPED_BY_RULE = "SKIPPED_BY_RULE", _("Skipped by rule")


class Gate(models.TextChoices):
    """Facts that decisions push down to the project; its guards read only these."""

    RESERVE_ADMITTED = "RESERVE_ADMITTED", _("Admitted to the reserve")
    PROPOSAL_APPROVED = "PROPOSAL_APPROVED", _("Proposal approved")
    FEASIBILITY_APPROVED = "FEASIBILITY_APPROVED", _("Feasibility approved")
    NEW_FEASIBILITY_DEMANDED = "NEW_FEASIBILITY_DEMANDED", _("New feasibility study demanded")
    ESTIMATE_APPROVED = "ESTIMATE_APPROVED", _("Estimate approved")
    BUDGET_REVIEWED = "BUDGET_REVIEWED", _("Budget reviewed")
    AWARDED = "AWARDED", _("Contract awarded")
    START_PERMITTED = "START_PERMITTED", _("Start of works permitted")
    ADJUSTMENT_DECIDED = "ADJUSTMENT_DECIDED", _("Estimate adjustment decided")
    ACCEPTED = "ACCEPTED", _("Completion accepted")
    SETTLED = "SETTLED", _("Settled")
    AUDITED = "AUDITED", _("Audited")
    FINAL_ACCOUNT_APPROVED = "FINAL_ACCOUNT_APPROVED", _("Final account approved")
    HANDED_OVER = "HANDED_OVER", _("Assets handed over")
    TITLED = "TITLED", _("Title registered")


class CodeScheme(models.TextChoices):
    """R-CODE-02/04."""

    GBT40058 = "GBT40058", _("National code")
    LEGACY2016 = "LEGACY2016", _("Code of 2016–2020")
    LOCAL = "LOCAL", _("Local code")


class AuditMode(models.TextChoices):
    """R-LC-07."""

    GOV_AUDIT = "GOV_AUDIT", _("Government audit")
    COMMISSIONED = "COMMISSIONED", _("Commissioned audit")
    INTERNAL = "INTERNAL", _("Internal audit")
    EXEMPT = "EXEMPT", _("Exempt from audit")


class FigureKind(models.TextChoices):
    """What kind of decision a control figure comes from."""

    ROUGH = "ROUGH", _("Rough figure")
    FEASIBILITY = "FEASIBILITY", _("Investment estimate (feasibility)")
    ESTIMATE = "ESTIMATE", _("Approved estimate")
    ADJUSTED = "ADJUSTED", _("Adjusted estimate")
    BUDGET = "BUDGET", _("Budget")
    AWARD = "AWARD", _("Award price")
    SETTLEMENT = "SETTLEMENT", _("Settlement")
    FINAL = "FINAL", _("Final cost")


@dataclass(frozen=True)
class Told:
    """What the rooms to the right have told of a project that they told nothing of yet."""

    works_contracts: int = 0
    unsettled_contracts: int = 0
    released: Decimal = Decimal("0.00")
    physical_percent: Decimal = Decimal(0)
    acceptance_passed: bool = False
    open_findings: int = 0
    undelivered: Decimal | None = None
    pending_titles: int | None = None


NOTHING_TOLD = Told()

# Projects of any other secrecy stay off the public pages.
SECRECY_OPEN = "OPEN"

# Later kinds bind total investment more tightly (R-INV-01); budget and later are shares of it, never its ceiling.
CONTROL_ORDER = (FigureKind.ROUGH, FigureKind.FEASIBILITY, FigureKind.ESTIMATE, FigureKind.ADJUSTED)

WAIVER_GROUNDS = (
    ("IN_PLAN", _("Already in an approved plan")),
    ("SIMPLE_EXPANSION", _("Expansion or rebuilding that may be simplified")),
    ("SMALL_SIMPLE", _("Simple, small, single content")),
    ("EMERGENCY", _("Emergency")),
    ("WAIVED_BY_APPROVAL", _("Waived by an earlier approval")),
    ("TAKEN_OVER", _("Decided before the project was taken over into this system")),
)
