"""When a row of the material list is satisfied (R-MAT-01, R-MAT-02). Pure."""

from dataclasses import dataclass


@dataclass(frozen=True)
class SlotFacts:
    """What the rule needs to know of one row. `necessity`: M mandatory, C conditional, O optional.

    `has_model`: there is an accepted building model of the right stage, and its required checks are passed.
    """

    necessity: str
    has_version: bool
    needs_file: bool = True
    is_auto: bool = False
    is_linked: bool = False
    is_deferred: bool = False
    wants_model: bool = False
    has_model: bool = False
    not_applicable_reason: str = ""


def is_satisfied(slot: SlotFacts) -> bool:
    """Whether nothing more is needed for this row before submission or acceptance."""
    if slot.necessity == "O" or slot.is_deferred:
        return True
    if slot.is_auto:
        return slot.is_linked or slot.has_version or bool(slot.not_applicable_reason)
    if slot.wants_model:
        return slot.has_model or (slot.necessity == "C" and bool(slot.not_applicable_reason.strip()))
    if not slot.needs_file or slot.has_version:
        return True
    return slot.necessity == "C" and bool(slot.not_applicable_reason.strip())
