"""The moves of every machine of this app over HTTP: what is possible now, and making one."""

from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.views import ActorView
from core.api_moves import OfferSerializer, known_move, move_inputs
from core.errors import NotFound, Problem
from core.locks import found
from execution.services.machine import Machine
from execution.services.moves import MACHINES


def machine_of(kind: str) -> Machine:
    if kind not in MACHINES:
        raise NotFound(Problem("not_found", _("There is no such record, or you may not see it.")))
    return MACHINES[kind]


class ExecutionMovesView(ActorView):
    @extend_schema(
        responses=OfferSerializer(many=True), operation_id="execution_moves_list", summary="What I may do with it now"
    )
    def get(self, request: Request, kind: str, pk: int) -> Response:
        """`kind`: tender, contract, change, progress, payment, plan, plan-item, finding. Moves that are off carry every reason."""
        machine = machine_of(kind)
        row = found(machine.visible(self.actor), pk=pk)
        return Response(OfferSerializer(machine.offers(row, self.actor), many=True).data)


class ExecutionMoveView(ActorView):
    @extend_schema(
        request=OpenApiTypes.OBJECT,
        responses={200: OpenApiTypes.OBJECT},
        operation_id="execution_moves_make",
        summary="Make a move",
    )
    def post(self, request: Request, kind: str, pk: int, move: str) -> Response:
        """The body holds the move's inputs and, if known, the `version` last seen (409 when outdated)."""
        machine = machine_of(kind)
        inputs, version = move_inputs(known_move(machine.flow, move), request.data)
        row = machine.perform(pk, move, actor=self.actor, data=inputs, expected_version=version)
        return Response(_standing(machine, row))


def _standing(machine: Machine, row: Any) -> dict[str, Any]:
    return {"id": row.pk, "state": getattr(row, machine.flow.field_name), "version": row.version}
