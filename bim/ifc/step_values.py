"""What stands between the brackets of an entity, as values: strings, numbers, enumerations, references, lists.

Only what is plainly written is understood; anything else raises Odd, and the whole file is left to the parser.
"""

import re
from collections.abc import Callable
from typing import Any

# Pieces between commas: strings, lists up to three deep and typed values, everything else. None begins anew within itself.
STRING = rb"'[^']*+(?:''[^']*+)*+'"
FLAT = rb"\((?:[^'()]++|" + STRING + rb")*+\)"
DEEP = rb"\((?:[^'()]++|" + STRING + rb"|" + FLAT + rb")*+\)"
DEEPER = rb"\((?:[^'()]++|" + STRING + rb"|" + DEEP + rb")*+\)"
PIECES = re.compile(rb"[A-Z0-9_]*+" + DEEPER + rb"|" + STRING + rb"|[^'(),]++")
NUMBER = re.compile(rb"[+-]?\d++(\.\d*+(?:[Ee][+-]?\d++)?)?")
TYPED = re.compile(rb"([A-Z0-9_]++)\((.*+)(?<=\))", re.DOTALL)
DIRECTIVES = re.compile(
    r"''|\\(?:\\|X2\\((?:[0-9A-F]{4})++)\\X0\\|X4\\((?:[0-9A-F]{8})++)\\X0\\|X\\([0-9A-F]{2})|S\\([ -&(-\[\]-~])|)"
)
LOGICAL = {b".T.": True, b".F.": False, b".U.": "UNKNOWN"}


class Odd(Exception):
    """The file is not as plainly written as it would have to be."""


class Typed:
    """A value with its type: IFCLABEL('x')."""

    __slots__ = ("_kind", "_value")

    def __init__(self, kind: str, value: Any) -> None:
        self._kind, self._value = kind, value

    def is_a(self) -> str:
        return self._kind

    def get_argument(self, position: int) -> Any:
        if position:
            raise Odd
        return self._value


def pieces(inside: bytes) -> list[bytes]:
    """What stands between the commas of `'a',$,(#1,#2))`: the bracket that ends it included, the first one not."""
    if inside[-1:] != b")":
        raise Odd
    inside = inside[:-1]
    found = PIECES.findall(inside)
    if len(inside) != sum(map(len, found)) + len(found) - (1 if found else 0) or b",".join(found) != inside:
        raise Odd
    return found


def value(piece: bytes, refer: Callable[[int], Any], type_named: Callable[[str], str | None]) -> Any:
    """The value of one piece; `refer` gives what a number of the file stands for."""
    first = piece[:1]
    if first == b"#":
        return refer(int(piece[1:]))
    if first == b"'":
        return string(piece)
    if piece == b"$" or piece == b"*":
        return None
    if first == b".":
        return LOGICAL.get(piece) if piece in LOGICAL else _enumerated(piece)
    if first == b"(":
        return tuple([value(one, refer, type_named) for one in pieces(piece[1:])])
    number = NUMBER.fullmatch(piece)
    if number:
        return int(piece) if number.group(1) is None else float(piece)
    typed = TYPED.fullmatch(piece)
    name = type_named(typed.group(1).decode()) if typed else None
    if typed is None or name is None:
        raise Odd
    (one,) = pieces(typed.group(2))
    return Typed(name, value(one, refer, type_named))


def _enumerated(piece: bytes) -> str:
    if len(piece) < 3 or piece[-1:] != b".":
        raise Odd
    return piece[1:-1].decode()


def string(piece: bytes) -> str:
    """'it''s \\X2\\5899\\X0\\' → it's 墙"""
    said = piece[1:-1].decode("ascii")
    if "\\" in said:
        return DIRECTIVES.sub(_character, said)
    return said.replace("''", "'") if "''" in said else said


def _character(found: re.Match[str]) -> str:
    two, four, one, shifted = found.groups()
    if two:
        return bytes.fromhex(two).decode("utf-16-be", "surrogatepass")
    if four:
        return bytes.fromhex(four).decode("utf-32-be")
    if one:
        return chr(int(one, 16))
    if shifted:
        return chr(ord(shifted) + 128)
    if found.group() == "\\":
        raise Odd
    return found.group()[1:]
