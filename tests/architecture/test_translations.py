"""Every word a person can see exists in Chinese, and what is compiled is what was written."""

import ast
import os
import re
import shutil
import subprocess
import sys

import polib
import pytest

from tests.support.source_tree import LINE, ROOT, app_modules, app_of, name_of, tracked_files, tree_of

CATALOGUE = ROOT / "locale" / "zh_Hans" / "LC_MESSAGES" / "django.po"
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%[sd]|\{\w*\}")


@pytest.fixture(scope="module")
def chinese() -> polib.POFile:
    return polib.pofile(str(CATALOGUE))


@pytest.fixture(scope="module")
def in_the_source(tmp_path_factory: pytest.TempPathFactory) -> polib.POFile:
    """The messages of code and templates, extracted from a copy by Django's own command."""
    if not shutil.which("xgettext"):
        pytest.skip("gettext's programs are not installed")
    copy = tmp_path_factory.mktemp("source")
    for path in tracked_files():
        if app_of(path) in LINE and path.suffix in {".py", ".html", ".txt"}:
            target = copy / path.relative_to(ROOT)
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(path, target)
    (copy / "locale").mkdir()
    command = [sys.executable, "-m", "django", "makemessages", "-l", "zh_Hans", "--no-location", "--keep-pot"]
    without_settings = {name: value for name, value in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"}
    done = subprocess.run(command, cwd=copy, env=without_settings, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return polib.pofile(str(copy / "locale" / "django.pot"))


def key(entry: polib.POEntry) -> tuple[str | None, str]:
    return entry.msgctxt, entry.msgid


def is_translated(entry: polib.POEntry) -> bool:
    texts = entry.msgstr_plural.values() if entry.msgid_plural else [entry.msgstr]
    return all(texts) and bool(texts) and not entry.fuzzy


def test_every_message_of_the_source_is_translated(in_the_source: polib.POFile, chinese: polib.POFile) -> None:
    known = {key(entry) for entry in chinese if is_translated(entry) and not entry.obsolete}
    missing = sorted(entry.msgid for entry in in_the_source if key(entry) not in known)
    assert not missing, f"{len(missing)} without Chinese:\n" + "\n".join(missing)


def test_messages_are_marked_by_names_the_extraction_knows() -> None:
    """`gettext_lazy as lazy` would translate, but its messages would never reach the catalogue."""
    faults = [
        f"{name_of(path)}:{node.lineno} {alias.name} as {alias.asname}"
        for path in app_modules()
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.ImportFrom) and node.module == "django.utils.translation"
        for alias in node.names
        if "gettext" in alias.name and alias.asname not in (None, "_")
    ]
    assert not faults, "\n".join(faults)


def test_the_source_has_many_messages(in_the_source: polib.POFile) -> None:
    """A silent extraction of nothing would make the test above pass."""
    assert len(in_the_source) > 200


def test_translations_keep_the_placeholders(chinese: polib.POFile) -> None:
    faults = [
        entry.msgid
        for entry in chinese
        if entry.msgstr
        and sorted(set(PLACEHOLDER.findall(entry.msgid))) != sorted(set(PLACEHOLDER.findall(entry.msgstr)))
    ]
    assert not faults, "\n".join(faults)


def test_the_compiled_catalogue_is_current(chinese: polib.POFile) -> None:
    compiled = polib.mofile(str(CATALOGUE.with_suffix(".mo")))

    def words(entries: polib.POFile | polib.MOFile) -> dict:
        return {key(entry): entry.msgstr or dict(entry.msgstr_plural) for entry in entries if entry.msgid}

    assert words(compiled) == words([entry for entry in chinese if is_translated(entry) and not entry.obsolete])


def test_the_compiled_catalogue_is_committed() -> None:
    assert CATALOGUE.with_suffix(".mo") in tracked_files(), "locale/**/*.mo must not be ignored"


def test_sources_are_written_in_english(in_the_source: polib.POFile) -> None:
    """Messages are English in the source, so that both languages come from one place."""
    chinese_letters = re.compile(r"[\u4e00-\u9fff]{4,}")
    faults = [
        entry.msgid for entry in in_the_source if chinese_letters.search(re.sub(r"[（(“].*?[”)）]", "", entry.msgid))
    ]
    assert not faults, "\n".join(faults)
