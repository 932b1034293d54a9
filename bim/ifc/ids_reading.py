"""An IDS file as a tree: small, without a document type, well formed, and as the published schema of IDS 1.0 wants it."""

import re
import xml.etree.ElementTree as ElementTree
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from xml.parsers import expat

from ifctester import ids as ifctester_ids
from xmlschema import XMLResource

from bim.ifc.records import Reason
from bim.ifc.refusal import Refused, refused

NAMESPACE = "http://standards.buildingsmart.org/IDS"
IDS = f"{{{NAMESPACE}}}"
XS = "{http://www.w3.org/2001/XMLSchema}"
LARGEST = 4 * 1024 * 1024  # bytes
DEEPEST = 40
MOST_NODES = 200_000
MOST_FAULTS = 50
PREFIX = re.compile(r"\{[^}]*\}|\bids:")


def tree_of(path: Path) -> ElementTree.Element:
    """The root of a file that keeps to the schema. Raises Refused with every fault."""
    if path.stat().st_size > LARGEST:
        raise refused("ids.too_large", mb=LARGEST // 1024 // 1024)
    content = path.read_bytes()
    _look_over(content)
    root = ElementTree.fromstring(content)
    if root.tag != f"{IDS}ids":
        raise refused("ids.not_ids", name=root.tag[:100])
    faults = [*_faults_of_form(content)]
    if faults:
        raise Refused(*faults)
    return root


def _look_over(content: bytes) -> None:
    """Whatever a document type could bring (entities, files, floods) is refused before anything is expanded."""
    depth = nodes = 0

    def begun(_name: str, _attributes: dict[str, str]) -> None:
        nonlocal depth, nodes
        depth, nodes = depth + 1, nodes + 1
        if depth > DEEPEST or nodes > MOST_NODES:
            raise refused("ids.too_deep")

    def ended(_name: str) -> None:
        nonlocal depth
        depth -= 1

    def has_doctype(*_said: object) -> None:
        raise refused("ids.doctype")

    parser = expat.ParserCreate()
    parser.StartElementHandler, parser.EndElementHandler = begun, ended
    parser.StartDoctypeDeclHandler = parser.EntityDeclHandler = has_doctype
    try:
        parser.Parse(content, True)
    except (expat.ExpatError, ValueError, LookupError) as error:
        raise refused("ids.not_xml", detail=str(error)[:200]) from error


def _faults_of_form(content: bytes) -> Iterator[Reason]:
    """What the schema does not allow, each with its place in the file. Nothing is fetched from anywhere."""
    resource = XMLResource(BytesIO(content), allow="none", defuse="always")
    errors = ifctester_ids.get_schema().iter_errors(resource, use_location_hints=False)
    for count, error in enumerate(errors):
        if count == MOST_FAULTS:
            return
        place = PREFIX.sub("", error.path or "")
        yield Reason("ids.schema", {"place": place[:200], "detail": str(error.reason or error.message)[:300]})


def specifications(root: ElementTree.Element) -> list[ElementTree.Element]:
    return root.findall(f"{IDS}specifications/{IDS}specification")


def title_of(root: ElementTree.Element) -> str:
    return (root.findtext(f"{IDS}info/{IDS}title") or "").strip()
