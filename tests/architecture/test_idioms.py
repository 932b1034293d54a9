"""What the design forbids by name: hidden arrows, a second clock, floating money, states set behind the machine."""

import ast
import re

from tests.support.source_tree import app_modules, calls_in, imports_of, name_of, tree_of

WALL_CLOCK = re.compile(r"(^|\.)(datetime|date|timezone)\.(now|today|utcnow)$|^time\.time$")
# Without an argument these two read the clock; with one they only convert.
WALL_CLOCK_WHEN_BARE = re.compile(r"(^|\.)(localtime|localdate)$")
VAGUE = {"utils", "helpers", "common", "misc", "manager2", "data", "info"}
# Attributes in which a machine keeps where it stands; only a step of the machine writes them.
MACHINE_FIELDS = {"state", "stage"}
MONEY_PATHS = re.compile(
    r"^(approvals|projects|execution|assets)/(rules|services|costing|models)/|^core/money\.py|^reports/datasets/"
)
SIZE_LIMIT = 400


def found(fault) -> list[str]:
    """`file:line text` for every call the function calls a fault; it sees (file, callee, node)."""
    return [
        f"{name_of(path)}:{line} {callee}(…)"
        for path in app_modules()
        for line, callee, node in calls_in(path)
        if fault(name_of(path), callee, node)
    ]


def test_only_core_clock_reads_the_wall_clock() -> None:
    def reads(file: str, callee: str, node: ast.Call) -> bool:
        bare = not node.args and not node.keywords and bool(WALL_CLOCK_WHEN_BARE.search(callee))
        return file != "core/clock.py" and (bare or bool(WALL_CLOCK.search(callee)))

    faults = found(reads)
    assert not faults, "\n".join(faults)


def test_no_signal_receivers() -> None:
    faults = [
        f"{name_of(path)}:{line} {name}"
        for path in app_modules()
        for line, name in imports_of(path)
        if name.startswith(("django.dispatch", "django.db.models.signals"))
    ]
    assert not faults, "\n".join(faults)


def test_no_queryset_update_moves_a_machine() -> None:
    def moves(_: str, callee: str, node: ast.Call) -> bool:
        return callee.endswith((".update", ".bulk_update")) and bool(
            MACHINE_FIELDS & {word.arg for word in node.keywords}
        )

    faults = found(moves)
    assert not faults, "\n".join(faults)


def test_no_distinct_under_visibility() -> None:
    """SELECT … FOR UPDATE refuses DISTINCT on PostgreSQL and ignores it on SQLite: `visible_to` filters by Exists."""
    faults = []
    for path in app_modules():
        for node in ast.walk(tree_of(path)):
            if isinstance(node, ast.FunctionDef) and node.name == "visible_to":
                faults += [name_of(path) for call in ast.walk(node) if "distinct" in getattr(call, "attr", "")]
    assert not faults, "\n".join(faults)


def test_money_never_becomes_a_binary_fraction() -> None:
    faults = found(lambda file, callee, _: callee == "float" and bool(MONEY_PATHS.search(file)))
    faults += [
        f"{name_of(path)}:{node.lineno} {node.value!r}"
        for path in app_modules()
        if MONEY_PATHS.search(name_of(path))
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.Constant) and isinstance(node.value, float)
    ]
    assert not faults, "\n".join(faults)


def test_models_do_not_hide_logic_in_save_or_clean() -> None:
    """A row that may only be added refuses a second save; nothing else belongs there."""
    faults = []
    for path in app_modules():
        # A service may be called save, and a form's clean is where its fields meet.
        methods = [
            node
            for owner in ast.walk(tree_of(path))
            if isinstance(owner, ast.ClassDef) and not name_of(path).startswith("web/forms/")
            for node in owner.body
        ]
        for node in methods:
            if isinstance(node, ast.FunctionDef) and node.name in {"save", "clean"} and len(node.body) > 4:
                faults.append(f"{name_of(path)}:{node.lineno} {node.name}")
    assert not faults, "\n".join(faults)


def test_files_are_named_after_what_they_do() -> None:
    assert not [name_of(path) for path in app_modules() if path.stem in VAGUE]


def test_files_stay_readable() -> None:
    sizes = {name_of(path): len(path.read_text(encoding="utf-8").splitlines()) for path in app_modules()}
    assert not {name: lines for name, lines in sizes.items() if lines > SIZE_LIMIT}


def test_every_module_says_which_question_it_answers() -> None:
    faults = [
        name_of(path)
        for path in app_modules()
        if path.name not in {"__init__.py", "apps.py"} and tree_of(path).body and not ast.get_docstring(tree_of(path))
    ]
    assert not faults, "\n".join(faults)
