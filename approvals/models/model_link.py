"""What ties the elements of a building model to the cost lines of an item: rules, links by hand, the models compared with.

Lines are named by their code: declaring them again keeps what is tied to them.
"""

from decimal import Decimal

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from approvals.models.item import ApprovalItem
from bim.models import BimModel
from bim.states import Discipline
from core import clock


class Claiming(models.Model):
    """This quantity × share × factor feeds that line. The shares of one quantity of one element never exceed one."""

    line_code = models.CharField(_("cost line"), max_length=30)
    set_name = models.CharField(_("quantity set"), max_length=255, blank=True)
    quantity = models.CharField(_("quantity"), max_length=255)
    factor = models.DecimalField(_("factor"), max_digits=14, decimal_places=6, default=Decimal(1))
    share = models.DecimalField(_("share"), max_digits=7, decimal_places=6, default=Decimal(1))
    made_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField(default=clock.now)

    class Meta:
        abstract = True


class QuantityRule(Claiming):
    """Elements that fit every condition; an empty condition does not matter. `template`: the shipped rule it came from."""

    item = models.ForeignKey(ApprovalItem, on_delete=models.CASCADE, related_name="quantity_rules")
    position = models.PositiveIntegerField()
    ifc_class = models.CharField(_("class"), max_length=60)
    type_contains = models.CharField(_("type contains"), max_length=255, blank=True)
    classification_prefix = models.CharField(_("classification begins with"), max_length=255, blank=True)
    material_contains = models.CharField(_("material contains"), max_length=255, blank=True)
    material_lacks = models.CharField(_("material does not contain"), max_length=255, blank=True)
    storey = models.CharField(_("storey"), max_length=255, blank=True)
    discipline = models.CharField(_("discipline"), max_length=20, choices=Discipline.choices, blank=True)
    template = models.CharField(max_length=60, blank=True)

    class Meta:
        ordering = ["item", "position", "id"]
        constraints = [
            models.CheckConstraint(condition=Q(factor__gt=0), name="quantity_rule_factor_positive"),
            models.CheckConstraint(condition=Q(share__gt=0, share__lte=1), name="quantity_rule_share_of_one"),
        ]

    def __str__(self) -> str:
        return f"{self.ifc_class}.{self.quantity} → {self.line_code}"


class ElementLink(Claiming):
    """One element tied by hand. It holds in every version of the model in which the GlobalId still is."""

    item = models.ForeignKey(ApprovalItem, on_delete=models.CASCADE, related_name="element_links")
    model = models.ForeignKey(BimModel, on_delete=models.PROTECT, related_name="+")
    guid = models.CharField(max_length=22)

    class Meta:
        ordering = ["item", "id"]
        indexes = [models.Index(fields=["guid"], name="element_link_guid")]
        constraints = [
            models.UniqueConstraint(fields=["item", "line_code", "guid", "quantity"], name="element_link_once"),
            models.CheckConstraint(condition=Q(factor__gt=0), name="element_link_factor_positive"),
            models.CheckConstraint(condition=Q(share__gt=0, share__lte=1), name="element_link_share_of_one"),
        ]

    def __str__(self) -> str:
        return f"{self.guid}.{self.quantity} → {self.line_code}"


class ComparedModel(models.Model):
    """A model the reviewers chose for the comparison; without a choice the newest accepted of the right stage count."""

    item = models.ForeignKey(ApprovalItem, on_delete=models.CASCADE, related_name="compared_models")
    model = models.ForeignKey(BimModel, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["item", "model"], name="compared_model_once")]

    def __str__(self) -> str:
        return f"{self.item_id} {self.model_id}"
