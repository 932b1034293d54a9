"""Where products stand: the origin of each one's own coordinates in those of the model, in metres."""

from collections.abc import Mapping
from typing import Any

import ifcopenshell.util.placement
import ifcopenshell.util.unit
import numpy as np

from bim.ifc.axes import NotPlain, axes
from bim.ifc.glb import Floats

LOCAL = "IfcLocalPlacement"
PLACEMENT = 5  # of a product


class Placements:
    """Matrices (4, 4) of products; each placement is read once. `scale`: metres of the file's unit of length."""

    def __init__(self, model: Any) -> None:
        self.scale: float = ifcopenshell.util.unit.calculate_unit_scale(model)
        self._known: dict[int, Floats | None] = {}

    def of(self, product: Any) -> Floats | None:
        """In metres; None where it stands nowhere, or its placements lead in a circle."""
        placement = product.get_argument(PLACEMENT)
        matrix = None if placement is None else self._matrix(placement)
        if matrix is None:
            return None
        metres = matrix.copy()
        metres[:3, 3] *= self.scale
        return metres

    def _matrix(self, placement: Any) -> Floats | None:
        """The placement with all it hangs on, in the file's unit."""
        chain: list[tuple[int, Any]] = []
        above: Floats | None = np.eye(4)
        while placement is not None:
            number = placement.id()
            if number in self._known:
                above = self._known[number]
                break
            self._known[number] = None
            chain.append((number, placement))
            placement = _above(placement)
        for number, one in reversed(chain):
            own = None if above is None else _own(one)
            above = None if above is None or own is None else above @ own
            self._known[number] = above
        return above


def _above(placement: Any) -> Any:
    return placement.get_argument(0) if placement.is_a() == LOCAL else getattr(placement, "PlacementRelTo", None)


def _own(placement: Any) -> Floats | None:
    said: Any
    if placement.is_a() == LOCAL:
        said = placement.get_argument(1)
    elif placement.is_a("IfcLinearPlacement"):
        said = placement.CartesianPosition
    else:
        said = getattr(placement, "RelativePlacement", None)
    if said is None:
        return None
    try:
        return axes(said)
    except NotPlain:
        return ifcopenshell.util.placement.get_axis2placement(said)


def of_products(
    model: Any, placements: Placements, known: Mapping[int, Floats], without: tuple[str, ...]
) -> dict[str, list[float]]:
    """x, y, z by GlobalId, of all classes but `without`.

    `known` (by STEP id) is what the shapes told already; the others follow their placements.
    """
    guids: list[str] = []
    found: list[Floats] = []
    for product in model.by_type("IfcProduct"):
        at = known.get(product.id())
        if at is None and not any(product.is_a(kind) for kind in without):
            matrix = placements.of(product)
            at = None if matrix is None else matrix[:3, 3]
        if at is not None:
            guids.append(product.get_argument(0))
            found.append(at)
    if not found:
        return {}
    rounded = np.round(np.array(found), 6) + 0.0
    finite = np.isfinite(rounded).all(axis=1).tolist()
    rows = zip(guids, rounded.tolist(), finite, strict=True)
    return {guid: row for guid, row, is_finite in rows if is_finite}
