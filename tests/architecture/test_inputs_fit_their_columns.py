"""What a person may say with a move fits where it is kept: PostgreSQL refuses more with an error, SQLite keeps it."""

from typing import Any

import pytest

from assets.machines import MACHINES
from core.inputs import LONGEST

KEPT = [
    pytest.param(machine.model, wanted, id=f"{name}.{move.name}.{wanted.name}")
    for name, machine in MACHINES.items()
    for move in machine.flow
    for wanted in move.inputs
    if wanted.kind == "line" and wanted.name in {field.name for field in machine.model._meta.fields}
]


@pytest.mark.parametrize(("model", "wanted"), KEPT)
def test_a_line_is_no_longer_than_its_column(model: Any, wanted: Any) -> None:
    assert (wanted.longest or LONGEST["line"]) <= model._meta.get_field(wanted.name).max_length


def test_there_are_such_lines() -> None:
    assert len(KEPT) > 5
