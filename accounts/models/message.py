"""In-app notices, and what still has to go out by e-mail."""

from django.db import models

from accounts.models.people import User
from core import clock


class Message(models.Model):
    """One notice for one person. The wording is made on reading, from `code` and `facts`, in the reader's language."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="notices")
    code = models.CharField(max_length=60)
    facts = models.JSONField(default=dict)
    link = models.CharField(max_length=200, blank=True)
    is_urgent = models.BooleanField(default=False)
    created_at = models.DateTimeField(default=clock.now)
    read_at = models.DateTimeField(null=True, blank=True)
    mailed_at = models.DateTimeField(null=True, blank=True)
    once_key = models.CharField(max_length=120, null=True, blank=True)

    class Meta:
        ordering = ["-pk"]
        indexes = [models.Index(fields=["user", "read_at", "-id"], name="message_unread")]
        constraints = [models.UniqueConstraint(fields=["user", "once_key"], name="message_only_once")]

    def __str__(self) -> str:
        return f"{self.user_id}: {self.code}"
