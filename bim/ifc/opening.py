"""Opens a prepared file without its shapes: half the time and less than half the memory of a full parse."""

from pathlib import Path
from typing import Any

import ifcopenshell

from bim.ifc.refusal import refused

# Everything that only draws. Lists that named such entities come out empty, single references as None.
SHAPES = ("IfcRepresentationItem", "IfcPlacement", "IfcRepresentation")
FIRST_ERRORS = 3


def opened(path: Path) -> tuple[Any, list[str]]:
    """The model without shapes, and what the parser complained of. Refused when it cannot be parsed."""
    ifcopenshell.get_log()
    try:
        model = ifcopenshell.open(path, bypass_types=SHAPES)
    except MemoryError:
        raise
    except Exception as error:
        raise refused("parse.failed", detail=str(error)[:200]) from error
    return model, complaints()


def complaints() -> list[str]:
    """The parser's errors since the last call, without time stamps."""
    lines = [line for line in ifcopenshell.get_log().splitlines() if line.startswith("[error]")]
    return [line.split("] ", 2)[-1][:200] for line in lines]
