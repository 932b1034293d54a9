"""Models and their elements as JSON, and the shapes in which they are asked for. Measures are SI numbers."""

from typing import Any

from rest_framework import serializers
from rest_framework.reverse import reverse

from accounts.api.serializers import PersonSerializer
from bim import guards, policies, reasons
from bim.models import BimElement, BimModel, BimProperty, BimQuantity, ElementClassification
from bim.states import Discipline, ModelStage, ModelStatus
from core.api import LARGEST_ID, ProblemSerializer, StrictSerializer
from projects.api.serializers import ProjectRefSerializer


class ReasonSerializer(serializers.Serializer):
    """Why a model is refused, or what to know about it: a stable code and a sentence in the reader's language."""

    code = serializers.CharField()
    message = serializers.SerializerMethodField()

    def get_message(self, reason: dict[str, Any]) -> str:
        return reasons.said(reason)


class ModelRowSerializer(serializers.ModelSerializer):
    """One version in the register."""

    project = ProjectRefSerializer()
    stage = serializers.CharField()
    stage_label = serializers.CharField(source="get_stage_display")
    discipline = serializers.CharField()
    discipline_label = serializers.CharField(source="get_discipline_display")
    status = serializers.CharField()
    status_label = serializers.CharField(source="get_status_display")
    file_name = serializers.CharField(source="file.name")
    size = serializers.IntegerField(source="file.size")
    uploaded_by = PersonSerializer()

    class Meta:
        model = BimModel
        fields = (
            "id", "project", "stage", "stage_label", "discipline", "discipline_label", "version", "remark", "status",
            "status_label", "ifc_schema", "n_elements", "n_storeys", "file_name", "size", "sha256", "uploaded_by",
            "uploaded_at",
        )  # fmt: skip
        read_only_fields = fields


class ProgressSerializer(serializers.Serializer):
    """How far the check is: percent, and what it does just now."""

    percent = serializers.IntegerField()
    message = serializers.CharField(allow_blank=True)


class ActSerializer(serializers.Serializer):
    """What may be done with the check of the model; possible where there are no problems."""

    name = serializers.CharField()
    problems = ProblemSerializer(many=True)


class ModelSerializer(ModelRowSerializer):
    """One version with everything read from its header, the progress of its check and what this person may do."""

    reasons = ReasonSerializer(many=True)
    warnings = ReasonSerializer(many=True)
    progress = serializers.SerializerMethodField()
    geometry_status = serializers.CharField()
    units = serializers.DictField(child=serializers.CharField())
    georeference = serializers.DictField()
    by_class = serializers.DictField(child=serializers.IntegerField())
    geometry_missing = serializers.ListField(child=serializers.DictField())
    file_url = serializers.SerializerMethodField()
    acts = serializers.SerializerMethodField()

    class Meta(ModelRowSerializer.Meta):
        fields = (
            *ModelRowSerializer.Meta.fields, "reasons", "warnings", "checked_at", "progress", "application", "author",
            "authored_at", "encoding", "project_name", "units", "georeference", "by_class", "geometry_status",
            "geometry_missing", "file_url", "acts",
        )  # fmt: skip
        read_only_fields = fields

    def get_progress(self, model: BimModel) -> ProgressSerializer(allow_null=True):  # type: ignore[valid-type]
        if not guards.is_at_work(model):
            return None
        return {"percent": model.job.percent, "message": model.job.message}

    def get_file_url(self, model: BimModel) -> str:
        return reverse("api:model-file", kwargs={"pk": model.pk})

    def get_acts(self, model: BimModel) -> ActSerializer(many=True):  # type: ignore[valid-type]
        refusal = policies.may_cancel(self.context["actor"], model)
        barred = [refusal] if refusal else []
        acts = (("cancel", guards.cancel_problems(model)), ("check-again", guards.again_problems(model)))
        return [{"name": name, "problems": [p.as_dict() for p in (*barred, *found)]} for name, found in acts]


class ModelQuestion(serializers.Serializer):
    """How the register is narrowed."""

    project = serializers.IntegerField(min_value=1, max_value=LARGEST_ID, required=False)
    stage = serializers.ChoiceField(ModelStage.choices, required=False)
    discipline = serializers.ChoiceField(Discipline.choices, required=False)
    status = serializers.ChoiceField(ModelStatus.choices, required=False)
    sha256 = serializers.CharField(max_length=64, required=False)
    cursor = serializers.CharField(required=False, help_text="From `next`.")
    page_size = serializers.IntegerField(min_value=1, max_value=200, default=50)


class ModelPageSerializer(serializers.Serializer):
    next = serializers.CharField(allow_null=True)
    previous = serializers.CharField(allow_null=True)
    results = ModelRowSerializer(many=True)


class ModelUploadSerializer(StrictSerializer):
    file = serializers.FileField(allow_empty_file=True)
    stage = serializers.ChoiceField(ModelStage.choices)
    discipline = serializers.ChoiceField(Discipline.choices)
    remark = serializers.CharField(max_length=200, allow_blank=True, required=False)


