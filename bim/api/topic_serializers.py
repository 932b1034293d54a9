"""Topics as JSON, and the shapes in which they are raised, answered and changed."""

from decimal import Decimal
from typing import Any

from rest_framework import serializers
from rest_framework.reverse import reverse

from bim import topic_wording
from bim.bcf.records import VERSIONS
from bim.models import BcfComment, BcfTopic, BcfViewpoint
from bim.services.topics import LONGEST, LONGEST_COMMENT, LONGEST_LABEL
from core.api import LARGEST_ID, StrictSerializer, VersionSerializer

LARGEST_FILTER = 255


class ViewField(serializers.JSONField):
    """A view as JSON; its numbers are measures, not amounts."""

    def to_internal_value(self, data: Any) -> Any:
        return _measured(data)


def _measured(data: Any) -> Any:
    if isinstance(data, dict):
        return {name: _measured(value) for name, value in data.items()}
    if isinstance(data, list):
        return [_measured(value) for value in data]
    return float(data) if isinstance(data, Decimal) else data


class TopicRowSerializer(serializers.ModelSerializer):
    """One line of the list. `author` is the house where the reader may not know the person (R-PERM-02)."""

    author = serializers.SerializerMethodField()
    n_comments = serializers.SerializerMethodField()

    class Meta:
        model = BcfTopic
        fields = (
            "id", "number", "guid", "title", "topic_type", "topic_status", "priority", "labels", "assigned_to", "due_on",
            "model", "author", "created_at", "modified_at", "n_comments", "version",
        )  # fmt: skip
        read_only_fields = fields

    def get_author(self, row: BcfTopic) -> str:
        return topic_wording.named(row.author, row.author_house, self.context["actor"])

    def get_n_comments(self, row: BcfTopic) -> int:
        return getattr(row, "n_comments", None) or 0


class ViewpointSerializer(serializers.ModelSerializer):
    """`view`: cameras, selection, visibility, colours, clipping planes, lines; metres in the model's coordinates, Z up."""

    view = serializers.DictField()
    snapshot_url = serializers.SerializerMethodField()

    class Meta:
        model = BcfViewpoint
        fields = ("id", "guid", "view", "snapshot_url")
        read_only_fields = fields

    def get_snapshot_url(self, row: BcfViewpoint) -> str | None:
        if row.snapshot_id is None:
            return None
        return reverse("api:topic-snapshot", args=[row.topic_id, row.pk], request=self.context.get("request"))


class CommentSerializer(serializers.ModelSerializer):
    author = serializers.SerializerMethodField()

    class Meta:
        model = BcfComment
        fields = ("id", "guid", "text", "viewpoint", "author", "created_at", "modified_at")
        read_only_fields = fields

    def get_author(self, row: BcfComment) -> str:
        return topic_wording.named(row.author, row.author_house, self.context["actor"])


class TopicSerializer(TopicRowSerializer):
    """One topic with its viewpoints and comments; `extra` holds what BCF says besides (links, documents, header files)."""

    extra = serializers.DictField()
    viewpoints = ViewpointSerializer(many=True)
    comments = CommentSerializer(many=True)

    class Meta(TopicRowSerializer.Meta):
        fields = (
            *TopicRowSerializer.Meta.fields, "project", "description", "stage", "modified_author", "extra", "viewpoints",
            "comments",
        )  # fmt: skip
        read_only_fields = fields

    def get_n_comments(self, row: BcfTopic) -> int:
        return len(row.comments.all())


class TopicPageSerializer(serializers.Serializer):
    """One page, newest first; `next` is the address of the following one, null at the end."""

    next = serializers.CharField(allow_null=True)
    previous = serializers.CharField(allow_null=True)
    results = TopicRowSerializer(many=True)


