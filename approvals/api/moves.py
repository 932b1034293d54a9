"""Every move over HTTP, under the name it has in the table: on one item, on many, on a project."""

from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.views import ActorView
from approvals import policies
from approvals.api.candidates import candidates
from approvals.api.item_serializers import ItemSerializer
from approvals.api.rows import detailed_item, shown
from approvals.flow import ITEM_FLOW
from approvals.services import moves, project_moves
from core.api import LARGEST_ID, ProblemSerializer
from core.api_moves import OfferSerializer, OfferWithCandidatesSerializer, known_move, move_inputs, schema_of_inputs
from core.errors import DomainError, Problem, RuleViolation
from core.keys import key_of
from core.workflow import Offer
from projects.api.serializers import ProjectSerializer
from projects.api.views import shown as shown_project
from projects.lifecycle import LIFECYCLE

MOST_AT_ONCE = 200
ITEM_MOVE = OpenApiParameter(
    "move",
    str,
    OpenApiParameter.PATH,
    enum=[move.name for move in ITEM_FLOW],
    description="A name of the item's table.",
)
BULK_MOVE = OpenApiParameter("move", str, OpenApiParameter.PATH, enum=[move.name for move in ITEM_FLOW if move.bulk])
PROJECT_MOVE = OpenApiParameter(
    "move",
    str,
    OpenApiParameter.PATH,
    enum=[move.name for move in LIFECYCLE],
    description="A name of the project's table.",
)
IDS = {"type": "array", "items": {"type": "integer"}, "minItems": 1, "maxItems": MOST_AT_ONCE}
VERSIONS = {"type": "object", "additionalProperties": {"type": "integer", "minimum": 0}}


def _bulk_body() -> dict[str, Any]:
    body = schema_of_inputs(move for move in ITEM_FLOW if move.bulk)
    del body["properties"]["version"]
    return body | {"properties": {"ids": IDS, "versions": VERSIONS, **body["properties"]}, "required": ["ids"]}


class ItemMoveView(ActorView):
    @extend_schema(
        parameters=[ITEM_MOVE],
        responses=OfferWithCandidatesSerializer,
        operation_id="items_move_offer",
        summary="Could I make this move?",
    )
    def get(self, request: Request, pk: int, move: str) -> Response:
        """What the move asks for, every reason why it is off now, and for who may make it, whom it may name (R-PERM-02)."""
        wanted, item, now = known_move(ITEM_FLOW, move), detailed_item(pk, self.actor), moves.situation()
        refusals = policies.may_move(self.actor, item, wanted)
        offer = OfferSerializer(Offer(wanted, (*refusals, *ITEM_FLOW.problems(item, move, now)))).data
        return Response({**offer, "candidates": [] if refusals else candidates(item, wanted, now)})

    @extend_schema(
        parameters=[ITEM_MOVE],
        request={"application/json": schema_of_inputs(ITEM_FLOW)},
        responses=ItemSerializer,
        operation_id="items_move",
        summary="Make a move",
    )
    def post(self, request: Request, pk: int, move: str) -> Response:
        """Body: the move's inputs, and optionally the `version` last seen. Answers with the item as it stands then."""
        data, version = move_inputs(known_move(ITEM_FLOW, move), request.data)
        moves.perform(pk, move, actor=self.actor, data=data, expected_version=version)
        return Response(shown(pk, self.actor))


class BulkResultSerializer(serializers.Serializer):
    """What became of one item."""

    id = serializers.IntegerField()
    done = serializers.BooleanField()
    code = serializers.CharField(allow_blank=True)
    message = serializers.CharField(allow_blank=True)
    problems = ProblemSerializer(many=True)


class BulkAnswerSerializer(serializers.Serializer):
    done = serializers.IntegerField()
    refused = serializers.IntegerField()
    results = BulkResultSerializer(many=True)


class BulkMoveView(ActorView):
    @extend_schema(
        parameters=[BULK_MOVE],
        request={"application/json": _bulk_body()},
        responses=BulkAnswerSerializer,
        operation_id="items_bulk_move",
        summary="Make a move on many items",
    )
    def post(self, request: Request, move: str) -> Response:
        """Each item in its own transaction with its own trace entry; what was refused is told per item.

        `versions` may hold by id the version last seen: an item that has changed since is refused as `stale`.
        """
        wanted = known_move(ITEM_FLOW, move)
        if not wanted.bulk:
            raise RuleViolation([Problem("not_bulk", _("This move is made on one item at a time."))])
        ids = serializers.ListField(
            child=serializers.IntegerField(min_value=1, max_value=LARGEST_ID),
            allow_empty=False,
            max_length=MOST_AT_ONCE,
        )
        said = {name: value for name, value in request.data.items() if name not in ("ids", "versions")}
        try:
            item_ids = list(dict.fromkeys(ids.run_validation(request.data.get("ids"))))
        except serializers.ValidationError as error:
            raise serializers.ValidationError({"ids": error.detail}) from error
        data, _version = move_inputs(wanted, said)
        versions = _versions(request.data.get("versions"))
        results = moves.perform_many(item_ids, move, actor=self.actor, data=data, versions=versions)
        told = [_result(pk, error) for pk, error in results.items()]
        done = sum(row["done"] for row in told)
        return Response({"done": done, "refused": len(told) - done, "results": told})


def _versions(said: Any) -> dict[int, int]:
    """Versions by id; JSON names its ids as text. Raises ValidationError for any other shape."""
    shape = serializers.DictField(child=serializers.IntegerField(min_value=0, max_value=2**31 - 1))
    try:
        versions = shape.run_validation({} if said is None else said)
    except serializers.ValidationError as error:
        raise serializers.ValidationError({"versions": error.detail}) from error
    return {pk: version for text, version in versions.items() if (pk := key_of(text)) is not None}


def _result(pk: int, error: DomainError | None) -> dict[str, Any]:
    return {
        "id": pk,
        "done": error is None,
        "code": error.code if error else "",
        "message": str(error) if error else "",
        "problems": [problem.as_dict() for problem in error.problems] if error else [],
    }


class ProjectMoveView(ActorView):
    @extend_schema(
        parameters=[PROJECT_MOVE],
        request={"application/json": schema_of_inputs(LIFECYCLE)},
        responses=ProjectSerializer,
        operation_id="projects_move",
        summary="Move a project",
    )
    def post(self, request: Request, pk: int, move: str) -> Response:
        """Body: the move's inputs, and optionally the `version` last seen. Clocks of open items follow."""
        data, version = move_inputs(known_move(LIFECYCLE, move), request.data)
        project_moves.perform(pk, move, actor=self.actor, data=data, expected_version=version)
        return Response(shown_project(pk, self.actor))
