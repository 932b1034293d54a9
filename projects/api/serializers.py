"""Projects as JSON, and the shapes in which they are registered and corrected."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from accounts.api.serializers import OrganisationSerializer
from accounts.models import Organisation
from core.api import ExactModelSerializer, StrictSerializer, VersionSerializer, yuan_input
from core.api_moves import OfferSerializer
from projects.models import ControlFigure, GateOpening, Project, ProjectFunding, ProjectStage
from projects.services.register import BASICS
from projects.states import MAIN_LINE, AuditMode, Stage

HOUSES = ("construction_unit", "user_unit", "agent_builder", "competent_dept")


class ProjectRefSerializer(serializers.ModelSerializer):
    """A project as others name it."""

    class Meta:
        model = Project
        fields = ("id", "name", "code")
        read_only_fields = fields


class ProjectRowSerializer(ExactModelSerializer):
    """One line of the register."""

    stage = serializers.ChoiceField(Stage.choices, read_only=True)
    stage_label = serializers.CharField(source="get_stage_display")
    owner_unit = OrganisationSerializer()

    class Meta:
        model = Project
        fields = (
            "id", "name", "code", "stage", "stage_label", "owner_unit", "project_class", "industry", "rough_investment",
            "registered_at", "changed_at", "version",
        )  # fmt: skip
        read_only_fields = fields


class StageSerializer(serializers.ModelSerializer):
    label = serializers.CharField(source="get_stage_display")
    status = serializers.CharField()
    stage = serializers.CharField()
    waiver_ground = serializers.CharField()

    class Meta:
        model = ProjectStage
        fields = (
            "stage", "label", "status", "entered_on", "passed_on", "waiver_ground", "reason", "decision_item_id",
            "decision_no",
        )  # fmt: skip
        read_only_fields = fields


class FigureSerializer(ExactModelSerializer):
    """An approved amount later ones are checked against (R-INV-01), in yuan."""

    kind = serializers.CharField()

    class Meta:
        model = ControlFigure
        fields = ("version", "kind", "amount", "works_amount", "decided_on", "document_no", "item_id")
        read_only_fields = fields


class GateSerializer(ExactModelSerializer):
    gate = serializers.CharField()

    class Meta:
        model = GateOpening
        fields = ("gate", "item_id", "document_no", "amount", "outcome", "opened_on", "valid_until", "closed_on")
        read_only_fields = fields


class FundingSerializer(ExactModelSerializer):
    class Meta:
        model = ProjectFunding
        fields = ("source", "amount", "ratio")
        read_only_fields = fields


class ProjectSerializer(ExactModelSerializer):
    """A project with its stages, control figures, gates and funding, and what this person may do with it now."""

    stage = serializers.ChoiceField(Stage.choices, read_only=True)
    stage_label = serializers.CharField(source="get_stage_display")
    resume_stage = serializers.CharField()
    code_scheme = serializers.CharField()
    audit_mode = serializers.CharField()
    owner_unit = OrganisationSerializer()
    construction_unit = OrganisationSerializer(allow_null=True)
    user_unit = OrganisationSerializer(allow_null=True)
    agent_builder = OrganisationSerializer(allow_null=True)
    competent_dept = OrganisationSerializer(allow_null=True)
    stages = StageSerializer(many=True)
    figures = FigureSerializer(many=True)
    gates = GateSerializer(source="gate_openings", many=True)
    funding = FundingSerializer(many=True)
    moves = serializers.SerializerMethodField()

    class Meta:
        model = Project
        fields = (
            "id", "version", "stage", "stage_label", "resume_stage", "is_estimate_adjusting", "owner_unit", *BASICS,
            "code_scheme", "district", "secrecy", "reserve_no", "started_on", "accepted_on", "registered_at", "changed_at",
            "stages", "figures", "gates", "funding", "moves",
        )  # fmt: skip
        read_only_fields = fields

    @extend_schema_field(OfferSerializer(many=True))
    def get_moves(self, project: Project) -> list[dict[str, Any]]:
        return OfferSerializer(self.context["offers"], many=True).data


class BasicsSerializer(StrictSerializer):
    """What the unit states of a project; amounts in yuan, units as ids, classes as codes of the code tables."""

    name = serializers.CharField(max_length=200)
    code = serializers.CharField(max_length=30, required=False, allow_blank=True)
    construction_unit = serializers.PrimaryKeyRelatedField(
        queryset=Organisation.objects.filter(is_active=True), required=False, allow_null=True
    )
    user_unit = serializers.PrimaryKeyRelatedField(
        queryset=Organisation.objects.filter(is_active=True), required=False, allow_null=True
    )
    agent_builder = serializers.PrimaryKeyRelatedField(
        queryset=Organisation.objects.filter(is_active=True), required=False, allow_null=True
    )
    competent_dept = serializers.PrimaryKeyRelatedField(
        queryset=Organisation.objects.filter(is_active=True), required=False, allow_null=True
    )
    content_scale = serializers.CharField(max_length=5000, required=False, allow_blank=True)
    subdistrict = serializers.CharField(max_length=30, required=False, allow_blank=True)
    address = serializers.CharField(max_length=200, required=False, allow_blank=True)
    longitude = serializers.DecimalField(10, 6, min_value=-180, max_value=180, required=False, allow_null=True)
    latitude = serializers.DecimalField(9, 6, min_value=-90, max_value=90, required=False, allow_null=True)
    crs = serializers.CharField(max_length=10, required=False, allow_blank=True)
    project_class = serializers.CharField(max_length=20)
    construction_nature = serializers.CharField(max_length=20)
    investment_mode = serializers.CharField(max_length=20)
    industry = serializers.CharField(max_length=30)
    sector = serializers.CharField(max_length=30, required=False, allow_blank=True)
    plan_category = serializers.CharField(max_length=20, required=False, allow_blank=True)
    urgency = serializers.CharField(max_length=12, required=False)
    operating = serializers.BooleanField(required=False)
    is_major = serializers.BooleanField(required=False)
    needs_title = serializers.BooleanField(required=False)
    audit_mode = serializers.ChoiceField(AuditMode.choices, required=False)
    rough_investment = yuan_input(required=False, allow_null=True)
    meeting_minute = serializers.CharField(max_length=100, required=False, allow_blank=True)
    planned_start = serializers.DateField(required=False, allow_null=True)
    planned_completion = serializers.DateField(required=False, allow_null=True)
    funding = serializers.DictField(child=yuan_input(), required=False, help_text="Code of the funding source → yuan.")


class ProjectRegistrationSerializer(BasicsSerializer):
    """A new project. `taken_over_at` is the stage a running project has reached when it enters the system."""

    taken_over_at = serializers.ChoiceField([(stage.value, stage.label) for stage in MAIN_LINE], required=False)
    taken_over_reason = serializers.CharField(max_length=1000, required=False, allow_blank=True)


class ProjectAmendmentSerializer(BasicsSerializer, VersionSerializer):
    """Only the fields that change; `funding` replaces all sources. Without `version` the last word wins."""


def basics_of(said: dict[str, Any]) -> dict[str, Any]:
    """What the services take of it: fields of BASICS."""
    return {name: value for name, value in said.items() if name in BASICS}
