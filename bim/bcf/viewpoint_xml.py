"""VisualizationInfo: the XML of a viewpoint, both ways and in both versions."""

import xml.etree.ElementTree as ET
from collections.abc import Iterable

from bim.bcf.records import (
    ORTHOGONAL,
    PERSPECTIVE,
    Bitmap,
    Camera,
    ClippingPlane,
    Colouring,
    Component,
    Line,
    Vector,
    View,
)
from bim.bcf.refusal import BcfRefused
from bim.bcf.text import COLOUR, clean, collapsed, is_ifc_guid, said_number
from bim.bcf.xml import boolean, child_text, children, number

HINTS = {"spaces": "SpacesVisible", "space_boundaries": "SpaceBoundariesVisible", "openings": "OpeningsVisible"}
NARROWEST, WIDEST = 45.0, 60.0  # degrees; what 2.1 allows
# Where nobody said from where to look: 3.0 demands a camera. From the south-west above, towards the origin.
FALLBACK = Camera(
    PERSPECTIVE, (-30.0, -30.0, 30.0), (0.57735, 0.57735, -0.57735), (0.408248, 0.408248, 0.816497), 60.0, None, 1.0
)


def view_of(root: ET.Element, version: str) -> View:
    """Raises BcfRefused where a number is none."""
    if root.tag != "VisualizationInfo":
        raise BcfRefused("viewpoint.unreadable")
    components = root.find("Components")
    visibility = components.find("Visibility") if components is not None else None
    around_hints = visibility if version == "3.0" else components
    hints = around_hints.find("ViewSetupHints") if around_hints is not None else None
    try:
        return View(
            cameras=tuple(_cameras(root)),
            selection=_components(children(components, "Selection/Component")),
            has_visibility=visibility is not None,
            default_visibility=boolean(visibility.get("DefaultVisibility"), None) if visibility is not None else None,
            exceptions=_components(children(visibility, "Exceptions/Component")),
            hints=_hints(hints),
            colouring=tuple(
                Colouring(
                    row.get("Color", "").strip().lstrip("#").upper(),
                    _components(row.findall("Components/Component" if version == "3.0" else "Component")),
                )
                for row in children(components, "Coloring/Color")
            ),
            lines=tuple(
                Line(_vector(row.find("StartPoint")), _vector(row.find("EndPoint")))
                for row in root.findall("Lines/Line")
            ),
            clipping_planes=tuple(
                ClippingPlane(_vector(row.find("Location")), _vector(row.find("Direction")))
                for row in root.findall("ClippingPlanes/ClippingPlane")
            ),
            bitmaps=tuple(
                _bitmap(row, "Format" if version == "3.0" else "Bitmap")
                for row in root.findall("Bitmaps/Bitmap" if version == "3.0" else "Bitmap")
            ),
        )
    except (ValueError, TypeError, OverflowError) as error:
        raise BcfRefused("viewpoint.unreadable") from error


def _cameras(root: ET.Element) -> Iterable[Camera]:
    for kind, tag in ((PERSPECTIVE, "PerspectiveCamera"), (ORTHOGONAL, "OrthogonalCamera")):
        said = root.find(tag)
        if said is not None:
            yield Camera(
                kind,
                _vector(said.find("CameraViewPoint")),
                _vector(said.find("CameraDirection")),
                _vector(said.find("CameraUpVector")),
                _measure(said, "FieldOfView"),
                _measure(said, "ViewToWorldScale"),
                _measure(said, "AspectRatio"),
            )


def _measure(said: ET.Element, name: str) -> float | None:
    text = child_text(said, name)
    return number(text) if text else None


def _vector(said: ET.Element | None) -> Vector:
    x, y, z = (number(child_text(said, axis)) for axis in "XYZ")
    return x, y, z


def _components(rows: Iterable[ET.Element]) -> tuple[Component, ...]:
    return tuple(
        Component(
            row.get("IfcGuid", "").strip(), child_text(row, "OriginatingSystem"), child_text(row, "AuthoringToolId")
        )
        for row in rows
    )


def _hints(said: ET.Element | None) -> dict[str, bool]:
    if said is None:
        return {}
    found = {name: boolean(said.get(attribute), None) for name, attribute in HINTS.items()}
    return {name: value for name, value in found.items() if value is not None}


def _bitmap(row: ET.Element, format_tag: str) -> Bitmap:
    return Bitmap(
        child_text(row, format_tag).lower(),
        child_text(row, "Reference"),
        _vector(row.find("Location")),
        _vector(row.find("Normal")),
        _vector(row.find("Up")),
        number(child_text(row, "Height")),
    )


def view_element(view: View, guid: str, version: str) -> ET.Element:
    """The VisualizationInfo, its elements in the order of the schema."""
    root = ET.Element("VisualizationInfo", Guid=guid)
    _write_components(root, view, version)
    _write_cameras(root, view, version)
    if view.lines:
        lines = ET.SubElement(root, "Lines")
        for line in view.lines:
            element = ET.SubElement(lines, "Line")
            _write_vector(element, "StartPoint", line.start)
            _write_vector(element, "EndPoint", line.end)
    if view.clipping_planes:
        planes = ET.SubElement(root, "ClippingPlanes")
        for plane in view.clipping_planes:
            element = ET.SubElement(planes, "ClippingPlane")
            _write_vector(element, "Location", plane.location)
            _write_vector(element, "Direction", plane.direction)
    _write_bitmaps(root, view.bitmaps, version)
    return root


