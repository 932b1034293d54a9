"""Values in an IDS file: one simple value, or a restriction; whether they can be met at all."""

import re
import xml.etree.ElementTree as ElementTree
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from math import inf

from elementpath.regex import RegexError, translate_pattern

from bim.ifc.ids_reading import IDS, XS
from bim.ifc.ids_schemas import BASES, COLLECTION, OBJECT
from bim.ifc.records import Reason

NUMERIC = ("double", "decimal", "float", "integer", "int", "long")
LENGTHS = ("length", "minLength", "maxLength")
BOUNDS = ("minInclusive", "minExclusive", "maxInclusive", "maxExclusive")
WHOLE = re.compile(r"[+-]?\d+")
DECIMAL = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?")
DOUBTFUL = re.compile(r"\([^()]*[+*][^()]*\)\s*[+*{]")  # (a+)+ and the like: may run for hours on a name of 40 letters
LONGEST_PATTERN = 1000
Lexical = Callable[[str], bool]
WRITTEN: dict[str, Lexical] = {
    "integer": lambda text: WHOLE.fullmatch(text) is not None,
    "real": lambda text: DECIMAL.fullmatch(text) is not None,
    "number": lambda text: DECIMAL.fullmatch(text) is not None,
    "boolean": lambda text: text in ("true", "false", "1", "0"),
    "logical": lambda text: text in ("true", "false", "1", "0", "unknown", "UNKNOWN"),
}


@dataclass(frozen=True)
class Value:
    """`simple`, or else a restriction of `base` with facets (kind, text) in the order of the file."""

    simple: str | None = None
    base: str = "string"
    facets: tuple[tuple[str, str], ...] = ()

    @property
    def is_simple(self) -> bool:
        return self.simple is not None

    def all(self, kind: str) -> list[str]:
        return [text for name, text in self.facets if name == kind]

    @cached_property
    def patterns(self) -> list[re.Pattern[str]]:
        """Compiled as XML Schema understands them; RegexError or re.error for what is no pattern."""
        return [compiled(text) for text in self.all("pattern")]

    def named(self) -> list[str] | None:
        """The texts this value lists; None where it describes them by a pattern or length."""
        if self.simple is not None:
            return [self.simple]
        return self.all("enumeration") or None

    def picks(self, names: frozenset[str]) -> list[str]:
        """Those of the names that meet a pattern; all of them where there is none (a length, say)."""
        try:
            patterns = self.patterns
        except (RegexError, re.error):
            return sorted(names)
        return sorted(name for name in names if not patterns or any(one.fullmatch(name) for one in patterns))


def compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(translate_pattern(pattern, back_references=False, lazy_quantifiers=False, anchors=False))


def value_of(parent: ElementTree.Element | None) -> Value | None:
    if parent is None:
        return None
    simple = parent.find(f"{IDS}simpleValue")
    if simple is not None:
        return Value(simple=simple.text or "")
    restriction = parent.find(f"{XS}restriction")
    if restriction is None:
        return Value(simple="")
    facets = tuple(
        (child.tag.removeprefix(XS), child.get("value", ""))
        for child in restriction
        if isinstance(child.tag, str) and child.tag != f"{XS}annotation"
    )
    return Value(base=restriction.get("base", "").rpartition(":")[2] or "string", facets=facets)


def faults_of(value: Value) -> Iterator[Reason]:
    """What is wrong with a value by itself."""
    if value.simple is not None:
        if not value.simple.strip():
            yield Reason("ids.value_empty")
        return
    if not value.facets:
        yield Reason("ids.restriction_empty")
    for pattern in value.all("pattern"):
        if (fault := _fault_of_pattern(pattern)) is not None:
            yield fault
    if value.all("pattern") and value.base in (*NUMERIC, "boolean"):
        yield Reason("ids.facet_base", {"facet": "pattern", "base": value.base})
    for kind, text in value.facets:
        if kind in LENGTHS:
            if value.base in (*NUMERIC, "boolean"):
                yield Reason("ids.facet_base", {"facet": kind, "base": value.base})
            elif not text.isdecimal():
                yield Reason("ids.facet_value", {"facet": kind, "value": text[:100]})
        elif kind in BOUNDS and value.base in NUMERIC and not DECIMAL.fullmatch(text):
            yield Reason("ids.facet_value", {"facet": kind, "value": text[:100]})
        elif kind in BOUNDS and value.base in ("string", "boolean"):
            yield Reason("ids.facet_base", {"facet": kind, "base": value.base})
        elif kind == "enumeration" and not _is_written(value.base, text):
            yield Reason("ids.facet_value", {"facet": kind, "value": text[:100]})
    yield from _faults_of_range(value)


def faults_with_type(value: Value, basic: str, name: str) -> Iterator[Reason]:
    """What is wrong with a value for something of this basic type (ids_schemas.BASES)."""
    if basic in (OBJECT, COLLECTION, "binary"):
        yield Reason("ids.value_of_object", {"name": name})
    elif value.simple is not None:
        if basic in WRITTEN and not WRITTEN[basic](value.simple):
            yield Reason("ids.value_type", {"value": value.simple[:100], "name": name, "type": basic})
    elif value.base not in BASES.get(basic, (value.base,)):
        yield Reason("ids.base_type", {"base": value.base, "name": name, "type": basic})


def _fault_of_pattern(pattern: str) -> Reason | None:
    if len(pattern) > LONGEST_PATTERN or DOUBTFUL.search(pattern):
        return Reason("ids.pattern_costly", {"pattern": pattern[:100]})
    try:
        compiled(pattern)
    except (RegexError, re.error, OverflowError, RecursionError) as error:
        return Reason("ids.pattern", {"pattern": pattern[:100], "detail": str(error)[:100]})
    return None


def _is_written(base: str, text: str) -> bool:
    for basic in ("integer", "real", "boolean"):
        if base in BASES[basic]:
            return WRITTEN[basic](text)
    return True


def _faults_of_range(value: Value) -> Iterator[Reason]:
    def number(kind: str, without: float) -> float:
        texts = value.all(kind)
        return float(texts[0]) if texts and DECIMAL.fullmatch(texts[0]) else without

    low = max(number("minInclusive", -inf), number("minExclusive", -inf))
    high = min(number("maxInclusive", inf), number("maxExclusive", inf))
    shortest, longest = number("minLength", 0), number("maxLength", inf)
    empty = low == high and (value.all("minExclusive") or value.all("maxExclusive"))
    if low > high or shortest > longest or (empty and low not in (inf, -inf)):
        yield Reason("ids.range")
