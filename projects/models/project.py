"""The project and where it is in its life."""

from datetime import date
from typing import Any

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _
from django_fsm import FSMField

from accounts.actor import Actor
from accounts.models import Organisation, User
from accounts.roles import APPLICANTS, CENTRE, READS_ALL, Role
from core import clock
from core.money import MoneyField
from core.workflow import StateMachine
from projects.lifecycle import LIFECYCLE
from projects.states import NOTHING_TOLD, SECRECY_OPEN, AuditMode, CodeScheme, Stage


class ProjectQuerySet(models.QuerySet):
    def visible_to(self, actor: Actor) -> "ProjectQuerySet":
        """DOMAIN §13 "Project basics". Never uses DISTINCT, so that rows can be locked.

        A delegation limited to some kinds of items shows the projects that have one (R-PERM-03); a unit's substitute
        sees the unit's own, where such an item is to be declared.
        """
        if actor.item_types and actor.role not in APPLICANTS:
            covered = Project.objects.filter(pk=OuterRef("pk"), items__item_type__in=actor.item_types)
            return self.filter(Exists(covered))._visible_in_role(actor)
        return self._visible_in_role(actor)

    def _visible_in_role(self, actor: Actor) -> "ProjectQuerySet":
        if actor.role in READS_ALL:
            return self
        if actor.role in APPLICANTS:
            return self.filter(Q(owner_unit=actor.organisation) | Q(construction_unit=actor.organisation))
        if actor.role == Role.RECEIVER:
            handed = Project.objects.filter(pk=OuterRef("pk"), handover_batches__to_unit=actor.organisation)
            return self.filter(Q(user_unit=actor.organisation) | Exists(handed))
        if actor.role == Role.COMPETENT_DEPT:
            return self.filter(competent_dept=actor.organisation)
        if actor.role in CENTRE | {Role.EXPERT, Role.CO_REVIEW_FIRM}:
            access = ProjectAccess.objects.filter(project=OuterRef("pk"))
            mine = Q(organisation=actor.organisation) if actor.role in CENTRE else Q(user__in=actor.persons)
            return self.filter(Exists(access.filter(mine)))
        return self.none()


