"""The project's own files, as the architecture tests read them: paths, parsed modules, what each one imports."""

import ast
import re
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
# The line of apps: each may import only from those before it.
LINE = (
    "core", "accounts", "projects", "bim", "approvals", "execution", "assets", "reports", "demonstration", "web",
    "project_tracker",
)  # fmt: skip


FOREIGN = re.compile(r"/(var|node_modules|__pycache__|\.(?!ci/|editorconfig|gitignore)[^/]*)(/|$)")


@cache
def tracked_files() -> tuple[Path, ...]:
    """Every file that is, or would be, committed."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=ROOT,
        capture_output=True,
        check=False,
    )
    if listed.returncode == 0:
        found = [ROOT / name for name in listed.stdout.decode().split("\0") if name]
    else:  # an unpacked archive
        found = [path for path in ROOT.rglob("*") if not FOREIGN.search("/" + name_of(path))]
    return tuple(sorted(path for path in found if path.is_file()))


def app_modules() -> list[Path]:
    """The Python files of the apps, without migrations."""
    return [
        path
        for path in tracked_files()
        if path.suffix == ".py" and app_of(path) in LINE and "migrations" not in path.relative_to(ROOT).parts
    ]


def app_of(path: Path) -> str:
    return path.relative_to(ROOT).parts[0]


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@cache
def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), filename=name_of(path))


def imports_of(path: Path) -> Iterator[tuple[int, str]]:
    """(line, dotted name) of everything the module imports, wherever the statement stands."""
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{name_of(path)}:{node.lineno}: a relative import"
            yield from ((node.lineno, f"{node.module}.{alias.name}") for alias in node.names)


def calls_in(path: Path) -> Iterator[tuple[int, str, ast.Call]]:
    """(line, dotted callee such as `datetime.now` or `rows.update`, node) of every call."""
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.Call):
            yield node.lineno, ast.unparse(node.func), node
