"""Checks of a model against an IDS file or the minimum set: what was asked, what came out, for which bytes, by what tool."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from bim.models.model import BimModel
from bim.states import Discipline, ModelStage
from core import clock
from core.models import Job, StoredFile


class Verdict(models.TextChoices):
    """ "Not checked" is never "passed"."""

    NOT_CHECKED = "NOT_CHECKED", _("Not checked")
    PASSED = "PASSED", _("Passed the check")
    FAILED = "FAILED", _("Failed the check")
    NOT_APPLICABLE = "NOT_APPLICABLE", _("Nothing to check")


class IdsFile(models.Model):
    """Information requirements (IDS 1.0). Empty stage or discipline: for every one. `required`: a failure blocks acceptance."""

    title = models.CharField(max_length=255)
    code = models.CharField(max_length=60, blank=True, db_index=True)
    stage = models.CharField(max_length=20, choices=ModelStage.choices, blank=True)
    discipline = models.CharField(max_length=20, choices=Discipline.choices, blank=True)
    required = models.BooleanField(default=False)
    shipped = models.BooleanField(default=False)
    retired_at = models.DateTimeField(null=True, blank=True)
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    sha256 = models.CharField(max_length=64, db_index=True)
    uploaded_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ["stage", "discipline", "id"]

    def __str__(self) -> str:
        return self.title


class CheckRun(models.Model):
    """One run. `key` says against what (bim.ids_library); the hashes and the tool say what the result is about.

    `ids_file` is the uploaded file; empty for the minimum set of DOMAIN §10 and for files shipped with the product.
    `reasons`: why nothing, or not all, could be checked ({"code", "facts"}).
    """

    model = models.ForeignKey(BimModel, on_delete=models.CASCADE, related_name="check_runs")
    key = models.CharField(max_length=80)
    title = models.CharField(max_length=255, blank=True)
    ids_file = models.ForeignKey(IdsFile, null=True, blank=True, on_delete=models.PROTECT, related_name="runs")
    model_sha256 = models.CharField(max_length=64)
    ids_sha256 = models.CharField(max_length=64, blank=True)
    tool = models.CharField(max_length=100)
    required = models.BooleanField(default=False)
    verdict = models.CharField(max_length=15, choices=Verdict.choices, default=Verdict.NOT_CHECKED)
    reasons = models.JSONField(default=list, blank=True)
    job = models.ForeignKey(Job, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    started_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    started_at = models.DateTimeField(default=clock.now)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-id"]
        indexes = [models.Index(fields=["model", "key", "id"], name="check_run_of_model")]

    def __str__(self) -> str:
        return f"{self.model_id} {self.verdict}"


class CheckResult(models.Model):
    """One requirement of one specification. `requirement` is the facet as plain values, worded by bim.check_wording."""

    run = models.ForeignKey(CheckRun, on_delete=models.CASCADE, related_name="results")
    position = models.PositiveIntegerField()
    code = models.CharField(max_length=60, blank=True)
    specification = models.CharField(max_length=500)
    requirement = models.JSONField(default=dict, blank=True)
    verdict = models.CharField(max_length=15, choices=Verdict.choices)
    n_applicable = models.PositiveIntegerField(default=0)
    n_failed = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["run", "position"]

    def __str__(self) -> str:
        return f"{self.specification}: {self.verdict}"


class CheckFailure(models.Model):
    """One element that fails one requirement, and why: a code (bim.check_wording) and what was found instead."""

    result = models.ForeignKey(CheckResult, on_delete=models.CASCADE, related_name="failures")
    guid = models.CharField(max_length=22, blank=True, db_index=True)
    ifc_class = models.CharField(max_length=60, blank=True)
    name = models.CharField(max_length=255, blank=True)
    reason = models.CharField(max_length=60)
    detail = models.CharField(max_length=500, blank=True)

    class Meta:
        ordering = ["result", "id"]

    def __str__(self) -> str:
        return f"{self.guid}: {self.reason}"
