"""Reports over HTTP: which there are, the rows of one as exact values, and the file of it."""

from dataclasses import fields
from typing import Any

from django.http import HttpResponse
from django.utils.http import content_disposition_header
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.views import ActorView, FileView
from accounts.policies import insist
from core.api import StrictSerializer, refuse_unknown
from reports import policies, renderers, services
from reports.catalog import REPORTS, report_type
from reports.filters import WORDS, Filters
from reports.renderers.json import as_dict

FILTERS = tuple(WORDS.get(field.name, field.name) for field in fields(Filters))
FILTER_PARAMETERS = [OpenApiParameter(name, str) for name in FILTERS]
CODE = OpenApiParameter("code", str, OpenApiParameter.PATH, enum=list(REPORTS))
LONGEST_WORD = 40


class ReportTypeSerializer(serializers.Serializer):
    """A report; `by` are the dimensions its rows may have, `filters` the words it knows beside the period."""

    code = serializers.CharField()
    title = serializers.CharField()
    description = serializers.CharField()
    by = serializers.ListField(child=serializers.CharField())
    filters = serializers.ListField(child=serializers.CharField(), source="asks")
    pages = serializers.BooleanField()


class ColumnSerializer(serializers.Serializer):
    key = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]  # a field of this name hides nothing: DRF keeps them apart
    kind = serializers.CharField()
    unit = serializers.CharField(allow_blank=True)


class ReportSerializer(serializers.Serializer):
    """The table every format shows. Rows map column keys to exact values: decimals as strings, money in yuan."""

    report = serializers.CharField()
    title = serializers.CharField()
    subtitle = serializers.CharField(allow_blank=True)
    period = serializers.CharField(allow_blank=True)
    filters = serializers.CharField(allow_blank=True)
    cutoff = serializers.CharField(allow_blank=True)
    generated_at = serializers.DateTimeField()
    generated_by = serializers.CharField(allow_blank=True)
    columns = ColumnSerializer(many=True)
    rows = serializers.ListField(child=serializers.DictField())
    totals = serializers.DictField(allow_null=True)
    notes = serializers.ListField(child=serializers.CharField())
    size = serializers.IntegerField(help_text="Rows in all; a long report is told page by page.")
    next = serializers.CharField(allow_null=True)


class PlaceSerializer(serializers.Serializer):
    """Which part of a long report."""

    offset = serializers.IntegerField(min_value=0, max_value=10_000_000, default=0)
    page_size = serializers.IntegerField(min_value=1, max_value=1000, default=200)


class ReportFileSerializer(StrictSerializer):
    """What to make a file of: the format, and the same words as the report's address knows."""

    format = serializers.ChoiceField(sorted(renderers.FORMATS))

    def get_fields(self) -> dict[str, Any]:
        words = {
            name: serializers.CharField(max_length=LONGEST_WORD, required=False, allow_blank=True) for name in FILTERS
        }
        return {**super().get_fields(), **words}


class ReportsView(ActorView):
    @extend_schema(
        responses=ReportTypeSerializer(many=True),
        operation_id="reports_list",
        summary="Which reports there are",
        filters=False,
    )
    def get(self, request: Request) -> Response:
        """For the roles that read reports."""
        insist(policies.may_read, self.actor)
        readable = [kind for kind in REPORTS.values() if policies.may_read(self.actor, kind.code) is None]
        return Response(ReportTypeSerializer(readable, many=True).data)


class ReportView(ActorView):
    @extend_schema(
        parameters=[CODE, *FILTER_PARAMETERS, PlaceSerializer],
        responses=ReportSerializer,
        operation_id="reports_retrieve",
        summary="A report",
    )
    def get(self, request: Request, code: str) -> Response:
        """The rows this person may count, with their totals. The same rows stand in every format."""
        kind, words = report_type(code), request.query_params.dict()
        place = PlaceSerializer(data={name: words.pop(name) for name in ("offset", "page_size") if name in words})
        place.is_valid(raise_exception=True)
        start, size = place.validated_data["offset"], place.validated_data["page_size"]
        made = services.build(code, _filters(words, kind.by), self.actor, slice(start, start + size))
        more = kind.pages and start + size < made.size
        answer = {**as_dict(made.table), "size": made.size, "next": self._next(start + size) if more else None}
        return Response(answer)

    def _next(self, offset: int) -> str:
        wanted = self.request.query_params.copy()
        wanted["offset"] = str(offset)
        return self.request.build_absolute_uri(f"{self.request.path}?{wanted.urlencode()}")


class ReportFileView(FileView):
    @extend_schema(
        parameters=[CODE],
        request=ReportFileSerializer,
        responses={(200, "application/octet-stream"): OpenApiTypes.BINARY},
        operation_id="reports_file",
        summary="A report as a file",
    )
    def post(self, request: Request, code: str) -> HttpResponse:
        """CSV, XLSX, PDF or JSON, for the roles that may export; the trace keeps what was taken, with its hash."""
        said = self.checked(ReportFileSerializer)
        format_name = said.pop("format")
        export = services.produce(code, _filters(said, report_type(code).by), format_name, self.actor)
        answer = HttpResponse(export.content, content_type=export.content_type)
        answer["Content-Disposition"] = content_disposition_header(True, export.name)
        return answer


def _filters(words: dict[str, str], dimensions: tuple[str, ...]) -> Filters:
    refuse_unknown(words, FILTERS)
    word = serializers.CharField(max_length=LONGEST_WORD, allow_blank=True)
    for text in words.values():
        word.run_validation(text)
    return Filters.parse(words, dimensions)
