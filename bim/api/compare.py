"""Two versions of a model, compared, over HTTP: the figures, the rows, the decisions of people."""

from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.serializers import PersonSerializer
from accounts.api.views import ActorView
from bim import comparing
from bim.comparing import Standing, Versions
from bim.models import ComparisonRow, ElementPairing
from bim.models.comparison import ChangeKind, GeometryCompared, PairedBy, RowState
from bim.services import compare as service
from core.api import CursorPage, StrictSerializer
from core.errors import NotFound, Problem


class VersionSerializer(serializers.Serializer):
    id = serializers.IntegerField(source="pk")
    stage = serializers.CharField()
    discipline = serializers.CharField()
    version = serializers.IntegerField()
    sha256 = serializers.CharField()


class PairingDecisionSerializer(serializers.ModelSerializer):
    """A person's word. An empty GlobalId: there is no counterpart."""

    decided_by = PersonSerializer()

    class Meta:
        model = ElementPairing
        fields = ("id", "old_guid", "new_guid", "decided_by", "decided_at")


class ComparisonSerializer(serializers.Serializer):
    """`state`: NONE, RUNNING, CURRENT or STALE (the models changed since). `counts` is null until there is a result."""

    old = VersionSerializer()
    new = VersionSerializer()
    state = serializers.CharField(help_text="NONE, RUNNING, CURRENT or STALE")
    percent = serializers.IntegerField(allow_null=True)
    finished_at = serializers.DateTimeField(allow_null=True)
    counts = serializers.DictField(
        allow_null=True,
        help_text="states (ADDED, REMOVED, CHANGED, UNCHANGED, WAITING_OLD, WAITING_NEW), kinds of change, geometry "
        "(SAME, CHANGED, NOT_COMPARED, NONE), by (how pairs were found), shift of the whole model in metres or null",
    )
    decisions = PairingDecisionSerializer(many=True)


class ChangeSerializer(serializers.Serializer):
    kind = serializers.CharField(help_text=", ".join(ChangeKind.values))
    name = serializers.CharField(allow_blank=True, help_text="set.name of properties and quantities")
    old = serializers.CharField(allow_blank=True)
    new = serializers.CharField(allow_blank=True)
    delta = serializers.FloatField(allow_null=True, help_text="SI units; metres of a move")
    percent = serializers.FloatField(allow_null=True)
    unit = serializers.CharField(allow_blank=True)


class ComparisonRowSerializer(serializers.ModelSerializer):
    """One element or one pair; of very many changes the first hundred, `n_changes` counts all."""

    state = serializers.CharField(help_text=", ".join(RowState.values))
    paired_by = serializers.CharField(allow_blank=True, help_text=", ".join(PairedBy.values))
    geometry = serializers.CharField(allow_blank=True, help_text=", ".join(GeometryCompared.values))
    changes = serializers.SerializerMethodField()
    candidates = serializers.ListField(child=serializers.CharField())

    class Meta:
        model = ComparisonRow
        fields = (
            "id", "state", "paired_by", "old_guid", "new_guid", "ifc_class", "name", "type_name", "storey", "geometry",
            "n_changes", "changes", "candidates",
        )  # fmt: skip

    @extend_schema(responses=ChangeSerializer(many=True))
    def get_changes(self, row: ComparisonRow) -> list[dict[str, Any]]:
        names = list(ChangeSerializer().fields)
        return [dict(zip(names, change, strict=True)) for change in row.changes]


class ComparisonRowPageSerializer(serializers.Serializer):
    next = serializers.CharField(allow_null=True)
    previous = serializers.CharField(allow_null=True)
    results = ComparisonRowSerializer(many=True)


class RowQuestion(StrictSerializer):
    """What to show; nothing: every row."""

    state = serializers.ChoiceField([*RowState.values, "DIFFERENT", "WAITING", "NOT_COMPARED"], required=False)
    change = serializers.ChoiceField(ChangeKind.values, required=False)
    kind = serializers.CharField(required=False, max_length=60, help_text="IFC class")
    storey = serializers.CharField(required=False, max_length=255)
    q = serializers.CharField(required=False, max_length=255, help_text="part of the name or type; a GlobalId")
    cursor = serializers.CharField(required=False)
    page_size = serializers.IntegerField(required=False, min_value=1, max_value=200)


