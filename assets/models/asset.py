"""Assets, batches of handover, titles."""

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django_fsm import FSMField

from accounts.actor import Actor
from accounts.models import Organisation, User
from accounts.roles import ADMINISTRATORS, CENTRE, Role
from assets.flows.handover import BATCH_FLOW, TITLE_FLOW
from assets.models.account import FinalAccount
from assets.states import AssetClass, AssetKind, BatchKind, BatchState, TitleState
from bim.models import BimModel
from core import clock
from core.models import StoredFile
from core.money import ZERO, MoneyField
from core.workflow import StateMachine
from projects.models import Project

# DOMAIN §13, row "Asset handover": these have no part in it.
SEE_NO_ASSETS = ADMINISTRATORS | CENTRE | {Role.WINDOW, Role.EXPERT, Role.CO_REVIEW_FIRM, Role.INSPECTOR}


def of_visible_projects(actor: Actor) -> Q:
    """Whoever sees the project; a receiver the projects its house is to use (what comes to the house is added)."""
    if actor.role in SEE_NO_ASSETS:
        return Q(pk__in=())
    projects = Project.objects.visible_to(actor)
    if actor.role == Role.RECEIVER:
        projects = projects.filter(user_unit=actor.organisation)
    return Q(project__in=projects)


class AssetQuerySet(models.QuerySet):
    def visible_to(self, actor: Actor) -> "AssetQuerySet":
        seen = of_visible_projects(actor)
        if actor.role == Role.RECEIVER:
            lines = HandoverLine.objects.filter(asset=OuterRef("pk"), batch__to_unit=actor.organisation)
            seen |= Q(receiver=actor.organisation) | Exists(lines)
        return self.filter(seen)


class BatchQuerySet(models.QuerySet):
    def visible_to(self, actor: Actor) -> "BatchQuerySet":
        seen = of_visible_projects(actor)
        if actor.role == Role.RECEIVER:
            seen |= Q(to_unit=actor.organisation)
        return self.filter(seen)


class TitleQuerySet(models.QuerySet):
    def visible_to(self, actor: Actor) -> "TitleQuerySet":
        return self.filter(asset__in=Asset.objects.visible_to(actor))


class Asset(models.Model):
    """One asset card. Value in yuan = direct + installation + allocated deferred cost."""

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="assets")
    account = models.ForeignKey(FinalAccount, null=True, blank=True, on_delete=models.PROTECT, related_name="assets")
    no = models.CharField(_("asset number"), max_length=40)
    name = models.CharField(_("asset"), max_length=200)
    single_project = models.CharField(_("single project"), max_length=100, blank=True)
    asset_class = models.CharField(_("asset class"), max_length=14, choices=AssetClass.choices)
    kind = models.CharField(_("kind of asset"), max_length=12, choices=AssetKind.choices)
    gb_code = models.CharField(_("GB/T 14885 code"), max_length=20, blank=True)
    specification = models.CharField(_("specification"), max_length=200, blank=True)
    structure = models.CharField(_("structure"), max_length=60, blank=True)
    unit = models.CharField(_("unit"), max_length=20, blank=True)
    quantity = models.DecimalField(_("quantity"), max_digits=18, decimal_places=4, default=1)
    area = models.DecimalField(_("area (m²)"), max_digits=14, decimal_places=2, null=True, blank=True)
    location = models.CharField(_("location"), max_length=200, blank=True)
    in_service_on = models.DateField(_("in service since"), null=True, blank=True)
    direct = MoneyField(_("direct cost"), default=ZERO)
    installation = MoneyField(_("installation"), default=ZERO)
    allocated = MoneyField(_("allocated deferred cost"), default=ZERO)
    shares_deferred = models.BooleanField(_("takes part in the allocation"), default=True)
    is_real_estate = models.BooleanField(_("real estate"), default=False)
    receiver = models.ForeignKey(Organisation, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    custodian = models.CharField(_("custodian"), max_length=100, blank=True)
    maintenance_unit = models.CharField(_("maintenance unit"), max_length=200, blank=True)
    warranty_until = models.DateField(_("warranty until"), null=True, blank=True)
    model = models.ForeignKey(BimModel, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    version = models.PositiveIntegerField(default=0)
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=clock.now)

    objects = AssetQuerySet.as_manager()

    class Meta:
        ordering = ["project", "no"]
        constraints = [
            models.UniqueConstraint(fields=["project", "no"], name="asset_no_once"),
            models.CheckConstraint(condition=Q(direct__gte=0, installation__gte=0), name="asset_not_negative"),
        ]

    def __str__(self) -> str:
        return f"{self.no} {self.name}"

    def get_absolute_url(self) -> str:
        return reverse("web:asset", args=[self.pk])

    @property
    def value(self):
        """Yuan."""
        return self.direct + self.installation + self.allocated


class AssetElement(models.Model):
    """An element of a model that belongs to an asset; one element, one asset."""

    asset = models.ForeignKey(Asset, on_delete=models.CASCADE, related_name="elements")
    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="+")
    guid = models.CharField(max_length=22)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["project", "guid"], name="asset_element_once")]

    def __str__(self) -> str:
        return self.guid


