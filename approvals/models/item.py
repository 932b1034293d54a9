"""The approval item: one application for one decision, and where it is now."""

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _
from django_fsm import FSMField

from accounts.actor import Actor
from accounts.models import Organisation, User
from accounts.roles import APPLICANTS, CENTRE, READS_ALL, Role
from approvals.catalog import ITEM_TYPE_CHOICES, ITEM_TYPES, ItemType
from approvals.flow import ITEM_FLOW
from approvals.states import OPEN, UNDER_REVIEW, ItemState, TenPercentDecision
from core import clock
from core.money import MoneyField
from core.workflow import StateMachine
from projects.models import Project, ProjectAccess
from projects.states import SECRECY_OPEN

UNSUBMITTED = (ItemState.DRAFT, ItemState.PRE_REVIEW_RETURNED)


class ItemQuerySet(models.QuerySet):
    def visible_to(self, actor: Actor) -> "ItemQuerySet":
        """DOMAIN §13. Drafts are the unit's own; pre-review is seen by the window and the supervisor as well.

        A substitute whose delegation names some kinds of items sees only these (R-PERM-03).
        """
        if actor.item_types:
            return self.filter(item_type__in=actor.item_types)._visible_in_role(actor)
        return self._visible_in_role(actor)

    def _visible_in_role(self, actor: Actor) -> "ItemQuerySet":
        if actor.role in READS_ALL:
            hidden = (
                UNSUBMITTED
                if actor.role in (Role.WINDOW, Role.CASE_OFFICER, Role.SUPERVISOR)
                else (*UNSUBMITTED, ItemState.PRE_REVIEW)
            )
            return self.exclude(state__in=hidden)
        if actor.role in APPLICANTS:
            return self.filter(owner_unit=actor.organisation)
        if actor.role == Role.COMPETENT_DEPT:
            return self.filter(project__competent_dept=actor.organisation).exclude(state__in=UNSUBMITTED)
        if actor.role == Role.RECEIVER:
            return self.filter(project__user_unit=actor.organisation).exclude(state__in=UNSUBMITTED)
        if actor.role in CENTRE:
            return self.filter(center=actor.organisation, sent_to_center_on__isnull=False)
        if actor.role == Role.EXPERT:
            invitations = self.model._meta.get_field("experts").related_model.objects.filter(recused_at__isnull=True)
            mine = invitations.filter(item=OuterRef("pk"), expert__in=actor.persons)
            return self.filter(Exists(mine), state__in=(*UNDER_REVIEW, ItemState.ISSUED))
        if actor.role == Role.CO_REVIEW_FIRM:
            access = ProjectAccess.objects.filter(project=OuterRef("project_id"), user__in=actor.persons)
            return self.filter(Exists(access), state__in=(*UNDER_REVIEW, ItemState.ISSUED))
        return self.none()

    def open(self) -> "ItemQuerySet":
        return self.filter(state__in=OPEN)

    def under_publicity(self) -> "ItemQuerySet":
        """What anybody may see: items in publicity of projects that are open to the public."""
        rows = self.filter(state=ItemState.PUBLICITY, project__is_public=True, project__secrecy=SECRECY_OPEN)
        return rows.select_related("project", "owner_unit", "authority")


