"""The material list of an item as rows: what each needs, what it has, and what may be done with it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from approvals import material_models
from approvals.material_facts import slot_facts
from approvals.models import ApprovalItem, CorrectionDefect, MaterialComment, MaterialSlot, MaterialVersion
from approvals.rules import materials as rule
from approvals.services.edit import EDITABLE
from approvals.services.materials import upload_problems
from bim.models.check import Verdict
from bim.standing import StageStanding
from core.files import KINDS, MB
from projects.states import Gate


@dataclass(frozen=True)
class MaterialRow:
    """One slot. `mark` ok, problem, missing or none; `links` the earlier approvals that satisfy it."""

    slot: MaterialSlot
    mark: str
    status: str
    necessity: str
    accept: str
    accept_text: str
    max_bytes: int
    versions: Sequence[MaterialVersion]
    remarks: Sequence[MaterialComment]
    links: list[dict[str, Any]]
    can_upload: bool
    can_excuse: bool
    defects: Sequence[CorrectionDefect] = field(default_factory=tuple)
    step: str = ""
    models: StageStanding | None = None

    @property
    def wants_model(self) -> bool:
        return bool(self.slot.requirement and self.slot.requirement.model_stage)

    @property
    def hidden(self) -> list[tuple[str, Any]]:
        """What travels with a resumable upload."""
        return [("slot", self.slot.pk), ("step", self.step)]

    @property
    def current(self) -> MaterialVersion | None:
        return self.versions[0] if self.versions else None


def material_rows(item: ApprovalItem, step: str = "materials") -> list[MaterialRow]:
    """In the order of the catalogue; `step` is where one comes back to after an upload."""
    open_defects: dict[int, list[CorrectionDefect]] = {}
    for correction in item.corrections.all():
        for defect in correction.defects.all() if correction.closed_on is None else ():
            if defect.slot_id:
                open_defects.setdefault(defect.slot_id, []).append(defect)
    return [_row(item, slot, open_defects.get(slot.pk, []), step) for slot in item.slots.all()]


def _row(item: ApprovalItem, slot: MaterialSlot, defects: list[CorrectionDefect], step: str) -> MaterialRow:
    requirement = slot.requirement
    kinds = [KINDS[code] for code in (requirement.kinds if requirement else ("PDF",))]
    versions = sorted(slot.versions.all(), key=lambda version: -version.number)
    takes_file = requirement is None or requirement.needs_file or bool(requirement.gates or requirement.model_stage)
    models = material_models.of_slot(slot)
    excusable = slot.necessity != "M" or bool(requirement and requirement.gates and not slot.linked)
    mark, status = _standing(slot, versions, defects, models)
    return MaterialRow(
        slot=slot,
        mark=mark,
        status=status,
        necessity=_necessity(slot),
        accept=",".join(extension for kind in kinds for extension in kind.extensions),
        accept_text="、".join(f"{kind.code} ≤ {kind.max_mb} MB" for kind in kinds),
        max_bytes=max(kind.max_mb for kind in kinds) * MB,
        versions=versions,
        remarks=list(slot.comments.all()),
        links=[link | {"label": _label_of(link)} for link in slot.linked],
        can_upload=takes_file and not slot.linked and not upload_problems(item, slot),
        can_excuse=excusable
        and item.state in EDITABLE
        and (not versions or bool(requirement and requirement.model_stage)),
        defects=defects,
        step=step,
        models=models,
    )


def _label_of(link: dict[str, Any]) -> str:
    """The gate an earlier decision opened; a document that opens none by its number alone."""
    return str(Gate(link["gate"]).label) if link["gate"] else str(link["document_no"])


def _necessity(slot: MaterialSlot) -> str:
    return {"M": _("mandatory"), "C": _("if it applies"), "O": _("optional")}.get(slot.necessity, "")


def _standing(
    slot: MaterialSlot,
    versions: Sequence[MaterialVersion],
    defects: Sequence[CorrectionDefect],
    models: StageStanding | None,
) -> tuple[str, str]:
    """(mark, words) of the slot now."""
    latest = slot.comments.all()[len(slot.comments.all()) - 1] if slot.comments.all() else None
    if any(defect.answered_at is None for defect in defects):
        return "problem", _("Defect to be corrected")
    if latest and latest.verdict == "DEFECT" and (not versions or latest.version_id == versions[0].pk):
        return "problem", _("Defect found in the pre-review")
    if slot.linked:
        return "ok", _("Held by the system")
    if models is not None:
        return _by_models(models)
    if versions and not (slot.not_applicable_reason and slot.requirement and slot.requirement.model_stage):
        in_order = slot.pre_review_ok_version == versions[0].number
        return "ok", _("In order at the pre-review") if in_order else _("Uploaded")
    if slot.deferred_until:
        return "missing", _("To be supplied until %(day)s") % {"day": slot.deferred_until.isoformat()}
    if slot.not_applicable_reason:
        return "ok", _("Does not apply")
    requirement = slot.requirement
    if requirement and not requirement.needs_file and not requirement.gates:
        return "ok", _("Made from the form")
    if rule.is_satisfied(slot_facts(slot)):
        return "none", _("Not uploaded")
    return "missing", _("Missing")


def _by_models(models: StageStanding) -> tuple[str, str]:
    if models.is_passed:
        return "ok", _("The model is accepted and its required checks are passed")
    if not models.models:
        return "missing", _("No accepted model yet")
    if any(standing.verdict == Verdict.FAILED for _model, standing in models.models):
        return "problem", _("A required check of the model fails")
    return "missing", _("Not all required checks of the model have been made")
