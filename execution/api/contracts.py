"""Tenders, contracts and change orders over HTTP. Their moves are made at `execution/{kind}/{id}/moves/`."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.actor import Actor
from accounts.api.views import ActorView
from core.api import CursorPage, read_body
from core.locks import found
from execution import contracting
from execution.api.contract_shapes import (
    ChangeInputSerializer,
    ChangeRowSerializer,
    ChangeSerializer,
    ContractInputSerializer,
    ContractRowSerializer,
    ContractSerializer,
    SupplementInputSerializer,
    TenderAnswerInputSerializer,
    TenderInputSerializer,
    TenderObjectionInputSerializer,
    TenderRowSerializer,
    TenderSerializer,
)
from execution.machines import CHANGES, CONTRACTS, TENDERS, tenders
from execution.services import changes, contracts
from execution.services import tenders as tender_service
from execution.services.machine import Machine
from execution.services.tenders import Objection

CREATED = status.HTTP_201_CREATED


def _context(machine: Machine, row: Any, actor: Actor) -> dict[str, Any]:
    return {"offers": machine.offers(row, actor), "rules": contracting.rules_today()}


def _tender(pk: int, actor: Actor) -> dict[str, Any]:
    row = contracting.tender_of(actor, pk)
    return TenderSerializer(row, context=_context(TENDERS, row, actor)).data


def _contract(pk: int, actor: Actor) -> dict[str, Any]:
    row = contracting.contract_of(actor, pk)
    return ContractSerializer(row, context=_context(CONTRACTS, row, actor)).data


def _change(pk: int, actor: Actor) -> dict[str, Any]:
    row = contracting.change_of(actor, pk)
    return ChangeSerializer(row, context=_context(CHANGES, row, actor)).data


def _fields(said: dict[str, Any], *others: str) -> dict[str, Any]:
    return {name: value for name, value in said.items() if name not in ("version", "lines", *others)}


class TendersView(ActorView):
    @extend_schema(
        responses=TenderRowSerializer(many=True), operation_id="tenders_list", summary="The tenders of a project"
    )
    def get(self, request: Request, pk: int) -> Response:
        rows = contracting.tenders_of(contracting.project_of(self.actor, pk))
        return Response(TenderRowSerializer(rows, many=True, context={"rules": contracting.rules_today()}).data)

    @extend_schema(
        request=TenderInputSerializer, responses={201: TenderSerializer}, operation_id="tenders_create",
        summary="Record a tender",
    )  # fmt: skip
    def post(self, request: Request, pk: int) -> Response:
        """For the clerk of the project's own unit. The ceiling keeps to the reviewed budget (R-INV-09)."""
        body = read_body(TenderInputSerializer(data=request.data))
        row = self.refused_at_once(
            body,
            lambda: tender_service.record(pk, actor=self.actor, values=_fields(body.values), faults=body.faults),
        )
        return Response(_tender(row.pk, self.actor), status=CREATED)


class TenderView(ActorView):
    @extend_schema(responses=TenderSerializer, operation_id="tenders_retrieve", summary="One tender")
    def get(self, request: Request, pk: int) -> Response:
        return Response(_tender(pk, self.actor))

    @extend_schema(
        request=TenderInputSerializer, responses=TenderSerializer, operation_id="tenders_amend",
        summary="Correct a tender that is not announced",
    )  # fmt: skip
    def patch(self, request: Request, pk: int) -> Response:
        body = read_body(TenderInputSerializer(data=request.data, partial=True))
        said = body.values
        self.refused_at_once(
            body,
            lambda: tender_service.amend(
                pk, actor=self.actor, values=_fields(said), expected_version=said.get("version"), faults=body.faults
            ),
        )
        return Response(_tender(pk, self.actor))

    @extend_schema(responses={204: None}, operation_id="tenders_discard", summary="Take a planned tender back")
    def delete(self, request: Request, pk: int) -> Response:
        tender_service.discard(pk, actor=self.actor)
        return Response(status=status.HTTP_204_NO_CONTENT)


class TenderObjectionsView(ActorView):
    @extend_schema(
        request=TenderObjectionInputSerializer, responses={201: TenderSerializer},
        operation_id="tender_objections_create", summary="Record an objection",
    )  # fmt: skip
    def post(self, request: Request, pk: int) -> Response:
        """A tender that is running stands still from now on; it is resumed when every objection is answered."""
        body = read_body(TenderObjectionInputSerializer(data=request.data))
        said = body.values
        objection = Objection(said.get("objector", ""), said.get("text", ""), said.get("received_on"))
        self.refused_at_once(
            body, lambda: tender_service.object_to(pk, actor=self.actor, objection=objection, faults=body.faults)
        )
        return Response(_tender(pk, self.actor), status=CREATED)


class TenderObjectionAnswerView(ActorView):
    @extend_schema(
        request=TenderAnswerInputSerializer, responses=TenderSerializer, operation_id="tender_objections_answer",
        summary="Answer an objection",
    )  # fmt: skip
    def put(self, request: Request, pk: int) -> Response:
        """Once. An objection to the candidates that is upheld sends the bids back to evaluation."""
        tender = found(tenders(self.actor), objections__pk=pk)
        body = read_body(TenderAnswerInputSerializer(data=request.data))
        said = body.values
        self.refused_at_once(
            body,
            lambda: tender_service.answer(
                pk, actor=self.actor, text=said.get("answer", ""), upheld=said.get("upheld", False), faults=body.faults
            ),
        )
        return Response(_tender(tender.pk, self.actor))


