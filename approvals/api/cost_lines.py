"""The cost tree over HTTP: declared lines, reviewed amounts, import of a workbook."""

from collections import defaultdict
from decimal import Decimal
from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.actor import Actor
from accounts.api.views import ActorView
from approvals.api.review_serializers import rate_text
from approvals.api.rows import visible_item
from approvals.models import CostLine
from approvals.services import costs
from approvals.services.cost_import import import_lines
from approvals.services.costs import DeclaredLine, ReviewedLine
from approvals.sight import sight_of
from approvals.states import ReductionReason
from core.api import ProblemSerializer, StrictSerializer, VersionSerializer, YuanField, read_body, yuan_input

MOST_LINES = 5_000
PLAIN = ("code", "parent_code", "name", "standard_code", "unit", "quantity", "is_leaf")


class ShownLineSerializer(serializers.Serializer):
    """A line with its amounts in yuan; a heading shows the sums below it. Reviewed is null until all below it is."""

    code = serializers.CharField()
    parent_code = serializers.CharField(allow_blank=True)
    name = serializers.CharField()
    standard_code = serializers.CharField(allow_blank=True)
    unit = serializers.CharField(allow_blank=True)
    quantity = serializers.DecimalField(18, 4, allow_null=True)
    is_leaf = serializers.BooleanField()
    declared = YuanField(allow_null=True)
    reviewed = YuanField(allow_null=True)
    reduction = YuanField(allow_null=True)
    rate = serializers.DecimalField(12, 4, allow_null=True)
    reason_class = serializers.CharField(allow_blank=True)
    reason = serializers.CharField(allow_blank=True)


class TotalSerializer(serializers.Serializer):
    declared = YuanField(allow_null=True)
    reviewed = YuanField(allow_null=True)
    reduction = YuanField(allow_null=True)
    rate = serializers.DecimalField(12, 4, allow_null=True)


class CostTreeSerializer(serializers.Serializer):
    """The lines in their order, and their total. `version` goes back with the next write."""

    version = serializers.IntegerField()
    lines = ShownLineSerializer(many=True)
    total = TotalSerializer()


class ImportedTreeSerializer(CostTreeSerializer):
    warnings = ProblemSerializer(many=True)


class DeclaredLineSerializer(StrictSerializer):
    """One line; `declared` in yuan, null for a heading, whose amount is the sum below it."""

    code = serializers.CharField(max_length=30)
    name = serializers.CharField(max_length=200)
    declared = yuan_input(allow_null=True, required=False)
    standard_code = serializers.CharField(max_length=30, allow_blank=True, required=False)
    unit = serializers.CharField(max_length=20, allow_blank=True, required=False)
    quantity = serializers.DecimalField(18, 4, allow_null=True, required=False, min_value=0)


class DeclaredLinesSerializer(VersionSerializer):
    lines = DeclaredLineSerializer(many=True, max_length=MOST_LINES)


class ReviewedLineSerializer(StrictSerializer):
    """One reviewed amount in yuan with its reason; null takes it back."""

    code = serializers.CharField(max_length=30)
    reviewed = yuan_input(allow_null=True)
    reason = serializers.CharField(max_length=300, allow_blank=True, required=False)
    reason_class = serializers.ChoiceField(ReductionReason.choices, allow_blank=True, required=False)


class ReviewedLinesSerializer(VersionSerializer):
    lines = ReviewedLineSerializer(many=True, max_length=MOST_LINES)


class WorkbookSerializer(VersionSerializer):
    file = serializers.FileField(allow_empty_file=True)


