"""Monthly reports, photos, milestones and forecasts as JSON, and the shapes in which they are entered."""

from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema_field, extend_schema_serializer
from rest_framework import serializers

from core.api import ExactModelSerializer, StrictSerializer, VersionSerializer, YuanField, yuan_input
from execution import progressing
from execution.api.contract_shapes import LARGEST_KEY, MOST_LINES, MOST_QUANTITY, WithMoves
from execution.models import Forecast, Measurement, Milestone, ProgressPhoto, ProgressReport
from execution.services.forecasts import Foreseen
from execution.services.milestones import Stone
from execution.services.progress import Measured

MOST_STONES = 100


def _percent(**kwargs: Any) -> serializers.DecimalField:
    return serializers.DecimalField(max_digits=5, decimal_places=2, min_value=0, max_value=100, **kwargs)


@extend_schema_field({"type": "string", "example": "2026-11"})
class MonthField(serializers.Field):
    """A month as `2026-11`; a day of it is understood as well."""

    def to_internal_value(self, data: Any) -> date:
        try:
            return date.fromisoformat(f"{str(data)[:7]}-01")
        except ValueError as error:
            raise serializers.ValidationError(_("A month is written as 2026-11.")) from error

    def to_representation(self, value: date) -> str:
        return f"{value:%Y-%m}"


class ProgressPhotoSerializer(ExactModelSerializer):
    """`sha256` is the hash of the bytes as they were uploaded; they are at `progress/photos/{id}/`."""

    name = serializers.CharField(source="file.name", read_only=True)
    sha256 = serializers.CharField(source="file.sha256", read_only=True)
    size = serializers.IntegerField(source="file.size", read_only=True)

    class Meta:
        model = ProgressPhoto
        fields = ("id", "name", "sha256", "size", "caption", "taken_at", "longitude", "latitude")
        read_only_fields = fields


class MeasurementSerializer(ExactModelSerializer):
    """`amount` is computed: by the unit price, or in proportion of the line; all months together give the line's amount."""

    contract_id = serializers.IntegerField(source="line.contract_id", read_only=True)
    name = serializers.CharField(source="line.name", read_only=True)
    unit = serializers.CharField(source="line.unit", read_only=True)

    class Meta:
        model = Measurement
        fields = ("line_id", "contract_id", "name", "unit", "quantity", "amount")
        read_only_fields = fields


class ReportRowSerializer(ExactModelSerializer):
    """Percent and completed investment are cumulative. The context holds the `rules` of the day."""

    month = MonthField(read_only=True)
    state = serializers.CharField(read_only=True)
    state_label = serializers.CharField(source="get_state_display", read_only=True)
    due_on = serializers.SerializerMethodField()
    days_late = serializers.SerializerMethodField()
    light = serializers.SerializerMethodField()
    measured = serializers.SerializerMethodField()

    class Meta:
        model = ProgressReport
        fields = (
            "id", "month", "state", "state_label", "physical_percent", "planned_percent", "light", "completed_investment",
            "measured", "image_progress", "due_on", "days_late", "submitted_at", "version",
        )  # fmt: skip
        read_only_fields = fields

    def get_due_on(self, row: ProgressReport) -> date:
        return progressing.timeliness_of(row, self.context["rules"]).due_on

    def get_days_late(self, row: ProgressReport) -> int:
        return progressing.timeliness_of(row, self.context["rules"]).days

    def get_light(self, row: ProgressReport) -> str:
        return progressing.light_of(row, self.context["rules"])

    @extend_schema_field(YuanField())
    def get_measured(self, row: ProgressReport) -> str:
        return f"{progressing.measured_total(row):.2f}"


@extend_schema_serializer(component_name="MonthlyReport")
class ReportSerializer(ReportRowSerializer, WithMoves):
    measurements = MeasurementSerializer(many=True, read_only=True)
    photos = ProgressPhotoSerializer(many=True, read_only=True)

    class Meta(ReportRowSerializer.Meta):
        fields = (
            "project_id", *ReportRowSerializer.Meta.fields, "problems", "next_steps", "returned_reason", "confirmed_at",
            "measurements", "photos", "moves",
        )  # fmt: skip
        read_only_fields = fields


