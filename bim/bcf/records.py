"""What a BCF file says, as plain values that suit both versions. Lengths in metres, Z up; angles in degrees."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

VERSIONS = ("2.1", "3.0")
PERSPECTIVE, ORTHOGONAL = "perspective", "orthogonal"

Vector = tuple[float, float, float]


@dataclass(frozen=True)
class Fault:
    """What could not be taken from a file, or was left out of one: where, and a code the caller has words for."""

    code: str
    where: str = ""
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Component:
    ifc_guid: str = ""
    originating_system: str = ""
    authoring_tool_id: str = ""


@dataclass(frozen=True)
class Colouring:
    """`colour`: six or eight hexadecimal digits; where there are eight, the first two are the opacity."""

    colour: str
    components: tuple[Component, ...] = ()


@dataclass(frozen=True)
class Camera:
    """`field_of_view` (vertical) of a perspective, `scale` (visible height, m) of an orthogonal camera."""

    kind: str
    position: Vector
    direction: Vector
    up: Vector
    field_of_view: float | None = None
    scale: float | None = None
    aspect_ratio: float | None = None


@dataclass(frozen=True)
class Line:
    start: Vector
    end: Vector


@dataclass(frozen=True)
class ClippingPlane:
    """`direction` points to the half that is cut away."""

    location: Vector
    direction: Vector


@dataclass(frozen=True)
class Bitmap:
    """`format`: png or jpg; `reference`: its file in the topic's folder; `height` in metres."""

    format: str
    reference: str
    location: Vector
    normal: Vector
    up: Vector
    height: float


@dataclass(frozen=True)
class View:
    """What is seen. `default_visibility` None: not said. `exceptions` are what differs from it.

    `hints` says whether spaces, space boundaries and openings are shown.
    """

    cameras: tuple[Camera, ...] = ()
    selection: tuple[Component, ...] = ()
    has_visibility: bool = False
    default_visibility: bool | None = None
    exceptions: tuple[Component, ...] = ()
    hints: Mapping[str, bool] = field(default_factory=dict)
    colouring: tuple[Colouring, ...] = ()
    lines: tuple[Line, ...] = ()
    clipping_planes: tuple[ClippingPlane, ...] = ()
    bitmaps: tuple[Bitmap, ...] = ()


@dataclass(frozen=True)
class Snapshot:
    """A picture; `kind` png or jpg, by its bytes."""

    name: str
    kind: str
    content: bytes = field(repr=False, default=b"")


@dataclass(frozen=True)
class Viewpoint:
    """`view` None: the viewpoint has a picture only. `file_name`: what its file was called."""

    guid: str
    view: View | None = None
    snapshot: Snapshot | None = None
    index: int | None = None
    file_name: str = ""


@dataclass(frozen=True)
class Comment:
    guid: str
    created_at: datetime
    author: str
    text: str = ""
    viewpoint: str = ""
    modified_at: datetime | None = None
    modified_author: str = ""


@dataclass(frozen=True)
class HeaderFile:
    """A model the topic is about. `reference`: an address, or a file of the package relative to the topic's folder."""

    name: str = ""
    date: datetime | None = None
    reference: str = ""
    ifc_project: str = ""
    spatial_element: str = ""
    is_external: bool = True


@dataclass(frozen=True)
class Snippet:
    kind: str
    reference: str
    schema: str
    is_external: bool = False


@dataclass(frozen=True)
class DocumentReference:
    """`url` of a document outside, or `path`, a file of the package relative to the topic's folder, and its `name`."""

    guid: str = ""
    description: str = ""
    url: str = ""
    path: str = ""
    name: str = ""
    document_guid: str = ""


@dataclass(frozen=True)
class Topic:
    """An issue with all that hangs on it. `files`: further files by path relative to the topic's folder."""

    guid: str
    title: str
    created_at: datetime
    author: str
    topic_type: str = ""
    topic_status: str = ""
    priority: str = ""
    index: int | None = None
    labels: tuple[str, ...] = ()
    modified_at: datetime | None = None
    modified_author: str = ""
    due_at: datetime | None = None
    assigned_to: str = ""
    stage: str = ""
    description: str = ""
    server_assigned_id: str = ""
    reference_links: tuple[str, ...] = ()
    snippet: Snippet | None = None
    header: tuple[HeaderFile, ...] = ()
    documents: tuple[DocumentReference, ...] = ()
    related: tuple[str, ...] = ()
    comments: tuple[Comment, ...] = ()
    viewpoints: tuple[Viewpoint, ...] = ()
    files: Mapping[str, bytes] = field(default_factory=dict, repr=False)


@dataclass(frozen=True)
class Project:
    guid: str
    name: str = ""


@dataclass(frozen=True)
class Extensions:
    """The values a package allows. In 2.1 they are a schema of their own, kept as it came among the package's files."""

    types: tuple[str, ...] = ()
    statuses: tuple[str, ...] = ()
    priorities: tuple[str, ...] = ()
    labels: tuple[str, ...] = ()
    users: tuple[str, ...] = ()
    snippet_types: tuple[str, ...] = ()
    stages: tuple[str, ...] = ()


@dataclass(frozen=True)
class Package:
    """One file. `faults`: topics and parts that could not be read; everything else was."""

    version: str
    topics: tuple[Topic, ...]
    project: Project | None = None
    extensions: Extensions | None = None
    faults: tuple[Fault, ...] = ()
