"""The vocabulary of an approval item: states, steps, outcomes, reasons. Nothing here decides anything."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class ItemState(models.TextChoices):
    """DOMAIN §2.5."""

    DRAFT = "DRAFT", _("Draft")
    PRE_REVIEW = "PRE_REVIEW", _("In pre-review")
    PRE_REVIEW_RETURNED = "PRE_REVIEW_RETURNED", _("Returned from pre-review")
    SUBMITTED = "SUBMITTED", _("Submitted")
    CORRECTION = "CORRECTION", _("In correction")
    NOT_ACCEPTED = "NOT_ACCEPTED", _("Not accepted")
    ACCEPTED = "ACCEPTED", _("Accepted")
    FIRST_REVIEW = "FIRST_REVIEW", _("First review")
    CENTER_REVIEW = "CENTER_REVIEW", pgettext_lazy("step of an item", "Review centre")
    EXPERT_REVIEW = "EXPERT_REVIEW", _("Expert review")
    SUPPLEMENT = "SUPPLEMENT", _("Supplement (paused)")
    PUBLICITY = "PUBLICITY", _("Publicity")
    SECOND_REVIEW = "SECOND_REVIEW", _("Second review")
    DETERMINATION = "DETERMINATION", _("Determination")
    ISSUED = "ISSUED", _("Issued")
    REJECTED = "REJECTED", _("Rejected")
    RETURNED = "RETURNED", _("Returned")
    WITHDRAWN = "WITHDRAWN", _("Withdrawn")
    EXPIRED = "EXPIRED", _("Approval expired")
    REVOKED = "REVOKED", _("Approval revoked")
    ARCHIVED = "ARCHIVED", _("Archived")


S = ItemState
WITH_THE_UNIT = (S.DRAFT, S.PRE_REVIEW_RETURNED)
BEFORE_ACCEPTANCE = (S.DRAFT, S.PRE_REVIEW, S.PRE_REVIEW_RETURNED, S.SUBMITTED, S.CORRECTION)
UNDER_REVIEW = (
    S.ACCEPTED,
    S.FIRST_REVIEW,
    S.CENTER_REVIEW,
    S.EXPERT_REVIEW,
    S.SUPPLEMENT,
    S.PUBLICITY,
    S.SECOND_REVIEW,
    S.DETERMINATION,
)
OPEN = (*BEFORE_ACCEPTANCE, *UNDER_REVIEW)
DECIDED = (S.ISSUED, S.EXPIRED, S.REVOKED, S.ARCHIVED)
ENDED = (S.ISSUED, S.REJECTED, S.RETURNED, S.EXPIRED, S.REVOKED, S.ARCHIVED)
# What the unit sees of the inside of the review (R-PERM-02): the state, not the people.
STATUS_ONLY = (S.FIRST_REVIEW, S.CENTER_REVIEW, S.EXPERT_REVIEW, S.SECOND_REVIEW, S.DETERMINATION)


class Step(models.TextChoices):
    """The steps an item type may switch on."""

    FIRST = "FIRST", _("First review")
    CENTER = "CENTER", pgettext_lazy("step of an item", "Review centre")
    EXPERT = "EXPERT", _("Expert review")
    SECOND = "SECOND", _("Second review")
    PUBLICITY = "PUBLICITY", _("Publicity")
    DETERMINATION = "DETERMINATION", _("Determination")


STATE_OF_STEP = {
    Step.FIRST: S.FIRST_REVIEW,
    Step.SECOND: S.SECOND_REVIEW,
    Step.PUBLICITY: S.PUBLICITY,
    Step.DETERMINATION: S.DETERMINATION,
}


class PauseReason(models.TextChoices):
    """R-TL-05: what may stop the clock."""

    EXPERT_REVIEW = "EXPERT_REVIEW", _("Expert review")
    SUPPLEMENT = "SUPPLEMENT", _("Supplementary material")
    OWNER_REQUEST = "OWNER_REQUEST", _("Pause asked for by the unit")
    COMMISSIONED_EVALUATION = "COMMISSIONED_EVALUATION", _("Commissioned evaluation")
    PUBLICITY = "PUBLICITY", _("Publicity")


class ReturnReason(models.TextChoices):
    RECOMPILE = "RECOMPILE", _("To be recompiled")
    SCOPE_CHANGED = "SCOPE_CHANGED", _("Content or scale changed")
    SUPPLEMENT_LAPSED = "SUPPLEMENT_LAPSED", _("Supplement not supplied in time")
    NEW_FEASIBILITY = "NEW_FEASIBILITY", _("A new feasibility study is demanded")
    OTHER = "OTHER", _("Other")


class ReductionReason(models.TextChoices):
    """Why a reviewer changed a line; required from the list where discretion is wide (§8.6)."""

    QUANTITY = "QUANTITY", _("Quantity")
    UNIT_PRICE = "UNIT_PRICE", _("Unit price")
    FEE_RATE = "FEE_RATE", _("Fee rate")
    SCOPE = "SCOPE", _("Scope not approved")
    DUPLICATE = "DUPLICATE", _("Counted twice")
    STANDARD = "STANDARD", _("Standard too high")
    OMISSION = "OMISSION", _("Omission added")
    OTHER = "OTHER", _("Other")


class AdjustmentReason(models.TextChoices):
    """R-INV-05."""

    POLICY = "POLICY", _("Policy change")
    PRICE = "PRICE", _("Price rise")
    GEOLOGY = "GEOLOGY", _("Major geological change")
    OTHER = "OTHER", _("Other")


class EventCause(models.TextChoices):
    """What electronic supervision notes (§4)."""

    NOT_ACCEPTED_WRONGLY = "NOT_ACCEPTED_WRONGLY", _("Eligible application not accepted")
    ITEM_OVERDUE = "ITEM_OVERDUE", _("Item overdue")
    STEP_OVERDUE = "STEP_OVERDUE", _("Step overdue")
    FORWARD_OVERDUE = "FORWARD_OVERDUE", _("Forwarded late")
    NO_REASON = "NO_REASON", _("No reasons given")
    OFFLINE_PROCESSING = "OFFLINE_PROCESSING", _("Handled outside the system")
    ILLEGAL_FEE = "ILLEGAL_FEE", _("Unlawful fee")
    REPEATED_CORRECTION = "REPEATED_CORRECTION", _("Repeated correction")
    SAME_REVIEWER = "SAME_REVIEWER", _("Same reviewer")
    DEEMED_ACCEPTED = "DEEMED_ACCEPTED", _("Deemed accepted after silence")
    OTHER = "OTHER", _("Other")


class TenPercentDecision(models.TextChoices):
    """R-INV-02: what the authority decides when the estimate exceeds the feasibility figure by more than 10 %."""

    ACCEPT = "ACCEPT", _("Accept the estimate")
    REQUIRE_NEW_FS = "REQUIRE_NEW_FS", _("Demand a new feasibility study")
