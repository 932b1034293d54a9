"""Resumable uploads over tus 1.0 (core, creation, termination): a dropped connection goes on where it stopped.

POST announces a file (`Upload-Length`, `Upload-Metadata` with `filename`, `purpose` and what that purpose wants to
know), PATCH sends bytes from `Upload-Offset` on, HEAD tells how far it got, DELETE gives up. When the last byte has
arrived, the purpose takes the file over. The purposes are given where the views are mounted; the first one is meant
where none is named. Other people's uploads do not exist for the caller.
"""

import base64
import binascii
from typing import IO, Any

from django.conf import settings
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework import status
from rest_framework.exceptions import APIException, ParseError, UnsupportedMediaType
from rest_framework.parsers import BaseParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse

from accounts.api.views import ActorView
from core import locks
from core.api import RefusalSerializer
from core.models import Upload
from core.services import uploads

VERSION = "1.0.0"
BYTES = "application/offset+octet-stream"
TOO_LARGE = {413: OpenApiResponse(RefusalSerializer, "Larger than allowed or announced.")}
WRONG_VERSION = {412: OpenApiResponse(RefusalSerializer, "Another version of the protocol.")}


def _header(name: str, kind: type = str, *, required: bool = True) -> OpenApiParameter:
    return OpenApiParameter(name, kind, OpenApiParameter.HEADER, required=required)


RESUMABLE = _header("Tus-Resumable", required=False)


class OtherVersion(APIException):
    status_code = status.HTTP_412_PRECONDITION_FAILED
    default_code = "tus_version"


class BytesParser(BaseParser):
    """Leaves the stream as it is: large files never pass through memory."""

    media_type = BYTES

    def parse(self, stream: IO[bytes], media_type: str | None = None, parser_context: Any = None) -> IO[bytes]:
        return stream


class AnythingParser(BytesParser):
    """The announcement has no body worth reading; whatever type a client gives it is accepted."""

    media_type = "*/*"


class TusView(ActorView):
    purposes: tuple[uploads.Purpose, ...] = ()

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        if request.method != "OPTIONS" and request.headers.get("Tus-Resumable", VERSION) != VERSION:
            raise OtherVersion(_("Only version %(version)s of the tus protocol is spoken here.") % {"version": VERSION})

    def purpose(self, code: str) -> uploads.Purpose | None:
        return next((purpose for purpose in self.purposes if purpose.code == code), None)

    def finalize_response(self, request: Request, response: Response, *args: Any, **kwargs: Any) -> Response:
        response = super().finalize_response(request, response, *args, **kwargs)
        response["Tus-Resumable"] = VERSION
        response["Tus-Version"] = VERSION
        response["Cache-Control"] = "no-store"
        return response

    def options(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """What is spoken here."""
        headers = {"Tus-Extension": "creation,termination", "Tus-Max-Size": str(settings.UPLOAD_MAX_BYTES)}
        return Response(status=status.HTTP_204_NO_CONTENT, headers=headers)


class UploadsView(TusView):
    parser_classes = (AnythingParser,)

    @extend_schema(
        parameters=[RESUMABLE, _header("Upload-Length", int), _header("Upload-Metadata")],
        request=None,
        responses={201: OpenApiResponse(None, "Location: where to send the bytes."), **TOO_LARGE, **WRONG_VERSION},
        operation_id="uploads_create",
        summary="Announce a file",
    )
    def post(self, request: Request) -> Response:
        """`Upload-Metadata`, each value in Base64, separated by commas: `filename`, and for a material `slot` (its id),
        for a building model `purpose` (`bim_model`), `project` (its id), `stage`, `discipline` and perhaps `remark`."""
        size = _whole_number(request, "Upload-Length")
        said = _metadata(request.headers.get("Upload-Metadata", ""))
        purpose = self.purpose(said.get("purpose") or self.purposes[0].code)
        if purpose is None or not said.get("filename"):
            raise ParseError(_("Upload-Metadata names the file (filename) and what it is for."))
        upload = purpose.begin(said, actor=self.actor, name=said["filename"], size=size)
        place = reverse("api:upload", kwargs={"key": upload.key}, request=request)
        return Response(status=status.HTTP_201_CREATED, headers={"Location": place, "Upload-Offset": "0"})


class UploadView(TusView):
    parser_classes = (BytesParser,)

    def upload(self, key: str) -> Upload:
        mine = Upload.objects.filter(owner=self.actor.user, purpose__in=[purpose.code for purpose in self.purposes])
        return locks.found(mine, key=key)

    @extend_schema(
        parameters=[RESUMABLE], responses={200: None}, operation_id="uploads_offset", summary="How far did it get?"
    )
    def head(self, request: Request, key: str) -> Response:
        """`Upload-Offset` and `Upload-Length` in the headers."""
        upload = self.upload(key)
        return Response(headers={"Upload-Offset": str(upload.offset), "Upload-Length": str(upload.size)})

    @extend_schema(
        parameters=[RESUMABLE, _header("Upload-Offset", int)],
        request={BYTES: OpenApiTypes.BINARY},
        responses={204: OpenApiResponse(None, "Upload-Offset: how much has arrived."), **TOO_LARGE, **WRONG_VERSION},
        operation_id="uploads_append",
        summary="Send bytes",
    )
    def patch(self, request: Request, key: str) -> Response:
        """The last byte turns the file into what it was announced for; what is wrong with the file is a 422 then."""
        if (request.content_type or "").split(";")[0].strip() != BYTES:
            raise UnsupportedMediaType(request.content_type or "")
        offset = _whole_number(request, "Upload-Offset")
        upload = self.upload(key)
        stream = request.data if hasattr(request.data, "read") else None
        upload = uploads.append(upload, offset, stream)
        if upload.offset == upload.size:
            self.taken_over(upload)
        return Response(status=status.HTTP_204_NO_CONTENT, headers={"Upload-Offset": str(upload.offset)})

    def taken_over(self, upload: Upload) -> None:
        purpose = self.purpose(upload.purpose)
        if purpose is not None:
            purpose.attach(upload, actor=self.actor)

    @extend_schema(parameters=[RESUMABLE], responses={204: None}, operation_id="uploads_delete", summary="Give it up")
    def delete(self, request: Request, key: str) -> Response:
        """Forgets the bytes; what was made of them stays."""
        upload = self.upload(key)
        if not upload.finished_at:
            uploads.forget(upload)
        return Response(status=status.HTTP_204_NO_CONTENT)


def _whole_number(request: Request, header: str) -> int:
    said = request.headers.get(header, "")
    if not (said.isascii() and said.isdecimal()) or len(said) > 15:
        raise ParseError(_("The header %(name)s is a whole number of bytes.") % {"name": header})
    return int(said)


def _metadata(header: str) -> dict[str, str]:
    """`name base64,name base64` → texts; what cannot be read counts as not said."""
    found: dict[str, str] = {}
    for part in header.split(","):
        name, _space, coded = part.strip().partition(" ")
        try:
            found[name] = base64.b64decode(coded, validate=True).decode().replace("\x00", "").strip()
        except (binascii.Error, UnicodeDecodeError):
            continue
    return found
