"""What the rule of materials needs to know of an item's slots (R-MAT-01, R-MAT-02)."""

from typing import Any

from approvals import material_models
from approvals.rules import materials


def missing_materials(item: Any) -> list[Any]:
    """The mandatory slots nothing satisfies, and the conditional ones without a reason (R-MAT-02)."""
    return [slot for slot in item.slots.all() if not materials.is_satisfied(slot_facts(slot))]


def slot_facts(slot: Any) -> materials.SlotFacts:
    requirement = slot.requirement
    models = material_models.of_slot(slot)
    return materials.SlotFacts(
        necessity=slot.necessity,
        has_version=slot.current is not None,
        needs_file=requirement.needs_file if requirement else True,
        is_auto=bool(requirement and requirement.gates),
        is_linked=bool(slot.linked),
        is_deferred=slot.deferred_until is not None,
        wants_model=bool(requirement and requirement.model_stage),
        has_model=models is not None and models.is_passed,
        not_applicable_reason=slot.not_applicable_reason,
    )
