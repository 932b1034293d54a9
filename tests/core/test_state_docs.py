"""docs/STATES.md is what the machines do."""

import re

import pytest
from django.core.management import CommandError, call_command

from approvals.flow import ITEM_FLOW
from core.management.commands import write_state_docs
from projects.lifecycle import LIFECYCLE


def test_the_document_is_up_to_date() -> None:
    call_command("write_state_docs", "--check")


def test_an_outdated_document_is_noticed(tmp_path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(write_state_docs, "TARGET", tmp_path / "STATES.md")
    with pytest.raises(CommandError, match="out of date"):
        call_command("write_state_docs", "--check")


@pytest.mark.parametrize("flow", [LIFECYCLE, ITEM_FLOW], ids=["project", "item"])
def test_every_move_has_its_row_and_every_change_of_state_its_arrow(flow) -> None:
    text = write_state_docs.document()
    arrows = dict(re.findall(r"^    (\w+ --> \w+) : (.+)$", text, re.MULTILINE))
    for move in flow:
        assert f"|{move.number}|`{move.name}`|" in text
        for source in move.sources:
            for target in move.targets:
                assert move.name in arrows[f"{source} --> {target}"].split(", ")
