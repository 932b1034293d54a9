"""Checks a model against IDS files with IfcTester: one line per requirement, with every element that fails it.

    {"ids": 0, "specification", "identifier", "requirement": {…}, "verdict", "n_applicable", "n_failed",
     "failures": [[guid, class, name, code, detail], …]}

IfcTester's facets decide about one element; what follows for the requirement is decided here: a specification that is
not meant for the file's schema, or that stumbles, is NOT_CHECKED, and one that meets no element is NOT_APPLICABLE.
"""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import ifcopenshell
import ifctester
from ifctester import ids as ifctester_ids
from ifctester.facet import Entity, Facet, Restriction, get_pset, get_psets

from bim.ifc import ids_audit, opening
from bim.ifc.refusal import Refused, refused

MOST_LISTED = 2000  # failing elements that are listed per requirement; all are counted
PASSED, FAILED, NOT_CHECKED, NOT_APPLICABLE = "PASSED", "FAILED", "NOT_CHECKED", "NOT_APPLICABLE"
ASPECTS = {
    "Entity": ("name", "predefinedType"),
    "Attribute": ("name", "value"),
    "Classification": ("system", "value"),
    "PartOf": ("relation", "name", "predefinedType"),
    "Property": ("propertySet", "baseName", "value", "dataType"),
    "Material": ("value",),
}
# Attributes that are there without the shapes (opening.SHAPES); to ask for others the whole file is opened.
LIGHT_ATTRIBUTES = {
    "GlobalId", "Name", "Description", "ObjectType", "Tag", "LongName", "PredefinedType", "Phase", "ElementType",
    "CompositionType", "Elevation", "OverallHeight", "OverallWidth", "InteriorOrExteriorSpace", "OperationType",
}  # fmt: skip
Progress = Callable[[int, int], None]


def tool() -> str:
    return f"IfcTester {ifctester.__version__} / IfcOpenShell {ifcopenshell.version}"


def check(model_path: Path, ids_paths: list[Path], out: Path, progress: Progress) -> dict[str, Any]:
    """Writes the lines; returns the tool and, per IDS file that is unfit, why. Refused when the model cannot be read."""
    get_pset.cache_clear()  # they remember entities of files that are long closed
    get_psets.cache_clear()
    faults: dict[str, list[dict[str, Any]]] = {}
    files = []
    for number, path in enumerate(ids_paths):
        try:
            ids_audit.audit(path)
            files.append((number, ifctester_ids.open(str(path))))
        except Refused as refusal:
            faults[str(number)] = [{"code": one.code, "facts": one.facts} for one in refusal.reasons]
    model = _opened(model_path, [specification for _number, file in files for specification in file.specifications])
    total = sum(len(file.specifications) for _number, file in files)
    done = 0
    with out.open("w", encoding="ascii") as lines:
        for number, file in files:
            meant = {one.name for one in file.specifications if model.schema_identifier in one.ifcVersion}
            for specification in file.specifications:
                for row in results_of(specification, model, meant):
                    lines.write(json.dumps({"ids": number, **row}) + "\n")
                done += 1
                progress(done, total)
    return {"tool": tool(), "faults": faults, "specifications": total}


def results_of(specification: Any, model: Any, meant: set[str]) -> Iterator[dict[str, Any]]:
    """One row per requirement; one for the specification itself where it has none, or forbids that anything applies.

    `meant`: the names of the file's specifications for the model's schema. One for another schema is a variant if a
    specification of the same name is meant for this one; otherwise it was not checked.
    """
    named = {"specification": specification.name, "identifier": specification.identifier or ""}
    named["applies_to"] = [_told(facet) for facet in specification.applicability]
    requirements = specification.requirements or [None]
    if model.schema_identifier not in specification.ifcVersion:
        wanted = " ".join(specification.ifcVersion)
        why = [["", "", "", "schema", f"{model.schema_identifier} ≠ {wanted}"]]
        is_variant = specification.name in meant
        for facet in requirements:
            yield named | _row(facet, *((NOT_APPLICABLE, 0, 0, []) if is_variant else (NOT_CHECKED, 0, 0, why)))
        return
    for facet in specification.requirements:
        _alternatives(facet)
    for facet in specification.applicability:
        _alternatives(facet)
    try:
        applicable = _applicable(specification, model)
    except Exception as error:  # a facet stumbles over something in the model: nothing is known then
        for facet in requirements:
            yield named | _row(facet, NOT_CHECKED, 0, 0, [["", "", "", "stumbled", _short(error)]])
        return
    if specification.maxOccurs == 0:
        failures = [_failure(element, "forbidden", "") for element in applicable]
        yield named | _row(None, FAILED if failures else PASSED, len(applicable), len(failures), failures)
        return
    if not applicable:
        is_wanted = specification.minOccurs != 0
        why = [["", "", "", "nothing_applies", ""]] if is_wanted else []
        for facet in requirements:
            yield named | _row(facet, FAILED if is_wanted else NOT_APPLICABLE, 0, 0, why)
        return
    for facet in requirements:
        yield named | _judged(facet, applicable)