class ApprovalItem(ITEM_FLOW.steps(), StateMachine):  # type: ignore[misc]
    """审批事项. Amounts in yuan, limits in working days."""

    no = models.CharField(_("item number"), max_length=30, unique=True)
    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="items")
    item_type = models.CharField(_("item type"), max_length=10, choices=ITEM_TYPE_CHOICES)
    owner_unit = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    authority = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    center = models.ForeignKey(Organisation, null=True, on_delete=models.PROTECT, related_name="+")
    resubmission_of = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    state = FSMField(default=ItemState.DRAFT, choices=ItemState.choices, protected=True, editable=False)
    held_state = models.CharField(max_length=20, choices=ItemState.choices, blank=True)
    version = models.PositiveIntegerField(default=0)

    summary = models.TextField(_("content, scale and reasons"), blank=True)
    contact = models.CharField(_("contact person and telephone"), max_length=100, blank=True)
    form = models.JSONField(default=dict, blank=True)
    is_early_involvement = models.BooleanField(_("early involvement"), default=False)

    declared_amount = MoneyField(_("declared amount"), null=True, blank=True)
    reviewed_amount = MoneyField(_("reviewed amount"), null=True, blank=True)
    approved_amount = MoneyField(_("approved amount"), null=True, blank=True)

    round_count = models.PositiveSmallIntegerField(default=0)
    pre_review_passed_at = models.DateTimeField(null=True, blank=True)
    received_on = models.DateField(null=True, blank=True)
    accepted_on = models.DateField(null=True, blank=True)
    decided_on = models.DateField(null=True, blank=True)
    is_deemed_accepted = models.BooleanField(default=False)

    promised_days = models.PositiveSmallIntegerField(null=True, blank=True)
    extension_days = models.PositiveSmallIntegerField(default=0)
    extension_reason = models.TextField(blank=True)
    acceptance_due_on = models.DateField(null=True, blank=True)
    due_on = models.DateField(null=True, blank=True)
    due_is_provisional = models.BooleanField(default=False)
    calendar_version = models.CharField(max_length=16, blank=True)
    is_paused = models.BooleanField(default=False)
    used_days = models.PositiveSmallIntegerField(null=True, blank=True)
    paused_days = models.PositiveSmallIntegerField(null=True, blank=True)

    applicant = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    first_reviewer = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    second_officer = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    center_first = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    center_second = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    sent_to_center_on = models.DateField(null=True, blank=True)
    opinion_delivered_on = models.DateField(null=True, blank=True)
    recompile_recommended = models.BooleanField(default=False)

    ten_percent_decision = models.CharField(max_length=16, choices=TenPercentDecision.choices, blank=True)
    publicity_began_on = models.DateField(null=True, blank=True)
    publicity_ends_on = models.DateField(null=True, blank=True)
    outcome_reason = models.TextField(blank=True)
    return_class = models.CharField(max_length=20, blank=True)
    document_no = models.CharField(_("document number"), max_length=60, blank=True, db_index=True)
    valid_until = models.DateField(null=True, blank=True)
    waives = models.JSONField(default=list, blank=True)
    archived_on = models.DateField(null=True, blank=True)
    created_at = models.DateTimeField(default=clock.now)
    changed_at = models.DateTimeField(default=clock.now)

    objects = ItemQuerySet.as_manager()

    class Meta:
        verbose_name = _("approval item")
        ordering = ["-pk"]
        indexes = [
            models.Index(fields=["state", "due_on"], name="item_by_deadline"),
            models.Index(fields=["item_type", "decided_on"], name="item_by_decision"),
            models.Index(fields=["owner_unit", "-id"], name="item_of_unit"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["project", "item_type"],
                condition=Q(state__in=[str(state) for state in OPEN]) & Q(is_early_involvement=False),
                name="item_open_once_per_type",
                violation_error_message=_("The project already has an open item of this type."),
            ),
            models.CheckConstraint(
                condition=Q(accepted_on__isnull=False) | ~Q(state__in=[str(state) for state in UNDER_REVIEW]),
                name="item_under_review_was_accepted",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["ISSUED", "REJECTED", "RETURNED", "ARCHIVED", "EXPIRED", "REVOKED"])
                | Q(decided_on__isnull=False),
                name="item_decided_has_a_date",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["ISSUED", "ARCHIVED", "EXPIRED", "REVOKED"]) | ~Q(document_no=""),
                name="item_issued_has_a_number",
            ),
            models.CheckConstraint(
                condition=Q(decided_on__isnull=True)
                | Q(accepted_on__isnull=True)
                | Q(decided_on__gte=models.F("accepted_on")),
                name="item_decided_after_accepted",
            ),
            models.CheckConstraint(
                condition=(Q(declared_amount__isnull=True) | Q(declared_amount__gte=0))
                & (Q(reviewed_amount__isnull=True) | Q(reviewed_amount__gte=0))
                & (Q(approved_amount__isnull=True) | Q(approved_amount__gte=0)),
                name="item_amounts_not_negative",
                violation_error_message=_("An amount cannot be negative."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.no} {self.project.name}"

    def get_absolute_url(self) -> str:
        return f"/items/{self.pk}/"

    @property
    def type(self) -> ItemType:
        return ITEM_TYPES[self.item_type]

    @property
    def is_open(self) -> bool:
        return self.state in OPEN

    def touch(self) -> None:
        """Every service that changes the item calls this, so that stale writes are noticed."""
        self.version += 1
        self.changed_at = clock.now()