class TopicQuestion(serializers.Serializer):
    """How the list is narrowed."""

    status = serializers.CharField(max_length=60, required=False, help_text="A status, or `unsettled`: all but Closed.")
    topic_type = serializers.CharField(max_length=60, required=False)
    assigned_to = serializers.CharField(max_length=LARGEST_FILTER, required=False, help_text="Part of it.")
    model = serializers.IntegerField(min_value=1, max_value=LARGEST_ID, required=False)
    cursor = serializers.CharField(max_length=200, required=False)
    page_size = serializers.IntegerField(min_value=1, max_value=200, default=50)


class TopicFieldsSerializer(StrictSerializer):
    """What may be said of a topic. Types, statuses and priorities are free; Open and Closed are the usual statuses."""

    title = serializers.CharField(max_length=LONGEST["title"], allow_blank=True, required=False)
    description = serializers.CharField(max_length=LONGEST["description"], allow_blank=True, required=False)
    topic_type = serializers.CharField(max_length=LONGEST["topic_type"], allow_blank=True, required=False)
    topic_status = serializers.CharField(max_length=LONGEST["topic_status"], allow_blank=True, required=False)
    priority = serializers.CharField(max_length=LONGEST["priority"], allow_blank=True, required=False)
    stage = serializers.CharField(max_length=LONGEST["stage"], allow_blank=True, required=False)
    assigned_to = serializers.CharField(max_length=LONGEST["assigned_to"], allow_blank=True, required=False)
    due_on = serializers.DateField(required=False, allow_null=True)
    labels = serializers.ListField(child=serializers.CharField(max_length=LONGEST_LABEL), required=False)
    model = serializers.IntegerField(min_value=1, max_value=LARGEST_ID, required=False, allow_null=True)


class NewTopicSerializer(TopicFieldsSerializer):
    """A topic; `view` and `snapshot` (PNG or JPEG in base64) make its first viewpoint."""

    view = ViewField(required=False, allow_null=True)
    snapshot = serializers.CharField(required=False, allow_blank=True, help_text="PNG or JPEG in base64.")


class TopicChangeSerializer(TopicFieldsSerializer, VersionSerializer):
    """Only the fields that change. Without `version` the last word wins."""


class NewCommentSerializer(StrictSerializer):
    """`status` sets the topic's status at once; `view` and `snapshot` give the comment a viewpoint."""

    text = serializers.CharField(max_length=LONGEST_COMMENT)
    status = serializers.CharField(max_length=LONGEST["topic_status"], allow_blank=True, required=False)
    view = ViewField(required=False, allow_null=True)
    snapshot = serializers.CharField(required=False, allow_blank=True, help_text="PNG or JPEG in base64.")


class BcfFileSerializer(StrictSerializer):
    file = serializers.FileField(allow_empty_file=True)


class TakenSerializer(serializers.Serializer):
    """What became of one topic of the file: added, updated, or kept (known already, not older here)."""

    guid = serializers.CharField()
    title = serializers.CharField()
    outcome = serializers.CharField()
    id = serializers.IntegerField(source="pk")
    number = serializers.IntegerField()
    comments_added = serializers.IntegerField()
    comments_updated = serializers.IntegerField()
    viewpoints_added = serializers.IntegerField()
    viewpoints_updated = serializers.IntegerField()
    notes = serializers.ListField(child=serializers.CharField())


class FaultSerializer(serializers.Serializer):
    where = serializers.CharField(allow_blank=True)
    message = serializers.CharField()


class ImportSerializer(serializers.Serializer):
    """Topic by topic what was done; `faults`: what of the file could not be taken."""

    version = serializers.CharField()
    topics = TakenSerializer(many=True)
    faults = serializers.SerializerMethodField()

    def get_faults(self, report: Any) -> FaultSerializer(many=True):  # type: ignore[valid-type]
        return [{"where": where, "message": words} for where, words in report.faults]


class ExportSerializer(StrictSerializer):
    """Without `topics` all of the project."""

    version = serializers.ChoiceField(VERSIONS, default="3.0")
    topics = serializers.ListField(
        child=serializers.IntegerField(min_value=1, max_value=LARGEST_ID), required=False, allow_empty=False
    )
