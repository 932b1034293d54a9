"""The final account (财建〔2016〕503号): what the system fills in, what people correct, what is spread over the assets."""

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django_fsm import FSMField

from accounts.actor import Actor
from accounts.models import User
from approvals.models import ApprovalItem
from assets.flows.account import ACCOUNT_FLOW
from assets.policies import may_read_account
from assets.states import AccountState
from core import clock
from core.money import ZERO, MoneyField
from core.workflow import StateMachine
from projects.models import Project


class FinalAccountQuerySet(models.QuerySet):
    def visible_to(self, actor: Actor) -> "FinalAccountQuerySet":
        if may_read_account(actor):
            return self.none()
        return self.filter(project__in=Project.objects.visible_to(actor))


class FinalAccount(ACCOUNT_FLOW.steps(), StateMachine):  # type: ignore[misc]
    """One final account of a project; R-FA-08 lets single projects have their own (`part`)."""

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="final_accounts")
    part = models.CharField(_("single project"), max_length=100, blank=True)
    state = FSMField(default=AccountState.DRAFT, choices=AccountState.choices, protected=True, editable=False)
    cut_off_on = models.DateField(_("cut-off date"))
    completed_on = models.DateField(_("completed on"), null=True, blank=True)
    extension_months = models.PositiveSmallIntegerField(_("extension in months"), default=0)
    due_on = models.DateField(null=True, blank=True)  # R-TL-09, as reckoned when a day it rests on was last changed
    extension_document = models.CharField(_("approval of the extension"), max_length=100, blank=True)
    narrative = models.JSONField(default=dict, blank=True)
    # What the forms are filled from, as it was when the account was submitted; None while they follow the books.
    holdings = models.JSONField(null=True, blank=True)
    submitted_on = models.DateField(null=True, blank=True)
    late_reason = models.CharField(_("reason of the delay"), max_length=300, blank=True)
    item = models.ForeignKey(
        ApprovalItem, null=True, blank=True, on_delete=models.PROTECT, related_name="final_accounts"
    )
    approved_total = MoneyField(null=True, blank=True)
    approved_on = models.DateField(null=True, blank=True)
    document_no = models.CharField(max_length=60, blank=True)
    version = models.PositiveIntegerField(default=0)
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=clock.now)

    objects = FinalAccountQuerySet.as_manager()

    class Meta:
        ordering = ["project", "pk"]
        constraints = [models.UniqueConstraint(fields=["project", "part"], name="final_account_once")]

    def __str__(self) -> str:
        return f"{self.project_id} {self.part}".strip()

    def get_absolute_url(self) -> str:
        return reverse("web:account_page", args=[self.pk])


class AccountCell(models.Model):
    """A cell somebody wrote over what the system computed, with the reason; or one only a person can know.

    `form` 00…08, `row` and `column` are the keys in assets/rules/forms_layout.py; money cells use `amount`, others `text`.
    """

    account = models.ForeignKey(FinalAccount, on_delete=models.CASCADE, related_name="cells")
    form = models.CharField(max_length=2)
    row = models.CharField(max_length=60)
    column = models.CharField(max_length=30)
    amount = MoneyField(null=True, blank=True)
    text = models.CharField(max_length=500, blank=True)
    reason = models.CharField(max_length=300, blank=True)
    written_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    written_at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ["account", "form", "row", "column"]
        constraints = [models.UniqueConstraint(fields=["account", "form", "row", "column"], name="account_cell_once")]

    def __str__(self) -> str:
        return f"{self.form} {self.row} {self.column}"


class DeferredCost(models.Model):
    """One line of form 06 (待摊投资); lines 38 and 39 are deductions and carry negative amounts."""

    account = models.ForeignKey(FinalAccount, on_delete=models.CASCADE, related_name="deferred_costs")
    line = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=100)
    cost_code = models.CharField(max_length=30, blank=True)
    amount = MoneyField(default=ZERO)
    source = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["account", "line", "pk"]

    def __str__(self) -> str:
        return f"{self.line} {self.name}"


class TailWorks(models.Model):
    """尾工 of form 01, at most 5 % of the approved estimate (R-FA-09)."""

    account = models.ForeignKey(FinalAccount, on_delete=models.CASCADE, related_name="tail_works")
    name = models.CharField(max_length=200)
    approved = MoneyField(default=ZERO)
    done = MoneyField(default=ZERO)
    to_do = MoneyField(default=ZERO)
    due_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["account", "pk"]
        constraints = [models.CheckConstraint(condition=Q(to_do__gte=0), name="tail_works_not_negative")]

    def __str__(self) -> str:
        return self.name
