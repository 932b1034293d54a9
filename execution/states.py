"""Vocabulary of the smaller machines that run beside the main line (DOMAIN §2.6a)."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class PlanState(models.TextChoices):
    CALL = "CALL", _("Call for requests")
    BALANCING = "BALANCING", _("Balancing")
    APPROVED = "APPROVED", _("Plan approved")
    RELEASED = "RELEASED", _("Plan released")
    CLOSED = "CLOSED", _("Plan year closed")


class PlanItemState(models.TextChoices):
    DRAFT = "DRAFT", _("Request being drafted")
    REPORTED = "REPORTED", _("Request reported")
    BALANCED = "BALANCED", _("Balanced")
    LEFT_OUT = "LEFT_OUT", _("Left out of the plan")
    APPROVED = "APPROVED", _("In the approved plan")
    RELEASED = "RELEASED", _("Quota released")
    CLOSED = "CLOSED", _("Carried over or reclaimed")


class AdjustmentKind(models.TextChoices):
    MIDYEAR = "MIDYEAR", _("Mid-year adjustment")
    CARRY_OVER = "CARRY_OVER", _("Carried over to the next year")
    RECLAIM = "RECLAIM", _("Reclaimed quota")


class TenderState(models.TextChoices):
    PLANNED = "PLANNED", _("Tender planned")
    ANNOUNCED = "ANNOUNCED", _("Tender announced")
    OPENED = "OPENED", _("Bids opened")
    PUBLICITY = "PUBLICITY", _("Candidates under publicity")
    AWARDED = "AWARDED", _("Awarded")
    CONTRACTED = "CONTRACTED", _("Contract signed")
    COMPLAINT = "COMPLAINT", _("Suspended by a complaint")
    FAILED = "FAILED", _("Tender failed")


class TenderMethod(models.TextChoices):
    OPEN = "OPEN", _("Open tender")
    INVITED = "INVITED", _("Invited tender")
    DIRECT = "DIRECT", _("Direct award")
    PROCUREMENT = "PROCUREMENT", _("Government procurement")


class ContractState(models.TextChoices):
    DRAFT = "DRAFT", _("Contract being drafted")
    EFFECTIVE = "EFFECTIVE", _("Contract in force")
    COMPLETED = "COMPLETED", _("Contract performed")
    SETTLED = "SETTLED", _("Contract settled")
    CLOSED = "CLOSED", _("Contract closed")
    TERMINATED = "TERMINATED", _("Contract terminated")


class ContractKind(models.TextChoices):
    WORKS = "WORKS", _("Works contract")
    EQUIPMENT = "EQUIPMENT", _("Equipment purchase")
    SURVEY = "SURVEY", _("Survey contract")
    DESIGN = "DESIGN", _("Design contract")
    SUPERVISION = "SUPERVISION", _("Supervision contract")
    CONSULTING = "CONSULTING", _("Consulting contract")
    LAND = "LAND", _("Land and resettlement")
    OTHER = "OTHER", _("Other contract")


class PriceType(models.TextChoices):
    LUMP_SUM = "LUMP_SUM", _("Lump sum")
    UNIT_PRICE = "UNIT_PRICE", _("Unit prices")


class ReportState(models.TextChoices):
    DRAFT = "DRAFT", _("Report being drafted")
    SUBMITTED = "SUBMITTED", _("Report submitted")
    CONFIRMED = "CONFIRMED", _("Report confirmed")


class ChangeState(models.TextChoices):
    PROPOSED = "PROPOSED", _("Change proposed")
    SUPERVISION = "SUPERVISION", _("Checked by the supervisor engineer")
    DESIGN = "DESIGN", _("Agreed by the designer")
    OWNER = "OWNER", _("Agreed by the project unit")
    AUTHORITY = "AUTHORITY", _("Before the authority")
    APPROVED = "APPROVED", _("Change approved")
    IMPLEMENTED = "IMPLEMENTED", _("Change carried out")
    PRICED = "PRICED", _("Change priced")
    SETTLED = "SETTLED", _("Change settled")
    REJECTED = "REJECTED", _("Change rejected")


class ChangeKind(models.TextChoices):
    DESIGN_CHANGE = "DESIGN_CHANGE", _("Design change")
    WORKS_CHANGE = "WORKS_CHANGE", _("Works change")
    SITE_INSTRUCTION = "SITE_INSTRUCTION", _("Site instruction")


class ChangeLevel(models.TextChoices):
    """R-INV-14: who decides, by amount and share."""

    OWNER = "OWNER", _("Project unit decides")
    SECTION = "SECTION", _("Section of the authority decides")
    BUREAU = "BUREAU", _("Leader of the authority decides")


class PaymentState(models.TextChoices):
    DRAFT = "DRAFT", _("Application being drafted")
    SUPERVISION_CHECKED = "SUPERVISION_CHECKED", _("Certified by the supervisor engineer")
    COST_CHECKED = "COST_CHECKED", _("Checked by the cost consultant")
    OWNER_APPROVED = "OWNER_APPROVED", _("Approved by the project unit")
    FINANCE_APPROVED = "FINANCE_APPROVED", _("Approved by finance")
    PAID = "PAID", _("Paid")
    RETURNED = "RETURNED", _("Payment returned")


class PaymentKind(models.TextChoices):
    ADVANCE = "ADVANCE", _("Advance payment")
    PROGRESS = "PROGRESS", _("Progress payment")
    SETTLEMENT = "SETTLEMENT", _("Settlement payment")
    RETENTION = "RETENTION", _("Retention money")
    OTHER = "OTHER", _("Other payment")


class Party(models.TextChoices):
    """The five parties of an acceptance."""

    OWNER = "OWNER", _("Construction unit (party)")
    SURVEY = "SURVEY", _("Survey unit (party)")
    DESIGN = "DESIGN", _("Design unit (party)")
    CONTRACTOR = "CONTRACTOR", _("Contractor (party)")
    SUPERVISION = "SUPERVISION", _("Supervision unit (party)")


class FindingState(models.TextChoices):
    OPEN = "OPEN", _("Finding open")
    SCHEDULED = "SCHEDULED", _("Rectification scheduled")
    RECTIFIED = "RECTIFIED", _("Rectified")
    CONFIRMED = "CONFIRMED", _("Rectification confirmed")


class Clearance(models.TextChoices):
    """What an acceptance rests on beside the five parties: the papers filed with it (material H01)."""

    PLANNING = "PLANNING", _("Planning approval of the completed works")
    FIRE = "FIRE", _("Fire protection acceptance")
    ENVIRONMENT = "ENVIRONMENT", _("Environmental acceptance")
    QUALITY = "QUALITY", _("Opinion of the quality supervision")
    ARCHIVES = "ARCHIVES", _("Acceptance of the construction archives")
    WARRANTY = "WARRANTY", _("Warranty of quality")
