"""The material list of an item as its page shows it: state, versions, comments, and which file is open in the viewer."""

from dataclasses import dataclass, field
from typing import Any

from django.urls import NoReverseMatch, reverse

from approvals import material_models
from approvals.material_facts import slot_facts
from approvals.models import ApprovalItem, MaterialComment, MaterialSlot, MaterialVersion
from approvals.rules import materials
from approvals.sight import Sight
from approvals.states import BEFORE_ACCEPTANCE
from bim.standing import StageStanding
from core.keys import key_of
from web.forms.review import CommentForm


@dataclass
class FileRow:
    """`mark`: ok, problem, missing or none, as the file list paints it."""

    slot: MaterialSlot
    mark: str
    versions: list[tuple[MaterialVersion, str]]
    comments: list[MaterialComment]
    current: MaterialVersion | None
    url: str = ""
    open: bool = False
    form: CommentForm | None = None
    linked: list[Any] = field(default_factory=list)
    models: StageStanding | None = None


def file_rows(
    item: ApprovalItem, sight: Sight, *, chosen: int | None, may_comment: bool, shown_form: Any = None
) -> list[FileRow]:
    rows = [_row(slot, sight, may_comment, shown_form) for slot in item.slots.all()]
    for row in rows:
        row.open = chosen is not None and any(version.pk == chosen for version, _url in row.versions)
    return rows


def _row(slot: MaterialSlot, sight: Sight, may_comment: bool, shown_form: Any) -> FileRow:
    versions = sorted(slot.versions.all(), key=lambda version: -version.number)
    current = versions[0] if versions else None
    comments = list(slot.comments.all())
    form = None
    if may_comment:
        shown = shown_form if shown_form is not None and shown_form.prefix == f"m{slot.pk}" else None
        form = shown or CommentForm(prefix=f"m{slot.pk}", use_required_attribute=False)
    return FileRow(
        slot=slot,
        mark=_mark(slot, current, comments),
        versions=[(version, address_of(version)) for version in versions],
        comments=comments,
        current=current,
        url=address_of(current) if current else "",
        form=form,
        linked=slot.linked if isinstance(slot.linked, list) else [],
        models=material_models.of_slot(slot),
    )


def _mark(slot: MaterialSlot, current: MaterialVersion | None, comments: list[MaterialComment]) -> str:
    on_current = [c for c in comments if c.verdict != "NOTE" and (current is None or c.version_id == current.pk)]
    if on_current and on_current[-1].verdict == "DEFECT":
        return "problem"
    if current is not None and not (slot.requirement and slot.requirement.model_stage):
        return "ok"
    return "none" if materials.is_satisfied(slot_facts(slot)) else "missing"


def address_of(version: MaterialVersion) -> str:
    try:
        return reverse("web:material", args=[version.pk])
    except NoReverseMatch:
        return ""


def shown_file(item: ApprovalItem, chosen: str) -> MaterialVersion | None:
    """The version the reader asked for, else the newest PDF of the first material that has one."""
    versions = [version for slot in item.slots.all() for version in slot.versions.all()]
    asked = [version for version in versions if version.pk == key_of(chosen)]
    if asked:
        return asked[0]
    pdfs = [slot.current for slot in item.slots.all() if slot.current and is_pdf(slot.current)]
    preferred = [version for version in pdfs if version.slot.code not in ("A02", "A04")]
    return next(iter(preferred or pdfs), None)


def is_pdf(version: MaterialVersion) -> bool:
    return version.file.mime == "application/pdf"


def takes_comments(item: ApprovalItem) -> bool:
    """Comments at materials belong to the time before acceptance and to the review, not to what has ended."""
    return item.is_open and item.state not in (BEFORE_ACCEPTANCE[0],)
