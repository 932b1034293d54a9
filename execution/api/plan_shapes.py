"""The annual plan as JSON, and the shapes in which calls, requests and decisions about money are sent. All amounts are yuan."""

from decimal import Decimal
from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from core.api import ExactModelSerializer, StrictSerializer, VersionSerializer, YuanField, yuan_input
from execution import facts, planning
from execution.api.contract_shapes import LARGEST_KEY, WithMoves, signed_yuan
from execution.models import AnnualPlan, FundRelease, PlanAdjustment, PlanItem
from execution.services.plan_funds import Amount
from projects import codes

MOST_SOURCES = 60
MOST_AMOUNTS = 5000


class SourceAmountInputSerializer(StrictSerializer):
    source = serializers.CharField(max_length=10)
    amount = yuan_input()


def by_source(rows: list[dict[str, Any]] | None) -> dict[str, Decimal]:
    """Sources named twice add up."""
    return facts.added(*({row["source"]: row["amount"]} for row in rows or [] if "source" in row and "amount" in row))


class EnvelopeSerializer(serializers.Serializer):
    """One source in one year: `available` with what was carried over, `left` = available − planned."""

    source = serializers.CharField()  # type: ignore[assignment]
    label = serializers.CharField()  # type: ignore[assignment]
    available = YuanField()
    requested = YuanField()
    planned = YuanField()
    released = YuanField()
    left = YuanField()


class CategorySumSerializer(serializers.Serializer):
    code = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]
    n = serializers.IntegerField()
    total_investment = YuanField()
    requested = YuanField()
    quota = YuanField()
    released = YuanField()


class PlanRowSerializer(ExactModelSerializer):
    state = serializers.CharField(read_only=True)
    state_label = serializers.CharField(source="get_state_display", read_only=True)

    class Meta:
        model = AnnualPlan
        fields = (
            "id", "year", "state", "state_label", "requests_until", "note", "document_no", "decided_on", "release_no",
            "released_on", "version",
        )  # fmt: skip
        read_only_fields = fields


class PlanSerializer(PlanRowSerializer, WithMoves):
    """`envelopes` are empty for project units."""

    envelopes = serializers.SerializerMethodField()
    categories = serializers.SerializerMethodField()

    class Meta(PlanRowSerializer.Meta):
        fields = (*PlanRowSerializer.Meta.fields, "envelopes", "categories", "moves")
        read_only_fields = fields

    @extend_schema_field(EnvelopeSerializer(many=True))
    def get_envelopes(self, plan: AnnualPlan) -> list[dict[str, Any]]:
        shown = planning.envelopes_of(plan) if planning.sees_whole_plan(self.context["actor"]) else []
        return EnvelopeSerializer(shown, many=True).data

    @extend_schema_field(CategorySumSerializer(many=True))
    def get_categories(self, plan: AnnualPlan) -> list[dict[str, Any]]:
        return CategorySumSerializer(planning.by_category(self.context["actor"], plan), many=True).data


class StandingSerializer(serializers.Serializer):
    """One source of an item: `quota` = planned and adjusted since, `left` = quota − released."""

    source = serializers.CharField()  # type: ignore[assignment]
    label = serializers.CharField()  # type: ignore[assignment]
    requested = YuanField()
    planned = YuanField()
    quota = YuanField()
    released = YuanField()
    left = YuanField()


class PlanItemRowSerializer(ExactModelSerializer):
    """The context may hold the `source_labels`, where many rows are shown."""

    state = serializers.CharField(read_only=True)
    state_label = serializers.CharField(source="get_state_display", read_only=True)
    year = serializers.IntegerField(source="plan.year", read_only=True)
    project_name = serializers.CharField(source="project.name", read_only=True)
    project_code = serializers.CharField(source="project.code", read_only=True)
    funding = serializers.SerializerMethodField()

    class Meta:
        model = PlanItem
        fields = (
            "id", "plan_id", "year", "project_id", "project_name", "project_code", "category", "state", "state_label",
            "content", "works_from", "works_until", "total_investment", "year_goal", "reason", "returned_on",
            "requested_at", "funding", "version",
        )  # fmt: skip
        read_only_fields = fields

    @extend_schema_field(StandingSerializer(many=True))
    def get_funding(self, item: PlanItem) -> list[dict[str, Any]]:
        labels = self.context.get("source_labels")
        return StandingSerializer(planning.standings_of(item, labels), many=True).data


