"""Rows as lines of JSON: how the reading process hands over what it read."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

from bim.ifc.records import ElementRow, Header, PropertyRow, QuantityRow, Reason, SpatialRow, Summary, plain

KINDS: dict[str, type[Any]] = {"header": Header, "spatial": SpatialRow, "element": ElementRow, "summary": Summary}
NAMES = {kind: name for name, kind in KINDS.items()}


def write(rows: Iterable[Any], target: Path) -> Summary:
    """Writes each row as ["kind", {…}]; returns the last one, the summary."""
    encode = json.JSONEncoder(ensure_ascii=True, separators=(",", ":"), allow_nan=False, default=asdict).encode
    last = None
    with target.open("w", encoding="ascii", buffering=1 << 20) as out:
        for last in rows:
            out.write(f'["{NAMES[type(last)]}",{encode(plain(last))}]\n')
    if not isinstance(last, Summary):
        raise ValueError("The summary comes last.")
    return last


def read(path: Path) -> Iterator[Any]:
    """The rows again: Header, SpatialRow …, ElementRow …, Summary."""
    with path.open(encoding="ascii") as lines:
        for line in lines:
            kind, values = json.loads(line)
            yield _row(KINDS[kind], values)


def _row(kind: type[Any], values: dict[str, Any]) -> Any:
    if "properties" in values:
        values["properties"] = tuple(PropertyRow(*row) for row in values["properties"])
        values["quantities"] = tuple(QuantityRow(*row) for row in values["quantities"])
    if kind is ElementRow:
        values["materials"] = tuple(values["materials"])
        values["classifications"] = tuple(tuple(row) for row in values["classifications"])
        values["at"] = tuple(values["at"]) if values["at"] else None
    if kind is Summary:
        values["warnings"] = [Reason(**reason) for reason in values["warnings"]]
    return kind(**values)
