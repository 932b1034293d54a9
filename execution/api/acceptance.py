"""Acceptance over HTTP: rounds, opinions, papers, defects. What carries a file is `multipart/form-data`, else JSON."""

from typing import Any

from django.http import FileResponse
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.actor import Actor
from accounts.api.views import ActorView, FileView
from core import clock, files
from core.api import read_body
from core.api_json import ExactJSONParser
from core.errors import NotFound, Problem
from core.locks import found
from execution import closing, contracting
from execution.api.closing_shapes import (
    AcceptanceDefectInputSerializer,
    AcceptanceDefectSerializer,
    AcceptancePaperInputSerializer,
    AcceptanceResultInputSerializer,
    AcceptanceRoundInputSerializer,
    AcceptanceRoundSerializer,
    AcceptanceSerializer,
    DefectCheckInputSerializer,
    DefectMendInputSerializer,
    PartyOpinionInputSerializer,
)
from execution.services import acceptance, defects

CREATED = status.HTTP_201_CREATED
WITH_FILE = (MultiPartParser, ExactJSONParser)


def _acceptance(pk: int, actor: Actor) -> dict[str, Any]:
    project = contracting.project_of(actor, pk)
    rounds = list(closing.rounds_of(project))
    for held in rounds:
        held.project = project
        for defect in held.defects.all():
            defect.round = held
    running = next((row for row in rounds if row.is_open), None)
    papers = closing.papers_of(project)
    shown = {
        "rounds": rounds,
        "papers": [row for _kind, row in papers if row is not None],
        "papers_missing": [kind.value for kind, row in papers if row is None],
        "wants": list(acceptance.passing_problems(running)) if running else [],
        "filing": closing.filing_of(project, contracting.rules_today(), clock.today()),
    }
    return AcceptanceSerializer(shown).data


def _round(pk: int, actor: Actor) -> dict[str, Any]:
    rows = closing.rounds(actor).prefetch_related(
        "opinions__file", "defects__evidence", "defects__fixed_by", "defects__checked_by", "defects__round"
    )
    return AcceptanceRoundSerializer(found(rows, pk=pk)).data


def _defect(pk: int, actor: Actor) -> dict[str, Any]:
    rows = closing.defects(actor).select_related("round", "evidence", "fixed_by", "checked_by")
    return AcceptanceDefectSerializer(found(rows, pk=pk)).data


class AcceptanceView(ActorView):
    @extend_schema(
        responses=AcceptanceSerializer, operation_id="acceptance_retrieve", summary="The acceptance of a project"
    )
    def get(self, request: Request, pk: int) -> Response:
        """Rounds newest first, the papers it rests on, what keeps the open round from passing, the time to file it."""
        return Response(_acceptance(pk, self.actor))


class RoundsView(ActorView):
    @extend_schema(
        request=AcceptanceRoundInputSerializer, responses={201: AcceptanceRoundSerializer}, operation_id="acceptance_rounds_create",
        summary="Open an acceptance round",
    )  # fmt: skip
    def post(self, request: Request, pk: int) -> Response:
        """For the clerk of the project's own unit. After a failure only when the defects are mended and checked."""
        body = read_body(AcceptanceRoundInputSerializer(data=request.data))
        held = self.refused_at_once(
            body,
            lambda: acceptance.open_round(pk, actor=self.actor, held_on=body.values.get("held_on"), faults=body.faults),
        )
        return Response(_round(held.pk, self.actor), status=CREATED)


class OpinionView(ActorView):
    parser_classes = WITH_FILE

    @extend_schema(
        request={"multipart/form-data": PartyOpinionInputSerializer, "application/json": PartyOpinionInputSerializer},
        responses=AcceptanceRoundSerializer, operation_id="acceptance_opinions_record", summary="Record what a party signed",
    )  # fmt: skip
    def put(self, request: Request, pk: int, party: str) -> Response:
        """`party`: OWNER, SURVEY, DESIGN, CONTRACTOR, SUPERVISION. With the signed paper (`file`)."""
        body = read_body(PartyOpinionInputSerializer(data=request.data))
        said = body.values
        self.refused_at_once(
            body,
            lambda: acceptance.record_opinion(
                pk, party, actor=self.actor, organisation=said.get("organisation", ""), person=said.get("person", ""),
                agrees=said.get("agrees"), signed_on=said.get("signed_on"), opinion=said.get("opinion", ""),
                file=PartyOpinionInputSerializer.upload(said), faults=body.faults,
            ),
        )  # fmt: skip
        return Response(_round(pk, self.actor))


