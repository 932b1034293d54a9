"""Topics over HTTP: the list, raising, answering, changing, pictures, BCF files in and out."""

import base64
import binascii
from typing import Any

from django.http import FileResponse, HttpResponse
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.actor import Actor
from accounts.api.views import ActorView, FileView
from bim import topics
from bim.api.topic_serializers import (
    BcfFileSerializer,
    ExportSerializer,
    ImportSerializer,
    NewCommentSerializer,
    NewTopicSerializer,
    TopicChangeSerializer,
    TopicPageSerializer,
    TopicQuestion,
    TopicRowSerializer,
    TopicSerializer,
    ViewpointSerializer,
)
from bim.models import BcfViewpoint
from bim.selectors import project_of
from bim.services import topic_files
from bim.services import topics as service
from core import files, locks
from core.api import CursorPage, read_body
from core.errors import Problem

MIME = "application/x-bcf"


def shown(request: Request, actor: Actor, pk: int) -> dict[str, Any]:
    return TopicSerializer(topics.detailed(actor, pk), context={"actor": actor, "request": request}).data


def picture_of(said: dict[str, Any], faults: list[Problem]) -> bytes | None:
    """The picture's bytes; what is no base64 is added to `faults`."""
    text = said.pop("snapshot", "")
    try:
        return base64.b64decode(text, validate=True) if text else None
    except (binascii.Error, ValueError):
        faults.append(Problem("invalid", _("The picture is no base64."), "snapshot"))
        return None


class TopicsView(ActorView):
    @extend_schema(
        parameters=[TopicQuestion],
        responses=TopicPageSerializer,
        operation_id="projects_topics_list",
        summary="The topics of a project",
    )
    def get(self, request: Request, pk: int) -> Response:
        """Newest first."""
        project = project_of(self.actor, pk)
        question = TopicQuestion(data=request.query_params.dict())
        question.is_valid(raise_exception=True)
        pages = CursorPage()
        rows = topics.rows_of(self.actor, project, question.validated_data)
        page = pages.paginate_queryset(rows, request, view=self)
        shown_rows = TopicRowSerializer(page, many=True, context={"actor": self.actor}).data
        return pages.get_paginated_response(shown_rows)

    @extend_schema(
        request=NewTopicSerializer,
        responses={201: TopicSerializer},
        operation_id="projects_topics_create",
        summary="Raise a topic",
    )
    def post(self, request: Request, pk: int) -> Response:
        """For the project's own unit and whoever reviews it."""
        project_of(self.actor, pk)
        body = read_body(NewTopicSerializer(data=request.data))
        said, faults = dict(body.values), list(body.faults)
        snapshot, view = picture_of(said, faults), said.pop("view", None)
        topic = self.refused_at_once(
            body, lambda: service.create(pk, said, actor=self.actor, view=view, snapshot=snapshot, faults=faults)
        )
        return Response(shown(request, self.actor, topic.pk), status=status.HTTP_201_CREATED)


class TopicView(ActorView):
    @extend_schema(responses=TopicSerializer, operation_id="topics_retrieve", summary="One topic")
    def get(self, request: Request, pk: int) -> Response:
        """With its viewpoints and comments."""
        return Response(shown(request, self.actor, pk))

    @extend_schema(
        request=TopicChangeSerializer,
        responses=TopicSerializer,
        operation_id="topics_amend",
        summary="Change a topic",
    )
    def patch(self, request: Request, pk: int) -> Response:
        """The fields given. With `version`, a change by somebody else meanwhile is a 409. `Closed` settles it."""
        body = read_body(TopicChangeSerializer(data=request.data, partial=True))
        said = dict(body.values)
        version = said.pop("version", None)
        self.refused_at_once(
            body,
            lambda: service.amend(pk, said, actor=self.actor, expected_version=version, faults=body.faults),
        )
        return Response(shown(request, self.actor, pk))


class TopicCommentsView(ActorView):
    @extend_schema(
        request=NewCommentSerializer,
        responses={201: TopicSerializer},
        operation_id="topics_comment",
        summary="Comment on a topic",
    )
    def post(self, request: Request, pk: int) -> Response:
        """Perhaps with a viewpoint of its own, and with the topic's new status."""
        topics.detailed(self.actor, pk)
        body = read_body(NewCommentSerializer(data=request.data))
        said, faults = dict(body.values), list(body.faults)
        snapshot = picture_of(said, faults)
        self.refused_at_once(
            body,
            lambda: service.comment(
                pk,
                said.get("text", ""),
                actor=self.actor,
                view=said.get("view"),
                snapshot=snapshot,
                status=said.get("status", ""),
                faults=faults,
            ),
        )
        return Response(shown(request, self.actor, pk), status=status.HTTP_201_CREATED)


class TopicViewpointsView(ActorView):
    @extend_schema(
        responses=ViewpointSerializer(many=True),
        operation_id="topics_viewpoints",
        summary="The viewpoints of a topic",
        filters=False,
    )
    def get(self, request: Request, pk: int) -> Response:
        """What is seen in each, and where its picture is."""
        rows = topics.detailed(self.actor, pk).viewpoints.all()
        return Response(ViewpointSerializer(rows, many=True, context={"request": request}).data)


class TopicSnapshotView(FileView):
    @extend_schema(
        responses={(200, "image/*"): OpenApiTypes.BINARY},
        operation_id="topics_snapshot",
        summary="The picture of a viewpoint",
    )
    def get(self, request: Request, pk: int, viewpoint: int) -> FileResponse:
        """PNG or JPEG."""
        topic = topics.detailed(self.actor, pk)
        rows = BcfViewpoint.objects.filter(topic=topic, snapshot__isnull=False).select_related("snapshot")
        picture = locks.found(rows, pk=viewpoint).snapshot
        response = FileResponse(files.open_stored(picture), content_type=picture.mime)
        response["X-Content-Type-Options"] = "nosniff"
        return response


class TopicsImportView(ActorView):
    parser_classes = (MultiPartParser,)

    @extend_schema(
        request={"multipart/form-data": BcfFileSerializer},
        responses=ImportSerializer,
        operation_id="projects_topics_import",
        summary="Import a BCF file",
    )
    def post(self, request: Request, pk: int) -> Response:
        """BCF 2.1 or 3.0, up to 50 MB. New topics and comments are added, known ones updated if the file's are newer."""
        project_of(self.actor, pk)
        file = self.checked(BcfFileSerializer)["file"]
        return Response(ImportSerializer(topic_files.take(pk, file, name=file.name, actor=self.actor)).data)


class TopicsExportView(FileView):
    @extend_schema(
        request=ExportSerializer,
        responses={(200, MIME): OpenApiTypes.BINARY},
        operation_id="projects_topics_export",
        summary="Export topics as BCF",
    )
    def post(self, request: Request, pk: int) -> HttpResponse:
        """The topics named, or all of the project; the trace keeps that they were taken."""
        project_of(self.actor, pk)
        said = self.checked(ExportSerializer)
        content, name = topic_files.export(pk, said["version"], actor=self.actor, keys=said.get("topics"))
        return FileResponse(iter([content]), as_attachment=True, filename=name, content_type=MIME)
