"""Where products stand: the origin of each one's own coordinates in those of the model, in metres."""

from collections.abc import Mapping
from typing import Any

import ifcopenshell.util.placement
import ifcopenshell.util.unit
import numpy as np

from bim.ifc.glb import Floats


def of_products(model: Any, known: Mapping[int, Floats], without: tuple[str, ...]) -> dict[str, list[float]]:
    """x, y, z by GlobalId, of all classes but `without`.

    `known` (by STEP id) is what the shapes told already; the others follow their placements.
    """
    scale = ifcopenshell.util.unit.calculate_unit_scale(model)
    matrices: dict[int, Floats | None] = {}
    guids: list[str] = []
    found: list[Floats] = []
    for product in model.by_type("IfcProduct"):
        at = known.get(product.id())
        if at is None and not any(product.is_a(kind) for kind in without):
            matrix = _matrix(product.ObjectPlacement, matrices)
            at = None if matrix is None else matrix[:3, 3] * scale
        if at is not None:
            guids.append(product.GlobalId)
            found.append(at)
    if not found:
        return {}
    rounded = np.round(np.array(found), 6) + 0.0
    finite = np.isfinite(rounded).all(axis=1).tolist()
    rows = zip(guids, rounded.tolist(), finite, strict=True)
    return {guid: row for guid, row, is_finite in rows if is_finite}


def _matrix(placement: Any, matrices: dict[int, Floats | None]) -> Floats | None:
    """The placement with all it hangs on, in the file's unit; None where it is none or leads in a circle."""
    chain: list[Any] = []
    above: Floats | None = np.eye(4)
    while placement is not None:
        if placement.id() in matrices:
            above = matrices[placement.id()]
            break
        matrices[placement.id()] = None
        chain.append(placement)
        placement = getattr(placement, "PlacementRelTo", None)
    for one in reversed(chain):
        own = _own(one)
        above = None if above is None or own is None else above @ own
        matrices[one.id()] = above
    return above if chain or placement is not None else None


def _own(placement: Any) -> Floats | None:
    if placement.is_a("IfcLinearPlacement"):
        axes = placement.CartesianPosition
    else:
        axes = getattr(placement, "RelativePlacement", None)
    return None if axes is None else ifcopenshell.util.placement.get_axis2placement(axes)
