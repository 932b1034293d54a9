"""The annual plan as a workbook over HTTP, rows of one taken in, and the what-if of several years."""

from decimal import Decimal
from typing import Any

from django.http import HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.views import ActorView, FileView
from accounts.policies import insist
from core.api import StrictSerializer, YuanField, yuan_input
from execution import plan_outlook, planning
from execution.api.plan_shapes import MOST_AMOUNTS, PlanItemRowSerializer, rows_shown
from execution.plan_outlook import Assumptions, Picture
from execution.plan_policies import may_simulate
from execution.plan_sheet import LIMITS
from execution.services.plan_export import export, file_name
from execution.services.plan_import import import_rows

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class PlanWorkbookSerializer(StrictSerializer):
    file = serializers.FileField()


class EnvelopeOfYearSerializer(StrictSerializer):
    year = serializers.IntegerField(min_value=2000, max_value=2200)
    source = serializers.CharField(max_length=10)  # type: ignore[assignment]
    amount = yuan_input()


class AssumptionsSerializer(StrictSerializer):
    """`growth` percent a year; `envelopes` replace the grown ones."""

    years = serializers.IntegerField(min_value=1, max_value=plan_outlook.MOST_YEARS, default=3)
    growth = serializers.DecimalField(max_digits=6, decimal_places=3, min_value=-100, max_value=100, default=Decimal(0))
    with_left_out = serializers.BooleanField(default=False)
    envelopes = EnvelopeOfYearSerializer(many=True, required=False, max_length=MOST_AMOUNTS)


class OutlookCellSerializer(serializers.Serializer):
    """`planned` = asked in the year + carried from years before; `gap` = planned − given."""

    year = serializers.IntegerField()
    source = serializers.CharField()  # type: ignore[assignment]
    available = YuanField()
    asked = YuanField()
    carried = YuanField()
    planned = YuanField()
    given = YuanField()
    gap = YuanField()


class OutlookProjectSerializer(serializers.Serializer):
    item_id = serializers.IntegerField(source="item.pk")
    project_id = serializers.IntegerField(source="item.project_id")
    project_name = serializers.CharField(source="item.project.name")
    remaining = YuanField()
    given = serializers.ListField(child=YuanField())
    not_covered = YuanField(source="waits")


class OutlookSerializer(serializers.Serializer):
    years = serializers.ListField(child=serializers.IntegerField())
    sources = serializers.ListField(child=serializers.CharField())
    cells = OutlookCellSerializer(many=True, source="outlook.cells")
    projects = OutlookProjectSerializer(many=True)


class PlanOutlookView(ActorView):
    @extend_schema(
        request=AssumptionsSerializer, responses=OutlookSerializer, operation_id="plans_outlook",
        summary="What if: envelopes of several years",
    )  # fmt: skip
    def post(self, request: Request, pk: int) -> Response:
        """Keeps nothing. Year × source: available, planned, gap; and what each unfinished project gets."""
        insist(may_simulate, self.actor)
        plan = planning.plan_of(self.actor, pk)
        said = self.checked(AssumptionsSerializer)
        envelopes = {(row["year"], row["source"]): row["amount"] for row in said.get("envelopes", [])}
        picture: Picture = plan_outlook.outlook(
            self.actor, plan, Assumptions(said["years"], said["growth"], envelopes, said["with_left_out"])
        )
        return Response(OutlookSerializer(picture).data)


class PlanExportView(FileView):
    @extend_schema(
        request=None, responses={(200, XLSX): OpenApiTypes.BINARY}, operation_id="plans_export",
        summary="The plan as XLSX",
    )  # fmt: skip
    def post(self, request: Request, pk: int) -> HttpResponse:
        """What this person sees of it. The trace keeps who took it."""
        plan, content = export(pk, actor=self.actor)
        response = HttpResponse(content, content_type=XLSX)
        response["Content-Disposition"] = f'attachment; filename="{file_name(plan)}"'
        response["Cache-Control"] = "no-store"
        return response


class PlanImportView(ActorView):
    parser_classes = (MultiPartParser,)

    @extend_schema(
        request={"multipart/form-data": PlanWorkbookSerializer}, responses=PlanItemRowSerializer(many=True),
        operation_id="plans_import", summary="Import rows of a plan from XLSX",
    )  # fmt: skip
    def post(self, request: Request, pk: int) -> Response:
        """Units: draft requests. The plan officer: balancing. All rows, or none and every fault with its cell or row."""
        said = self.checked(PlanWorkbookSerializer)
        content: bytes = said["file"].read(LIMITS.megabytes * 1024 * 1024 + 1)
        keys = [item.pk for item in import_rows(pk, actor=self.actor, content=content)]
        rows: Any = planning.items_of(self.actor, planning.plan_of(self.actor, pk)).filter(pk__in=keys)
        return Response(rows_shown(rows.order_by("pk")).data)
