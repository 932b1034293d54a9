"""Talks to the API as one person with a token, over the test client; amounts come back as Decimal where they are numbers."""

import base64
import json
from typing import Any

from django.http import HttpResponse
from django.test import Client
from rest_framework.authtoken.models import Token

from accounts.actor import Actor

TUS = "1.0.0"


class Api:
    """`Api(cast.lin).post("items/", {...})`; paths are relative to /api/v1/. `ok` insists on success."""

    def __init__(self, actor: Actor | None = None, *, acting_as: str = "") -> None:
        self.client = Client(raise_request_exception=False)
        self.headers = {"Accept-Language": "en"}
        if actor is not None:
            token, _created = Token.objects.get_or_create(user=actor.user)
            self.headers["Authorization"] = f"Token {token.key}"
        if acting_as:
            self.headers["X-Acting-As"] = acting_as

    def send(
        self, method: str, path: str, body: Any = None, *, raw: str | bytes | None = None, **headers: str
    ) -> HttpResponse:
        content = raw if raw is not None else json.dumps(body) if body is not None else ""
        target = path if path.startswith(("/", "http")) else f"/api/v1/{path}"
        kind = headers.pop("content_type", "application/json")
        return self.client.generic(method, target, content, kind, headers={**self.headers, **headers})

    def get(self, path: str, **query: Any) -> HttpResponse:
        return self.client.get(
            path if path.startswith(("/", "http")) else f"/api/v1/{path}", query, headers=self.headers
        )

    def post(self, path: str, body: Any = None) -> HttpResponse:
        return self.send("POST", path, body if body is not None else {})

    def put(self, path: str, body: Any = None) -> HttpResponse:
        return self.send("PUT", path, body if body is not None else {})

    def patch(self, path: str, body: Any = None) -> HttpResponse:
        return self.send("PATCH", path, body if body is not None else {})

    def upload(self, path: str, **parts: Any) -> HttpResponse:
        """A multipart form, as a browser sends it."""
        return self.client.post(f"/api/v1/{path}", parts, headers=self.headers)

    def begin_upload(self, slot: int, name: str, size: int) -> HttpResponse:
        said = f"filename {_coded(name)},slot {_coded(str(slot))}"
        headers = {"Tus-Resumable": TUS, "Upload-Length": str(size), "Upload-Metadata": said}
        return self.send("POST", "uploads/", raw="", **headers)

    def send_bytes(self, place: str, offset: int, content: bytes) -> HttpResponse:
        headers = {
            "Tus-Resumable": TUS,
            "Upload-Offset": str(offset),
            "content_type": "application/offset+octet-stream",
        }
        return self.send("PATCH", place, raw=content, **headers)


def ok(response: HttpResponse) -> Any:
    """The answer's JSON (None without a body); fails with what was said if the request was refused."""
    assert response.status_code < 300, f"{response.status_code}: {response.content.decode()[:2000]}"
    return response.json() if response.content else None


def refused(response: HttpResponse, status: int) -> dict[str, Any]:
    """The refusal; checks its form."""
    assert response.status_code == status, f"{response.status_code}: {response.content.decode()[:2000]}"
    said = response.json()
    assert set(said) == {"code", "message", "problems"}, said
    assert all(set(problem) == {"code", "message", "field"} for problem in said["problems"]), said
    return said


def codes(said: dict[str, Any]) -> set[str]:
    return {problem["code"] for problem in said["problems"]}


def _coded(text: str) -> str:
    return base64.b64encode(text.encode()).decode()
