"""The table that `make demo` ends with."""

import pytest
from django.core.management import call_command

from demonstration import replay

pytestmark = pytest.mark.django_db


def test_the_demo_command_ends_with_the_table_and_its_proofs(monkeypatch, capsys):
    monkeypatch.setenv("DATABASE_URL", "sqlite://")
    monkeypatch.setattr(replay, "is_loaded", lambda: True)
    call_command("demo")
    printed = capsys.readouterr().out
    assert "合计 · 0 · 0.00" in printed
    assert "0 differences" in printed
