"""Materials over HTTP: the list, new versions, reasons why not, remarks, answers to defects, the files themselves."""

from typing import Any

from django.http import FileResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.actor import Actor
from accounts.api.views import ActorView, FileView
from approvals.api.material_serializers import (
    DefectSerializer,
    MaterialCommentSerializer,
    MaterialSerializer,
    MaterialVersionSerializer,
)
from approvals.api.rows import visible_item, visible_slot
from approvals.models import MaterialComment, MaterialSlot, MaterialVersion
from approvals.services import materials
from approvals.sight import sight_of
from core import files, locks
from core.api import StrictSerializer

LAST_PAGE = 100_000


class FileSerializer(StrictSerializer):
    file = serializers.FileField(allow_empty_file=True)


class NotApplicableSerializer(StrictSerializer):
    """Why the conditional material does not apply; empty takes the reason back."""

    reason = serializers.CharField(max_length=2000, allow_blank=True)


class RemarkSerializer(StrictSerializer):
    verdict = serializers.ChoiceField(MaterialComment.Verdict.choices)
    text = serializers.CharField(max_length=5000, allow_blank=True, required=False)
    page = serializers.IntegerField(min_value=1, max_value=LAST_PAGE, allow_null=True, required=False)
    version = serializers.IntegerField(
        min_value=0, max_value=LAST_PAGE, required=False, source="expected_file", help_text="The file's version read."
    )


class AnswerSerializer(StrictSerializer):
    answer = serializers.CharField(max_length=5000)


def shown_materials(pk: int, actor: Actor, **narrowed: Any) -> list[dict[str, Any]]:
    item = visible_item(pk, actor)
    slots = item.slots.filter(**narrowed).prefetch_related(
        "versions__file", "versions__uploaded_by", "comments__author", "comments__version"
    )
    return MaterialSerializer(slots, many=True, context={"names": sight_of(actor, item).names}).data


class MaterialsView(ActorView):
    @extend_schema(
        responses=MaterialSerializer(many=True),
        operation_id="items_materials",
        summary="The material list",
        filters=False,
    )
    def get(self, request: Request, pk: int) -> Response:
        """Every row with its requirement, versions and remarks."""
        return Response(shown_materials(pk, self.actor))


class MaterialVersionsView(ActorView):
    parser_classes = (MultiPartParser,)

    @extend_schema(
        request={"multipart/form-data": FileSerializer},
        responses={201: MaterialVersionSerializer},
        operation_id="items_upload_material",
        summary="Upload a new version",
    )
    def post(self, request: Request, pk: int, code: str) -> Response:
        """In one go; large files better go to /api/v1/uploads/, where a dropped connection resumes."""
        said = self.checked(FileSerializer)
        slot = visible_slot(pk, code, self.actor)
        version = materials.upload(pk, slot.pk, said["file"], name=said["file"].name, actor=self.actor)
        return Response(MaterialVersionSerializer(version).data, status=status.HTTP_201_CREATED)


class NotApplicableView(ActorView):
    @extend_schema(
        request=NotApplicableSerializer,
        responses=MaterialSerializer,
        operation_id="items_material_not_applicable",
        summary="Say why a material does not apply",
    )
    def put(self, request: Request, pk: int, code: str) -> Response:
        """Only for conditional materials."""
        said, slot = self.checked(NotApplicableSerializer), visible_slot(pk, code, self.actor)
        materials.mark_not_applicable(pk, slot.pk, actor=self.actor, reason=said["reason"])
        return Response(shown_materials(pk, self.actor, code=code)[0])


class MaterialCommentsView(ActorView):
    @extend_schema(
        request=RemarkSerializer,
        responses={201: MaterialCommentSerializer},
        operation_id="items_comment_material",
        summary="Remark on a material",
    )
    def post(self, request: Request, pk: int, code: str) -> Response:
        """On its current version; OK marks that version as in order."""
        said, slot = self.checked(RemarkSerializer), visible_slot(pk, code, self.actor)
        comment = materials.comment(pk, slot.pk, actor=self.actor, **said)
        return Response(
            MaterialCommentSerializer(comment, context={"names": True}).data, status=status.HTTP_201_CREATED
        )


class MaterialFileView(FileView):
    @extend_schema(
        responses={(200, "application/octet-stream"): OpenApiTypes.BINARY},
        operation_id="items_material_file",
        summary="The file",
    )
    def get(self, request: Request, pk: int, code: str, number: int) -> FileResponse:
        """The bytes as they were uploaded."""
        return _answer(_version(visible_slot(pk, code, self.actor), number))


def _version(slot: MaterialSlot, number: int) -> MaterialVersion:
    return locks.found(MaterialVersion.objects.select_related("file"), slot=slot, number=number)


def _answer(version: MaterialVersion) -> FileResponse:
    file = version.file
    answer = FileResponse(files.open_stored(file), as_attachment=True, filename=file.name, content_type=file.mime)
    answer["X-Content-SHA256"] = file.sha256
    return answer


class DefectView(ActorView):
    @extend_schema(
        request=AnswerSerializer,
        responses=DefectSerializer,
        operation_id="items_answer_defect",
        summary="Answer a defect",
    )
    def put(self, request: Request, pk: int, defect: int) -> Response:
        """How the defect named in the correction notice was corrected."""
        said = self.checked(AnswerSerializer)
        row = materials.answer_defect(pk, defect, actor=self.actor, answer=said["answer"])
        return Response(DefectSerializer(row).data)
