"""Settlements and audit findings over HTTP. A finding's moves are made at `execution/finding/{id}/moves/`."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.actor import Actor
from accounts.api.views import ActorView
from core import clock
from core.api import CursorPage, read_body
from core.locks import found
from execution import closing, contracting
from execution.api.acceptance import WITH_FILE
from execution.api.closing_shapes import (
    AuditFindingInputSerializer,
    AuditFindingRowSerializer,
    AuditFindingSerializer,
    AuditModeInputSerializer,
    AuditModeSerializer,
    FindingEvidenceInputSerializer,
    LateQuerySerializer,
    SettlementInputSerializer,
    SettlementReviewInputSerializer,
    SettlementSerializer,
    SettlementTableSerializer,
    TailWorksInputSerializer,
    TailWorksSerializer,
    WaitingDefectSerializer,
    WaitingFindingSerializer,
)
from execution.machines import FINDINGS
from execution.services import audits, settlements
from projects.services import audit_mode

CREATED = status.HTTP_201_CREATED


def _settlement(pk: int, actor: Actor) -> dict[str, Any]:
    return SettlementSerializer(found(closing.settlements(actor).select_related("item"), pk=pk)).data


def _finding(pk: int, actor: Actor) -> dict[str, Any]:
    rows = closing.findings(actor).select_related("project", "evidence", "recorded_by", "rectified_by", "confirmed_by")
    row = found(rows, pk=pk)
    return AuditFindingSerializer(row, context={"offers": FINDINGS.offers(row, actor)}).data


class SettlementsView(ActorView):
    @extend_schema(
        responses=SettlementTableSerializer, operation_id="settlements_list", summary="The settlements of a project"
    )
    def get(self, request: Request, pk: int) -> Response:
        """Every contract that was in force with its submitted and reviewed price, reduction, flags."""
        project = contracting.books_of(self.actor, pk)
        table = closing.settlement_table(project, contracting.rules_today(), clock.today())
        return Response(SettlementTableSerializer(table).data)


class ContractSettlementView(ActorView):
    @extend_schema(
        request=SettlementInputSerializer, responses={201: SettlementSerializer}, operation_id="settlements_create",
        summary="Hand in the settlement of a contract",
    )  # fmt: skip
    def post(self, request: Request, pk: int) -> Response:
        """For the clerk of the project's own unit; works only once they are accepted."""
        body = read_body(SettlementInputSerializer(data=request.data))
        said = body.values
        row = self.refused_at_once(
            body,
            lambda: settlements.submit(
                pk, actor=self.actor, submitted=said.get("submitted"), submitted_on=said.get("submitted_on"),
                item_id=said.get("item_id"), faults=body.faults,
            ),
        )  # fmt: skip
        return Response(_settlement(row.pk, self.actor), status=CREATED)


class SettlementView(ActorView):
    @extend_schema(responses=SettlementSerializer, operation_id="settlements_retrieve", summary="One settlement")
    def get(self, request: Request, pk: int) -> Response:
        return Response(_settlement(pk, self.actor))

    @extend_schema(
        request=SettlementInputSerializer, responses=SettlementSerializer, operation_id="settlements_replace",
        summary="Correct a settlement",
    )  # fmt: skip
    def put(self, request: Request, pk: int) -> Response:
        """Until its reviewed amount is taken over."""
        body = read_body(SettlementInputSerializer(data=request.data))
        said = body.values
        self.refused_at_once(
            body,
            lambda: settlements.amend(
                pk, actor=self.actor, submitted=said.get("submitted"), submitted_on=said.get("submitted_on"),
                item_id=said.get("item_id"), expected_version=said.get("version"), faults=body.faults,
            ),
        )  # fmt: skip
        return Response(_settlement(pk, self.actor))


class TailWorksView(ActorView):
    @extend_schema(
        request=TailWorksInputSerializer, responses=TailWorksSerializer, operation_id="contracts_tail_works",
        summary="Mark a contract as tail works",
    )  # fmt: skip
    def put(self, request: Request, pk: int) -> Response:
        """For the lead of the project's own unit: it is settled after the project, or no longer so."""
        body = read_body(TailWorksInputSerializer(data=request.data))
        said = body.values
        row = self.refused_at_once(
            body,
            lambda: settlements.mark_tail_works(
                pk, actor=self.actor, is_tail_works=said.get("is_tail_works", False), reason=said.get("reason", ""),
                expected_version=said.get("version"), faults=body.faults,
            ),
        )  # fmt: skip
        return Response(TailWorksSerializer(row).data)


class SettlementReviewView(ActorView):
    @extend_schema(
        request=SettlementReviewInputSerializer, responses=SettlementSerializer(many=True),
        operation_id="settlements_take_review", summary="Take the reviewed amount of an item over",
    )  # fmt: skip
    def post(self, request: Request, pk: int) -> Response:
        """`pk` of the decided SET item. Settles its contracts; the project moves on when all are settled."""
        body = read_body(SettlementReviewInputSerializer(data=request.data))
        shares = SettlementReviewInputSerializer.shares_of(body.values)
        rows = self.refused_at_once(
            body, lambda: settlements.take_review(pk, actor=self.actor, shares=shares, faults=body.faults)
        )
        return Response(SettlementSerializer(rows, many=True).data)


