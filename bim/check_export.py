"""A check as BCF: one topic per requirement that fails, with the failing elements chosen and coloured."""

import uuid

from django.utils.translation import gettext as _

from bim import check_wording
from bim.bcf import writer
from bim.bcf.records import Colouring, Comment, Component, HeaderFile, Project, Topic, View, Viewpoint
from bim.models import CheckResult, CheckRun
from bim.models.check import Verdict

NAMESPACE = uuid.UUID("0b0c7a52-1f0f-4bd7-9a4c-6f2d8f1b6c11")
RED = "D92D20"
MOST_SAID = 100  # elements named in the description; all stand in the viewpoint
AUTHOR = "giplt"


def as_bcf(run: CheckRun, version: str) -> bytes:
    """The same run always gives the same bytes. ValueError for another version than 2.1 and 3.0."""
    results = run.results.filter(verdict=Verdict.FAILED).prefetch_related("failures")
    topics = [_topic(run, result, number) for number, result in enumerate(results, 1)]
    project = run.model.project
    return writer.write(topics, version, Project(str(uuid.uuid5(NAMESPACE, f"project {project.pk}")), project.name))


def _topic(run: CheckRun, result: CheckResult, number: int) -> Topic:
    at = run.finished_at or run.started_at
    components = tuple(
        Component(ifc_guid=guid) for guid in dict.fromkeys(one.guid for one in result.failures.all()) if guid
    )
    view = View(selection=components, colouring=(Colouring(RED, components),)) if components else None
    viewpoint = _guid(result, "viewpoint")
    name = " · ".join(
        part for part in (check_wording.result_name(result), check_wording.requirement_text(result.requirement)) if part
    )
    return Topic(
        guid=_guid(result, "topic"),
        title=name[:250],
        created_at=at,
        author=AUTHOR,
        topic_type="Error",
        topic_status="Open",
        index=number,
        labels=(check_wording.title_of(run),),
        description=_described(run, result),
        header=(HeaderFile(name=run.model.file.name, date=run.model.uploaded_at),),
        comments=(Comment(_guid(result, "comment"), at, AUTHOR, _source(run), viewpoint if view else ""),),
        viewpoints=(Viewpoint(viewpoint, view),) if view else (),
    )


def _guid(result: CheckResult, part: str) -> str:
    return str(uuid.uuid5(NAMESPACE, f"{part} {result.run_id} {result.position}"))


def _described(run: CheckRun, result: CheckResult) -> str:
    failures = list(result.failures.all())
    lines = [
        " ".join(part for part in (one.guid, one.ifc_class, one.name, check_wording.reason_text(one)) if part)
        for one in failures[:MOST_SAID]
    ]
    if len(failures) > MOST_SAID:
        lines.append(_("and %(count)s more") % {"count": result.n_failed - MOST_SAID})
    return "\n".join(lines)


def _source(run: CheckRun) -> str:
    """What the result is about and who says so."""
    lines = [_("Model SHA-256: %(sha)s") % {"sha": run.model_sha256}]
    if run.ids_sha256:
        lines.append(_("Requirements SHA-256: %(sha)s") % {"sha": run.ids_sha256})
    return "\n".join([*lines, run.tool])