def rows_shown(items: Any) -> Any:
    """Many items, the names of the sources read once."""
    return PlanItemRowSerializer(items, many=True, context={"source_labels": codes.labels("funding_source")})


class PlanAdjustmentSerializer(ExactModelSerializer):
    kind = serializers.CharField(read_only=True)

    class Meta:
        model = PlanAdjustment
        fields = ("id", "kind", "source", "amount", "document_no", "decided_on", "reason")
        read_only_fields = fields


class FundReleaseSerializer(ExactModelSerializer):
    class Meta:
        model = FundRelease
        fields = ("id", "item_id", "source", "amount", "document_no", "released_on", "reason")
        read_only_fields = fields


class PlanItemSerializer(PlanItemRowSerializer, WithMoves):
    adjustments = PlanAdjustmentSerializer(many=True, read_only=True)
    releases = FundReleaseSerializer(many=True, read_only=True)

    class Meta(PlanItemRowSerializer.Meta):
        fields = (*PlanItemRowSerializer.Meta.fields, "adjustments", "releases", "moves")
        read_only_fields = fields


class CallInputSerializer(StrictSerializer):
    year = serializers.IntegerField(min_value=2000, max_value=2100)
    requests_until = serializers.DateField()
    note = serializers.CharField(max_length=5000, required=False, allow_blank=True, default="")
    envelopes = SourceAmountInputSerializer(many=True, required=False, max_length=MOST_SOURCES)


class CallAmendSerializer(VersionSerializer):
    requests_until = serializers.DateField()
    note = serializers.CharField(max_length=5000, required=False, allow_blank=True, default="")


class EnvelopesInputSerializer(VersionSerializer):
    """All envelopes as they shall be. `document_no` once the plan is approved."""

    envelopes = SourceAmountInputSerializer(many=True, max_length=MOST_SOURCES)
    document_no = serializers.CharField(max_length=60, required=False, allow_blank=True, default="")


class RequestInputSerializer(VersionSerializer):
    """What 政府投资条例 art. 16 asks for. `funding` is what is asked of each source for the year."""

    category = serializers.CharField(max_length=20)
    content = serializers.CharField(max_length=5000)
    works_from = serializers.DateField(required=False, allow_null=True)
    works_until = serializers.DateField(required=False, allow_null=True)
    total_investment = yuan_input()
    year_goal = serializers.CharField(max_length=300, required=False, allow_blank=True)
    reason = serializers.CharField(max_length=2000, required=False, allow_blank=True)
    funding = SourceAmountInputSerializer(many=True, required=False, max_length=MOST_SOURCES)


class NewRequestInputSerializer(RequestInputSerializer):
    project_id = serializers.IntegerField(min_value=1, max_value=LARGEST_KEY)


class PlannedInputSerializer(StrictSerializer):
    item_id = serializers.IntegerField(min_value=1, max_value=LARGEST_KEY)
    source = serializers.CharField(max_length=10)
    amount = yuan_input()


class BalanceInputSerializer(VersionSerializer):
    """Planned amounts by item and source. An item named here gets what is named here, and nothing else."""

    amounts = PlannedInputSerializer(many=True, max_length=MOST_AMOUNTS)

    @staticmethod
    def planned_of(said: dict[str, Any]) -> dict[int, dict[str, Decimal]]:
        planned: dict[int, dict[str, Decimal]] = {}
        for row in said.get("amounts", []):
            part = {row["source"]: row["amount"]}
            planned[row["item_id"]] = facts.added(planned.get(row["item_id"], {}), part)
        return planned


class ReleaseInputSerializer(VersionSerializer):
    """One document; `decided_on` is its date, today unless said. `version` of the plan keeps it from counting twice."""

    document_no = serializers.CharField(max_length=60)
    decided_on = serializers.DateField(required=False, allow_null=True)
    amounts = PlannedInputSerializer(many=True, max_length=MOST_AMOUNTS)


class GiveBackInputSerializer(ReleaseInputSerializer):
    reason = serializers.CharField(max_length=300, required=False, allow_blank=True, default="")


class AdjustedInputSerializer(PlannedInputSerializer):
    amount = signed_yuan()


class AdjustInputSerializer(ReleaseInputSerializer):
    """`amount` is the signed change of the quota."""

    reason = serializers.CharField(max_length=300)
    amounts = AdjustedInputSerializer(many=True, max_length=MOST_AMOUNTS)


def amounts_of(said: dict[str, Any]) -> list[Amount]:
    return [Amount(**row) for row in said.get("amounts", [])]
