"""Asset cards, handovers, titles and the archive over HTTP. Moves are made at `execution/handover/{id}/moves/` and
`execution/title/{id}/moves/`."""

from typing import Any

from django.http import FileResponse, HttpResponse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import status
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.actor import Actor
from accounts.api.views import ActorView, FileView
from assets import card_tables, registering
from assets.api.handover_shapes import (
    ArchiveInputSerializer,
    ArchivePackageSerializer,
    ArchiveSerializer,
    ArchiveVerdictSerializer,
    AssetDraftInputSerializer,
    AssetFileInputSerializer,
    AssetInputSerializer,
    AssetRemovalSerializer,
    AssetRowSerializer,
    AssetsDraftedSerializer,
    AssetSerializer,
    AssetsImportedSerializer,
    HandoverBatchInputSerializer,
    HandoverBatchRowSerializer,
    HandoverBatchSerializer,
    HandoverFileSerializer,
    HandoverStandingSerializer,
    TitleRowSerializer,
    TitleSerializer,
)
from assets.archive import required
from assets.handover_list import handover_list
from assets.machines import BATCHES, TITLES
from assets.services import archive, batches, cards, titles
from core import clock, files, rulebook
from core.api import CursorPage, read_body
from core.errors import Problem, RuleViolation
from core.locks import found
from core.models import StoredFile
from core.services.exports import note_export
from execution.services.evidence import Upload

CREATED = status.HTTP_201_CREATED
FILE = {"multipart/form-data": AssetFileInputSerializer}
BYTES = {(200, "application/octet-stream"): OpenApiTypes.BINARY}
NARROWING = [
    OpenApiParameter("asset_class", str, description="Only this accounting class."),
    OpenApiParameter("handed", str, enum=["no", "provisional", "final"]),
    OpenApiParameter("q", str, description="Part of the number or the name."),
]


def _asset(pk: int, actor: Actor) -> dict[str, Any]:
    return AssetSerializer(registering.asset_of(actor, pk)).data


def _batch(pk: int, actor: Actor) -> dict[str, Any]:
    row = registering.batch_of(actor, pk)
    return HandoverBatchSerializer(row, context={"offers": BATCHES.offers(row, actor)}).data


def _title(pk: int, actor: Actor) -> dict[str, Any]:
    row = registering.title_of(actor, pk)
    return TitleSerializer(row, context={"offers": TITLES.offers(row, actor)}).data


def _card_values(said: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in said.items() if name in cards.FIELDS}


def _bytes(content: bytes, name: str, kind: str) -> HttpResponse:
    response = HttpResponse(content, content_type=kind)
    response["Content-Disposition"] = content_disposition_header(True, name)
    return response


def _stored(file: StoredFile) -> FileResponse:
    if not files.is_intact(file):
        words = _("The stored file is not what was uploaded. Please tell the system administrator.")
        raise RuleViolation([Problem("file.changed", words)])
    return FileResponse(files.open_stored(file), content_type=file.mime, as_attachment=True, filename=file.name)


class AssetsView(ActorView):
    @extend_schema(
        responses=AssetRowSerializer(many=True), operation_id="assets_list", summary="The asset cards of a project",
        parameters=NARROWING,
    )  # fmt: skip
    def get(self, request: Request, pk: int) -> Response:
        project = registering.project_of(self.actor, pk)
        narrowed = {name: request.query_params.get(name, "") for name in ("asset_class", "handed", "q")}
        pages = CursorPage()
        rows = pages.paginate_queryset(registering.assets_of(self.actor, project, narrowed), request, view=self)
        return pages.get_paginated_response(AssetRowSerializer(rows, many=True).data)

    @extend_schema(
        request=AssetInputSerializer, responses={201: AssetSerializer}, operation_id="assets_create",
        summary="Enter an asset card",
    )  # fmt: skip
    def post(self, request: Request, pk: int) -> Response:
        """For the clerk of the project's own unit, until the final account is compiled."""
        body = read_body(AssetInputSerializer(data=request.data))
        said = body.values
        row = self.refused_at_once(
            body,
            lambda: cards.create(
                pk, actor=self.actor, values=_card_values(said), guids=said.get("guids", ()), faults=body.faults
            ),
        )
        return Response(_asset(row.pk, self.actor), status=CREATED)


class AssetView(ActorView):
    @extend_schema(responses=AssetSerializer, operation_id="assets_retrieve", summary="One asset card")
    def get(self, request: Request, pk: int) -> Response:
        return Response(_asset(pk, self.actor))

    @extend_schema(
        request=AssetInputSerializer, responses=AssetSerializer, operation_id="assets_amend",
        summary="Correct an asset card",
    )  # fmt: skip
    def patch(self, request: Request, pk: int) -> Response:
        """What the account is reckoned from is fixed once it is compiled; the whole card once it is handed over."""
        body = read_body(AssetInputSerializer(data=request.data, partial=True))
        said = body.values
        self.refused_at_once(
            body,
            lambda: cards.amend(
                pk, actor=self.actor, values=_card_values(said), guids=said.get("guids"),
                expected_version=said.get("version"), faults=body.faults,
            ),
        )  # fmt: skip
        return Response(_asset(pk, self.actor))