class HandoverBatch(BATCH_FLOW.steps(), StateMachine):  # type: ignore[misc]
    """Assets handed from one house to another on one day, signed by both."""

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="handover_batches")
    number = models.PositiveSmallIntegerField()
    kind = models.CharField(_("kind of handover"), max_length=12, choices=BatchKind.choices)
    state = FSMField(default=BatchState.DRAFT, choices=BatchState.choices, protected=True, editable=False)
    from_unit = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    to_unit = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    handed_on = models.DateField(_("handed over on"))
    documents = models.ManyToManyField(StoredFile, related_name="+", blank=True)
    remark = models.CharField(max_length=300, blank=True)
    signed_over_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    signed_over_for = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    signed_over_at = models.DateTimeField(null=True, blank=True)
    received_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    received_for = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    received_at = models.DateTimeField(null=True, blank=True)
    confirmed_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    confirmed_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=0)
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=clock.now)

    objects = BatchQuerySet.as_manager()

    class Meta:
        ordering = ["project", "number"]
        constraints = [models.UniqueConstraint(fields=["project", "number"], name="handover_batch_once")]

    def __str__(self) -> str:
        return f"{self.project_id} #{self.number}"

    def get_absolute_url(self) -> str:
        return reverse("web:handover_batch", args=[self.pk])


class HandoverLine(models.Model):
    """One asset in one batch, at the value booked on that day (yuan). A final line replaces a provisional one."""

    batch = models.ForeignKey(HandoverBatch, on_delete=models.CASCADE, related_name="lines")
    asset = models.ForeignKey(Asset, on_delete=models.PROTECT, related_name="handovers")
    value = MoneyField()
    replaces = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="replaced_by")

    class Meta:
        ordering = ["batch", "asset"]
        constraints = [models.UniqueConstraint(fields=["batch", "asset"], name="handover_line_once")]

    def __str__(self) -> str:
        return f"{self.batch_id} {self.asset_id}"

    @property
    def difference(self):
        """Yuan above (or below) the provisional value it replaces; None where it replaces none."""
        return self.value - self.replaces.value if self.replaces else None


class TitleRecord(TITLE_FLOW.steps(), StateMachine):  # type: ignore[misc]
    """The registration of one real-estate asset."""

    asset = models.OneToOneField(Asset, on_delete=models.PROTECT, related_name="title")
    state = FSMField(default=TitleState.PENDING_PAPERS, choices=TitleState.choices, protected=True, editable=False)
    papers = models.JSONField(default=list, blank=True)
    filed_on = models.DateField(null=True, blank=True)
    certificate_no = models.CharField(_("certificate number"), max_length=80, blank=True)
    registered_on = models.DateField(null=True, blank=True)
    blocked_reason = models.CharField(max_length=300, blank=True)
    document = models.ForeignKey(StoredFile, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    version = models.PositiveIntegerField(default=0)

    objects = TitleQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["certificate_no"], condition=~Q(certificate_no=""), name="title_certificate_once"
            ),
            models.CheckConstraint(
                condition=~Q(state=TitleState.REGISTERED) | ~Q(certificate_no=""), name="title_registered_has_a_number"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.asset_id} {self.state}"

    def get_absolute_url(self) -> str:
        return reverse("web:title", args=[self.pk])


class ArchivePackage(models.Model):
    """R-ARC-05: one ZIP with metadata, SHA-256 manifest and trace extract; anybody can verify it with sha256sum."""

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="archive_packages")
    no = models.CharField(_("archive number"), max_length=60, unique=True)
    retention = models.CharField(_("retention"), max_length=10)
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    manifest_sha256 = models.CharField(max_length=64)
    # What the package says of itself: how many files, how high the trace stood, what is missing and why.
    entries = models.PositiveIntegerField(default=0)
    trace_height = models.PositiveBigIntegerField(default=0)
    gaps = models.JSONField(default=list, blank=True)
    gaps_reason = models.CharField(max_length=300, blank=True)
    made_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return self.no

    def get_absolute_url(self) -> str:
        return reverse("web:archive_package", args=[self.pk])
