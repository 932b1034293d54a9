"""Reads a file the way the reading process does, but within the test."""

import tempfile
from dataclasses import dataclass, field
from pathlib import Path

from bim.ifc import intake, reading, rows_file
from bim.ifc.records import ElementRow, Header, QuantityRow, SpatialRow, Summary


@dataclass
class Read:
    """Everything that came out, with look-ups by name."""

    header: Header
    spatial: list[SpatialRow] = field(default_factory=list)
    elements: list[ElementRow] = field(default_factory=list)
    summary: Summary = field(default_factory=Summary)

    def element(self, name: str) -> ElementRow:
        return next(row for row in self.elements if row.name == name)

    def node(self, name: str) -> SpatialRow:
        return next(row for row in self.spatial if row.name == name)

    def properties(self, name: str) -> dict[str, str]:
        return {row.name: row.value for row in self.element(name).properties}

    def quantity(self, name: str, quantity: str) -> QuantityRow:
        return next(row for row in self.element(name).quantities if row.name == quantity)

    def warned(self) -> list[str]:
        return [reason.code for reason in self.summary.warnings]


def read(path: Path, folder: Path) -> Read:
    """Raises Refused like the reading process."""
    with tempfile.TemporaryDirectory() as apart:
        out = Path(apart) / "rows.jsonl"
        reading.write(intake.prepare(path, folder), out, lambda done, total: None)
        rows = list(rows_file.read(out))
    return Read(
        header=rows[0],
        spatial=[row for row in rows if isinstance(row, SpatialRow)],
        elements=[row for row in rows if isinstance(row, ElementRow)],
        summary=rows[-1],
    )
