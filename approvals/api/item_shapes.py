"""Shapes of what is asked and answered about items, beside the item itself."""

from typing import Any

from rest_framework import serializers

from approvals.api.item_serializers import ItemRowSerializer
from approvals.catalog import ITEM_TYPE_CHOICES
from approvals.rules.deadlines import DayReason
from approvals.states import ItemState
from approvals.workload import LIGHTS
from core.api import LARGEST_ID, StrictSerializer, VersionSerializer, yuan_input
from core.models import TraceEntry
from core.trace import plain


class ItemQuestion(serializers.Serializer):
    """How the list is narrowed; `cursor` comes from `next`."""

    state = serializers.ChoiceField(ItemState.choices, required=False)
    item_type = serializers.ChoiceField(ITEM_TYPE_CHOICES, required=False)
    project = serializers.IntegerField(min_value=1, max_value=LARGEST_ID, required=False)
    owner_unit = serializers.IntegerField(min_value=1, max_value=LARGEST_ID, required=False)
    light = serializers.ChoiceField([light.value for light in LIGHTS], required=False)
    no = serializers.CharField(max_length=30, required=False, help_text="Item number.")
    document_no = serializers.CharField(max_length=60, required=False)
    cursor = serializers.CharField(max_length=200, required=False)
    page_size = serializers.IntegerField(min_value=1, max_value=200, default=50)


class PageSerializer(serializers.Serializer):
    """One page; `next` is the address of the following one, null at the end."""

    next = serializers.CharField(allow_null=True)
    previous = serializers.CharField(allow_null=True)


class ItemPageSerializer(PageSerializer):
    results = ItemRowSerializer(many=True)


class NewItemOfProjectSerializer(StrictSerializer):
    """A new item. Early involvement may begin before the project has reached the stage (提前介入)."""

    item_type = serializers.ChoiceField(ITEM_TYPE_CHOICES)
    is_early_involvement = serializers.BooleanField(required=False)
    resubmission_of = serializers.IntegerField(min_value=1, max_value=LARGEST_ID, required=False, allow_null=True)


class NewItemSerializer(NewItemOfProjectSerializer):
    project = serializers.IntegerField(min_value=1, max_value=LARGEST_ID)


class DeclarationFormSerializer(VersionSerializer):
    """The declaration form; amounts in yuan. With cost lines the declared amount is their sum."""

    summary = serializers.CharField(max_length=10_000, allow_blank=True, required=False)
    contact = serializers.CharField(max_length=100, allow_blank=True, required=False)
    declared_amount = yuan_input(allow_null=True, required=False)
    form = serializers.DictField(required=False)

    def validate_form(self, said: dict[str, Any]) -> dict[str, Any]:
        return plain(said)


class DayLineSerializer(serializers.Serializer):
    """One day: `number` is its place in the count, null if it does not count; `name` the holiday, `pause` the reason."""

    date = serializers.DateField()
    counted = serializers.BooleanField()
    number = serializers.IntegerField(allow_null=True)
    reason = serializers.ChoiceField([reason.value for reason in DayReason])
    name = serializers.CharField(allow_blank=True)
    pause = serializers.CharField(allow_blank=True)
    provisional = serializers.BooleanField()


class DeadlineSerializer(serializers.Serializer):
    """A due date and every day that leads to it, under one version of the calendar. Working days."""

    accepted_on = serializers.DateField()
    limit = serializers.IntegerField()
    extension = serializers.IntegerField()
    used = serializers.IntegerField()
    remaining = serializers.IntegerField(allow_null=True)
    due = serializers.DateField(source="due_on")
    provisional = serializers.BooleanField()
    calendar_version = serializers.CharField()
    days = DayLineSerializer(source="lines", many=True)


class TraceEntrySerializer(serializers.ModelSerializer):
    """One link of the hash chain of the project."""

    class Meta:
        model = TraceEntry
        fields = (
            "id", "seq", "at", "verb", "actor_name", "acting_for_name", "role", "facts", "reason", "ip", "prev_hash", "hash",
        )  # fmt: skip
        read_only_fields = fields


class TracePageSerializer(PageSerializer):
    results = TraceEntrySerializer(many=True)