class PairSaid(StrictSerializer):
    """One of the two may be empty: there is no counterpart."""

    old_guid = serializers.CharField(required=False, allow_blank=True, max_length=22, default="")
    new_guid = serializers.CharField(required=False, allow_blank=True, max_length=22, default="")


class ComparisonView(ActorView):
    @extend_schema(responses=ComparisonSerializer, operation_id="models_compare", summary="How a comparison stands")
    def get(self, request: Request, pk: int, other: int) -> Response:
        """The older version comes first whichever way round they are named."""
        return Response(_shown(comparing.versions(self.actor, pk, other)))

    @extend_schema(
        request=None,
        responses={200: ComparisonSerializer, 202: ComparisonSerializer},
        operation_id="models_compare_start",
        summary="Compare two versions",
    )
    def post(self, request: Request, pk: int, other: int) -> Response:
        """At once for small models, else in the background (202). What still holds is not done again."""
        service.start(pk, other, actor=self.actor)
        shown = _shown(comparing.versions(self.actor, pk, other))
        running = shown["state"] == "RUNNING"
        return Response(shown, status=status.HTTP_202_ACCEPTED if running else status.HTTP_200_OK)


class ComparisonRowsView(ActorView):
    @extend_schema(
        parameters=[RowQuestion],
        responses=ComparisonRowPageSerializer,
        operation_id="models_compare_rows",
        summary="What was found, element by element",
    )
    def get(self, request: Request, pk: int, other: int) -> Response:
        """404 until the two were compared."""
        question = RowQuestion(data=request.query_params.dict())
        question.is_valid(raise_exception=True)
        run = comparing.standing(comparing.versions(self.actor, pk, other)).run
        if run is None:
            raise NotFound(Problem("compare.missing", _("Compare the two versions first.")))
        pages = CursorPage()
        rows = comparing.rows_of(run, question.validated_data).order_by("-pk")
        page = pages.paginate_queryset(rows, request, view=self)
        return pages.get_paginated_response(ComparisonRowSerializer(page, many=True).data)


class ComparisonPairsView(ActorView):
    @extend_schema(
        request=PairSaid,
        responses={201: ComparisonSerializer},
        operation_id="models_compare_pair",
        summary="Say which element became which",
    )
    def post(self, request: Request, pk: int, other: int) -> Response:
        """For elements that wait, by the clerk of the project's own unit; the models are compared again."""
        service.decide(pk, other, **self.checked(PairSaid), actor=self.actor)
        return Response(_shown(comparing.versions(self.actor, pk, other)), status=status.HTTP_201_CREATED)


class ComparisonPairView(ActorView):
    @extend_schema(responses=ComparisonSerializer, operation_id="models_compare_unpair", summary="Take a decision back")
    def delete(self, request: Request, pk: int, other: int, pairing: int) -> Response:
        """The models are compared again."""
        service.undo(pk, other, pairing, actor=self.actor)
        return Response(_shown(comparing.versions(self.actor, pk, other)))


def _shown(pair: Versions) -> dict[str, Any]:
    standing = comparing.standing(pair)
    run = standing.run
    decisions = ElementPairing.objects.filter(old_model=pair.old, new_model=pair.new).select_related("decided_by")
    return ComparisonSerializer(
        {
            "old": pair.old,
            "new": pair.new,
            "state": _state(standing),
            "percent": standing.job.percent if standing.is_at_work else None,
            "finished_at": run.finished_at if run else None,
            "counts": run.counts if run else None,
            "decisions": decisions,
        }
    ).data


def _state(standing: Standing) -> str:
    if standing.is_at_work:
        return "RUNNING"
    if standing.run is None:
        return "NONE"
    return "CURRENT" if standing.is_current else "STALE"
