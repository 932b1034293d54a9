"""What the review left on an item, as JSON: pauses, opinions, experts, countersignatures, findings, decisions."""

from decimal import Decimal
from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from accounts.api.serializers import PersonSerializer
from approvals.finding_wording import say
from approvals.models import Countersign, Decision, ExpertInvitation, Opinion, Pause, Reduction
from approvals.rules.investment import Finding
from approvals.rules.reductions import rate_of
from core.api import ExactModelSerializer, YuanField


class PauseSerializer(serializers.ModelSerializer):
    """A stop of the clock; who signed it only for those inside (context `signatures`)."""

    reason = serializers.CharField()
    reason_label = serializers.CharField(source="get_reason_display")
    proposed_by = PersonSerializer(allow_null=True)
    first_signed_by = PersonSerializer(allow_null=True)
    second_signed_by = PersonSerializer(allow_null=True)

    class Meta:
        model = Pause
        fields = (
            "id", "reason", "reason_label", "letter", "expected_days", "proposed_by", "proposed_at", "needs_signatures",
            "first_signed_by", "first_signed_at", "second_signed_by", "second_signed_at", "began_on", "expected_end_on",
            "ended_on", "cancelled_at",
        )  # fmt: skip
        read_only_fields = fields

    def to_representation(self, pause: Pause) -> dict[str, Any]:
        shown = super().to_representation(pause)
        if not self.context.get("signatures"):
            shown |= {"proposed_by": None, "first_signed_by": None, "second_signed_by": None}
        return shown


class OpinionSerializer(serializers.ModelSerializer):
    """A signed opinion; a voided one is kept and says why."""

    kind = serializers.CharField()
    kind_label = serializers.CharField(source="get_kind_display")
    state = serializers.CharField()
    author = PersonSerializer()
    acting_for = PersonSerializer(allow_null=True)

    class Meta:
        model = Opinion
        fields = (
            "id", "kind", "kind_label", "state", "author", "acting_for", "text", "conclusion", "signed_at",
            "signed_content", "voided_at", "void_reason",
        )  # fmt: skip
        read_only_fields = fields


class ExpertSerializer(serializers.ModelSerializer):
    expert = PersonSerializer()

    class Meta:
        model = ExpertInvitation
        fields = ("id", "expert", "invited_at", "opinion", "score", "filed_at", "recused_at", "recusal_reason")
        read_only_fields = fields


class CountersignSerializer(serializers.ModelSerializer):
    kind = serializers.CharField()
    asked_by = PersonSerializer()
    asked_of = PersonSerializer()

    class Meta:
        model = Countersign
        fields = (
            "id",
            "kind",
            "asked_by",
            "asked_of",
            "question",
            "asked_at",
            "answer",
            "agrees",
            "answered_at",
            "voided_at",
        )
        read_only_fields = fields


class FindingSerializer(serializers.Serializer):
    """An investment rule the item runs into now (R-INV); a blocking one refuses the approval unless overridden."""

    code = serializers.CharField()
    severity = serializers.CharField()
    rule = serializers.CharField()
    basis = serializers.CharField(allow_blank=True)
    blocks = serializers.BooleanField()
    message = serializers.SerializerMethodField()

    def get_message(self, finding: Finding) -> str:
        return say(finding)


class DecisionSerializer(serializers.ModelSerializer):
    outcome = serializers.CharField()
    outcome_label = serializers.CharField(source="get_outcome_display")
    decided_by = PersonSerializer(allow_null=True)
    document = serializers.PrimaryKeyRelatedField(read_only=True, allow_null=True)

    class Meta:
        model = Decision
        fields = ("id", "outcome", "outcome_label", "decided_on", "decided_by", "document", "text", "override_document")
        read_only_fields = fields


class ReductionSerializer(ExactModelSerializer):
    """The stored reduction of the decision, in yuan; `rate` with four decimals, null where nothing was declared."""

    reduction = serializers.SerializerMethodField()
    rate = serializers.SerializerMethodField()

    class Meta:
        model = Reduction
        fields = (
            "id", "item_type", "decided_on", "declared", "reviewed", "approved", "reduction", "rate", "is_counted",
            "exclusion",
        )  # fmt: skip
        read_only_fields = fields

    @extend_schema_field(YuanField())
    def get_reduction(self, row: Reduction) -> str:
        return str(row.declared - row.reviewed)

    @extend_schema_field(serializers.DecimalField(12, 4, allow_null=True))
    def get_rate(self, row: Reduction) -> str | None:
        return rate_text(row.declared, row.reviewed)


def rate_text(declared: Decimal | None, reviewed: Decimal | None) -> str | None:
    """(declared − reviewed) / declared with four decimals; None where nothing was declared or reviewed."""
    if declared is None or reviewed is None:
        return None
    rate = rate_of(declared - reviewed, declared)
    return None if rate is None else str(rate)
