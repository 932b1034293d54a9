"""The signed papers of contracts and supplements over HTTP."""

from django.http import FileResponse
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.views import FileView
from core import files
from core.errors import NotFound, Problem
from core.locks import found
from core.models import StoredFile
from execution.api.contract_shapes import SignedFileInputSerializer, SignedFileSerializer
from execution.models import Contract, Supplement
from execution.services import contract_files
from execution.services.evidence import Upload

BYTES = {(200, "application/octet-stream"): OpenApiTypes.BINARY}
MULTIPART = {"multipart/form-data": SignedFileInputSerializer}


def _answer(file: StoredFile | None) -> FileResponse:
    if file is None:
        raise NotFound(Problem("not_found", _("There is no such record, or you may not see it.")))
    answer = FileResponse(files.open_stored(file), as_attachment=True, filename=file.name, content_type=file.mime)
    answer["X-Content-SHA256"] = file.sha256
    return answer


class ContractFileView(FileView):
    parser_classes = (MultiPartParser,)

    @extend_schema(responses=BYTES, operation_id="contracts_file", summary="The signed contract")
    def get(self, request: Request, pk: int) -> FileResponse:
        """The bytes as they were uploaded."""
        return _answer(found(Contract.objects.visible_to(self.actor).select_related("file"), pk=pk).file)

    @extend_schema(
        request=MULTIPART, responses={201: SignedFileSerializer}, operation_id="contracts_keep_file",
        summary="Hand in the signed contract",
    )  # fmt: skip
    def post(self, request: Request, pk: int) -> Response:
        """For the clerk of the project's own unit, once the day of signing is entered."""
        file = self.checked(SignedFileInputSerializer)["file"]
        row = contract_files.keep_contract(pk, actor=self.actor, upload=Upload(file, file.name))
        return Response(SignedFileSerializer(row.file).data, status=status.HTTP_201_CREATED)


class SupplementFileView(FileView):
    parser_classes = (MultiPartParser,)

    @extend_schema(responses=BYTES, operation_id="supplements_file", summary="The signed supplement")
    def get(self, request: Request, pk: int) -> FileResponse:
        """The bytes as they were uploaded."""
        rows = Supplement.objects.filter(contract__in=Contract.objects.visible_to(self.actor)).select_related("file")
        return _answer(found(rows, pk=pk).file)

    @extend_schema(
        request=MULTIPART, responses={201: SignedFileSerializer}, operation_id="supplements_keep_file",
        summary="Hand in the signed supplement",
    )  # fmt: skip
    def post(self, request: Request, pk: int) -> Response:
        file = self.checked(SignedFileInputSerializer)["file"]
        row = contract_files.keep_supplement(pk, actor=self.actor, upload=Upload(file, file.name))
        return Response(SignedFileSerializer(row.file).data, status=status.HTTP_201_CREATED)
