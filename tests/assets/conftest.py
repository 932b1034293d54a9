"""Fixtures of the rooms of account, assets and handover."""

from datetime import date
from decimal import Decimal

import pytest

from core import rulebook


@pytest.fixture
def execution_required(monkeypatch: pytest.MonkeyPatch) -> None:
    """A district that keeps contracts and works in this system (rule `execution.required`)."""
    rows = (*rulebook.shipped(), rulebook.RuleRow("execution.required", Decimal(1), date(2018, 1, 1)))
    monkeypatch.setattr(rulebook, "shipped", lambda: rows)
