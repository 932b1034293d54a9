"""Monthly reports, photos, milestones and forecasts over HTTP. Moves are made at `/execution/progress/{id}/moves/`."""

from typing import Any

from django.http import FileResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.actor import Actor
from accounts.api.views import ActorView, FileView
from core import files
from core.api import CursorPage, read_body
from execution import contracting, progressing
from execution.api.progress_shapes import (
    ForecastRowSerializer,
    ForecastsInputSerializer,
    MilestoneReachedInputSerializer,
    MilestoneSerializer,
    MilestonesInputSerializer,
    PhotoInputSerializer,
    ProgressPhotoSerializer,
    ReportInputSerializer,
    ReportRowSerializer,
    ReportSerializer,
)
from execution.machines import REPORTS
from execution.services import forecasts, milestones, photos, progress

CREATED = status.HTTP_201_CREATED
ENTERED_APART = ("version", "measured")


def _report(pk: int, actor: Actor) -> dict[str, Any]:
    row = progressing.report_of(actor, pk)
    context = {"offers": REPORTS.offers(row, actor), "rules": contracting.rules_today()}
    return ReportSerializer(row, context=context).data


def _fields(said: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in said.items() if name not in ENTERED_APART}


class ReportsView(ActorView):
    @extend_schema(
        responses=ReportRowSerializer(many=True),
        operation_id="progress_list",
        summary="The monthly reports of a project",
    )
    def get(self, request: Request, pk: int) -> Response:
        """Newest first, in pages."""
        pages = CursorPage()
        rows = progressing.reports_of(contracting.project_of(self.actor, pk))
        shown = pages.paginate_queryset(rows, request, view=self)
        context = {"rules": contracting.rules_today()}
        return pages.get_paginated_response(ReportRowSerializer(shown, many=True, context=context).data)

    @extend_schema(
        request=ReportInputSerializer, responses={201: ReportSerializer}, operation_id="progress_create",
        summary="Draft a monthly report",
    )  # fmt: skip
    def post(self, request: Request, pk: int) -> Response:
        """One a month; cumulative figures never fall, measured quantities keep to what is contracted and changed."""
        body = read_body(ReportInputSerializer(data=request.data))
        said = body.values
        row = self.refused_at_once(
            body,
            lambda: progress.draft(
                pk, actor=self.actor, values=_fields(said), measured=ReportInputSerializer.measured_of(said),
                faults=body.faults,
            ),
        )  # fmt: skip
        return Response(_report(row.pk, self.actor), status=CREATED)


class ReportView(ActorView):
    @extend_schema(responses=ReportSerializer, operation_id="progress_retrieve", summary="One monthly report")
    def get(self, request: Request, pk: int) -> Response:
        return Response(_report(pk, self.actor))

    @extend_schema(
        request=ReportInputSerializer, responses=ReportSerializer, operation_id="progress_replace",
        summary="Correct a report that is not submitted",
    )  # fmt: skip
    def put(self, request: Request, pk: int) -> Response:
        """All fields and all measured quantities as they shall be."""
        body = read_body(ReportInputSerializer(data=request.data))
        said = body.values
        self.refused_at_once(
            body,
            lambda: progress.amend(
                pk, actor=self.actor, values=_fields(said), measured=ReportInputSerializer.measured_of(said),
                expected_version=said.get("version"), faults=body.faults,
            ),
        )  # fmt: skip
        return Response(_report(pk, self.actor))


class ReportPhotosView(ActorView):
    parser_classes = (MultiPartParser,)

    @extend_schema(
        request={"multipart/form-data": PhotoInputSerializer}, responses={201: ProgressPhotoSerializer},
        operation_id="progress_photos_create", summary="Add a photo",
    )  # fmt: skip
    def post(self, request: Request, pk: int) -> Response:
        """To a report that is not submitted. The same photo proves one month only."""
        said = self.checked(PhotoInputSerializer)
        file = said["file"]
        place = photos.Place(said.get("taken_at"), said.get("longitude"), said.get("latitude"))
        photo = photos.add_photo(
            pk, file, name=file.name, actor=self.actor, caption=said.get("caption", ""), place=place
        )
        return Response(ProgressPhotoSerializer(photo).data, status=CREATED)


