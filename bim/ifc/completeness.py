"""Whether the parser read everything the text holds. It skips what it does not understand without failing."""

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from bim.ifc.records import Reason
from bim.ifc.refusal import refused
from bim.ifc.schema import Schema

BLOCK = 4 * 1024 * 1024
# An entity of the text: its name, and its GlobalId if it has one.
ENTITY = re.compile(rb"=\s{0,20}(IFC[A-Z0-9_]{1,80})\s{0,20}\((\s{0,20}'[0-9A-Za-z_$]{22}')?")
MOST_NAMED = 10


def insist_on_completeness(model: Any, schema: Schema, path: Path, complaints: list[str]) -> list[Reason]:
    """Compares text and model.

    Raises Refused when products were lost or are of classes the schema does not know; returns warnings for the rest.
    """
    n_read = len(model.by_type("IfcProduct"))
    with_guid, without = _entities(path)
    unknown = sorted(name for name in with_guid if not schema.has(name))
    if unknown:
        raise refused("entity.unknown", names=unknown[:MOST_NAMED], schema=model.schema_identifier)
    expected = _products(with_guid, schema)
    if n_read < expected:
        raise refused("model.damaged", expected=expected, found=n_read)
    odd = sorted(name for name in without if not schema.has(name))
    dangling = sum(1 for line in complaints if line.startswith("Instance reference"))
    found = []
    if odd:
        found.append(Reason("entity.skipped", {"names": odd[:MOST_NAMED], "schema": model.schema_identifier}))
    if dangling:
        found.append(Reason("reference.dangling", {"count": dangling}))
    if len(complaints) > dangling and not odd:
        others = [line for line in complaints if not line.startswith("Instance reference")]
        found.append(Reason("parse.complaints", {"count": len(others), "first": others[:3]}))
    return found


def _products(classes: Counter[str], schema: Schema) -> int:
    return sum(count for name, count in classes.items() if schema.has(name) and schema.is_a(name, "IfcProduct"))


def _entities(path: Path) -> tuple[Counter[str], Counter[str]]:
    """How often each class name stands in the text, with a GlobalId and without one."""
    with_guid: Counter[str] = Counter()
    without: Counter[str] = Counter()
    for block in _blocks(path):
        for name, guid in ENTITY.findall(block):
            (with_guid if guid else without)[name.decode()] += 1
    return with_guid, without


def _blocks(path: Path) -> Iterator[bytes]:
    """Pieces that end where an entity ends, so that none is cut in two."""
    rest = b""
    with path.open("rb") as stream:
        while block := stream.read(BLOCK):
            whole, semicolon, rest = (rest + block).rpartition(b";")
            yield whole + semicolon
            if len(rest) > BLOCK:  # one endless entity
                yield rest
                rest = b""
    yield rest
