"""Records as JSON and back: what the database keeps of a topic, and what a browser says of a viewpoint."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any

from bim.bcf.records import (
    ORTHOGONAL,
    PERSPECTIVE,
    Bitmap,
    Camera,
    ClippingPlane,
    Colouring,
    Component,
    DocumentReference,
    HeaderFile,
    Line,
    Snippet,
    Topic,
    Vector,
    View,
)
from bim.bcf.refusal import BcfRefused
from bim.bcf.text import COLOUR, clean, is_ifc_guid
from bim.bcf.xml import number

MOST_COMPONENTS = 200_000
MOST_PLANES = 100
LONGEST_TEXT = 500


def plain_view(view: View) -> dict[str, Any]:
    """Only what is said."""
    return {name: value for name, value in asdict(view).items() if value not in ((), {}, None, False)} | (
        {"default_visibility": view.default_visibility} if view.default_visibility is not None else {}
    )


def view_from(said: Any) -> View:
    """The view a JSON document describes. Raises BcfRefused ("view.shape") for anything else.

    `selection`, `exceptions` and a colouring's `components` hold GlobalIds or components.
    """
    try:
        return _view(said)
    except (KeyError, TypeError, ValueError, AttributeError, OverflowError) as error:
        raise BcfRefused("view.shape") from error


def _view(said: Mapping[str, Any]) -> View:
    if not isinstance(said, Mapping):
        raise TypeError
    default = said.get("default_visibility")
    if default is not None and not isinstance(default, bool):
        raise TypeError
    exceptions = _components(said.get("exceptions", ()))
    return View(
        cameras=tuple(_camera(row) for row in _few(said.get("cameras", ()), 2)),
        selection=_components(said.get("selection", ())),
        has_visibility=bool(said.get("has_visibility")) or default is not None or bool(exceptions),
        default_visibility=default,
        exceptions=exceptions,
        hints={
            name: value
            for name, value in said.get("hints", {}).items()
            if name in ("spaces", "space_boundaries", "openings") and isinstance(value, bool)
        },
        colouring=tuple(
            Colouring(_colour(row["colour"]), _components(row["components"]))
            for row in _few(said.get("colouring", ()), 10_000)
        ),
        lines=tuple(Line(_vector(row["start"]), _vector(row["end"])) for row in _few(said.get("lines", ()), 10_000)),
        clipping_planes=tuple(
            ClippingPlane(_vector(row["location"]), _vector(row["direction"]))
            for row in _few(said.get("clipping_planes", ()), MOST_PLANES)
        ),
        bitmaps=tuple(
            Bitmap(
                _text(row["format"]),
                _text(row["reference"]),
                _vector(row["location"]),
                _vector(row["normal"]),
                _vector(row["up"]),
                _number(row["height"]),
            )
            for row in _few(said.get("bitmaps", ()), 100)
        ),
    )


def _few(rows: Any, most: int) -> list[Any]:
    if not isinstance(rows, list | tuple) or len(rows) > most:
        raise ValueError
    return list(rows)


def _components(rows: Any) -> tuple[Component, ...]:
    found = []
    for row in _few(rows, MOST_COMPONENTS):
        said = {"ifc_guid": row} if isinstance(row, str) else row
        component = Component(
            *(_text(said.get(n, "")) for n in ("ifc_guid", "originating_system", "authoring_tool_id"))
        )
        if component.ifc_guid and not is_ifc_guid(component.ifc_guid) and isinstance(row, str):
            raise ValueError
        found.append(component)
    return tuple(found)


def _camera(said: Mapping[str, Any]) -> Camera:
    if said["kind"] not in (PERSPECTIVE, ORTHOGONAL):
        raise ValueError
    place, ahead, up = (_vector(said[name]) for name in ("position", "direction", "up"))
    angle, scale, ratio = (
        None if said.get(name) is None else _number(said[name]) for name in ("field_of_view", "scale", "aspect_ratio")
    )
    return Camera(said["kind"], place, ahead, up, angle, scale, ratio)


def _vector(said: Any) -> Vector:
    x, y, z = said
    return _number(x), _number(y), _number(z)


def _number(said: Any) -> float:
    if isinstance(said, bool) or not isinstance(said, int | float):
        raise TypeError
    return number(said)  # type: ignore[arg-type]


def _colour(said: str) -> str:
    colour = said.lstrip("#").upper()
    if not COLOUR.fullmatch(colour):
        raise ValueError
    return colour


def _text(said: Any) -> str:
    if not isinstance(said, str) or len(said) > LONGEST_TEXT:
        raise ValueError
    return clean(said)


def extra_of(topic: Topic) -> dict[str, Any]:
    """What of a topic has no column; its files stay in the package they came in."""
    said: dict[str, Any] = {
        "index": topic.index,
        "server_assigned_id": topic.server_assigned_id,
        "reference_links": list(topic.reference_links),
        "snippet": asdict(topic.snippet) if topic.snippet else None,
        "header": [asdict(row) | {"date": _moment(row.date)} for row in topic.header],
        "documents": [asdict(row) for row in topic.documents],
        "related": list(topic.related),
        "due_at": _moment(topic.due_at),
    }
    return {name: value for name, value in said.items() if value not in (None, "", [])}


def with_extra(extra: Mapping[str, Any]) -> dict[str, Any]:
    """The fields of a Topic that `extra_of` kept, but for the time of day it is due."""
    snippet = extra.get("snippet")
    return {
        "index": extra.get("index"),
        "server_assigned_id": extra.get("server_assigned_id", ""),
        "reference_links": tuple(extra.get("reference_links", ())),
        "snippet": Snippet(**snippet) if snippet else None,
        "header": tuple(HeaderFile(**row | {"date": _when(row["date"])}) for row in extra.get("header", ())),
        "documents": tuple(DocumentReference(**row) for row in extra.get("documents", ())),
        "related": tuple(extra.get("related", ())),
    }


def _moment(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None


def _when(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