def _judged(facet: Facet | None, applicable: list[Any]) -> dict[str, Any]:
    if facet is None:
        return _row(None, PASSED, len(applicable), 0, [])
    failures, n_failed, stumbled = [], 0, ""
    for element in applicable:
        try:
            result = facet(element)
        except Exception as error:
            stumbled = stumbled or _short(error)
            failures.append(_failure(element, "stumbled", _short(error)))
            continue
        if not result:
            n_failed += 1
            failures.append(_failure(element, *_why(facet, result.reason or {})))
    verdict = FAILED if n_failed else NOT_CHECKED if stumbled else PASSED
    return _row(facet, verdict, len(applicable), n_failed, failures)


def _applicable(specification: Any, model: Any) -> list[Any]:
    """As IfcTester finds them: first by the entity, then by everything else."""
    elements = None
    for facet in specification.applicability:
        elements = facet.filter(model, elements)
    rest = [facet for facet in specification.applicability if not isinstance(facet, Entity)]
    return [element for element in elements or () if all(facet(element) for facet in rest)]


def _alternatives(facet: Facet) -> None:
    """Several patterns in one restriction are alternatives (XML Schema); IfcTester wants all of them to fit."""
    for name in ("name", "predefinedType", "value", "system", "propertySet", "baseName"):
        value = getattr(facet, name, None)
        if not isinstance(value, Restriction):
            continue
        patterns = value.options.get("pattern")
        if isinstance(patterns, list) and len(patterns) > 1:
            value.options["pattern"] = "|".join(f"({one})" for one in patterns)


def _row(
    facet: Facet | None, verdict: str, n_applicable: int, n_failed: int, failures: list[list[str]]
) -> dict[str, Any]:
    return {
        "requirement": _told(facet) if facet is not None else {},
        "verdict": verdict,
        "n_applicable": n_applicable,
        "n_failed": n_failed,
        "failures": failures[:MOST_LISTED],
    }


def _told(facet: Facet) -> dict[str, Any]:
    """The facet as plain values: kind, cardinality, what it asks; restrictions as {"base", "options"}."""
    kind = type(facet).__name__
    told: dict[str, Any] = {"facet": kind}
    cardinality = getattr(facet, "cardinality", "required")
    if cardinality != "required":
        told["cardinality"] = cardinality
    for name in (*ASPECTS[kind], "instructions"):
        value = getattr(facet, name, None)
        if isinstance(value, Restriction):
            told[name] = {"base": value.base, "options": value.options}
        elif value:
            told[name] = str(value)
    return json.loads(json.dumps(told, default=str))


def _failure(element: Any, code: str, detail: str) -> list[str]:
    guid = getattr(element, "GlobalId", None) or ""
    name = getattr(element, "Name", None) or ""
    return [str(guid)[:22], element.is_a(), str(name)[:255], code, detail[:500]]


def _why(facet: Facet, reason: dict[str, Any]) -> tuple[str, str]:
    """(code, what was found instead) of IfcTester's reason."""
    kind = str(reason.get("type", "")).lower()
    actual = reason.get("actual")
    if isinstance(actual, list | tuple | set | frozenset):
        said = ", ".join(sorted(str(one) for one in actual if one is not None))
    else:
        said = "" if actual is None else str(actual)
    return f"{type(facet).__name__.lower()}.{kind}", said


def _opened(path: Path, specifications: list[Any]) -> Any:
    """Without the shapes where no specification asks for something that lies in them."""
    if all(_is_light(specification) for specification in specifications):
        return opening.opened(path)[0]
    try:
        return ifcopenshell.open(path)
    except MemoryError:
        raise
    except Exception as error:
        raise refused("parse.failed", detail=_short(error)) from error


def _is_light(specification: Any) -> bool:
    first = specification.applicability[0] if specification.applicability else None
    if not isinstance(first, Entity):
        return False
    facets = [*specification.applicability, *specification.requirements]
    attributes = [facet for facet in facets if type(facet).__name__ == "Attribute"]
    return all(isinstance(one.name, str) and one.name in LIGHT_ATTRIBUTES for one in attributes)


def _short(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"[:200]
