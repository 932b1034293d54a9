"""The trace (留痕): append-only entries in hash chains, one chain per project."""

from typing import Any, NoReturn

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import models


class AppendOnlyQuerySet(models.QuerySet):
    def update(self, **kwargs: Any) -> NoReturn:
        raise PermissionDenied("The trace is append-only.")

    def delete(self) -> NoReturn:
        raise PermissionDenied("The trace is append-only.")

    def bulk_update(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise PermissionDenied("The trace is append-only.")


class TraceChain(models.Model):
    """The head of one chain. Locked while an entry is added, so a chain never forks and never waits for another."""

    key = models.CharField(max_length=60, unique=True)
    height = models.PositiveBigIntegerField(default=0)
    head_hash = models.CharField(max_length=64, default="0" * 64)

    def __str__(self) -> str:
        return self.key


class TraceEntry(models.Model):
    """One thing somebody did (R-TRC-01). `facts` are values; sentences are made on reading."""

    chain = models.ForeignKey(TraceChain, on_delete=models.PROTECT, related_name="entries")
    seq = models.PositiveBigIntegerField()
    at = models.DateTimeField(db_index=True)
    verb = models.CharField(max_length=80, db_index=True)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    actor_name = models.CharField(max_length=80)
    acting_for = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    acting_for_name = models.CharField(max_length=80, blank=True)
    role = models.CharField(max_length=30, blank=True)
    organisation_id = models.BigIntegerField(null=True)
    target_type = models.CharField(max_length=40)
    target_id = models.BigIntegerField(null=True)
    project_id = models.BigIntegerField(null=True, db_index=True)
    item_id = models.BigIntegerField(null=True, db_index=True)
    facts = models.JSONField(default=dict)
    reason = models.TextField(blank=True)
    ip = models.CharField(max_length=45, blank=True)
    device = models.CharField(max_length=200, blank=True)
    request_id = models.CharField(max_length=32, blank=True)
    prev_hash = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)

    objects = AppendOnlyQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["chain", "seq"], name="trace_entry_once_per_height")]
        indexes = [models.Index(fields=["actor", "-id"], name="trace_by_actor")]
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.chain_id}#{self.seq} {self.verb}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self.pk is not None:
            raise PermissionDenied("The trace is append-only.")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise PermissionDenied("The trace is append-only.")
