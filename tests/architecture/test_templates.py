"""No template is left over, none is missing, and none needs what the content security policy refuses."""

import ast
import re
from pathlib import Path

from tests.support.source_tree import app_modules, name_of, tracked_files, tree_of

# Found by Django under names of its own choice.
FOUND_BY_NAME = re.compile(r"^(\d{3}\.html|registration/|admin/|rest_framework/|drf_spectacular/|django/)")
REFERENCE = re.compile(r"""["']([\w./-]+\.(?:html|txt))["']""")
INLINE = re.compile(
    r"<script(?![^>]*\bsrc=)(?![^>]*type=.application/json)[^>]*>|\sstyle=|\son[a-z]+=[\"']", re.IGNORECASE
)


def templates() -> dict[str, Path]:
    """Template name → file."""
    return {
        path.as_posix().split("/templates/", 1)[1]: path
        for path in tracked_files()
        if "templates" in path.parts and path.suffix in {".html", ".txt"} and "tests" not in path.parts
    }


def named_in_code() -> list[str]:
    return [
        node.value
        for path in app_modules()
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    ]


def named_in_templates() -> list[tuple[str, str]]:
    """(the template that names, the template named)."""
    return [
        (name, target)
        for name, path in templates().items()
        for target in REFERENCE.findall(path.read_text(encoding="utf-8"))
    ]


def test_every_template_is_used() -> None:
    used = {target for _, target in named_in_templates()} | set(named_in_code())
    assert not sorted(name for name in templates() if name not in used and not FOUND_BY_NAME.match(name))


def test_every_template_that_a_template_names_exists() -> None:
    prefixes = {name.split("/")[0] for name in templates()}
    missing = [(by, name) for by, name in named_in_templates() if name.split("/")[0] in prefixes]
    assert not [(by, name) for by, name in missing if name not in templates() and not FOUND_BY_NAME.match(name)]


def test_no_template_needs_an_inline_script_or_style() -> None:
    faults = [
        f"{name_of(path)}: {match.group()}"
        for path in templates().values()
        for match in INLINE.finditer(path.read_text(encoding="utf-8"))
    ]
    assert not faults, "\n".join(faults)


def test_no_template_marks_text_as_safe() -> None:
    """Autoescaping is what keeps a project's name from becoming a script."""
    unsafe = re.compile(r"\|\s*safe\b|autoescape off")
    assert not [name for name, path in templates().items() if unsafe.search(path.read_text(encoding="utf-8"))]