class PaperView(ActorView):
    parser_classes = WITH_FILE

    @extend_schema(
        request={"multipart/form-data": AcceptancePaperInputSerializer, "application/json": AcceptancePaperInputSerializer},
        responses=AcceptanceSerializer, operation_id="acceptance_papers_record",
        summary="Record a special acceptance or paper",
    )  # fmt: skip
    def put(self, request: Request, pk: int, kind: str) -> Response:
        """`kind`: PLANNING, FIRE, ENVIRONMENT, QUALITY, ARCHIVES, WARRANTY."""
        body = read_body(AcceptancePaperInputSerializer(data=request.data))
        said = body.values
        self.refused_at_once(
            body,
            lambda: acceptance.clear(
                pk, kind, actor=self.actor, authority=said.get("authority", ""),
                document_no=said.get("document_no", ""), issued_on=said.get("issued_on"),
                not_needed=said.get("not_needed", ""), file=AcceptancePaperInputSerializer.upload(said), faults=body.faults,
            ),
        )  # fmt: skip
        return Response(_acceptance(pk, self.actor))


class RoundResultView(ActorView):
    @extend_schema(
        request=AcceptanceResultInputSerializer, responses=AcceptanceRoundSerializer, operation_id="acceptance_rounds_close",
        summary="Sign the result of a round",
    )  # fmt: skip
    def post(self, request: Request, pk: int, result: str) -> Response:
        """`pass` or `fail`, for the unit's lead. A failure takes the project back to construction (T15b)."""
        acts = {"pass": acceptance.pass_round, "fail": acceptance.fail_round}
        if result not in acts:
            raise NotFound(Problem("not_found", _("There is no such record, or you may not see it.")))
        body = read_body(AcceptanceResultInputSerializer(data=request.data))
        said = body.values
        self.refused_at_once(
            body,
            lambda: acts[result](
                pk, actor=self.actor, conclusion=said.get("conclusion", ""), expected_version=said.get("version"),
                faults=body.faults,
            ),
        )  # fmt: skip
        return Response(_round(pk, self.actor))


class DefectsView(ActorView):
    @extend_schema(
        request=AcceptanceDefectInputSerializer, responses={201: AcceptanceDefectSerializer}, operation_id="defects_create",
        summary="Record a defect",
    )  # fmt: skip
    def post(self, request: Request, pk: int) -> Response:
        body = read_body(AcceptanceDefectInputSerializer(data=request.data))
        said = body.values
        row = self.refused_at_once(
            body,
            lambda: defects.record(
                pk, actor=self.actor, text=said.get("text", ""), place=said.get("place", ""),
                due_on=said.get("due_on"), faults=body.faults,
            ),
        )  # fmt: skip
        return Response(_defect(row.pk, self.actor), status=CREATED)


class DefectMendView(ActorView):
    parser_classes = WITH_FILE

    @extend_schema(
        request={"multipart/form-data": DefectMendInputSerializer}, responses=AcceptanceDefectSerializer,
        operation_id="defects_mend", summary="Report a defect as mended",
    )  # fmt: skip
    def post(self, request: Request, pk: int) -> Response:
        """With a photo or paper (`file`)."""
        body = read_body(DefectMendInputSerializer(data=request.data))
        said = body.values
        self.refused_at_once(
            body,
            lambda: defects.mend(
                pk, actor=self.actor, fixed_on=said.get("fixed_on"), note=said.get("note", ""),
                file=DefectMendInputSerializer.upload(said), faults=body.faults,
            ),
        )  # fmt: skip
        return Response(_defect(pk, self.actor))


class DefectCheckView(ActorView):
    @extend_schema(
        request=DefectCheckInputSerializer, responses=AcceptanceDefectSerializer, operation_id="defects_check",
        summary="Check a mended defect",
    )  # fmt: skip
    def post(self, request: Request, pk: int) -> Response:
        """By another person than the one who reported it. `accepted` false sends it back with the `note`."""
        body = read_body(DefectCheckInputSerializer(data=request.data))
        said = body.values
        self.refused_at_once(
            body,
            lambda: defects.check(
                pk, actor=self.actor, accepted=said.get("accepted"), note=said.get("note", ""), faults=body.faults
            ),
        )
        return Response(_defect(pk, self.actor))


class ClosingFileView(FileView):
    @extend_schema(
        responses={(200, "application/octet-stream"): OpenApiTypes.BINARY}, operation_id="closing_files",
        summary="A paper or photo",
    )  # fmt: skip
    def get(self, request: Request, kind: str, pk: int) -> FileResponse:
        """`kind`: opinion, paper, defect, finding; `pk` of that row. The bytes as they were uploaded."""
        file = closing.file_of(kind, pk, self.actor)
        answer = FileResponse(files.open_stored(file), as_attachment=True, filename=file.name, content_type=file.mime)
        answer["X-Content-SHA256"] = file.sha256
        return answer
