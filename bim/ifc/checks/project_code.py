"""The project's code stands in IfcProject: its name, long name or one of its properties."""

from collections.abc import Iterator

from bim.ifc.checks.facts import FAILED, NOT_APPLICABLE, Check, Finding, ModelFacts, found


def judge(model: ModelFacts) -> Iterator[Finding]:
    project = next((place for place in model.places if place.ifc_class == "IfcProject"), None)
    if project is None:
        yield Finding(FAILED, code="no_project")
    elif not model.project_code:
        yield Finding(NOT_APPLICABLE, project.guid, project.ifc_class, project.name, "no_code_yet")
    else:
        said = (project.name, project.long_name, *project.properties.values())
        has_code = any(model.project_code.casefold() in one.casefold() for one in said)
        yield found(project, "" if has_code else "no_project_code", model.project_code)


CHECK = Check("project_code", "CONCEPT", judge)
