"""A file as it was received: bytes that never change, under the hash of their content."""

from django.conf import settings
from django.db import models

from core import clock


class StoredFile(models.Model):
    """R-FILE-01: immutable; a new upload is a new row."""

    sha256 = models.CharField(max_length=64, db_index=True)
    size = models.BigIntegerField()
    mime = models.CharField(max_length=100)
    name = models.CharField(max_length=255)
    path = models.CharField(max_length=200)
    pages = models.PositiveIntegerField(null=True, blank=True)
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField(default=clock.now)

    def __str__(self) -> str:
        return self.name


class Upload(models.Model):
    """A resumable upload on its way in (tus protocol): how many bytes have arrived so far.

    `said`: what its purpose wants to know of the file; `became_id`: the row its purpose made of it.
    """

    key = models.CharField(max_length=32, unique=True)
    name = models.CharField(max_length=255)
    size = models.BigIntegerField()
    offset = models.BigIntegerField(default=0)
    purpose = models.CharField(max_length=50)
    target_id = models.BigIntegerField()
    said = models.JSONField(default=dict, blank=True)
    became_id = models.BigIntegerField(null=True, blank=True)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    started_at = models.DateTimeField(default=clock.now)
    finished_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.name} ({self.offset}/{self.size})"