class ElementRowSerializer(serializers.ModelSerializer):
    """One element; `at` is where it stands, in metres."""

    storey = serializers.CharField(source="storey.name", default="")
    at = serializers.SerializerMethodField()

    class Meta:
        model = BimElement
        fields = (
            "guid", "ifc_class", "predefined_type", "name", "tag", "type_name", "type_guid", "storey", "material", "at",
            "has_shape",
        )  # fmt: skip
        read_only_fields = fields

    def get_at(self, row: BimElement) -> list[float] | None:
        return None if row.x is None or row.y is None or row.z is None else [row.x, row.y, row.z]


class PropertySerializer(serializers.ModelSerializer):
    set = serializers.CharField(source="set_name")

    class Meta:
        model = BimProperty
        fields = ("set", "name", "value", "number", "unit")
        read_only_fields = fields


class QuantitySerializer(serializers.ModelSerializer):
    set = serializers.CharField(source="set_name")

    class Meta:
        model = BimQuantity
        fields = ("set", "name", "value", "unit")
        read_only_fields = fields


class ClassificationSerializer(serializers.ModelSerializer):
    class Meta:
        model = ElementClassification
        fields = ("system", "code", "title")
        read_only_fields = fields


class ElementSerializer(ElementRowSerializer):
    """One element with everything said of it, its own and its type's."""

    properties = PropertySerializer(many=True)
    quantities = QuantitySerializer(many=True)
    classifications = ClassificationSerializer(many=True)

    class Meta(ElementRowSerializer.Meta):
        fields = (*ElementRowSerializer.Meta.fields, "host", "properties", "quantities", "classifications")
        read_only_fields = fields


class ElementQuestion(serializers.Serializer):
    """How the elements of one model are narrowed."""

    ifc_class = serializers.CharField(max_length=60, required=False)
    type_name = serializers.CharField(max_length=255, required=False)
    storey = serializers.CharField(max_length=22, required=False, help_text="GlobalId of the storey.")
    cursor = serializers.CharField(required=False, help_text="From `next`.")
    page_size = serializers.IntegerField(min_value=1, max_value=200, default=50)


class ElementPageSerializer(serializers.Serializer):
    next = serializers.CharField(allow_null=True)
    previous = serializers.CharField(allow_null=True)
    results = ElementRowSerializer(many=True)


class SearchQuestion(serializers.Serializer):
    """A question to the model base; every condition given must be met, and at least one of them be given.

    `type_name` and `material` may be parts of the name, `code` is the beginning of a classification code.
    """

    ifc_class = serializers.CharField(max_length=60, required=False)
    type_name = serializers.CharField(max_length=100, required=False)
    code = serializers.CharField(max_length=60, required=False)
    material = serializers.CharField(max_length=100, required=False)
    property_name = serializers.CharField(max_length=255, required=False)
    property_value = serializers.CharField(max_length=255, required=False)
    quantity_name = serializers.CharField(max_length=255, required=False)
    least = serializers.FloatField(required=False)
    most = serializers.FloatField(required=False)
    guid = serializers.CharField(max_length=22, required=False)
    model = serializers.IntegerField(min_value=1, max_value=LARGEST_ID, required=False)
    project = serializers.IntegerField(min_value=1, max_value=LARGEST_ID, required=False)
    stage = serializers.ChoiceField(ModelStage.choices, required=False)
    discipline = serializers.ChoiceField(Discipline.choices, required=False)
    all_versions = serializers.BooleanField(default=False, help_text="Earlier accepted versions too.")
    after = serializers.CharField(max_length=400, required=False, help_text="From `next`.")
    page_size = serializers.IntegerField(min_value=1, max_value=200, default=50)


class FoundValueSerializer(serializers.Serializer):
    name = serializers.CharField()
    value = serializers.CharField()
    unit = serializers.CharField(allow_blank=True)


class FindSerializer(serializers.Serializer):
    """An element found, the model it is of, and the values that were asked for."""

    model = serializers.IntegerField(source="element.model_id")
    version = serializers.IntegerField(source="element.model.version")
    stage = serializers.CharField(source="element.model.stage")
    discipline = serializers.CharField(source="element.model.discipline")
    project = ProjectRefSerializer(source="element.model.project")
    element = ElementRowSerializer()
    values = serializers.SerializerMethodField()

    def get_values(self, find: Any) -> FoundValueSerializer(many=True):  # type: ignore[valid-type]
        return [{"name": name, "value": str(value), "unit": unit} for name, value, unit in find.shown]


class FindPageSerializer(serializers.Serializer):
    """One page. `complete` false: too many names for a part of a name to be looked through, give more of it."""

    next = serializers.CharField(allow_null=True)
    complete = serializers.BooleanField()
    results = FindSerializer(many=True)
