"""When a row of the material list is satisfied (R-MAT-01, R-MAT-02). Pure."""

from dataclasses import dataclass


@dataclass(frozen=True)
class SlotFacts:
    """What the rule needs to know of one row. `necessity`: M mandatory, C conditional, O optional."""

    necessity: str
    has_version: bool
    needs_file: bool = True
    is_auto: bool = False
    is_linked: bool = False
    is_deferred: bool = False
    not_applicable_reason: str = ""


def is_satisfied(slot: SlotFacts) -> bool:
    """Whether nothing more is needed for this row before submission or acceptance."""
    if slot.necessity == "O" or slot.is_deferred:
        return True
    if slot.is_auto:
        return slot.is_linked or slot.has_version or bool(slot.not_applicable_reason)
    if not slot.needs_file or slot.has_version:
        return True
    return slot.necessity == "C" and bool(slot.not_applicable_reason.strip())
