"""The shipped rules that reviewers may begin with: by the name and the unit of a cost line (DOMAIN §10, typical links)."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from pathlib import Path

from approvals.models import CostLine
from approvals.rules.quantities import UNITS

SHIPPED = Path(__file__).resolve().parent.parent / "fixtures" / "bim" / "quantity_rules.json"


@dataclass(frozen=True)
class Template:
    """Lines whose name holds one of `words` and that are counted in `unit` (as in rules.quantities.UNITS)."""

    code: str
    words: tuple[str, ...]
    unit: str
    ifc_class: str
    quantity: str
    factor: Decimal
    set_name: str = ""
    material_contains: str = ""
    material_lacks: str = ""

    def fits(self, line: CostLine) -> bool:
        counted_in = UNITS.get(line.unit.strip().lower())
        return line.is_leaf and counted_in == self.unit and any(word in line.name for word in self.words)


@lru_cache(maxsize=1)
def shipped() -> tuple[Template, ...]:
    rows = json.loads(SHIPPED.read_text(encoding="utf-8"))
    return tuple(Template(**{**row, "words": tuple(row["words"]), "factor": Decimal(row["factor"])}) for row in rows)


def for_lines(lines: Iterable[CostLine]) -> list[tuple[CostLine, Template]]:
    """The first template that fits each line; lines that none fits are left out."""
    pairs = ((line, next((one for one in shipped() if one.fits(line)), None)) for line in lines)
    return [(line, template) for line, template in pairs if template is not None]
