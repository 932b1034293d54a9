"""Checks of models and the library of information requirements over HTTP."""

from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.views import ActorView, FileView
from accounts.policies import insist
from bim import check_export, check_wording, ids_faults, ids_library, policies, selectors, standing
from bim.bcf.records import VERSIONS
from bim.models import CheckFailure, CheckResult, CheckRun
from bim.services import checks, ids_files
from bim.states import Discipline, ModelStage
from core import locks
from core.api import CursorPage
from core.errors import NotFound, Problem
from core.services.exports import note_export


class StandingReasonSerializer(serializers.Serializer):
    code = serializers.CharField()
    message = serializers.CharField()


class RequirementsSerializer(serializers.Serializer):
    """One set of requirements. `key`: shipped:<code> or ids:<id>; empty stage or discipline: for every one."""

    key = serializers.CharField()
    title = serializers.CharField()
    stage = serializers.CharField(allow_blank=True)
    discipline = serializers.CharField(allow_blank=True)
    required = serializers.BooleanField()
    sha256 = serializers.CharField(allow_blank=True)
    retired_at = serializers.DateTimeField(allow_null=True)


class CheckedSerializer(serializers.Serializer):
    """What is known of the model under one set now: NOT_CHECKED where the result is of other bytes, or there is none."""

    key = serializers.CharField(source="requirements.key")
    title = serializers.CharField()
    required = serializers.BooleanField(source="requirements.required")
    ids_sha256 = serializers.CharField(source="requirements.sha256", allow_blank=True)
    verdict = serializers.CharField(help_text="PASSED, FAILED, NOT_CHECKED or NOT_APPLICABLE.")
    is_stale = serializers.BooleanField()
    is_under_way = serializers.SerializerMethodField()
    run = serializers.IntegerField(source="run.pk", allow_null=True, default=None)

    def get_is_under_way(self, row: standing.Checked) -> bool:
        return row.pending is not None


class ChecksSerializer(serializers.Serializer):
    """How a model stands over all required sets, with the reasons, and every set."""

    verdict = serializers.CharField()
    reasons = StandingReasonSerializer(many=True)
    model_sha256 = serializers.CharField()
    sets = CheckedSerializer(many=True)


class CheckResultSerializer(serializers.ModelSerializer):
    """One requirement; the failing elements are at `…/results/<id>/`."""

    verdict = serializers.CharField()
    name = serializers.SerializerMethodField()
    text = serializers.SerializerMethodField()

    class Meta:
        model = CheckResult
        fields = ("id", "code", "name", "text", "requirement", "verdict", "n_applicable", "n_failed")
        read_only_fields = fields

    def get_name(self, row: CheckResult) -> str:
        return check_wording.result_name(row)

    def get_text(self, row: CheckResult) -> str:
        return check_wording.requirement_text(row.requirement)


class CheckRunSerializer(serializers.ModelSerializer):
    """One run: of which bytes, against which bytes, by which tool."""

    verdict = serializers.CharField()
    title = serializers.SerializerMethodField()
    reasons = serializers.SerializerMethodField()
    results = CheckResultSerializer(many=True)

    class Meta:
        model = CheckRun
        fields = (
            "id", "key", "title", "verdict", "required", "model_sha256", "ids_sha256", "tool", "started_at", "finished_at",
            "reasons", "results",
        )  # fmt: skip
        read_only_fields = fields

    def get_title(self, run: CheckRun) -> str:
        return check_wording.title_of(run)

    def get_reasons(self, run: CheckRun) -> list[str]:
        return [ids_faults.said(reason) for reason in run.reasons]


class CheckFailureSerializer(serializers.ModelSerializer):
    message = serializers.SerializerMethodField()

    class Meta:
        model = CheckFailure
        fields = ("guid", "ifc_class", "name", "reason", "detail", "message")
        read_only_fields = fields

    def get_message(self, row: CheckFailure) -> str:
        return check_wording.reason_text(row)


class CheckFailurePageSerializer(serializers.Serializer):
    next = serializers.CharField(allow_null=True)
    previous = serializers.CharField(allow_null=True)
    results = CheckFailureSerializer(many=True)


class CheckStartSerializer(serializers.Serializer):
    """`keys`: only these sets; without it everything that fits."""

    keys = serializers.ListField(child=serializers.CharField(max_length=80), max_length=50, required=False)


class IdsUploadSerializer(serializers.Serializer):
    file = serializers.FileField()
    stage = serializers.ChoiceField(ModelStage.choices, required=False)
    discipline = serializers.ChoiceField(Discipline.choices, required=False)
    required = serializers.BooleanField(default=False)


class IdsChangeSerializer(serializers.Serializer):
    required = serializers.BooleanField(required=False)
    retired = serializers.BooleanField(required=False)