class MeasuredInputSerializer(StrictSerializer):
    """What was done of one contract line in the month."""

    line_id = serializers.IntegerField(min_value=1, max_value=LARGEST_KEY)
    quantity = serializers.DecimalField(max_digits=18, decimal_places=4, min_value=Decimal(0), max_value=MOST_QUANTITY)


class ReportInputSerializer(VersionSerializer):
    """A month's report before it is submitted, with all its measured quantities."""

    month = MonthField()
    physical_percent = _percent()
    planned_percent = _percent(required=False, allow_null=True)
    completed_investment = yuan_input()
    image_progress = serializers.CharField(max_length=300, required=False, allow_blank=True)
    problems = serializers.CharField(max_length=5000, required=False, allow_blank=True)
    next_steps = serializers.CharField(max_length=5000, required=False, allow_blank=True)
    measured = MeasuredInputSerializer(many=True, required=False, max_length=MOST_LINES)

    @staticmethod
    def measured_of(said: dict[str, Any]) -> list[Measured]:
        return [Measured(**row) for row in said.get("measured", []) if {"line_id", "quantity"} <= set(row)]


class PhotoInputSerializer(serializers.Serializer):
    """JPEG or PNG; where and when it was taken, as far as it is known."""

    file = serializers.FileField()
    caption = serializers.CharField(max_length=200, required=False, allow_blank=True)
    taken_at = serializers.DateTimeField(required=False)
    longitude = serializers.DecimalField(max_digits=10, decimal_places=6, required=False)
    latitude = serializers.DecimalField(max_digits=9, decimal_places=6, required=False)


class MilestoneSerializer(ExactModelSerializer):
    class Meta:
        model = Milestone
        fields = ("id", "position", "name", "planned_on", "planned_percent", "done_on")
        read_only_fields = fields


class MilestoneInputSerializer(StrictSerializer):
    """`id` keeps a milestone that is there already."""

    id = serializers.IntegerField(min_value=1, max_value=LARGEST_KEY, required=False, allow_null=True)
    name = serializers.CharField(max_length=100)
    planned_on = serializers.DateField()
    planned_percent = _percent(required=False, allow_null=True)
    done_on = serializers.DateField(required=False, allow_null=True)


class MilestonesInputSerializer(StrictSerializer):
    """All milestones of the project in their order; what is not named is removed."""

    milestones = MilestoneInputSerializer(many=True, max_length=MOST_STONES)

    @staticmethod
    def stones_of(said: dict[str, Any]) -> list[Stone]:
        empty = {"name": "", "planned_on": None}
        return [Stone(**{**empty, **row}) for row in said.get("milestones", [])]


class MilestoneReachedInputSerializer(StrictSerializer):
    """null takes it back."""

    done_on = serializers.DateField(allow_null=True)


class ForecastSerializer(ExactModelSerializer):
    class Meta:
        model = Forecast
        fields = ("cost_code", "amount", "reason", "made_on")
        read_only_fields = fields


class ForecastRowSerializer(serializers.Serializer):
    """One cost line: what is contracted on it (yuan), and the newest forecast at completion if there is one."""

    code = serializers.CharField()
    name = serializers.CharField()
    contracted = YuanField()
    forecast = ForecastSerializer(allow_null=True)


class ForeseenInputSerializer(StrictSerializer):
    cost_code = serializers.CharField(max_length=30)
    amount = yuan_input()
    reason = serializers.CharField(max_length=300, required=False, allow_blank=True, default="")


class ForecastsInputSerializer(StrictSerializer):
    """What changes; lines that are not named keep their forecast."""

    rows = ForeseenInputSerializer(many=True, max_length=MOST_LINES)

    @staticmethod
    def foreseen_of(said: dict[str, Any]) -> list[Foreseen]:
        return [Foreseen(**row) for row in said.get("rows", []) if {"cost_code", "amount"} <= set(row)]
