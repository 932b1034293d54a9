"""Approval items as JSON, each reader shown what they may read (approvals/sight.py)."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from accounts.api.serializers import OrganisationSerializer, PersonSerializer
from approvals.api.material_serializers import CorrectionSerializer, MaterialSerializer
from approvals.api.review_serializers import (
    CountersignSerializer,
    DecisionSerializer,
    ExpertSerializer,
    FindingSerializer,
    OpinionSerializer,
    PauseSerializer,
    ReductionSerializer,
)
from approvals.catalog import ITEM_TYPE_CHOICES
from approvals.findings import findings_of
from approvals.models import ApprovalItem
from approvals.rules.deadlines import Light
from approvals.services import case_clock
from approvals.sight import Sight, sight_of
from approvals.states import BEFORE_ACCEPTANCE, ItemState
from core.api import ExactModelSerializer
from core.api_moves import OfferSerializer
from projects.api.serializers import ProjectRefSerializer

ROW_FIELDS = (
    "id", "no", "version", "item_type", "item_type_label", "state", "state_label", "project", "owner_unit",
    "declared_amount", "reviewed_amount", "approved_amount", "received_on", "accepted_on", "decided_on", "due_on",
    "due_is_provisional", "is_paused", "light", "document_no", "created_at", "changed_at",
)  # fmt: skip


class ItemRowSerializer(ExactModelSerializer):
    """One line of a list. Amounts in yuan; what the reader may not see yet is null. Needs `actor` and `now`."""

    item_type = serializers.ChoiceField(ITEM_TYPE_CHOICES, read_only=True)
    item_type_label = serializers.CharField(source="get_item_type_display")
    state = serializers.ChoiceField(ItemState.choices, read_only=True)
    state_label = serializers.CharField(source="get_state_display")
    project = ProjectRefSerializer()
    owner_unit = OrganisationSerializer()
    light = serializers.SerializerMethodField()

    class Meta:
        model = ApprovalItem
        fields = ROW_FIELDS
        read_only_fields = fields

    @extend_schema_field(serializers.ChoiceField([light.value for light in Light]))
    def get_light(self, item: ApprovalItem) -> str:
        return case_clock.light_of(item, self.context["now"]).value

    def to_representation(self, item: ApprovalItem) -> dict[str, Any]:
        shown = super().to_representation(item)
        if not self.sight(item).reviewed:
            shown["reviewed_amount"] = shown["approved_amount"] = None
        return shown

    def sight(self, item: ApprovalItem) -> Sight:
        return sight_of(self.context["actor"], item)


class ClockSerializer(serializers.Serializer):
    """The item's clock in working days; null where none runs."""

    promised = serializers.IntegerField(allow_null=True)
    extension = serializers.IntegerField()
    used = serializers.IntegerField(allow_null=True)
    remaining = serializers.IntegerField(allow_null=True)
    due = serializers.DateField(allow_null=True)
    provisional = serializers.BooleanField()
    light = serializers.CharField()
    paused = serializers.BooleanField()
    paused_days = serializers.IntegerField()
    acceptance_due = serializers.DateField(allow_null=True)
    calendar_version = serializers.CharField(allow_blank=True)


class PeopleSerializer(serializers.Serializer):
    """Who works on it; the unit sees the reviewers once it is decided (R-PERM-02)."""

    applicant = PersonSerializer(allow_null=True)
    first_reviewer = PersonSerializer(allow_null=True)
    second_officer = PersonSerializer(allow_null=True)
    center_first = PersonSerializer(allow_null=True)
    center_second = PersonSerializer(allow_null=True)


