"""The archive package: what goes in, that it is the same twice, and that anybody finds a changed byte."""

import hashlib
import json
import subprocess
import zipfile
from datetime import timedelta
from io import BytesIO
from pathlib import Path

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from approvals.services import project_moves
from assets.archive import contents, package, required, verifying
from assets.services import archive
from core import calendars, clock, files, rulebook
from core.errors import NotPermitted, RuleViolation
from core.models import TraceEntry
from execution.services.machine import situation
from tests.support import books, handed, lives, works
from tests.support.cast import make_cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast():
    return make_cast()


@pytest.fixture
def closed(cast):
    return handed.closed(cast)


def unpacked(path: Path, folder: Path) -> Path:
    with zipfile.ZipFile(path) as archive_file:
        archive_file.extractall(folder)
    return folder


def sha256sum(folder: Path) -> subprocess.CompletedProcess:
    return subprocess.run(["sha256sum", "-c", "--strict", "SHA256SUMS"], cwd=folder, capture_output=True, text=True)


def test_anybody_verifies_the_package_with_a_standard_tool_and_finds_one_changed_byte(cast, closed, tmp_path):
    row = archive.make(closed.pk, actor=cast.gu, gaps_reason="批复在纸质档案中")
    folder = unpacked(files.path_of(row.file.sha256), tmp_path / "package")
    told = sha256sum(folder)
    assert told.returncode == 0, told.stderr
    assert told.stdout.count(": OK") == row.entries
    present = {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}
    named = {line[66:] for line in (folder / "SHA256SUMS").read_text().splitlines()}
    assert present == {*named, "SHA256SUMS"}
    victim = next(folder.glob("12_handover/*/资产移交清单.pdf"))
    content = bytearray(victim.read_bytes())
    content[len(content) // 2] ^= 1
    victim.write_bytes(content)
    told = sha256sum(folder)
    assert told.returncode != 0
    assert told.stdout.count("FAILED") == 1


def test_the_same_state_gives_the_same_bytes(cast, closed):
    said = {"no": "XM-1", "retention": "PERMANENT", "gaps": []}
    one, other = BytesIO(), BytesIO()
    written = package.write(one, closed, **said)
    assert package.write(other, closed, **said) == written
    assert one.getvalue() == other.getvalue()


def test_everything_that_was_decided_signed_and_traced_goes_in(cast, closed):
    entries = list(contents.entries_of(closed))
    paths = [entry.path for entry in entries]
    assert len(paths) == len({path.casefold() for path in paths})
    for folder in (
        "01_project",
        "05_contracts",
        "10_final_account",
        "11_assets",
        "12_handover",
        "13_titles",
        "16_trace",
    ):
        assert any(path.startswith(f"{folder}/") for path in paths), folder
    names = [entry.file.name for entry in entries if entry.file]
    assert "移交协议.pdf" in names
    assert "不动产权证.pdf" in names
    trace = next(entry.content for entry in entries if entry.path.endswith("trace.jsonl"))
    assert trace.count(b"\n") == TraceEntry.objects.filter(chain__key=f"project:{closed.pk}").count()


def test_what_is_missing_has_to_be_explained_and_is_named_in_the_package(cast, closed):
    with pytest.raises(RuleViolation) as refusal:
        archive.make(closed.pk, actor=cast.gu)
    assert {problem.code for problem in refusal.value.problems} == {"archive.incomplete", "archive.explain"}
    row = archive.make(closed.pk, actor=cast.gu, gaps_reason="批复在纸质档案中")
    assert {gap["code"] for gap in row.gaps} == {
        "decision.FINAL_ACCOUNT", "decision.ASSET_HANDOVER", "decision.TITLE_REGISTRATION", "settlements",
    }  # fmt: skip
    states = {one.code: one.state.value for one in required.requirements(closed, rulebook.on(clock.today()))}
    assert {states[name] for name in ("handover", "titles", "final_account", "contracts")} == {"MET"}
    assert states["decision.PROPOSAL"] == "NOT_APPLICABLE", "taken over"


def test_only_the_archivist_packs_and_only_what_has_ended(cast):
    project = handed.approved(cast)
    for actor in (cast.lin, cast.wu, cast.zi, cast.su):
        with pytest.raises(NotPermitted):
            archive.make(project.pk, actor=actor)
    with pytest.raises(NotPermitted) as refusal:
        archive.make(project.pk, actor=cast.gu)
    assert refusal.value.code == "archive.running"


def test_a_changed_package_is_told_apart_wherever_it_was_changed(cast, closed, tmp_path):
    row = archive.make(closed.pk, actor=cast.gu, gaps_reason="批复在纸质档案中")
    path = files.path_of(row.file.sha256)
    assert archive.verify(row.pk, actor=cast.qian).is_whole
    whole = verifying.verify(path, manifest_sha256=row.manifest_sha256)
    assert (whole.files, whole.trace) == (row.entries, row.trace_height)
    folder = unpacked(path, tmp_path / "package")

    def packed(change):
        target = tmp_path / "changed.zip"
        with zipfile.ZipFile(target, "w") as made:
            for one in sorted(folder.rglob("*")):
                name = str(one.relative_to(folder))
                content = change(name, one.read_bytes()) if one.is_file() else None
                if content is not None:
                    made.writestr(name, content)
        return target

    assert verifying.verify(packed(lambda name, content: content)).is_whole, "how it is packed does not matter"
    lost = packed(lambda name, content: None if name == "metadata.json" else content)
    assert not verifying.verify(lost).is_whole
    turned = packed(lambda name, content: content.replace(b"{", b"[", 1) if name.endswith("project.json") else content)
    assert [fault for fault in verifying.verify(turned).faults if "01_project/project.json" in fault]
    extra = packed(lambda name, content: content)
    with zipfile.ZipFile(extra, "a") as more:
        more.writestr("smuggled.txt", "x")
    assert not verifying.verify(extra).is_whole
    assert not verifying.verify(_forged(folder, tmp_path)).is_whole, (
        "a trace rewritten with its manifest breaks its chain"
    )
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.chmod(0o644)
    path.write_bytes(content)
    verdict = archive.verify(row.pk, actor=cast.qian)
    assert not verdict.is_whole
    facts = TraceEntry.objects.filter(verb="assets.archive.verified").latest("pk").facts
    assert facts["whole"] is False


def _forged(folder, tmp_path):
    """Somebody changes an entry of the trace and computes the manifest anew."""
    trace = folder / "16_trace" / "trace.jsonl"
    lines = trace.read_text().splitlines()
    entry = json.loads(lines[1])
    entry["reason"] = "另一个原因"
    lines[1] = json.dumps(entry, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    trace.write_text("".join(f"{line}\n" for line in lines))
    sums = []
    for line in (folder / "SHA256SUMS").read_text().splitlines():
        name = line[66:]
        sums.append(f"{hashlib.sha256((folder / name).read_bytes()).hexdigest()}  {name}\n")
    (folder / "SHA256SUMS").write_text("".join(sums))
    assert sha256sum(folder).returncode == 0
    target = tmp_path / "forged.zip"
    with zipfile.ZipFile(target, "w") as made:
        for one in sorted(folder.rglob("*")):
            if one.is_file():
                made.write(one, str(one.relative_to(folder)))
    return target


def test_a_file_lost_from_the_store_is_named_and_no_package_is_made(cast, closed):
    stored = closed.handover_batches.get().documents.get()
    files.path_of(stored.sha256).unlink()
    with pytest.raises(RuleViolation) as refusal:
        archive.make(closed.pk, actor=cast.gu, gaps_reason="批复在纸质档案中")
    assert refusal.value.code == "archive.damaged"
    assert not closed.archive_packages.exists()


def test_the_command_makes_and_verifies_a_package(cast, closed, tmp_path, capsys):
    target = tmp_path / "package.zip"
    with pytest.raises(CommandError):
        call_command("archive_package", closed.code, out=target)
    call_command("archive_package", closed.code, out=target, gaps_reason="纸质")
    call_command("archive_package", verify=target)
    assert "whole:" in capsys.readouterr().out
    target.write_bytes(target.read_bytes()[:-40])
    with pytest.raises(CommandError):
        call_command("archive_package", verify=target)
    with pytest.raises(CommandError):
        call_command("archive_package", "9999", out=target)


def test_the_package_is_due_thirty_working_days_after_the_end(cast, closed):
    closed_on = max(row.passed_on for row in closed.stages.all() if row.passed_on)
    due = calendars.current().provisional().add(closed_on, 30)
    for day, light in (
        (closed_on, "GREEN"),
        (calendars.current().provisional().add(closed_on, 25), "YELLOW"),
        (due, "YELLOW"),
    ):
        assert required.archive_clock(closed, situation(day)) == required.ArchiveClock(due, light)
    assert required.archive_clock(closed, situation(due + timedelta(days=1))).light == "RED"
    archive.make(closed.pk, actor=cast.gu, gaps_reason="批复在纸质档案中")
    assert required.archive_clock(closed, situation(due)) is None


def test_a_terminated_project_that_has_paid_lacks_the_account_of_what_it_spent(cast):
    project = works.building(cast)
    project_moves.perform(project.pk, "terminate", actor=cast.dai, data={"reason": "规划调整", "document": "纪要1号"})
    project.refresh_from_db()

    def state():
        return {one.code: one.state.value for one in required.requirements(project, rulebook.on(clock.today()))}

    assert state()["final_account"] == "NOT_APPLICABLE", "nothing was paid"
    books.a_payment(cast, works.the_contract(project), "864000.00")
    assert state()["final_account"] == "MISSING"


def test_the_case_file_of_an_item_is_a_package_of_its_own_for_archive_and_overseers(cast, tmp_path):
    item = lives.issued(cast)
    found = archive.take_case(item.pk, actor=cast.gu)
    assert found.name == f"PD-{clock.today().year}-{item.pk:06d}.zip", "an appraisal"
    packed = tmp_path / found.name
    packed.write_bytes(found.stream.read())
    folder = unpacked(packed, tmp_path / "case")
    assert sha256sum(folder).returncode == 0
    verdict = verifying.verify(packed)
    assert verdict.is_whole and verdict.files == found.written.entries
    entries = [json.loads(line) for line in (folder / verifying.TRACE).read_text("utf-8").splitlines()]
    assert {entry["item_id"] for entry in entries} == {item.pk} and len(entries) == verdict.trace
    case = folder / "02_items" / item.no
    assert (case / "item.json").exists() and any((case / "documents").iterdir()) and any((case / "materials").iterdir())
    again = archive.take_case(item.pk, actor=cast.su)
    assert again.written.manifest_sha256 != found.written.manifest_sha256, "that it was taken is part of the trace"
    assert [row.actor_id for row in TraceEntry.objects.filter(verb="assets.archive.case_taken")] == [
        cast.gu.user.pk, cast.su.user.pk,
    ]  # fmt: skip
    trace_file = folder / verifying.TRACE
    trace_file.write_bytes(trace_file.read_bytes().replace(b'"item_id":', b'"item_no":', 1))
    assert sha256sum(folder).returncode != 0
    for actor in (cast.lin, cast.lei, cast.wu, cast.zi):
        with pytest.raises(NotPermitted):
            archive.take_case(item.pk, actor=actor)
        assert archive.cases_of(actor, item.project) == []


def test_an_open_item_has_no_case_file_yet(cast):
    item = lives.submitted(cast)
    with pytest.raises(RuleViolation) as refusal:
        archive.take_case(item.pk, actor=cast.gu)
    assert [problem.code for problem in refusal.value.problems] == ["archive.case_open"]
    assert archive.cases_of(cast.gu, item.project) == []
