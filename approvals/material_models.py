"""The building models that satisfy a material instead of a file (D06): accepted, of the right stage, required checks passed."""

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _

from bim import standing
from bim.models import BimModel
from bim.models.check import Verdict
from core.errors import Problem
from core.workflow import Situation


def of_slot(slot: Any) -> standing.StageStanding | None:
    """How the models of the material's stage stand; None where no model is wanted, or the unit said why there is none."""
    requirement = slot.requirement
    if requirement is None or not requirement.model_stage or slot.not_applicable_reason:
        return None
    return standing.stage_standing(slot.item.project, requirement.model_stage)


def models_of(slot: Any) -> list[tuple[BimModel, standing.Standing]]:
    """The models that are handed in for the material, each with how it stands."""
    found = of_slot(slot)
    return found.models if found else []


def is_required(item: Any, situation: Situation) -> bool:
    """Whether models are mandatory for this project: it was set up under the rule (DOMAIN §10)."""
    row = situation.rules.row("bim.required", item.item_type)
    return row is not None and bool(row.value) and item.project.registered_at.date() >= row.effective_from


def problems(slot: Any, situation: Situation) -> Iterator[Problem]:
    """Why the material is not satisfied yet: no model, or what its required checks say. Not checked is not passed."""
    field, found = f"material.{slot.code}", of_slot(slot)
    if found is None or not found.models:
        message = _("%(name)s: hand in a model, or say why it does not apply.")
        if is_required(slot.item, situation):
            message = _("%(name)s: this project has to use building models. Hand one in, or say why it does not apply.")
        yield Problem("materials.model_missing", message % {"name": slot.label}, field)
        return
    for model, stands in found.models:
        code = "materials.model_failed" if stands.verdict == Verdict.FAILED else "materials.model_not_checked"
        for reason in stands.reasons:
            message = _("%(name)s, %(model)s: %(reason)s")
            yield Problem(code, message % {"name": slot.label, "model": model, "reason": reason.message}, field)


def contents_of(slot: Any) -> list[dict[str, object]]:
    """What is submitted with the item: each model with its version, hash and how it stood."""
    return [
        {
            "code": slot.code,
            "version": model.version,
            "sha256": model.sha256,
            "model": model.pk,
            "model_stage": model.stage,
            "discipline": model.discipline,
            "verdict": stands.verdict,
        }
        for model, stands in models_of(slot)
    ]