class ItemSerializer(ItemRowSerializer):
    """Everything of an item this person may read, and what they may do with it now."""

    authority = OrganisationSerializer()
    center = OrganisationSerializer(allow_null=True)
    deadline = serializers.SerializerMethodField()
    people = serializers.SerializerMethodField()
    materials = MaterialSerializer(source="slots", many=True)
    corrections = CorrectionSerializer(many=True)
    pauses = serializers.SerializerMethodField()
    opinions = serializers.SerializerMethodField()
    experts = serializers.SerializerMethodField()
    countersigns = serializers.SerializerMethodField()
    findings = serializers.SerializerMethodField()
    decisions = serializers.SerializerMethodField()
    reduction = serializers.SerializerMethodField()
    moves = serializers.SerializerMethodField()

    class Meta:
        model = ApprovalItem
        fields = (
            *ROW_FIELDS, "authority", "center", "resubmission_of", "summary", "contact", "form", "is_early_involvement",
            "round_count", "is_deemed_accepted", "deadline", "people", "sent_to_center_on", "opinion_delivered_on",
            "publicity_began_on", "publicity_ends_on", "outcome_reason", "valid_until", "waives", "archived_on",
            "materials", "corrections", "pauses", "opinions", "experts", "countersigns", "findings", "decisions",
            "reduction", "moves",
        )  # fmt: skip
        read_only_fields = fields

    @extend_schema_field(ClockSerializer)
    def get_deadline(self, item: ApprovalItem) -> dict[str, Any]:
        now = self.context["now"]
        return ClockSerializer(
            {
                "promised": item.promised_days,
                "extension": item.extension_days,
                "used": case_clock.used(item, now),
                "remaining": case_clock.remaining(item, now),
                "due": item.due_on,
                "provisional": item.due_is_provisional,
                "light": case_clock.light_of(item, now).value,
                "paused": item.is_paused,
                "paused_days": case_clock.paused(item, now),
                "acceptance_due": item.acceptance_due_on,
                "calendar_version": item.calendar_version,
            }
        ).data

    @extend_schema_field(PeopleSerializer)
    def get_people(self, item: ApprovalItem) -> dict[str, Any]:
        names = self.sight(item).names
        posts = ("first_reviewer", "second_officer", "center_first", "center_second")
        people = {post: getattr(item, post) if names else None for post in posts}
        return PeopleSerializer({"applicant": item.applicant, **people}).data

    @extend_schema_field(PauseSerializer(many=True))
    def get_pauses(self, item: ApprovalItem) -> list[dict[str, Any]]:
        """A pause that is only proposed stays inside."""
        inside = self.sight(item).pauses
        rows = [row for row in item.pauses.all() if inside or row.began_on]
        return PauseSerializer(rows, many=True, context={"signatures": inside}).data

    @extend_schema_field(OpinionSerializer(many=True))
    def get_opinions(self, item: ApprovalItem) -> list[dict[str, Any]]:
        return OpinionSerializer(self.sight(item).opinions(item), many=True).data

    @extend_schema_field(ExpertSerializer(many=True))
    def get_experts(self, item: ApprovalItem) -> list[dict[str, Any]]:
        return ExpertSerializer(self.sight(item).experts(item), many=True).data

    @extend_schema_field(CountersignSerializer(many=True))
    def get_countersigns(self, item: ApprovalItem) -> list[dict[str, Any]]:
        persons = self.context["actor"].persons
        everything = self.sight(item).countersigns
        rows = [row for row in item.countersigns.all() if everything or row.asked_of_id in persons]
        return CountersignSerializer(rows, many=True).data

    @extend_schema_field(FindingSerializer(many=True))
    def get_findings(self, item: ApprovalItem) -> list[dict[str, Any]]:
        """They look at reviewed lines as soon as there are some, so only for those who may see these."""
        visible = self.sight(item).reviewed or item.state in BEFORE_ACCEPTANCE
        return FindingSerializer(findings_of(item, self.context["now"]) if visible else [], many=True).data

    @extend_schema_field(DecisionSerializer(many=True))
    def get_decisions(self, item: ApprovalItem) -> list[dict[str, Any]]:
        return DecisionSerializer(item.decisions.all(), many=True).data

    @extend_schema_field(ReductionSerializer(allow_null=True))
    def get_reduction(self, item: ApprovalItem) -> dict[str, Any] | None:
        rows = list(item.reductions.all()) if self.sight(item).reviewed else []
        return ReductionSerializer(rows[-1]).data if rows else None

    @extend_schema_field(OfferSerializer(many=True))
    def get_moves(self, item: ApprovalItem) -> list[dict[str, Any]]:
        return OfferSerializer(self.context["offers"], many=True).data

    def to_representation(self, item: ApprovalItem) -> dict[str, Any]:
        self.fields["materials"].context["names"] = self.sight(item).names
        return super().to_representation(item)
