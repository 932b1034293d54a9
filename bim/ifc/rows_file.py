"""Rows as lines of JSON: how the reading process hands over what it read."""

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict
from pathlib import Path
from typing import IO, Any

from bim.ifc.records import ElementRow, Header, PropertyRow, QuantityRow, Reason, SpatialRow, Summary, plain

KINDS: dict[str, type[Any]] = {"header": Header, "spatial": SpatialRow, "element": ElementRow, "summary": Summary}
NAMES = {kind: name for name, kind in KINDS.items()}


def write(rows: Iterable[Any], target: Path) -> Summary:
    """Writes each row as ["kind", {…}]; returns the last one, the summary.

    Most properties are said of many elements in the same words: each different one is a line ["property", […]] of its
    own, and elements name it by its place in the order of these lines.
    """
    encode = json.JSONEncoder(ensure_ascii=True, separators=(",", ":"), allow_nan=False, default=asdict).encode
    places: dict[PropertyRow, int] = {}
    last = None
    with target.open("w", encoding="ascii", buffering=1 << 20) as out:
        for last in rows:
            values = plain(last)
            if "properties" in values:
                try:
                    numbers = [places[one] for one in last.properties]
                except KeyError:
                    numbers = [_place(one, places, out, encode) for one in last.properties]
                values["properties"] = numbers
            out.write(f'["{NAMES[type(last)]}",{encode(values)}]\n')
    if not isinstance(last, Summary):
        raise ValueError("The summary comes last.")
    return last


def _place(one: PropertyRow, places: dict[PropertyRow, int], out: IO[str], encode: Callable[[Any], str]) -> int:
    """Where the property stands among the different ones; a new one is written."""
    if one not in places:
        places[one] = len(places)
        out.write(f'["property",{encode(one)}]\n')
    return places[one]


def read(path: Path) -> Iterator[Any]:
    """The rows again: Header, SpatialRow …, ElementRow …, Summary."""
    properties: list[PropertyRow] = []
    with path.open(encoding="ascii") as lines:
        for line in lines:
            kind, values = json.loads(line)
            if kind == "property":
                properties.append(PropertyRow(*values))
                continue
            if "properties" in values:
                values["properties"] = tuple(properties[place] for place in values["properties"])
                values["quantities"] = tuple(QuantityRow(*row) for row in values["quantities"])
            yield _row(KINDS[kind], values)


def _row(kind: type[Any], values: dict[str, Any]) -> Any:
    if kind is ElementRow:
        values["materials"] = tuple(values["materials"])
        values["classifications"] = tuple(tuple(row) for row in values["classifications"])
        values["at"] = tuple(values["at"]) if values["at"] else None
    if kind is Summary:
        values["warnings"] = [Reason(**reason) for reason in values["warnings"]]
    return kind(**values)
