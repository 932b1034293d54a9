"""Issues on a model (BCF topics), with comments and viewpoints."""

from django.db import models

from accounts.actor import Actor
from accounts.models import Organisation, User
from bim.models.model import BimModel
from core import clock
from core.models import StoredFile
from projects.models import Project


class BcfTopicQuerySet(models.QuerySet):
    def visible_to(self, actor: Actor) -> "BcfTopicQuerySet":
        """Whoever sees the project sees its topics."""
        return self.filter(project__in=Project.objects.visible_to(actor))


class BcfTopic(models.Model):
    """A BCF topic. What BCF knows and we have no column for is kept in `extra`, so that it goes out as it came in.

    `source`: the package it came in, which holds its further files. `author_house` is empty for a topic of another tool.
    """

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="bcf_topics")
    model = models.ForeignKey(BimModel, null=True, blank=True, on_delete=models.PROTECT, related_name="topics")
    guid = models.UUIDField()
    number = models.PositiveIntegerField()
    version = models.PositiveIntegerField(default=1)
    title = models.CharField(max_length=255)
    description = models.TextField(blank=True)
    topic_type = models.CharField(max_length=60, blank=True)
    topic_status = models.CharField(max_length=60, blank=True)
    priority = models.CharField(max_length=60, blank=True)
    stage = models.CharField(max_length=60, blank=True)
    labels = models.JSONField(default=list, blank=True)
    assigned_to = models.CharField(max_length=255, blank=True)
    due_on = models.DateField(null=True, blank=True)
    extra = models.JSONField(default=dict, blank=True)
    source = models.ForeignKey(StoredFile, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    author = models.CharField(max_length=255)
    author_house = models.ForeignKey(Organisation, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=clock.now)
    modified_author = models.CharField(max_length=255, blank=True)
    modified_at = models.DateTimeField(null=True, blank=True)

    objects = BcfTopicQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["project", "guid"], name="bcf_topic_once"),
            models.UniqueConstraint(fields=["project", "number"], name="bcf_topic_number_once"),
        ]

    def __str__(self) -> str:
        return self.title


class BcfViewpoint(models.Model):
    """Camera, selection, visibility, colours, clipping planes as plain values (metres), and the picture."""

    topic = models.ForeignKey(BcfTopic, on_delete=models.CASCADE, related_name="viewpoints")
    guid = models.UUIDField()
    position = models.PositiveSmallIntegerField(default=0)
    view = models.JSONField(default=dict)
    extra = models.JSONField(default=dict, blank=True)
    snapshot = models.ForeignKey(StoredFile, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["topic", "position", "id"]
        constraints = [models.UniqueConstraint(fields=["topic", "guid"], name="bcf_viewpoint_once")]

    def __str__(self) -> str:
        return str(self.guid)


class BcfComment(models.Model):
    topic = models.ForeignKey(BcfTopic, on_delete=models.CASCADE, related_name="comments")
    guid = models.UUIDField()
    text = models.TextField(blank=True)
    viewpoint = models.ForeignKey(BcfViewpoint, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    author = models.CharField(max_length=255)
    author_house = models.ForeignKey(Organisation, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=clock.now)
    modified_author = models.CharField(max_length=255, blank=True)
    modified_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["topic", "created_at", "id"]
        constraints = [models.UniqueConstraint(fields=["topic", "guid"], name="bcf_comment_once")]

    def __str__(self) -> str:
        return self.text[:50]
