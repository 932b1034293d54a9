"""Payments over HTTP. Moves are made at `/execution/payment/{id}/moves/`."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.actor import Actor
from accounts.api.views import ActorView
from accounts.policies import insist
from core.api import CursorPage, read_body
from core.locks import found
from execution import contracting, ledger, paying
from execution.api.payment_shapes import (
    LedgerQuerySerializer,
    LedgerRowSerializer,
    PaymentFundingInputSerializer,
    PaymentInputSerializer,
    PaymentRowSerializer,
    PaymentSerializer,
    PaymentStandingSerializer,
    TreasuryFileInputSerializer,
    TreasuryImportRowSerializer,
    TreasuryImportSerializer,
)
from execution.ledger import LedgerFilter
from execution.machines import PAYMENTS
from execution.policies import may_import_treasury
from execution.services import payments, treasury

ENTERED_APART = ("version", "funding", "report_id")


def _payment(pk: int, actor: Actor) -> dict[str, Any]:
    row = paying.payment_of(actor, pk)
    context = {
        "offers": PAYMENTS.offers(row, actor),
        "limits": paying.limits_of(row, contracting.rules_today()),
    }
    return PaymentSerializer(row, context=context).data


def _fields(said: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in said.items() if name not in ENTERED_APART}


class ProjectPaymentsView(ActorView):
    @extend_schema(
        responses=PaymentRowSerializer(many=True), operation_id="payments_list", summary="The payments of a project"
    )
    def get(self, request: Request, pk: int) -> Response:
        """Newest first, in pages."""
        pages = CursorPage()
        rows = paying.payments_of(paying.project_of(self.actor, pk))
        shown = pages.paginate_queryset(rows, request, view=self)
        return pages.get_paginated_response(PaymentRowSerializer(shown, many=True).data)


class PaymentStandingView(ActorView):
    @extend_schema(
        responses=PaymentStandingSerializer, operation_id="payments_standing", summary="What may still be paid"
    )
    def get(self, request: Request, pk: int) -> Response:
        """Released, approved, paid and left: of the project, by funding source, by contract (R-INV-11)."""
        project = paying.project_of(self.actor, pk)
        return Response(PaymentStandingSerializer(paying.standing(project, contracting.rules_today())).data)


class ContractPaymentsView(ActorView):
    @extend_schema(
        request=PaymentInputSerializer, responses={201: PaymentSerializer}, operation_id="payments_create",
        summary="Apply for a payment",
    )  # fmt: skip
    def post(self, request: Request, pk: int) -> Response:
        """Under a contract in force. Without `funding` the only released source pays; a progress payment names its report."""
        body = read_body(PaymentInputSerializer(data=request.data))
        said = body.values
        row = self.refused_at_once(
            body,
            lambda: payments.apply(
                pk, actor=self.actor, values=_fields(said), funding=PaymentInputSerializer.parts_of(said),
                report_id=said.get("report_id"), faults=body.faults,
            ),
        )  # fmt: skip
        return Response(_payment(row.pk, self.actor), status=status.HTTP_201_CREATED)


class PaymentView(ActorView):
    @extend_schema(responses=PaymentSerializer, operation_id="payments_retrieve", summary="One payment")
    def get(self, request: Request, pk: int) -> Response:
        """Its amounts, sources, limits, paper trail and moves."""
        return Response(_payment(pk, self.actor))

    @extend_schema(
        request=PaymentInputSerializer, responses=PaymentSerializer, operation_id="payments_replace",
        summary="Correct an application that is a draft or came back",
    )  # fmt: skip
    def put(self, request: Request, pk: int) -> Response:
        body = read_body(PaymentInputSerializer(data=request.data))
        said = body.values
        self.refused_at_once(
            body,
            lambda: payments.amend(
                pk, actor=self.actor, values=_fields(said), funding=PaymentInputSerializer.parts_of(said),
                report_id=said.get("report_id"), expected_version=said.get("version"), faults=body.faults,
            ),
        )  # fmt: skip
        return Response(_payment(pk, self.actor))


class PaymentFundingView(ActorView):
    @extend_schema(
        request=PaymentFundingInputSerializer, responses=PaymentSerializer, operation_id="payments_split",
        summary="Split a payment over its sources anew",
    )  # fmt: skip
    def put(self, request: Request, pk: int) -> Response:
        """Until the unit has approved it; together exactly the amount to be paid."""
        body = read_body(PaymentFundingInputSerializer(data=request.data))
        said = body.values
        self.refused_at_once(
            body,
            lambda: payments.split(
                pk, actor=self.actor, funding=PaymentFundingInputSerializer.parts_of(said),
                expected_version=said.get("version"), faults=body.faults,
            ),
        )  # fmt: skip
        return Response(_payment(pk, self.actor))


class PaymentsLedgerView(ActorView):
    @extend_schema(
        parameters=[LedgerQuerySerializer], responses=LedgerRowSerializer(many=True),
        operation_id="payments_ledger", summary="The payments ledger",
    )  # fmt: skip
    def get(self, request: Request) -> Response:
        """Every payment of every project I may see, newest first, in pages."""
        query = LedgerQuerySerializer(data=request.query_params)
        query.is_valid(raise_exception=True)
        said = dict(query.validated_data)
        wanted = LedgerFilter(states=tuple(sorted(said.pop("state", ()))), **said)
        pages = CursorPage()
        shown = pages.paginate_queryset(ledger.entries(self.actor, wanted), request, view=self)
        return pages.get_paginated_response(LedgerRowSerializer(shown, many=True).data)


class TreasuryImportsView(ActorView):
    parser_classes = (MultiPartParser,)

    @extend_schema(
        responses=TreasuryImportRowSerializer(many=True), operation_id="treasury_imports_list",
        summary="Files of treasury results",
    )  # fmt: skip
    def get(self, request: Request) -> Response:
        """For finance; newest first, in pages."""
        insist(may_import_treasury, self.actor)
        pages = CursorPage()
        shown = pages.paginate_queryset(paying.imports(self.actor), request, view=self)
        return pages.get_paginated_response(TreasuryImportRowSerializer(shown, many=True).data)

    @extend_schema(
        request={"multipart/form-data": TreasuryFileInputSerializer}, responses={201: TreasuryImportSerializer},
        operation_id="treasury_imports_create", summary="Take in treasury results",
    )  # fmt: skip
    def post(self, request: Request) -> Response:
        """Each row marks one payment as paid or says why not. The same file may be sent again: nothing is booked twice."""
        insist(may_import_treasury, self.actor)
        file = self.checked(TreasuryFileInputSerializer)["file"]
        done = treasury.take_in(file, name=file.name, actor=self.actor)
        return Response(TreasuryImportSerializer(done).data, status=status.HTTP_201_CREATED)


class TreasuryImportView(ActorView):
    @extend_schema(
        responses=TreasuryImportSerializer, operation_id="treasury_imports_retrieve", summary="What came of each row"
    )
    def get(self, request: Request, pk: int) -> Response:
        insist(may_import_treasury, self.actor)
        return Response(TreasuryImportSerializer(found(paying.imports(self.actor), pk=pk)).data)
