"""Load-bearing walls and columns name the grade of their material: C30, MU10, HRB400, Q355 …

A column bears loads unless the model says that it does not; a wall only if the model says so, in a structural model
unless it says otherwise.
"""

import re
from collections.abc import Iterator

from bim.ifc.checks.facts import Check, Element, Finding, ModelFacts, found

GRADE = re.compile(
    r"(?<![A-Za-z])(?:R?C\s?\d{2,3}(?:/\d+)?|LC\d{1,2}|MU\s?\d+(?:\.\d+)?|Mb?\s?\d+(?:\.\d+)?|A\d\.\d|HPB\d{3}|HRB[FE]?\d{3}E?"
    r"|Q\s?\d{3}[A-Z]*|S\d{3}[A-Z]?\w*|TC\d{2}|TB\d{2}|GL\d{2}\w?|CRB\d{3})(?![A-Za-z\d])"
)
PROPERTIES = (
    "StrengthClass", "ConcreteStrength", "MaterialGrade", "Grade", "SteelGrade", "强度等级", "混凝土强度等级", "材料等级", "钢材牌号",
)  # fmt: skip


def judge(model: ModelFacts) -> Iterator[Finding]:
    for element in model.of("IfcWall", "IfcColumn"):
        if _bears(element, model.discipline):
            has_grade = GRADE.search(element.material) or any(element.properties.get(name) for name in PROPERTIES)
            yield found(element, "" if has_grade else "no_grade", element.material)


def _bears(element: Element, discipline: str) -> bool:
    said = element.properties.get("LoadBearing", "").casefold()
    if said in ("true", "false"):
        return said == "true"
    return element.ifc_class.startswith("IfcColumn") or discipline == "STRUCTURE"


CHECK = Check("material_grade", "PRELIMINARY", judge)