def _write_components(root: ET.Element, view: View, version: str) -> None:
    if not (view.selection or view.has_visibility or view.exceptions or view.hints or view.colouring):
        return
    is_new = version == "3.0"
    components = ET.SubElement(root, "Components")
    if view.hints and not is_new:
        ET.SubElement(components, "ViewSetupHints", _hint_attributes(view))
    _write_listed(components, "Selection", view.selection)
    _write_visibility(components, view, is_new)
    colours = [row for row in view.colouring if row.components and COLOUR.fullmatch(row.colour)]
    if colours:
        colouring = ET.SubElement(components, "Coloring")
        for row in colours:
            colour = ET.SubElement(colouring, "Color", Color=row.colour)
            _write_listed(colour, "Components" if is_new else "", row.components)


def _write_visibility(components: ET.Element, view: View, is_new: bool) -> None:
    said = view.default_visibility
    default = True if said is None and not view.has_visibility else said
    attributes = {} if default is None else {"DefaultVisibility": _said(default)}
    visibility = ET.SubElement(components, "Visibility", attributes)
    if view.hints and is_new:
        ET.SubElement(visibility, "ViewSetupHints", _hint_attributes(view))
    _write_listed(visibility, "Exceptions", view.exceptions)


def _hint_attributes(view: View) -> dict[str, str]:
    return {HINTS[name]: _said(value) for name, value in view.hints.items() if name in HINTS}


def _write_listed(parent: ET.Element, tag: str, components: Iterable[Component]) -> None:
    rows = list(components)
    if not rows:
        return
    listed = ET.SubElement(parent, tag) if tag else parent
    for row in rows:
        element = ET.SubElement(listed, "Component")
        if is_ifc_guid(row.ifc_guid):
            element.set("IfcGuid", row.ifc_guid)
        if collapsed(row.originating_system):
            ET.SubElement(element, "OriginatingSystem").text = clean(row.originating_system)
        if collapsed(row.authoring_tool_id):
            ET.SubElement(element, "AuthoringToolId").text = clean(row.authoring_tool_id)


def _write_cameras(root: ET.Element, view: View, version: str) -> None:
    """2.1: none, one, or one of each, the orthogonal one first; 3.0: exactly one."""
    by_kind = {camera.kind: camera for camera in reversed(view.cameras)}
    if version == "3.0":
        _write_camera(root, view.cameras[0] if view.cameras else FALLBACK, version)
        return
    for kind in (ORTHOGONAL, PERSPECTIVE):
        if kind in by_kind:
            _write_camera(root, by_kind[kind], version)


def _write_camera(root: ET.Element, camera: Camera, version: str) -> None:
    is_perspective = camera.kind == PERSPECTIVE
    element = ET.SubElement(root, "PerspectiveCamera" if is_perspective else "OrthogonalCamera")
    _write_vector(element, "CameraViewPoint", camera.position)
    _write_vector(element, "CameraDirection", camera.direction)
    _write_vector(element, "CameraUpVector", camera.up)
    if is_perspective:
        angle = camera.field_of_view or WIDEST
        angle = min(max(angle, NARROWEST), WIDEST) if version == "2.1" else min(max(angle, 0.01), 179.99)
        ET.SubElement(element, "FieldOfView").text = said_number(angle)
    else:
        ET.SubElement(element, "ViewToWorldScale").text = said_number(camera.scale or 1.0)
    if version == "3.0":
        ratio = camera.aspect_ratio if camera.aspect_ratio and camera.aspect_ratio > 0 else 1.0
        ET.SubElement(element, "AspectRatio").text = said_number(ratio)


def _write_bitmaps(root: ET.Element, bitmaps: Iterable[Bitmap], version: str) -> None:
    rows = list(bitmaps)
    is_new = version == "3.0"
    listed = ET.SubElement(root, "Bitmaps") if rows and is_new else root
    for row in rows:
        element = ET.SubElement(listed, "Bitmap")
        kind = "jpg" if row.format in ("jpg", "jpeg") else "png"
        ET.SubElement(element, "Format" if is_new else "Bitmap").text = kind if is_new else kind.upper()
        ET.SubElement(element, "Reference").text = clean(row.reference)
        _write_vector(element, "Location", row.location)
        _write_vector(element, "Normal", row.normal)
        _write_vector(element, "Up", row.up)
        ET.SubElement(element, "Height").text = said_number(row.height)


def _write_vector(parent: ET.Element, tag: str, vector: Vector) -> None:
    element = ET.SubElement(parent, tag)
    for axis, value in zip("XYZ", vector, strict=True):
        ET.SubElement(element, axis).text = said_number(value)


def _said(value: bool) -> str:
    return "true" if value else "false"