class FindingsView(ActorView):
    @extend_schema(
        responses=AuditFindingRowSerializer(many=True), operation_id="findings_list",
        summary="The audit findings of a project",
    )  # fmt: skip
    def get(self, request: Request, pk: int) -> Response:
        rows = closing.findings_of(contracting.project_of(self.actor, pk))
        return Response(AuditFindingRowSerializer(rows, many=True).data)

    @extend_schema(
        request=AuditFindingInputSerializer, responses={201: AuditFindingSerializer}, operation_id="findings_create",
        summary="Record an audit finding",
    )  # fmt: skip
    def post(self, request: Request, pk: int) -> Response:
        """For auditors; where the unit audits itself (INTERNAL) for its own clerk as well."""
        body = read_body(AuditFindingInputSerializer(data=request.data))
        row = self.refused_at_once(
            body, lambda: audits.record(pk, actor=self.actor, faults=body.faults, **_values(body.values))
        )
        return Response(_finding(row.pk, self.actor), status=CREATED)


class FindingView(ActorView):
    @extend_schema(responses=AuditFindingSerializer, operation_id="findings_retrieve", summary="One audit finding")
    def get(self, request: Request, pk: int) -> Response:
        return Response(_finding(pk, self.actor))

    @extend_schema(
        request=AuditFindingInputSerializer, responses=AuditFindingSerializer, operation_id="findings_replace",
        summary="Correct a finding the unit has not answered",
    )  # fmt: skip
    def put(self, request: Request, pk: int) -> Response:
        body = read_body(AuditFindingInputSerializer(data=request.data))
        said = body.values
        self.refused_at_once(
            body,
            lambda: audits.amend(
                pk, actor=self.actor, expected_version=said.get("version"), faults=body.faults, **_values(said)
            ),
        )
        return Response(_finding(pk, self.actor))


def _values(said: dict[str, Any]) -> dict[str, Any]:
    return {
        "text": said.get("text", ""), "amount": said.get("amount"), "found_on": said.get("found_on"),
        "item_id": said.get("item_id"),
    }  # fmt: skip


class FindingEvidenceView(ActorView):
    parser_classes = WITH_FILE

    @extend_schema(
        request={"multipart/form-data": FindingEvidenceInputSerializer}, responses=AuditFindingSerializer,
        operation_id="findings_attach", summary="Attach the evidence of a rectification",
    )  # fmt: skip
    def put(self, request: Request, pk: int) -> Response:
        """Before the move `rectify` reports it; the newest file counts."""
        said = self.checked(FindingEvidenceInputSerializer)
        audits.attach(pk, actor=self.actor, file=FindingEvidenceInputSerializer.upload(said))
        return Response(_finding(pk, self.actor))


class AuditModeView(ActorView):
    @extend_schema(
        request=AuditModeInputSerializer, responses=AuditModeSerializer, operation_id="audit_mode_decide",
        summary="Decide how a project is audited",
    )  # fmt: skip
    def put(self, request: Request, pk: int) -> Response:
        """For the audit office, by the annual audit plan: GOV_AUDIT, COMMISSIONED, INTERNAL, EXEMPT."""
        body = read_body(AuditModeInputSerializer(data=request.data))
        said = body.values
        project = self.refused_at_once(
            body,
            lambda: audit_mode.decide(
                pk, actor=self.actor, mode=said.get("mode", ""), document_no=said.get("document_no", ""),
                expected_version=said.get("version"), faults=body.faults,
            ),
        )  # fmt: skip
        return Response(AuditModeSerializer(project).data)


class WaitingFindingsView(ActorView):
    @extend_schema(
        parameters=[LateQuerySerializer], responses=WaitingFindingSerializer(many=True),
        operation_id="follow_up_findings", summary="Findings not confirmed, in all projects you see",
    )  # fmt: skip
    def get(self, request: Request) -> Response:
        """Newest first, in pages."""
        rows = closing.waiting_findings(self.actor, late=_is_late(request), today=clock.today())
        pages = CursorPage()
        shown = pages.paginate_queryset(rows, request, view=self)
        return pages.get_paginated_response(WaitingFindingSerializer(shown, many=True).data)


class WaitingDefectsView(ActorView):
    @extend_schema(
        parameters=[LateQuerySerializer], responses=WaitingDefectSerializer(many=True),
        operation_id="follow_up_defects", summary="Defects not checked, in all projects you see",
    )  # fmt: skip
    def get(self, request: Request) -> Response:
        """Newest first, in pages."""
        rows = closing.waiting_defects(self.actor, late=_is_late(request), today=clock.today())
        pages = CursorPage()
        shown = pages.paginate_queryset(
            rows.select_related("evidence", "fixed_by", "checked_by", "round__project"), request, view=self
        )
        return pages.get_paginated_response(WaitingDefectSerializer(shown, many=True).data)


def _is_late(request: Request) -> bool:
    query = LateQuerySerializer(data=request.query_params)
    query.is_valid(raise_exception=True)
    return bool(query.validated_data["late"])
