"""The archive package: what goes in, that it is the same twice, and that anybody finds a changed byte."""

import subprocess
import zipfile
from io import BytesIO
from pathlib import Path

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from assets.archive import contents, package, required, verifying
from assets.services import archive
from core import clock, files, rulebook
from core.errors import NotPermitted, RuleViolation
from core.models import TraceEntry
from projects.models import Project
from projects.services.gates import Ruling, open_gate
from projects.states import Gate
from tests.support import handed
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
