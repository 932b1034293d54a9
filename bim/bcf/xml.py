"""XML without document types, entities or depth: what is not plain elements is refused before it is read."""

import math
import xml.etree.ElementTree as ET
from xml.parsers import expat

from bim.bcf.refusal import BcfRefused
from bim.bcf.text import clean, collapsed

DEEPEST = 40
MOST_ELEMENTS = 500_000


def parsed(content: bytes, name: str) -> ET.Element:
    """The root element, tags and attributes without namespaces. Raises BcfRefused."""
    builder = _Builder(name)
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = builder.doctype
    parser.EntityDeclHandler = builder.doctype
    parser.StartElementHandler = builder.start
    parser.EndElementHandler = builder.end
    parser.CharacterDataHandler = builder.tree.data
    try:
        parser.Parse(content, True)
    except (expat.ExpatError, LookupError, ValueError) as error:
        raise BcfRefused("bcf.xml", name=name, detail=str(error)[:120]) from error
    return builder.tree.close()


class _Builder:
    def __init__(self, name: str) -> None:
        self.tree, self.name = ET.TreeBuilder(), name
        self.depth = self.count = 0

    def doctype(self, *_said: object) -> None:
        raise BcfRefused("bcf.doctype", name=self.name)

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        self.depth += 1
        self.count += 1
        if self.depth > DEEPEST or self.count > MOST_ELEMENTS:
            raise BcfRefused("bcf.xml_large", name=self.name)
        plain = {key: value for key, value in attributes.items() if ":" not in key and key != "xmlns"}
        self.tree.start(tag.rpartition(":")[2], plain)

    def end(self, tag: str) -> None:
        self.depth -= 1
        self.tree.end(tag.rpartition(":")[2])


def child_text(element: ET.Element | None, path: str, *, keep_space: bool = False) -> str:
    found = element.find(path) if element is not None else None
    text = (found.text or "") if found is not None else ""
    return text if keep_space else text.strip()


def children(element: ET.Element | None, path: str) -> list[ET.Element]:
    return element.findall(path) if element is not None else []


def texts(root: ET.Element | None, path: str) -> tuple[str, ...]:
    return tuple(text for row in children(root, path) if (text := (row.text or "").strip()))


def boolean(text: str | None, default: bool | None) -> bool | None:
    value = (text or "").strip().lower()
    if value in ("true", "1"):
        return True
    return False if value in ("false", "0") else default


def number(text: str) -> float:
    """A finite number. Raises ValueError."""
    value = float(text)
    if not math.isfinite(value):
        raise ValueError(text)
    return value


def optional(parent: ET.Element, tag: str, text: str | None) -> None:
    """A child with this text, if there is any."""
    if text and collapsed(text):
        ET.SubElement(parent, tag).text = clean(text)


def written(root: ET.Element) -> bytes:
    ET.indent(root)
    return ET.tostring(root, encoding="utf-8", xml_declaration=True)