class CostLinesView(ActorView):
    @extend_schema(responses=CostTreeSerializer, operation_id="items_cost_lines", summary="The cost tree")
    def get(self, request: Request, pk: int) -> Response:
        """Declared and, for those who may see it, reviewed amounts, line by line and in total."""
        return Response(tree(pk, self.actor))

    @extend_schema(
        request=DeclaredLinesSerializer,
        responses=CostTreeSerializer,
        operation_id="items_declare_cost_lines",
        summary="Declare the cost lines",
    )
    def put(self, request: Request, pk: int) -> Response:
        """Replaces all lines; the declared amount of the item becomes the sum of the leaves."""
        body = read_body(DeclaredLinesSerializer(data=request.data))
        lines = [DeclaredLine(**line) for line in body.values.get("lines", ())]
        seen, faults = body.values.get("version"), body.faults
        self.refused_at_once(
            body,
            lambda: costs.declare_lines(pk, actor=self.actor, lines=lines, expected_version=seen, faults=faults),
        )
        return Response(tree(pk, self.actor))


class CostReviewView(ActorView):
    @extend_schema(
        request=ReviewedLinesSerializer,
        responses=CostTreeSerializer,
        operation_id="items_review_cost_lines",
        summary="Enter reviewed amounts",
    )
    def put(self, request: Request, pk: int) -> Response:
        """For the reviewers the item is assigned to; lines not named stay. Signatures under other figures are voided."""
        body = read_body(ReviewedLinesSerializer(data=request.data))
        lines = [ReviewedLine(**line) for line in body.values.get("lines", ())]
        seen, faults = body.values.get("version"), body.faults
        self.refused_at_once(
            body,
            lambda: costs.review_lines(pk, actor=self.actor, lines=lines, expected_version=seen, faults=faults),
        )
        return Response(tree(pk, self.actor))


class CostImportView(ActorView):
    parser_classes = (MultiPartParser,)

    @extend_schema(
        request={"multipart/form-data": WorkbookSerializer},
        responses=ImportedTreeSerializer,
        operation_id="items_import_cost_lines",
        summary="Import the cost lines from XLSX",
    )
    def post(self, request: Request, pk: int) -> Response:
        """All of the workbook or nothing: every error is a problem whose field is its cell, such as `C12`."""
        said = self.checked(WorkbookSerializer)
        _item, warnings = import_lines(
            pk, actor=self.actor, content=said["file"].read(), expected_version=said.get("version")
        )
        told = [warning.as_problem().as_dict() for warning in warnings]
        return Response({**tree(pk, self.actor), "warnings": told})


def tree(pk: int, actor: Actor) -> dict[str, Any]:
    """The cost tree as this person may see it."""
    item = visible_item(pk, actor)
    lines = list(item.cost_lines.order_by("position"))
    shows_review = sight_of(actor, item).reviewed
    below = _leaves_below(lines)
    rows = [_row(line, below[line.code], shows_review) for line in lines]
    total = _amounts([line for line in lines if line.is_leaf], shows_review)
    return CostTreeSerializer({"version": item.version, "lines": rows, "total": total}).data


def _leaves_below(lines: list[CostLine]) -> dict[str, list[CostLine]]:
    """Code of a line → the leaves its amounts add up from; a leaf's own code → itself."""
    below: dict[str, list[CostLine]] = defaultdict(list)
    for leaf in (line for line in lines if line.is_leaf):
        parts = leaf.code.split(".")
        for depth in range(1, len(parts) + 1):
            below[".".join(parts[:depth])].append(leaf)
    return below


def _row(line: CostLine, leaves: list[CostLine], shows_review: bool) -> dict[str, Any]:
    row = {name: getattr(line, name) for name in PLAIN}
    reasons = (
        {"reason_class": line.reason_class, "reason": line.reason}
        if shows_review
        else {"reason_class": "", "reason": ""}
    )
    return {**row, **_amounts(leaves, shows_review), **reasons}


def _amounts(leaves: list[CostLine], shows_review: bool) -> dict[str, Any]:
    declared = _sum(line.declared for line in leaves)
    reviewed = _sum(line.reviewed for line in leaves) if shows_review else None
    both = declared is not None and reviewed is not None
    return {
        "declared": declared,
        "reviewed": reviewed,
        "reduction": declared - reviewed if both else None,
        "rate": rate_text(declared, reviewed),
    }


def _sum(amounts: Any) -> Decimal | None:
    """The sum, or None while one of them is missing."""
    found = list(amounts)
    return sum(found, Decimal("0.00")) if found and None not in found else None
