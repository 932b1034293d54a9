"""What begins by itself once a model is accepted."""

from typing import Any

from bim.models import BimModel
from bim.services import checks, geometry


def after_acceptance(model: BimModel, user: Any) -> None:
    """Called within the transaction that accepts the model; starts background work only."""
    geometry.start(model, user)
    checks.start(model, user)