class PhotoView(FileView):
    @extend_schema(
        responses={(200, "application/octet-stream"): OpenApiTypes.BINARY}, operation_id="progress_photos_file",
        summary="The photo",
    )  # fmt: skip
    def get(self, request: Request, pk: int) -> FileResponse:
        """The bytes as they were uploaded."""
        file = progressing.photo_of(self.actor, pk).file
        answer = FileResponse(files.open_stored(file), as_attachment=True, filename=file.name, content_type=file.mime)
        answer["X-Content-SHA256"] = file.sha256
        return answer

    @extend_schema(responses={204: None}, operation_id="progress_photos_remove", summary="Remove a photo")
    def delete(self, request: Request, pk: int) -> Response:
        """From a report that is not submitted."""
        photos.remove_photo(pk, actor=self.actor)
        return Response(status=status.HTTP_204_NO_CONTENT)


class MilestonesView(ActorView):
    @extend_schema(
        responses=MilestoneSerializer(many=True), operation_id="milestones_list", summary="The milestones of a project"
    )
    def get(self, request: Request, pk: int) -> Response:
        project = contracting.project_of(self.actor, pk)
        return Response(MilestoneSerializer(project.milestones.all(), many=True).data)

    @extend_schema(
        request=MilestonesInputSerializer, responses=MilestoneSerializer(many=True), operation_id="milestones_replace",
        summary="Set the milestones",
    )  # fmt: skip
    def put(self, request: Request, pk: int) -> Response:
        body = read_body(MilestonesInputSerializer(data=request.data))
        rows = self.refused_at_once(
            body,
            lambda: milestones.set_milestones(
                pk, actor=self.actor, stones=MilestonesInputSerializer.stones_of(body.values), faults=body.faults
            ),
        )
        return Response(MilestoneSerializer(rows, many=True).data)


class MilestoneView(ActorView):
    @extend_schema(
        request=MilestoneReachedInputSerializer, responses=MilestoneSerializer, operation_id="milestones_reached",
        summary="Record when a milestone was reached",
    )  # fmt: skip
    def patch(self, request: Request, pk: int) -> Response:
        body = read_body(MilestoneReachedInputSerializer(data=request.data))
        row = self.refused_at_once(
            body,
            lambda: milestones.reach_milestone(
                pk, actor=self.actor, done_on=body.values.get("done_on"), faults=body.faults
            ),
        )
        return Response(MilestoneSerializer(row).data)


class ForecastsView(ActorView):
    @extend_schema(
        responses=ForecastRowSerializer(many=True), operation_id="forecasts_list", summary="Forecasts at completion"
    )
    def get(self, request: Request, pk: int) -> Response:
        """Every cost line with what is contracted on it and its newest forecast."""
        project = contracting.books_of(self.actor, pk)
        return Response(ForecastRowSerializer(progressing.forecast_rows(project), many=True).data)

    @extend_schema(
        request=ForecastsInputSerializer, responses=ForecastRowSerializer(many=True), operation_id="forecasts_create",
        summary="Foresee anew",
    )  # fmt: skip
    def post(self, request: Request, pk: int) -> Response:
        """Keeps a new forecast for every line whose amount differs; older ones stay in the books."""
        body = read_body(ForecastsInputSerializer(data=request.data))
        self.refused_at_once(
            body,
            lambda: forecasts.foresee(
                pk, actor=self.actor, rows=ForecastsInputSerializer.foreseen_of(body.values), faults=body.faults
            ),
        )
        project = contracting.project_of(self.actor, pk)
        return Response(ForecastRowSerializer(progressing.forecast_rows(project), many=True).data, status=CREATED)