class ModelChecksView(ActorView):
    @extend_schema(responses=ChecksSerializer, operation_id="models_checks", summary="How a model stands")
    def get(self, request: Request, pk: int) -> Response:
        """The worst of the required sets; not checked is never passed."""
        return Response(self._shown(pk))

    @extend_schema(
        request=CheckStartSerializer,
        responses={202: ChecksSerializer},
        operation_id="models_checks_start",
        summary="Check again",
    )
    def post(self, request: Request, pk: int) -> Response:
        """Everything that fits the model, or the sets named; in the background."""
        selectors.detailed(self.actor, pk)
        said = self.checked(CheckStartSerializer)
        checks.start_again(pk, actor=self.actor, keys=said.get("keys"))
        return Response(self._shown(pk), status=status.HTTP_202_ACCEPTED)

    def _shown(self, pk: int) -> dict[str, Any]:
        model = selectors.detailed(self.actor, pk)
        rows = standing.checked_of(model)
        found = standing.standing_of(rows)
        told = {"verdict": found.verdict, "reasons": [one.as_dict() for one in found.reasons], "sets": rows}
        return ChecksSerializer({**told, "model_sha256": model.sha256}).data


class CheckRunView(ActorView):
    @extend_schema(responses=CheckRunSerializer, operation_id="models_check", summary="One run of a check")
    def get(self, request: Request, pk: int, run: int) -> Response:
        return Response(CheckRunSerializer(_run(self, pk, run)).data)


class CheckFailuresView(ActorView):
    @extend_schema(
        responses=CheckFailurePageSerializer,
        operation_id="models_check_failures",
        summary="The elements that fail a requirement",
    )
    def get(self, request: Request, pk: int, run: int, result: int) -> Response:
        row = locks.found(CheckResult.objects.filter(run=_run(self, pk, run)), pk=result)
        pages = CursorPage()
        page = pages.paginate_queryset(CheckFailure.objects.filter(result=row), request, view=self)
        return pages.get_paginated_response(CheckFailureSerializer(page, many=True).data)


class CheckBcfView(FileView):
    @extend_schema(
        request=None,
        responses={(200, "application/octet-stream"): OpenApiTypes.BINARY},
        operation_id="models_check_bcf",
        summary="A run as BCF",
    )
    def post(self, request: Request, pk: int, run: int, version: str) -> HttpResponse:
        """One topic per requirement that fails, the failing elements selected; the trace keeps that it was taken."""
        row = _run(self, pk, run)
        if version not in VERSIONS:
            raise NotFound(Problem("format.unknown", _("“%(name)s” is not a format.") % {"name": version}))
        content = check_export.as_bcf(row, version)
        filters = {"model": pk, "requirements": row.key, "format": f"bcf-{version}"}
        note_export(
            "bim.check.exported",
            content,
            actor=self.actor,
            rows=row.results.count(),
            filters=filters,
            project_id=row.model.project_id,
        )
        answer = HttpResponse(content, content_type="application/octet-stream")
        answer["Content-Disposition"] = f'attachment; filename="check-{row.pk}.bcf"'
        return answer


class RequirementsView(ActorView):
    parser_classes = (MultiPartParser,)

    @extend_schema(
        responses=RequirementsSerializer(many=True),
        operation_id="requirements_list",
        summary="The library of information requirements",
    )
    def get(self, request: Request) -> Response:
        """Shipped files, then handed-in ones; retired ones too."""
        return Response(RequirementsSerializer(ids_library.library(with_retired=True), many=True).data)

    @extend_schema(
        request={"multipart/form-data": IdsUploadSerializer},
        responses={201: RequirementsSerializer},
        operation_id="requirements_create",
        summary="Hand in an IDS file",
    )
    def post(self, request: Request) -> Response:
        """An invalid file is refused with all its faults."""
        insist(policies.may_keep_requirements, self.actor)
        said = self.checked(IdsUploadSerializer)
        file = said.pop("file")
        row = ids_files.upload(file, name=file.name, actor=self.actor, said=said)
        return Response(_requirements(f"ids:{row.pk}"), status=status.HTTP_201_CREATED)


class RequirementView(ActorView):
    @extend_schema(
        request=IdsChangeSerializer,
        responses=RequirementsSerializer,
        operation_id="requirements_change",
        summary="Require, advise, retire, take back",
    )
    def patch(self, request: Request, key: str) -> Response:
        said = self.checked(IdsChangeSerializer)
        if "required" in said:
            ids_files.set_required(key, said["required"], actor=self.actor)
        if "retired" in said:
            (ids_files.retire if said["retired"] else ids_files.take_back)(key, actor=self.actor)
        return Response(_requirements(key))


def _requirements(key: str) -> dict[str, Any]:
    return RequirementsSerializer(ids_library.entry(key, with_retired=True)).data


def _run(view: ActorView, pk: int, run: int) -> CheckRun:
    model = selectors.detailed(view.actor, pk)
    row = locks.found(CheckRun.objects.filter(model=model, finished_at__isnull=False), pk=run)
    row.model = model
    return row
