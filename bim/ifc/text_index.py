"""Where the properties stand in the text of a file, found without parsing it.

Properties are most of what is left of a model without its shapes, and most of them are written many times with the same
words. This index says which properties make up which set and whose sets they are; the words of each different property
are then parsed once (`definitions`). It works for files that write one entity a line, as nearly all programs do; for
others there is no index and everything is read from the parsed model.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from bim.ifc.refusal import refused

BLOCK = 512 * 1024  # three passes over a block that stays in the processor's cache
SETS, RELATIONS = "IFCPROPERTYSET", "IFCRELDEFINESBYPROPERTIES"
TEXT = rb"(?:\$|'(?:[^'\r\n]|'')*+')"
HEAD = rb" ?\( ?'[^'\r\n]{22}',[^,'\r\n]*+,"  # GlobalId, OwnerHistory
# Possessive (++): a line that does not fit is left at once, without trying again with fewer digits.
# A single value: number, words. A set: number, name, members. A relation: number, things, definition.
DEFINED = re.compile(
    rb"\n#(\d++) ?= ?IFC(?:PROPERTY(?:SINGLEVALUE ?\(([^\r\n]*)\)|"
    rb"SET" + HEAD + rb"(" + TEXT + rb")," + TEXT + rb",\(([#\d, ]*+)\) ?\))|"
    rb"RELDEFINESBYPROPERTIES" + HEAD + TEXT + rb"," + TEXT + rb",\(([#\d, ]*+)\),#(\d++) ?\));"
)
ROOTED = re.compile(rb"= ?IFC([A-Z0-9_]++) ?\( ?'[^'\r\n]{22}',")


@dataclass
class TextIndex:
    """Numbers are those of the file (#…). `singles` holds what stands between the brackets of a single value."""

    singles: dict[int, bytes] = field(default_factory=dict)
    sets: dict[int, tuple[bytes, bytes]] = field(default_factory=dict)  # name as written, members as written
    owned: dict[int, list[int]] = field(default_factory=lambda: defaultdict(list))
    shared: set[int] = field(default_factory=set)
    classes: Counter[str] = field(default_factory=Counter)
    n_relations: int = 0

    @property
    def is_whole(self) -> bool:
        """Whether every set and every relation of the text could be taken apart."""
        return (len(self.sets), self.n_relations) == (self.classes[SETS], self.classes[RELATIONS])


def index(path: Path) -> TextIndex:
    """One pass over the file. Refused for repeated numbers. `is_whole` says whether it may be used."""
    found, same = TextIndex(), dict[bytes, bytes]().setdefault
    singles = found.singles
    classes: Counter[bytes] = Counter()
    for block in _blocks(path):
        classes.update(ROOTED.findall(block))
        for number, words, name, members, things, definition in DEFINED.findall(block):
            if words:
                singles[int(number)] = same(words, words)
            elif definition:
                _relate(found, things, int(definition))
            else:
                _insist_on_new(int(number), found.sets)
                found.sets[int(number)] = (name, members)
    found.classes = Counter({f"IFC{name.decode()}": count for name, count in classes.items()})
    return found


def _insist_on_new(number: int, known: dict[int, tuple[bytes, bytes]]) -> None:
    if number in known:
        raise refused("number.repeated", number=number)


def numbers_in(listed: bytes) -> list[int]:
    """#12,#13 → [12, 13]"""
    return list(map(int, listed.replace(b"#", b"").split(b","))) if listed else []


def _relate(found: TextIndex, things: bytes, key: int) -> None:
    numbers = numbers_in(things)
    found.n_relations += 1
    if len(numbers) > 1:
        found.shared.add(key)
    for number in numbers:
        found.owned[number].append(key)


def _blocks(path: Path) -> Iterator[bytes]:
    """Pieces that begin with the line feed before an entity and end with the one after."""
    rest = b""
    with path.open("rb") as stream:
        while block := stream.read(BLOCK):
            whole, feed, rest = (rest + block).rpartition(b"\n")
            yield whole
            rest = feed + rest
    yield rest
