"""The archive package of a project that has ended: made, kept with its own hash, verified again at any time."""

from dataclasses import dataclass
from tempfile import TemporaryFile
from typing import IO

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.actor import Actor
from accounts.policies import insist
from approvals.models import ApprovalItem
from approvals.states import ENDED
from assets.archive import contents, package, required, verifying
from assets.archive.verifying import Verdict
from assets.handover_policies import may_archive, may_read_assets, may_take_archive, may_take_case
from assets.models import ArchivePackage
from core import clock, files, locks, rulebook, trace
from core.errors import Problem, RuleViolation, require
from core.models import StoredFile
from core.trace import SYSTEM, Who
from projects.models import Project
from projects.states import TERMINAL

CASES = (*ENDED, *contents.FAILED)


@dataclass(frozen=True)
class CaseFile:
    """A package to be read once from its beginning."""

    name: str
    stream: IO[bytes]
    written: package.Written


@transaction.atomic
def make(project_id: int, *, actor: Actor, gaps_reason: str = "") -> ArchivePackage:
    """The package as things stand. What is missing of the required list has to be explained. Raises NotPermitted,
    RuleViolation (everything that is missing, damaged files)."""
    project = locks.locked(Project.objects.visible_to(actor), project_id)
    insist(may_archive, actor, project)
    return _make(project, actor, gaps_reason.strip())


@transaction.atomic
def make_by_system(project_id: int, *, gaps_reason: str = "") -> ArchivePackage:
    """The same from the command line."""
    project = locks.locked(Project.objects.all(), project_id)
    if project.stage not in TERMINAL:
        raise RuleViolation([Problem("archive.running", _("The package is made when the project has ended."))])
    return _make(project, SYSTEM, gaps_reason.strip())


def _make(project: Project, actor: Who, gaps_reason: str) -> ArchivePackage:
    gaps = required.missing(project, rulebook.on(clock.today()))
    if gaps and not gaps_reason:
        named = _("Missing in the archive: %(label)s %(detail)s")
        problems = [
            Problem("archive.incomplete", (named % {"label": gap.label, "detail": gap.detail}).strip()) for gap in gaps
        ]
        words = _("Bring what is missing, or say why the package is made without it.")
        require([*problems, Problem("archive.explain", words, "gaps_reason")])
    no = next_no(project)
    target = files.new_file()
    try:
        with target.open("wb") as stream:
            written = package.write(
                stream, project, no=no, retention=package.PERMANENT, gaps=gaps, gaps_reason=gaps_reason
            )
        kept = files.keep(target, name=f"{no}.zip", kind="ARCHIVE", user=actor.user)
    finally:
        target.unlink(missing_ok=True)
    row = ArchivePackage.objects.create(
        project=project, no=no, retention=package.PERMANENT, file=kept, manifest_sha256=written.manifest_sha256,
        entries=written.entries, trace_height=written.trace_height,
        gaps=[{"code": gap.code, "label": gap.label, "detail": gap.detail} for gap in gaps],
        gaps_reason=gaps_reason[:300], made_by=actor.user,
    )  # fmt: skip
    facts = {"no": no, "sha256": kept.sha256, "manifest": written.manifest_sha256, "files": written.entries}
    trace.record(
        "assets.archive.made", actor=actor, target=row, project_id=project.pk, facts=facts, reason=gaps_reason[:300]
    )
    return row


def next_no(project: Project) -> str:
    """XM, the year the package is made, the project, and which package of the project it is (R-ARC-02)."""
    count = ArchivePackage.objects.filter(project=project).count() + 1
    return f"XM-{clock.today().year}-{project.pk:05d}-{count:02d}"


@transaction.atomic
def verify(pk: int, *, actor: Actor) -> Verdict:
    """Whether the kept package is still the one that was made, file by file. Leaves what was found in the trace."""
    row = package_of(actor, pk)
    verdict = verdict_of(row)
    trace.record(
        "assets.archive.verified", actor=actor, target=row, project_id=row.project_id,
        facts={"no": row.no, "whole": verdict.is_whole, "faults": list(verdict.faults[:20])},
    )  # fmt: skip
    return verdict


def verdict_of(row: ArchivePackage) -> Verdict:
    path = files.path_of(row.file.sha256)
    if not path.exists():
        return Verdict((_("The file of the package is gone."),))
    found = verifying.verify(path, manifest_sha256=row.manifest_sha256)
    if files.hash_of(path) != row.file.sha256:
        return Verdict((_("The file is not the one that was kept."), *found.faults), found.files, found.trace)
    return found


@transaction.atomic
def take(pk: int, *, actor: Actor) -> StoredFile:
    """The package as a file; who took it stands in the trace."""
    row = package_of(actor, pk)
    insist(may_take_archive, actor, row.project)
    trace.record(
        "assets.archive.taken", actor=actor, target=row, project_id=row.project_id,
        facts={"no": row.no, "sha256": row.file.sha256},
    )  # fmt: skip
    return row.file


# The class a case file is numbered by (R-ARC-02): appraisals PD, estimates GD, equipment SD; others by their kind.
CASE_CLASSES = {"PR": "PD", "FS": "PD", "EST": "GD", "ADJ": "GD"}


def case_no(item: ApprovalItem) -> str:
    """GD-2026-000146: class, year of the decision (or of the end), and the item."""
    kind = CASE_CLASSES.get(item.item_type, item.item_type)
    if kind == "GD" and item.project.project_class == "EQUIPMENT":
        kind = "SD"
    ended = item.decided_on or clock.date_of(item.created_at)
    return f"{kind}-{ended.year}-{item.pk:06d}"


def cases_of(actor: Actor, project: Project) -> list[tuple[str, ApprovalItem]]:
    """(number of the case file, item) of every item that has ended; empty for whom the case files are closed."""
    if may_take_case(actor, None) is not None:
        return []
    rows = ApprovalItem.objects.visible_to(actor).filter(project=project, state__in=CASES)
    return [(case_no(item), item) for item in rows.select_related("project").order_by("pk")]


@transaction.atomic
def take_case(item_id: int, *, actor: Actor) -> CaseFile:
    """The case file of an item that has ended, made anew from what is stored; who took it stands in the trace.

    Raises NotFound, NotPermitted, RuleViolation (still open, damaged files)."""
    rows = ApprovalItem.objects.visible_to(actor).select_related("project__owner_unit")
    item = locks.found(rows, pk=item_id)
    insist(may_take_case, actor, item)
    if item.state not in CASES:
        raise RuleViolation([Problem("archive.case_open", _("The case file is made when the item has ended."))])
    # Whoever answers with it closes it.
    no, stream = case_no(item), TemporaryFile()  # noqa: SIM115
    keep = contents.Y10 if item.state in contents.FAILED else contents.PERMANENT
    written = package.write_case(stream, item, no=no, retention=keep)
    stream.seek(0)
    trace.record(
        "assets.archive.case_taken", actor=actor, target=item, project_id=item.project_id, item_id=item.pk,
        facts={"no": no, "manifest": written.manifest_sha256, "files": written.entries},
    )  # fmt: skip
    return CaseFile(f"{no}.zip", stream, written)


def package_of(actor: Actor, pk: int) -> ArchivePackage:
    insist(may_read_assets, actor)
    rows = ArchivePackage.objects.filter(project__in=Project.objects.visible_to(actor))
    return locks.found(rows.select_related("project__owner_unit", "file", "made_by"), pk=pk)
