"""The model register over HTTP: the list, one model, its elements, handing in, stopping and repeating the check."""

from django.http import FileResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.views import ActorView, FileView
from bim import original, selectors
from bim.api.serializers import (
    ElementPageSerializer,
    ElementQuestion,
    ElementRowSerializer,
    ElementSerializer,
    ModelPageSerializer,
    ModelQuestion,
    ModelRowSerializer,
    ModelSerializer,
    ModelUploadSerializer,
)
from bim.models import BimElement
from bim.services import ingest, upload
from core import locks
from core.api import CursorPage

CONDITIONS = {"ifc_class": "ifc_class", "type_name": "type_name", "storey": "storey__guid"}


class ModelsView(ActorView):
    @extend_schema(
        parameters=[ModelQuestion],
        responses=ModelPageSerializer,
        operation_id="models_list",
        summary="The models I may see",
    )
    def get(self, request: Request) -> Response:
        """Newest first, in pages that cost the same however many there are."""
        return self.page(request)

    def page(self, request: Request, **narrowed: int) -> Response:
        question = ModelQuestion(data=request.query_params.dict())
        question.is_valid(raise_exception=True)
        filters = {name: v for name, v in question.validated_data.items() if name not in ("cursor", "page_size")}
        pages = CursorPage()
        rows = selectors.register_rows(self.actor, {**filters, **narrowed})
        page = pages.paginate_queryset(rows, request, view=self)
        return pages.get_paginated_response(ModelRowSerializer(page, many=True).data)


class ModelsOfProjectView(ModelsView):
    parser_classes = (MultiPartParser,)

    @extend_schema(
        parameters=[ModelQuestion],
        responses=ModelPageSerializer,
        operation_id="projects_models_list",
        summary="The models of a project",
    )
    def get(self, request: Request, pk: int) -> Response:
        """Every version of every stage and discipline, newest first."""
        return self.page(request, project=selectors.project_of(self.actor, pk).pk)

    @extend_schema(
        request={"multipart/form-data": ModelUploadSerializer},
        responses={201: ModelSerializer},
        operation_id="projects_models_create",
        summary="Hand in a model",
    )
    def post(self, request: Request, pk: int) -> Response:
        """The next version, for the clerk of the project's own unit; it is checked in the background.

        In one go; large files better go to /api/v1/uploads/, where a dropped connection resumes.
        """
        selectors.project_of(self.actor, pk)
        said = self.checked(ModelUploadSerializer)
        file = said.pop("file")
        model = upload.hand_in(pk, file, name=file.name, actor=self.actor, said=said)
        return Response(_shown(self, model.pk), status=status.HTTP_201_CREATED)


class ModelView(ActorView):
    @extend_schema(responses=ModelSerializer, operation_id="models_retrieve", summary="One model")
    def get(self, request: Request, pk: int) -> Response:
        """What was read from its header, how far its check is, why it was refused, and what this person may do."""
        return Response(_shown(self, pk))


class ModelCancelView(ActorView):
    @extend_schema(request=None, responses=ModelSerializer, operation_id="models_cancel", summary="Stop the check")
    def post(self, request: Request, pk: int) -> Response:
        """The reading process ends within a second; the file is kept."""
        ingest.cancel(pk, actor=self.actor)
        return Response(_shown(self, pk))


class ModelCheckAgainView(ActorView):
    @extend_schema(request=None, responses=ModelSerializer, operation_id="models_check_again", summary="Check again")
    def post(self, request: Request, pk: int) -> Response:
        """After a refusal, a cancellation or a fault."""
        ingest.start_again(pk, actor=self.actor)
        return Response(_shown(self, pk))


class ModelFileView(FileView):
    @extend_schema(
        responses={(200, "application/octet-stream"): OpenApiTypes.BINARY},
        operation_id="models_file",
        summary="The file",
    )
    def get(self, request: Request, pk: int) -> FileResponse:
        """The bytes as they were handed in."""
        model = selectors.detailed(self.actor, pk)
        content, file = original.opened(model), model.file
        answer = FileResponse(content, as_attachment=True, filename=file.name, content_type=file.mime)
        answer["X-Content-SHA256"] = file.sha256
        return answer


class ElementsView(ActorView):
    @extend_schema(
        parameters=[ElementQuestion],
        responses=ElementPageSerializer,
        operation_id="models_elements",
        summary="The elements of a model",
    )
    def get(self, request: Request, pk: int) -> Response:
        """Instances of IfcElement, in pages; conditions compare whole names."""
        model = selectors.detailed(self.actor, pk)
        question = ElementQuestion(data=request.query_params.dict())
        question.is_valid(raise_exception=True)
        asked = {CONDITIONS[name]: value for name, value in question.validated_data.items() if name in CONDITIONS}
        rows = BimElement.objects.filter(model=model, is_element=True, **asked).select_related("storey")
        pages = CursorPage()
        page = pages.paginate_queryset(rows, request, view=self)
        return pages.get_paginated_response(ElementRowSerializer(page, many=True).data)


class ElementView(ActorView):
    @extend_schema(responses=ElementSerializer, operation_id="models_element", summary="One element")
    def get(self, request: Request, pk: int, guid: str) -> Response:
        """With its property sets, quantities in SI units, and classification."""
        model = selectors.detailed(self.actor, pk)
        rows = BimElement.objects.filter(model=model).select_related("storey")
        row = locks.found(rows.prefetch_related("properties", "quantities", "classifications"), guid=guid)
        return Response(ElementSerializer(row).data)


def _shown(view: ActorView, pk: int) -> dict[str, object]:
    return ModelSerializer(selectors.detailed(view.actor, pk), context={"actor": view.actor}).data
