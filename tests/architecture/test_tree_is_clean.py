"""What is committed runs on anybody's machine and says nothing about the machine it was written on."""

import re
from contextlib import suppress
from pathlib import Path

import pytest
from django.core.management import call_command

from tests.support.source_tree import ROOT, name_of, tracked_files

# Written in two halves, so that this file does not find itself.
MACHINE_PATHS = re.compile(r"(?<![\w.])/(wor" + r"k|ro" + r"ot|tm" + r"p|home/\w+)/")
REGISTRIES = re.compile(r"(pypi|pythonhosted)" + r"\.org|npmjs" + r"\.(org|com)|deb" + r"\.debian\.org")
GENERATED_OR_FOREIGN = re.compile(r"/vendor/|\.lock$")
NEVER_COMMITTED = re.compile(r"\.(pyc|sqlite3|log|orig|rej|swp)$|(^|/)(\.env|secret_key|var/|node_modules/)")
SIZE_LIMIT = 9 * 1024 * 1024


def texts() -> list[tuple[Path, str]]:
    """Every committed file that is text."""
    found = []
    for path in tracked_files():
        with suppress(UnicodeDecodeError):
            text = path.read_bytes().decode("utf-8")
            if "\0" not in text:
                found.append((path, text))
    return found


def lines_matching(pattern: re.Pattern[str]) -> list[str]:
    return [
        f"{name_of(path)}:{number} {line.strip()[:100]}"
        for path, text in texts()
        if not GENERATED_OR_FOREIGN.search(name_of(path))
        for number, line in enumerate(text.splitlines(), 1)
        if pattern.search(line)
    ]


def test_no_paths_of_one_machine() -> None:
    assert not (faults := lines_matching(MACHINE_PATHS)), "\n".join(faults)


def test_no_package_registry_is_named() -> None:
    assert not (faults := lines_matching(REGISTRIES)), "\n".join(faults)


def test_requirements_are_pinned_and_carry_no_address() -> None:
    pin = re.compile(r"^[A-Za-z0-9._-]+(\[[a-z,]+\])?==[0-9][\w.]*$|^-r requirements\.txt$|^#.*$")
    for name in ("requirements.txt", "requirements-dev.txt", "constraints.txt"):
        faults = [line for line in ROOT.joinpath(name).read_text().splitlines() if line and not pin.match(line)]
        assert not faults, f"{name}: {faults}"


def test_nothing_generated_or_secret_is_committed() -> None:
    assert not [name_of(path) for path in tracked_files() if NEVER_COMMITTED.search(name_of(path))]


def test_no_file_is_huge() -> None:
    assert not {name_of(path): path.stat().st_size for path in tracked_files() if path.stat().st_size > SIZE_LIMIT}


def test_every_dependency_is_explained() -> None:
    explained = ROOT.joinpath("docs/adr/0002-dependencies.md").read_text(encoding="utf-8").lower()
    names = [
        re.split(r"[\[=]", line)[0].lower()
        for file in ("requirements.txt", "requirements-dev.txt")
        for line in ROOT.joinpath(file).read_text().splitlines()
        if line and line[0] not in "#-"
    ]
    assert not [name for name in names if f"`{name}`" not in explained]


@pytest.mark.django_db
def test_no_migration_is_missing() -> None:
    call_command("makemigrations", check_changes=True, dry_run=True, verbosity=0)
