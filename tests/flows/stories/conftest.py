"""Everybody who takes part in the stories."""

from typing import Any

import pytest

from tests.support.cast import make_cast


@pytest.fixture
def cast() -> Any:
    return make_cast()