class ContractsView(ActorView):
    @extend_schema(
        responses=ContractRowSerializer(many=True), operation_id="contracts_list", summary="The contracts of a project"
    )
    def get(self, request: Request, pk: int) -> Response:
        rows = contracting.contracts_of(contracting.books_of(self.actor, pk))
        return Response(ContractRowSerializer(rows, many=True, context={"rules": contracting.rules_today()}).data)

    @extend_schema(
        request=ContractInputSerializer, responses={201: ContractSerializer}, operation_id="contracts_create",
        summary="Draft a contract",
    )  # fmt: skip
    def post(self, request: Request, pk: int) -> Response:
        """For the clerk of the project's own unit; its lead puts it into force by the move `take_effect`."""
        body = read_body(ContractInputSerializer(data=request.data))
        said = body.values
        row = self.refused_at_once(
            body,
            lambda: contracts.draft(
                pk, actor=self.actor, values=_fields(said, "tender_id"), lines=ContractInputSerializer.lines_of(said),
                tender_id=said.get("tender_id"), faults=body.faults,
            ),
        )  # fmt: skip
        return Response(_contract(row.pk, self.actor), status=CREATED)


class ContractView(ActorView):
    @extend_schema(responses=ContractSerializer, operation_id="contracts_retrieve", summary="One contract")
    def get(self, request: Request, pk: int) -> Response:
        """Its lines with what was changed and measured, supplements, value, warnings and moves."""
        return Response(_contract(pk, self.actor))

    @extend_schema(
        request=ContractInputSerializer, responses=ContractSerializer, operation_id="contracts_replace",
        summary="Correct a contract that is not in force",
    )  # fmt: skip
    def put(self, request: Request, pk: int) -> Response:
        """All fields and all lines as they shall be."""
        body = read_body(ContractInputSerializer(data=request.data))
        said = body.values
        self.refused_at_once(
            body,
            lambda: contracts.amend(
                pk, actor=self.actor, values=_fields(said, "tender_id"), lines=ContractInputSerializer.lines_of(said),
                tender_id=said.get("tender_id"), expected_version=said.get("version"), faults=body.faults,
            ),
        )  # fmt: skip
        return Response(_contract(pk, self.actor))

    @extend_schema(responses={204: None}, operation_id="contracts_discard", summary="Take a draft contract back")
    def delete(self, request: Request, pk: int) -> Response:
        contracts.discard(pk, actor=self.actor)
        return Response(status=status.HTTP_204_NO_CONTENT)


class SupplementsView(ActorView):
    @extend_schema(
        request=SupplementInputSerializer, responses={201: ContractSerializer}, operation_id="supplements_create",
        summary="Record a supplement",
    )  # fmt: skip
    def post(self, request: Request, pk: int) -> Response:
        body = read_body(SupplementInputSerializer(data=request.data))
        said = body.values
        self.refused_at_once(
            body,
            lambda: contracts.supplement(
                pk, actor=self.actor, no=said.get("no", ""), amount=said.get("amount"),
                signed_on=said.get("signed_on"), reason=said.get("reason", ""), cost_code=said.get("cost_code", ""),
                faults=body.faults,
            ),
        )  # fmt: skip
        return Response(_contract(pk, self.actor), status=CREATED)


class ProjectChangesView(ActorView):
    @extend_schema(
        responses=ChangeRowSerializer(many=True), operation_id="changes_list", summary="The change orders of a project"
    )
    def get(self, request: Request, pk: int) -> Response:
        """Newest first, in pages."""
        pages = CursorPage()
        rows = pages.paginate_queryset(contracting.changes_of(contracting.books_of(self.actor, pk)), request, view=self)
        return pages.get_paginated_response(ChangeRowSerializer(rows, many=True).data)


class ContractChangesView(ActorView):
    @extend_schema(
        request=ChangeInputSerializer, responses={201: ChangeSerializer}, operation_id="changes_create",
        summary="Propose a change order",
    )  # fmt: skip
    def post(self, request: Request, pk: int) -> Response:
        """On a contract in force. Who decides it follows from its amount and from all changes so far (R-INV-14)."""
        body = read_body(ChangeInputSerializer(data=request.data))
        said = body.values
        row = self.refused_at_once(
            body,
            lambda: changes.propose(
                pk, actor=self.actor, values=_fields(said), lines=ChangeInputSerializer.lines_of(said),
                faults=body.faults,
            ),
        )  # fmt: skip
        return Response(_change(row.pk, self.actor), status=CREATED)


class ChangeView(ActorView):
    @extend_schema(responses=ChangeSerializer, operation_id="changes_retrieve", summary="One change order")
    def get(self, request: Request, pk: int) -> Response:
        return Response(_change(pk, self.actor))

    @extend_schema(
        request=ChangeInputSerializer, responses=ChangeSerializer, operation_id="changes_replace",
        summary="Correct a change order nobody has agreed to",
    )  # fmt: skip
    def put(self, request: Request, pk: int) -> Response:
        body = read_body(ChangeInputSerializer(data=request.data))
        said = body.values
        self.refused_at_once(
            body,
            lambda: changes.amend(
                pk, actor=self.actor, values=_fields(said), lines=ChangeInputSerializer.lines_of(said),
                expected_version=said.get("version"), faults=body.faults,
            ),
        )  # fmt: skip
        return Response(_change(pk, self.actor))
