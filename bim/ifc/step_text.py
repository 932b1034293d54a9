"""A STEP file read from its text, without the parser: what draws is passed over, what properties say is kept as written.

Most of a model are shapes, and most of the rest properties that are written many times with the same words. Files that
write one entity a line, as nearly all programs do, are taken apart by one expression in one pass; what does not fit it
raises Odd, and the parser reads that file.
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path

from bim.ifc.refusal import refused
from bim.ifc.schema import Schema
from bim.ifc.step_values import Odd

BLOCK = 512 * 1024  # stays in the processor's cache
LONGEST = 16 * 1024 * 1024  # of one entity
DATA = re.compile(rb"ENDSEC ?;\s*+DATA ?;")

# Everything that only draws or places.
SHAPES = (
    "IfcRepresentationItem",
    "IfcPlacement",
    "IfcRepresentation",
    "IfcProfileDef",
    "IfcPresentationStyleAssignment",
    "IfcPresentationStyle",
    "IfcConnectionGeometry",
    "IfcRelSpaceBoundary",
    "IfcRelConnectsElements",
    "IfcRepresentationMap",
)
PLACES = ("IfcObjectPlacement",)

# Possessive (++): a line that does not fit is left at once, without trying again with fewer characters; what may begin
# anywhere is bounded, or a hostile file would be searched for minutes.
NUMBERED = rb"[\r\n]{1,4}+#(\d++) ?= ?IFC"
OUTSIDE = rb"[^'\"/;\r\n]*+"  # of strings; a slash may begin a comment
REST = OUTSIDE + rb"(?:'[ -&(-~]*+'" + OUTSIDE + rb")*+"
# Brackets come in pairs, or the parser would lose the entity and what follows.
BARE = rb"[^'\"/;\r\n()]++|'[ -&(-~]*+'"
LIST = rb"\((?:" + BARE + rb")*+\)"
LISTS = rb"\((?:" + BARE + rb"|" + LIST + rb")*+\)"
TYPED_LISTS = rb"\((?:" + BARE + rb"|" + LISTS + rb")*+\)"  # (IFCLINEINDEX((1,2)),IFCARCINDEX((2,3,4)))
PAIRED = rb"(?:" + BARE + rb"|" + TYPED_LISTS + rb")*+\)"
TEXT = rb"(?:\$|'(?:[ -&(-~]|'')*+')"
HEAD = rb" ?\('[ -&(-~]{22}',[^,'\r\n]*+,"  # GlobalId, OwnerHistory
KEPT = (
    # A single value: words. A set: name, members. A relation: things, definition. Any other: class, what it says.
    rb"PROPERTY(?:SINGLEVALUE ?\((" + REST + rb");|SET" + HEAD + rb"(" + TEXT + rb")," + TEXT + rb",\(([#\d,]*+)\)\);)|"
    rb"RELDEFINESBYPROPERTIES" + HEAD + TEXT + rb"," + TEXT + rb",\(([#\d,]*+)\),#(\d++)\);|"
    rb"([A-Z0-9_]++) ?\((" + PAIRED + rb");"
)


@dataclass
class StepText:
    """Numbers are those of the file (#…)."""

    head: bytes = b""
    singles: dict[int, bytes] = field(default_factory=dict)  # what stands between the brackets of a single value
    sets: dict[int, tuple[bytes, bytes]] = field(default_factory=dict)  # name as written, members as written
    owned: dict[int, list[int]] = field(default_factory=lambda: defaultdict(list))
    shared: set[int] = field(default_factory=set)
    others: dict[int, tuple[bytes, bytes]] = field(default_factory=dict)  # class, what stands between the brackets


def read(path: Path, schema: Schema) -> StepText:
    """One pass over the file. Refused for sets with repeated numbers; Odd for what is not plainly written."""
    found = StepText()
    same, singles, others, sets = dict[bytes, bytes]().setdefault, found.singles, found.others, found.sets
    line = _line(schema)
    n_singles = 0
    relations: list[tuple[int, bytes, int]] = []
    for block in _blocks(path, found):
        for number, words, name, members, things, definition, ifc_class, said, odd in line.findall(block):
            if words:
                singles[int(number)] = same(words, words)
                n_singles += 1
            elif definition:
                relations.append((int(number), things, int(definition)))
            elif ifc_class:
                _insist_on_new(int(number), others)
                others[int(number)] = (same(ifc_class, ifc_class), said)
            elif name:
                if int(number) in sets:
                    raise refused("number.repeated", number=int(number))
                sets[int(number)] = (same(name, name), members)
            elif odd:
                raise Odd
    if n_singles != len(singles) or not _are_apart(singles, sets, others):
        raise Odd
    _relate(found, relations)
    return found


def _insist_on_new(number: int, known: dict[int, tuple[bytes, bytes]]) -> None:
    if number in known:
        raise Odd


def _are_apart(*numbered: Mapping[int, object]) -> bool:
    first, second, third = (one.keys() for one in numbered)
    return first.isdisjoint(second) and first.isdisjoint(third) and second.isdisjoint(third)


def numbers_in(listed: bytes) -> list[int]:
    """#12,#13 → [12, 13]"""
    return list(map(int, listed.replace(b"#", b"").split(b","))) if listed else []


def _relate(found: StepText, relations: list[tuple[int, bytes, int]]) -> None:
    """In the order of their numbers, like the parser: of two sets with the same name the later one counts."""
    for _number, things, key in sorted(relations):
        numbers = numbers_in(things)
        if len(numbers) > 1:
            found.shared.add(key)
        for number in numbers:
            found.owned[number].append(key)


def _line(schema: Schema) -> "re.Pattern[bytes]":
    """Whatever lines draw, then one that is kept, or the end; or one character that fits neither."""
    shapes = [
        name.upper().removeprefix("IFC")
        for ancestor in (*SHAPES, *PLACES)
        if schema.has(ancestor)
        for name in schema.descendants(ancestor)
    ]
    drawing = rb"#\d++ ?= ?IFC(?:" + _any_of(shapes).encode() + rb") ?\(" + PAIRED + rb";"
    passed = rb"[\r\n]{1,4}+(?:" + drawing + rb"|END(?:SEC|-ISO-10303-21) ?;)"
    return re.compile(rb"(?:" + passed + rb")*+(?:" + NUMBERED + rb"(?:" + KEPT + rb")|[\s\x00]{0,64}+\Z|([\s\S]))")


def _any_of(names: list[str]) -> str:
    """An expression for any of the names that looks at each letter once."""
    branches = [
        first + _any_of([name[1:] for name in those]) if first else ""
        for first, those in groupby(sorted(set(names), key=lambda name: (not name, name)), key=lambda name: name[:1])
    ]
    return branches[0] if len(branches) == 1 else f"(?:{'|'.join(branches)})"


def _blocks(path: Path, found: StepText) -> Iterator[bytes]:
    """Pieces that begin with the line feed before an entity and end with the one after; puts aside what comes before."""
    rest = b""
    with path.open("rb") as stream:
        first = stream.read(BLOCK)
        data = DATA.search(first)
        if data is None:
            raise Odd
        found.head, rest = first[: data.end()], first[data.end() :]
        while block := stream.read(BLOCK):
            whole, feed, rest = (rest + block).rpartition(b"\n")
            yield whole
            rest = feed + rest
            if len(rest) > LONGEST:
                raise Odd
    yield rest
