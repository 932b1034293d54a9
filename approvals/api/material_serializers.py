"""The material list of an item as JSON: requirement, versions, remarks, defects."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.reverse import reverse

from accounts.api.serializers import PersonSerializer
from approvals import material_models
from approvals.material_facts import slot_facts
from approvals.models import Correction, CorrectionDefect, MaterialComment, MaterialSlot, MaterialVersion
from approvals.rules import materials


class MaterialVersionSerializer(serializers.ModelSerializer):
    """An uploaded file; it never changes (R-FILE-01). `url` gives its bytes."""

    name = serializers.CharField(source="file.name")
    size = serializers.IntegerField(source="file.size")
    mime = serializers.CharField(source="file.mime")
    sha256 = serializers.CharField(source="file.sha256")
    uploaded_by = PersonSerializer()
    url = serializers.SerializerMethodField()

    class Meta:
        model = MaterialVersion
        fields = ("number", "name", "size", "mime", "sha256", "uploaded_by", "uploaded_at", "url")
        read_only_fields = fields

    def get_url(self, version: MaterialVersion) -> str:
        slot = version.slot
        place = {"pk": slot.item_id, "code": slot.code, "number": version.number}
        return reverse("api:material-file", kwargs=place)


class MaterialCommentSerializer(serializers.ModelSerializer):
    """A remark on one version and page (R-FILE-02); its author is null for the unit until the decision."""

    verdict = serializers.CharField()
    version = serializers.IntegerField(source="version.number", allow_null=True, default=None)
    author = PersonSerializer(allow_null=True)

    class Meta:
        model = MaterialComment
        fields = ("id", "version", "page", "verdict", "text", "author", "at")
        read_only_fields = fields

    def to_representation(self, comment: MaterialComment) -> dict[str, Any]:
        shown = super().to_representation(comment)
        if not self.context.get("names"):
            shown["author"] = None
        return shown


class MaterialModelSerializer(serializers.Serializer):
    """A building model that stands for the material; `verdict` of its required checks."""

    code = serializers.CharField()
    model = serializers.IntegerField()
    model_stage = serializers.CharField()
    discipline = serializers.CharField()
    version = serializers.IntegerField()
    sha256 = serializers.CharField()
    verdict = serializers.CharField()


class MaterialSerializer(serializers.ModelSerializer):
    """One row of the list. `necessity` M mandatory, C conditional (a file, or a reason why not), O optional."""

    label = serializers.CharField()
    needs_file = serializers.SerializerMethodField()
    accepts = serializers.SerializerMethodField()
    is_satisfied = serializers.SerializerMethodField()
    linked = serializers.ListField(child=serializers.DictField())
    models = serializers.SerializerMethodField()
    versions = MaterialVersionSerializer(many=True)
    comments = MaterialCommentSerializer(many=True)

    class Meta:
        model = MaterialSlot
        fields = (
            "id", "code", "label", "necessity", "needs_file", "accepts", "is_satisfied", "not_applicable_reason",
            "deferred_until", "linked", "models", "pre_review_ok_version", "versions", "comments",
        )  # fmt: skip
        read_only_fields = fields

    def get_needs_file(self, slot: MaterialSlot) -> bool:
        return slot.requirement.needs_file if slot.requirement else True

    @extend_schema_field(MaterialModelSerializer(many=True))
    def get_models(self, slot: MaterialSlot) -> list[dict[str, object]]:
        return material_models.contents_of(slot)

    def get_accepts(self, slot: MaterialSlot) -> list[str]:
        return list(slot.requirement.kinds) if slot.requirement else ["PDF"]

    def get_is_satisfied(self, slot: MaterialSlot) -> bool:
        return materials.is_satisfied(slot_facts(slot))


class DefectSerializer(serializers.ModelSerializer):
    material = serializers.CharField(source="slot.code", allow_null=True, default=None)

    class Meta:
        model = CorrectionDefect
        fields = ("id", "material", "text", "answer", "answered_at")
        read_only_fields = fields


class CorrectionSerializer(serializers.ModelSerializer):
    """补正: the one-time notice of all defects, and the unit's answers."""

    defects = DefectSerializer(many=True)

    class Meta:
        model = Correction
        fields = ("id", "round_number", "issued_on", "due_on", "closed_on", "defects")
        read_only_fields = fields