class AssetRemovalView(ActorView):
    @extend_schema(
        request=AssetRemovalSerializer, responses={204: None}, operation_id="assets_remove",
        summary="Remove a card entered by mistake",
    )  # fmt: skip
    def post(self, request: Request, pk: int) -> Response:
        cards.remove(pk, actor=self.actor, reason=self.checked(AssetRemovalSerializer)["reason"])
        return Response(status=status.HTTP_204_NO_CONTENT)


class AssetsDraftView(ActorView):
    @extend_schema(
        request=AssetDraftInputSerializer, responses={201: AssetsDraftedSerializer}, operation_id="assets_draft",
        summary="Draft cards from the as-built model",
    )  # fmt: skip
    def post(self, request: Request, pk: int) -> Response:
        """What has a card already is left alone. The proposals are at `/models/{id}/assets/`."""
        said = self.checked(AssetDraftInputSerializer)
        made = cards.draft_from_model(pk, said["model_id"], actor=self.actor, keys=said.get("keys"))
        return Response({"created": len(made)}, status=CREATED)


class AssetsFileView(FileView):
    @extend_schema(request=None, responses=BYTES, operation_id="assets_export", summary="The cards as XLSX")
    def post(self, request: Request, pk: int) -> HttpResponse:
        """The trace keeps who took it."""
        file = card_tables.export(pk, actor=self.actor)
        return _bytes(file.content, file.name, card_tables.CONTENT_TYPE)


class AssetsImportView(ActorView):
    parser_classes = (MultiPartParser,)

    @extend_schema(
        request=FILE, responses=AssetsImportedSerializer, operation_id="assets_import", summary="Read cards from XLSX"
    )
    def post(self, request: Request, pk: int) -> Response:
        """The columns of the export. A number that exists is corrected, others are new; all or nothing."""
        file = self.checked(AssetFileInputSerializer)["file"]
        created, corrected = card_tables.read_in(pk, file, actor=self.actor)
        return Response({"created": created, "corrected": corrected})


class HandoverStandingView(ActorView):
    @extend_schema(
        responses=HandoverStandingSerializer, operation_id="handover_standing", summary="How far the handover is"
    )
    def get(self, request: Request, pk: int) -> Response:
        project = registering.project_of(self.actor, pk)
        standing = registering.standing_of(self.actor, project)
        values = {name: getattr(standing, name) for name in ("due", "final", "provisional", "undelivered")}
        sums = registering.sums_of(self.actor, project)
        return Response(HandoverStandingSerializer({**values, "classes": sums}).data)


class HandoversView(ActorView):
    @extend_schema(
        responses=HandoverBatchRowSerializer(many=True), operation_id="handovers_list",
        summary="The handover batches of a project",
    )  # fmt: skip
    def get(self, request: Request, pk: int) -> Response:
        pages = CursorPage()
        rows = registering.batches_of(self.actor, registering.project_of(self.actor, pk))
        shown = pages.paginate_queryset(rows, request, view=self)
        return pages.get_paginated_response(HandoverBatchRowSerializer(shown, many=True).data)

    @extend_schema(
        request=HandoverBatchInputSerializer, responses={201: HandoverBatchSerializer}, operation_id="handovers_create",
        summary="Prepare a handover batch",
    )  # fmt: skip
    def post(self, request: Request, pk: int) -> Response:
        """For the clerk of the project's own unit; one receiver a batch."""
        body = read_body(HandoverBatchInputSerializer(data=request.data))
        said = body.values
        row = self.refused_at_once(
            body,
            lambda: batches.prepare(
                pk, actor=self.actor, values=_batch_values(said), assets=said.get("assets", ()), faults=body.faults
            ),
        )
        return Response(_batch(row.pk, self.actor), status=CREATED)


def _batch_values(said: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in said.items() if name in batches.FIELDS}


class HandoverView(ActorView):
    @extend_schema(responses=HandoverBatchSerializer, operation_id="handovers_retrieve", summary="One handover batch")
    def get(self, request: Request, pk: int) -> Response:
        return Response(_batch(pk, self.actor))

    @extend_schema(
        request=HandoverBatchInputSerializer, responses=HandoverBatchSerializer, operation_id="handovers_amend",
        summary="Correct a batch nobody has signed",
    )  # fmt: skip
    def patch(self, request: Request, pk: int) -> Response:
        body = read_body(HandoverBatchInputSerializer(data=request.data, partial=True))
        said = body.values
        self.refused_at_once(
            body,
            lambda: batches.amend(
                pk, actor=self.actor, values=_batch_values(said), assets=said.get("assets"),
                expected_version=said.get("version"), faults=body.faults,
            ),
        )  # fmt: skip
        return Response(_batch(pk, self.actor))


