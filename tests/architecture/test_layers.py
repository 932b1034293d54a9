"""Every import points left along the line of apps, and rules know nothing but rules."""

import ast
import sys

from tests.support.source_tree import LINE, app_modules, app_of, imports_of, name_of, tree_of

# What a rule may lean on, besides the standard library and the rules of its own app or of apps to the left.
PURE_KERNEL = ("core.errors", "core.calendar")


def test_the_line_of_apps_is_complete() -> None:
    assert {app_of(path) for path in app_modules()} == set(LINE)


def test_imports_point_left() -> None:
    faults = []
    for path in app_modules():
        allowed = LINE[: LINE.index(app_of(path)) + 1]
        for line, name in imports_of(path):
            target = name.split(".")[0]
            if target in LINE and target not in allowed:
                faults.append(f"{name_of(path)}:{line} imports {name}")
    assert not faults, "\n".join(faults)


def test_the_product_does_not_import_its_tests() -> None:
    assert not [name_of(path) for path in app_modules() for _, name in imports_of(path) if name.startswith("tests")]


def test_rules_are_pure() -> None:
    faults = []
    for path in app_modules():
        if "rules" not in path.parts:
            continue
        own = tuple(f"{app}.rules." for app in LINE[: LINE.index(app_of(path)) + 1])
        for line, name in imports_of(path):
            standard = name.split(".")[0] in sys.stdlib_module_names
            if not standard and not name.startswith((*own, *PURE_KERNEL)):
                faults.append(f"{name_of(path)}:{line} imports {name}")
    assert not faults, "\n".join(faults)


def test_readers_of_foreign_files_know_nothing_of_the_site() -> None:
    """They run in a process of their own, under limits: what they cannot import they cannot harm."""
    libraries = {
        "ifcopenshell",
        "ifctester",
        "numpy",
        "xmlschema",
        "elementpath",
    }  # the last two: schemas and patterns of XML
    faults = []
    for path in app_modules():
        if name_of(path).startswith(("bim/ifc/", "bim/bcf/")):
            for line, name in imports_of(path):
                root = name.split(".")[0]
                if root not in sys.stdlib_module_names | libraries and not name.startswith(("bim.ifc", "bim.bcf")):
                    faults.append(f"{name_of(path)}:{line} imports {name}")
    assert not faults, "\n".join(faults)


def test_imports_stand_at_the_top() -> None:
    """A function-local import hides an arrow that points the wrong way."""
    faults = []
    for path in app_modules():
        for function in ast.walk(tree_of(path)):
            if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
                faults += [
                    f"{name_of(path)}:{node.lineno}"
                    for node in ast.walk(function)
                    if isinstance(node, ast.Import | ast.ImportFrom)
                ]
    assert not faults, "\n".join(sorted(set(faults)))


def test_every_import_has_one_name_for_one_module() -> None:
    """`import x as y` is for clashes only; two names for one module make a search miss half of its uses."""
    names: dict[str, set[str]] = {}
    for path in app_modules():
        for node in ast.walk(tree_of(path)):
            if isinstance(node, ast.Import):
                for alias in node.names:
                    if alias.name.split(".")[0] in LINE:
                        names.setdefault(alias.name, set()).add(alias.asname or alias.name)
    assert not {name: used for name, used in names.items() if len(used) > 1}
