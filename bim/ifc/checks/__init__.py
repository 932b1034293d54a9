"""The minimum set of DOMAIN §10, one check per file, in the order they are told. They cost no second look at the file."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from bim.ifc.checks import (
    classification,
    element_types,
    equipment,
    fire_rating,
    georeference,
    material_grade,
    project_code,
    spaces,
    storeys,
)
from bim.ifc.checks.facts import FAILED, NOT_APPLICABLE, PASSED, Check, Finding, ModelFacts

EDITION = 1  # what an earlier edition said counts no longer
STAGES = ("CONCEPT", "PRELIMINARY", "DRAWINGS", "CONSTRUCTION", "AS_BUILT")
CHECKS: tuple[Check, ...] = (
    project_code.CHECK,
    georeference.CHECK,
    storeys.CHECK,
    spaces.CHECK,
    element_types.CHECK,
    classification.CHECK,
    material_grade.CHECK,
    fire_rating.CHECK,
    equipment.CHECK,
)


@dataclass(frozen=True)
class Judged:
    """What one check says: how many it looked at, and what failed."""

    check: Check
    verdict: str
    n_applicable: int = 0
    failures: list[Finding] = field(default_factory=list)


def judge(model: ModelFacts) -> Iterator[Judged]:
    """Every check; those of a later stage, and those that meet nothing, are not applicable."""
    for check in CHECKS:
        if STAGES.index(model.stage) < STAGES.index(check.since):
            yield Judged(check, NOT_APPLICABLE)
            continue
        findings = [finding for finding in check.judge(model) if finding.verdict != NOT_APPLICABLE]
        failures = [finding for finding in findings if finding.verdict == FAILED]
        verdict = FAILED if failures else PASSED if findings else NOT_APPLICABLE
        yield Judged(check, verdict, len(findings), failures)


__all__ = ["CHECKS", "EDITION", "Check", "Finding", "Judged", "ModelFacts", "judge"]