class HandoverDocumentsView(ActorView):
    parser_classes = (MultiPartParser,)

    @extend_schema(
        request=FILE, responses={201: HandoverFileSerializer}, operation_id="handovers_attach", summary="Attach a paper"
    )
    def post(self, request: Request, pk: int) -> Response:
        """PDF, OFD, JPEG or PNG. A final handover needs the agreement of both houses."""
        file = self.checked(AssetFileInputSerializer)["file"]
        kept = batches.attach(pk, Upload(file, file.name), actor=self.actor)
        return Response(HandoverFileSerializer(kept).data, status=CREATED)


class HandoverDocumentView(FileView):
    @extend_schema(responses=BYTES, operation_id="handovers_document", summary="A paper of the batch")
    def get(self, request: Request, pk: int, file: int) -> FileResponse:
        return _stored(found(registering.batch_of(self.actor, pk).documents.all(), pk=file))

    @extend_schema(responses={204: None}, operation_id="handovers_detach", summary="Take a paper off")
    def delete(self, request: Request, pk: int, file: int) -> Response:
        """While the batch is being prepared."""
        batches.detach(pk, file, actor=self.actor)
        return Response(status=status.HTTP_204_NO_CONTENT)


class HandoverListView(FileView):
    @extend_schema(request=None, responses=BYTES, operation_id="handovers_pdf", summary="The handover list as PDF")
    def post(self, request: Request, pk: int) -> HttpResponse:
        row = registering.batch_of(self.actor, pk)
        content = handover_list(row)
        note_export(
            "assets.handover.exported", content, actor=self.actor, rows=len(row.lines.all()), project_id=row.project_id,
            filters={"batch": row.number},
        )  # fmt: skip
        return _bytes(content, f"handover-{row.project_id}-{row.number}.pdf", "application/pdf")


class TitlesView(ActorView):
    @extend_schema(
        responses=TitleRowSerializer(many=True), operation_id="titles_list", summary="The titles of a project"
    )
    def get(self, request: Request, pk: int) -> Response:
        pages = CursorPage()
        rows = registering.titles_of(self.actor, registering.project_of(self.actor, pk))
        shown = pages.paginate_queryset(rows, request, view=self)
        return pages.get_paginated_response(TitleRowSerializer(shown, many=True).data)


class TitleView(ActorView):
    @extend_schema(responses=TitleSerializer, operation_id="titles_retrieve", summary="One title")
    def get(self, request: Request, pk: int) -> Response:
        return Response(_title(pk, self.actor))


class TitleCertificateView(ActorView):
    parser_classes = (MultiPartParser,)

    @extend_schema(
        request=FILE, responses=TitleSerializer, operation_id="titles_attach", summary="Attach the scanned certificate"
    )
    def post(self, request: Request, pk: int) -> Response:
        file = self.checked(AssetFileInputSerializer)["file"]
        titles.attach(pk, Upload(file, file.name), actor=self.actor)
        return Response(_title(pk, self.actor))


class ArchiveView(ActorView):
    @extend_schema(
        responses=ArchiveSerializer,
        operation_id="archive_retrieve",
        summary="What the archive of a project needs and has",
    )
    def get(self, request: Request, pk: int) -> Response:
        project = registering.project_of(self.actor, pk)
        listed = required.requirements(project, rulebook.on(clock.today()))
        packages = project.archive_packages.select_related("file")
        return Response(ArchiveSerializer({"requirements": listed, "packages": packages}).data)

    @extend_schema(
        request=ArchiveInputSerializer, responses={201: ArchivePackageSerializer}, operation_id="archive_make",
        summary="Make the archive package",
    )  # fmt: skip
    def post(self, request: Request, pk: int) -> Response:
        """For the archivist, once the project has ended. What is missing has to be explained."""
        said = self.checked(ArchiveInputSerializer)
        row = archive.make(pk, actor=self.actor, gaps_reason=said["gaps_reason"])
        return Response(ArchivePackageSerializer(row).data, status=CREATED)


class ArchiveVerificationView(ActorView):
    @extend_schema(
        request=None, responses=ArchiveVerdictSerializer, operation_id="archive_verify", summary="Verify a package"
    )
    def post(self, request: Request, pk: int) -> Response:
        """Reads the kept file from end to end."""
        return Response(ArchiveVerdictSerializer(archive.verify(pk, actor=self.actor)).data)


class ArchiveFileView(FileView):
    @extend_schema(request=None, responses=BYTES, operation_id="archive_file", summary="The package itself")
    def post(self, request: Request, pk: int) -> FileResponse:
        """A ZIP that `sha256sum -c SHA256SUMS` verifies. The trace keeps who took it."""
        return _stored(archive.take(pk, actor=self.actor))


class CaseFileView(FileView):
    @extend_schema(request=None, responses=BYTES, operation_id="items_case_file", summary="The case file of an item")
    def post(self, request: Request, pk: int) -> FileResponse:
        """One ZIP per item that has ended (R-ARC-05), verified with `sha256sum -c SHA256SUMS`; for archive and overseers."""
        found = archive.take_case(pk, actor=self.actor)
        return FileResponse(found.stream, as_attachment=True, filename=found.name, content_type="application/zip")
