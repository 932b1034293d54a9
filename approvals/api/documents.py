"""Official documents over HTTP: those of an item, each as PDF, and the public check of one."""

from django.http import HttpResponse
from django.utils.http import content_disposition_header
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse

from accounts.api.views import ActorView, FileView, PublicView
from approvals.api.rows import visible_item
from approvals.models import ApprovalItem, IssuedDocument
from approvals.services import documents
from approvals.sight import sight_of
from core import locks


class DocumentSerializer(serializers.ModelSerializer):
    """An issued document. `facts_sha256` stands on the paper and on the public verification page."""

    kind = serializers.CharField()
    pdf = serializers.SerializerMethodField()

    class Meta:
        model = IssuedDocument
        fields = (
            "id",
            "kind",
            "number",
            "title",
            "issued_on",
            "facts_sha256",
            "token",
            "voided_on",
            "is_public",
            "pdf",
        )
        read_only_fields = fields

    def get_pdf(self, document: IssuedDocument) -> str:
        return reverse("api:document-pdf", kwargs={"pk": document.pk})


class VerificationSerializer(serializers.Serializer):
    """What everybody who holds the paper may know: that it is genuine, and whether it still stands."""

    number = serializers.CharField(allow_blank=True)
    kind = serializers.CharField()
    title = serializers.CharField(allow_blank=True)
    issuer = serializers.CharField(allow_blank=True)
    issued_on = serializers.DateField()
    sha256 = serializers.CharField()
    valid = serializers.BooleanField()
    voided_on = serializers.DateField(allow_null=True)


class DocumentsView(ActorView):
    @extend_schema(
        responses=DocumentSerializer(many=True),
        operation_id="items_documents",
        summary="Documents of an item",
        filters=False,
    )
    def get(self, request: Request, pk: int) -> Response:
        """Those this person may read; letters between the houses are not for the unit."""
        item = visible_item(pk, self.actor)
        return Response(DocumentSerializer(sight_of(self.actor, item).documents(item), many=True).data)


class DocumentPdfView(FileView):
    @extend_schema(
        responses={(200, "application/pdf"): OpenApiTypes.BINARY},
        operation_id="documents_pdf",
        summary="A document as PDF",
    )
    def get(self, request: Request, pk: int) -> HttpResponse:
        """The same facts always give the same bytes."""
        items = ApprovalItem.objects.visible_to(self.actor)
        document = locks.found(IssuedDocument.objects.filter(item__in=items).select_related("item", "file"), pk=pk)
        if not sight_of(self.actor, document.item).shows_document(document.kind):
            document = locks.found(IssuedDocument.objects.none(), pk=pk)
        answer = HttpResponse(documents.content_of(document), content_type="application/pdf")
        answer["Content-Disposition"] = content_disposition_header(False, documents.file_name(document))
        return answer


class VerificationView(PublicView):
    @extend_schema(responses=VerificationSerializer, operation_id="verify", summary="Is this document genuine?")
    def get(self, request: Request, token: str) -> Response:
        """The address in the QR code of the paper. Public; the title only of what is published anyway."""
        document = locks.found(IssuedDocument.objects.all(), token=token)
        told = {
            "number": document.number,
            "kind": document.kind,
            "title": document.title if document.is_public else "",
            "issuer": str(document.facts.get("issuer", "")),
            "issued_on": document.issued_on,
            "sha256": document.facts_sha256,
            "valid": document.voided_on is None,
            "voided_on": document.voided_on,
        }
        return Response(VerificationSerializer(told).data)