class Project(LIFECYCLE.steps(), StateMachine):  # type: ignore[misc]
    """A government investment project (政府投资项目). Amounts are yuan."""

    name = models.CharField(_("project name"), max_length=200)
    code = models.CharField(_("project code"), max_length=30, blank=True, db_index=True)
    code_scheme = models.CharField(max_length=12, choices=CodeScheme.choices, blank=True)
    district = models.CharField(_("district"), max_length=50)
    owner_unit = models.ForeignKey(
        Organisation, verbose_name=_("project unit"), on_delete=models.PROTECT, related_name="owned_projects"
    )
    construction_unit = models.ForeignKey(
        Organisation,
        verbose_name=_("construction unit"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="built_projects",
    )
    user_unit = models.ForeignKey(
        Organisation, verbose_name=_("user unit"), null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    agent_builder = models.ForeignKey(
        Organisation, verbose_name=_("agent builder"), null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    competent_dept = models.ForeignKey(
        Organisation,
        verbose_name=_("competent department"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    content_scale = models.TextField(_("content and scale"), blank=True)
    subdistrict = models.CharField(_("subdistrict"), max_length=30, blank=True)
    address = models.CharField(_("address"), max_length=200, blank=True)
    longitude = models.DecimalField(_("longitude"), max_digits=10, decimal_places=6, null=True, blank=True)
    latitude = models.DecimalField(_("latitude"), max_digits=9, decimal_places=6, null=True, blank=True)
    crs = models.CharField(_("coordinate system"), max_length=10, blank=True)
    project_class = models.CharField(_("project class"), max_length=20)
    construction_nature = models.CharField(_("construction nature"), max_length=20)
    investment_mode = models.CharField(_("investment mode"), max_length=20)
    industry = models.CharField(_("industry"), max_length=30)
    sector = models.CharField(_("sector"), max_length=30, blank=True)
    plan_category = models.CharField(_("plan category"), max_length=20, blank=True)
    urgency = models.CharField(_("urgency"), max_length=12, default="NORMAL")
    secrecy = models.CharField(_("secrecy"), max_length=12, default=SECRECY_OPEN)
    operating = models.BooleanField(_("operating project"), default=False)
    is_major = models.BooleanField(_("major project"), default=False)
    needs_title = models.BooleanField(_("has real-estate assets"), default=True)
    audit_mode = models.CharField(
        _("audit mode"), max_length=12, choices=AuditMode.choices, default=AuditMode.GOV_AUDIT
    )
    rough_investment = MoneyField(_("rough investment"), null=True, blank=True)
    reserve_no = models.CharField(_("reserve number"), max_length=30, blank=True)
    meeting_minute = models.CharField(_("meeting minute"), max_length=100, blank=True)
    planned_start = models.DateField(_("planned start"), null=True, blank=True)
    planned_completion = models.DateField(_("planned completion"), null=True, blank=True)
    started_on = models.DateField(null=True, blank=True)
    accepted_on = models.DateField(null=True, blank=True)
    is_public = models.BooleanField(default=True)

    stage = FSMField(default=Stage.RESERVE, choices=Stage.choices, protected=True, editable=False, db_index=True)
    resume_stage = models.CharField(max_length=20, choices=Stage.choices, blank=True)
    is_estimate_adjusting = models.BooleanField(default=False)
    version = models.PositiveIntegerField(default=0)
    registered_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    registered_at = models.DateTimeField(default=clock.now)
    changed_at = models.DateTimeField(default=clock.now)

    objects = ProjectQuerySet.as_manager()

    class Meta:
        verbose_name = _("project")
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["name", "owner_unit", "district"],
                name="project_once_per_owner_and_district",
                violation_error_message=_("This unit has already registered a project of this name."),
            ),
            models.UniqueConstraint(
                fields=["code"],
                condition=~Q(code=""),
                name="project_code_once",
                violation_error_message=_("Another project has this code."),
            ),
            models.CheckConstraint(
                condition=Q(stage=Stage.SUSPENDED) ^ Q(resume_stage=""),
                name="project_suspended_knows_where_to_resume",
            ),
            models.CheckConstraint(
                condition=Q(rough_investment__isnull=True) | Q(rough_investment__gte=0),
                name="project_rough_investment_not_negative",
                violation_error_message=_("An amount cannot be negative."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return f"/projects/{self.pk}/"

    @property
    def is_open_to_public(self) -> bool:
        return self.is_public and self.secrecy == SECRECY_OPEN

    @property
    def is_suspended(self) -> bool:
        return self.stage == Stage.SUSPENDED

    @property
    def told(self) -> Any:
        """What contracts, works and assets have told of it (ProjectFacts)."""
        return getattr(self, "facts", NOTHING_TOLD)

    def has_gate(self, gate: str, on: date) -> bool:
        """Whether a decision that opens this gate is in force on that day."""
        return any(
            opening.gate == gate
            and opening.closed_on is None
            and (opening.valid_until is None or opening.valid_until >= on)
            for opening in self.gate_openings.all()
        )

    def latest_figure(self, *kinds: str) -> Any:
        """The newest control figure of these kinds (of any kind without arguments) whose approval stands, or None."""
        rows = [row for row in self.figures.all() if row.withdrawn_on is None and (not kinds or row.kind in kinds)]
        return max(rows, key=lambda row: row.version) if rows else None

    def touch(self) -> None:
        """Every service that changes the row calls this, so that stale writes are noticed."""
        self.version += 1
        self.changed_at = clock.now()


class ProjectAccess(models.Model):
    """Who, beside those who see everything, was given a project to work on (assigned reviewers, experts, firms)."""

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="accesses")
    organisation = models.ForeignKey(Organisation, null=True, on_delete=models.PROTECT, related_name="+")
    user = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    granted_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["project", "organisation", "user"], name="project_access_once"),
        ]
        indexes = [models.Index(fields=["organisation", "project"]), models.Index(fields=["user", "project"])]

    def __str__(self) -> str:
        return f"{self.project_id} → {self.organisation_id or ''}{self.user_id or ''}"


class ProjectFunding(models.Model):
    """A funding source of a project (§3.2): an amount in yuan, and the ratio where one was agreed; the amount rules."""

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="funding")
    source = models.CharField(_("funding source"), max_length=10)
    amount = MoneyField(_("amount"))
    ratio = models.DecimalField(_("ratio %"), max_digits=5, decimal_places=2, null=True, blank=True)

    class Meta:
        ordering = ["source"]
        constraints = [
            models.UniqueConstraint(fields=["project", "source"], name="funding_source_once"),
            models.CheckConstraint(
                condition=Q(amount__gte=0),
                name="funding_amount_not_negative",
                violation_error_message=_("An amount cannot be negative."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.source}: {self.amount}"
