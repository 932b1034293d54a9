"""Takes topics from BCF files and gives them out as such: nothing that came in is lost on the way out."""

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import IO

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.actor import Actor
from accounts.policies import insist
from bim import policies, topic_wording
from bim.bcf import records as bcf
from bim.bcf import writer
from bim.bcf.plain import extra_of, plain_view, view_from, with_extra
from bim.bcf.reader import read
from bim.bcf.refusal import BcfRefused
from bim.models import BcfComment, BcfTopic, BcfViewpoint, BimModel, SpatialNode
from bim.services.topics import LONGEST, ended_problems, kept_picture, next_number
from core import clock, files, locks, trace
from core.errors import Problem, RuleViolation, require
from core.models import StoredFile
from core.services.exports import note_export
from projects.models import Project

KIND = ("BCF",)
MOST_EXPORTED = 2000
NAMESPACE = uuid.UUID("5b0d2c1a-0c0e-4c57-9f5c-6e3a3f5e9a10")  # of the guid a project has in BCF files

ADDED, UPDATED, KEPT = "added", "updated", "kept"
OUTCOMES = {
    ADDED: gettext_lazy("Added"),
    UPDATED: gettext_lazy("Updated"),
    KEPT: gettext_lazy("Known already, not older here"),
}


@dataclass
class Taken:
    """What became of one topic of the file, and of what hangs on it."""

    guid: str
    title: str
    outcome: str
    pk: int
    number: int
    comments_added: int = 0
    comments_updated: int = 0
    viewpoints_added: int = 0
    viewpoints_updated: int = 0
    notes: list[str] = field(default_factory=list)

    @property
    def outcome_label(self) -> str:
        return str(OUTCOMES[self.outcome])


@dataclass(frozen=True)
class Report:
    """Topic by topic what was done; `faults`, in words, what could not be taken, each with the place in the file."""

    version: str
    topics: list[Taken]
    faults: list[tuple[str, str]]

    def count(self, outcome: str) -> int:
        return sum(1 for row in self.topics if row.outcome == outcome)


def take(project_id: int, stream: IO[bytes], *, name: str, actor: Actor) -> Report:
    """Reads a BCF file into the project: new topics and comments are added, known ones updated if the file's are newer.

    Raises NotFound, NotPermitted, RuleViolation.
    """
    _importable(locks.found(Project.objects.visible_to(actor), pk=project_id), actor)
    kept = files.store(stream, name=name, allowed=KIND, user=actor.user)
    try:
        with files.open_stored(kept) as content:
            package = read(content)
    except BcfRefused as refusal:
        raise RuleViolation([Problem(refusal.code, topic_wording.said(refusal), "file")]) from refusal
    return _taken(project_id, package, kept, actor)


@transaction.atomic
def _taken(project_id: int, package: bcf.Package, source: StoredFile, actor: Actor) -> Report:
    project = locks.locked(Project.objects.visible_to(actor), project_id)
    _importable(project, actor)
    guids = [topic.guid for topic in package.topics]
    known = {str(row.guid): row for row in BcfTopic.objects.filter(project=project, guid__in=guids)}
    taker = _Taker(project, source, actor, next_number(project))
    rows = [taker.take(topic, known.get(topic.guid)) for topic in package.topics]
    report = Report(package.version, rows, [(fault.where, topic_wording.said(fault)) for fault in package.faults])
    trace.record(
        "bim.topics.imported",
        actor=actor,
        target=project,
        project_id=project.pk,
        facts={
            "name": source.name,
            "sha256": source.sha256,
            "format": f"BCF {package.version}",
            **{outcome: report.count(outcome) for outcome in OUTCOMES},
            "left_out": len(report.faults),
        },
    )
    return report


def _importable(project: Project, actor: Actor) -> None:
    insist(policies.may_work_on_topics, actor, project)
    require(ended_problems(project))


class _Taker:
    """Puts topics of one file into one project."""

    def __init__(self, project: Project, source: StoredFile, actor: Actor, number: int) -> None:
        self.project, self.source, self.actor, self.number = project, source, actor, number
        models = BimModel.objects.accepted().filter(project=project).order_by("pk")
        self.by_name = {row.file.name.lower(): row for row in models.select_related("file")}
        nodes = SpatialNode.objects.filter(model__in=models, ifc_class="IfcProject").order_by("model_id")
        self.by_guid = {node.guid: node.model for node in nodes.select_related("model")}

    def take(self, said: bcf.Topic, known: BcfTopic | None) -> Taken:
        if known is None:
            row, outcome = self._new(said), ADDED
        elif _newest(said) > _newest_of(known):
            row, outcome = self._fill(known, said), UPDATED
            row.version += 1
        else:
            row, outcome = known, KEPT
        if outcome != KEPT:
            row.save()
        taken = Taken(said.guid, row.title, outcome, row.pk, row.number)
        if outcome != KEPT:
            taken.notes = [
                topic_wording.said(bcf.Fault("text.shortened", "", {"name": name}))
                for name, most in LONGEST.items()
                if len(getattr(said, name)) > most
            ]
        viewpoints = self._viewpoints(row, said, taken)
        self._comments(row, said, viewpoints, taken)
        return taken

    def _new(self, said: bcf.Topic) -> BcfTopic:
        row = BcfTopic(project=self.project, guid=said.guid, number=self.number, created_by=self.actor.user)
        row.author, row.created_at = said.author[:255], _aware(said.created_at)
        self.number += 1
        return self._fill(row, said)

    def _fill(self, row: BcfTopic, said: bcf.Topic) -> BcfTopic:
        for name, most in LONGEST.items():
            setattr(row, name, getattr(said, name)[:most])
        row.labels = list(said.labels)
        row.due_on = clock.date_of(_aware(said.due_at)) if said.due_at else None
        row.modified_at = _aware(said.modified_at) if said.modified_at else None
        row.modified_author = said.modified_author[:255]
        row.source = self.source
        row.extra = extra_of(said) | {"files": sorted(said.files)}
        row.model = self._model(said) or row.model
        return row

    def _model(self, said: bcf.Topic) -> BimModel | None:
        for file in said.header:
            found = self.by_guid.get(file.ifc_project) or self.by_name.get(file.name.lower())
            if found is not None:
                return found
        return None

    def _viewpoints(self, row: BcfTopic, said: bcf.Topic, taken: Taken) -> dict[str, BcfViewpoint]:
        known = {str(one.guid): one for one in row.viewpoints.all()}
        for position, viewpoint in enumerate(said.viewpoints):
            old = known.get(viewpoint.guid)
            if old is not None and taken.outcome != UPDATED:
                continue
            one = old or BcfViewpoint(topic=row, guid=viewpoint.guid)
            one.position = min(position, 32_000)
            one.view = plain_view(viewpoint.view) if viewpoint.view else {}
            one.extra = {"file_name": viewpoint.file_name, "index": viewpoint.index, "has_view": bool(viewpoint.view)}
            if viewpoint.snapshot is not None:
                one.extra["snapshot"] = viewpoint.snapshot.name
                one.snapshot = kept_picture(viewpoint.snapshot.content, viewpoint.snapshot.name, self.actor)
            one.save()
            known[viewpoint.guid] = one
            taken.viewpoints_added += old is None
            taken.viewpoints_updated += old is not None
        return known

    def _comments(self, row: BcfTopic, said: bcf.Topic, viewpoints: Mapping[str, BcfViewpoint], taken: Taken) -> None:
        known = {str(one.guid): one for one in row.comments.all()}
        for comment in said.comments:
            old = known.get(comment.guid)
            if old is not None and _newest(comment) <= _newest_of(old):
                continue
            one = old or BcfComment(
                topic=row, guid=comment.guid, created_by=self.actor.user, author=comment.author[:255]
            )
            one.created_at = old.created_at if old else _aware(comment.created_at)
            one.text = comment.text
            one.viewpoint = viewpoints.get(comment.viewpoint)
            one.modified_at = _aware(comment.modified_at) if comment.modified_at else None
            one.modified_author = comment.modified_author[:255]
            one.save()
            known[comment.guid] = one
            taken.comments_added += old is None
            taken.comments_updated += old is not None


def export(project_id: int, version: str, *, actor: Actor, keys: Iterable[int] | None = None) -> tuple[bytes, str]:
    """The file and its name: the topics with these keys, or all of the project. The trace keeps that it was taken.

    Whoever stands outside the review takes houses instead of reviewers' names (R-PERM-02).
    """
    project = locks.found(Project.objects.visible_to(actor), pk=project_id)
    if version not in bcf.VERSIONS:
        raise RuleViolation([Problem("bcf.version", _("BCF comes in version 2.1 or 3.0."), "version")])
    wanted = BcfTopic.objects.visible_to(actor).filter(project=project)
    if keys is not None:
        wanted = wanted.filter(pk__in=list(keys))
    topics = list(
        wanted.select_related("model__file", "source", "author_house")
        .prefetch_related("comments__author_house", "comments__viewpoint", "viewpoints__snapshot")
        .order_by("number")[: MOST_EXPORTED + 1]
    )
    if not topics or len(topics) > MOST_EXPORTED:
        message = _("There are no topics to export.") if not topics else _("Too many topics for one file.")
        raise RuleViolation([Problem("bcf.topics", message)])
    written = writer.write(
        _records(topics, actor),
        version,
        bcf.Project(str(uuid.uuid5(NAMESPACE, f"project/{project.pk}")), project.name),
        bcf.Extensions(
            types=tuple(topic_wording.TYPES),
            statuses=tuple(topic_wording.STATUSES),
            priorities=tuple(topic_wording.PRIORITIES),
        ),
    )
    with transaction.atomic():
        note_export(
            "bim.topics.exported",
            written,
            actor=actor,
            rows=len(topics),
            filters={"format": f"BCF {version}"},
            project_id=project.pk,
        )
    day = clock.today().strftime("%Y%m%d")
    return written, f"{project.code or project.pk}-{day}.bcf"


def _records(topics: Sequence[BcfTopic], actor: Actor) -> list[bcf.Topic]:
    """Topics as BCF says them; further files come from the packages they arrived in."""
    sources: dict[int, StoredFile] = {row.source.pk: row.source for row in topics if row.source and _has_files(row)}
    kept: dict[tuple[int, str], Mapping[str, bytes]] = {}
    for pk, source in sources.items():
        with files.open_stored(source) as content:
            kept |= {(pk, topic.guid): topic.files for topic in read(content).topics}
    nodes = SpatialNode.objects.filter(model__in={row.model_id for row in topics}, ifc_class="IfcProject")
    projects = dict(nodes.values_list("model_id", "guid"))
    return [_record(row, kept.get((row.source_id or 0, str(row.guid)), {}), projects, actor) for row in topics]


def _has_files(row: BcfTopic) -> bool:
    return bool(row.extra.get("files"))


def _record(row: BcfTopic, kept: Mapping[str, bytes], projects: Mapping[int, str], actor: Actor) -> bcf.Topic:
    due = row.extra.get("due_at")
    due_at = datetime.fromisoformat(due) if due else None
    if row.due_on is None or due_at is None or clock.date_of(_aware(due_at)) != row.due_on:
        due_at = clock.office_hour(row.due_on, 0) if row.due_on else None
    topic = bcf.Topic(
        guid=str(row.guid),
        title=row.title,
        created_at=_said(row.created_at),
        author=topic_wording.named(row.author, row.author_house, actor),
        labels=tuple(row.labels),
        modified_at=_said(row.modified_at) if row.modified_at else None,
        modified_author=row.modified_author,
        due_at=due_at,
        comments=tuple(_comment(one, actor) for one in row.comments.all()),
        viewpoints=tuple(_viewpoint(one) for one in row.viewpoints.all()),
        files=kept,
        **{name: getattr(row, name) for name in LONGEST if name != "title"},
        **with_extra(row.extra),
    )
    if topic.header or row.model is None:
        return topic
    header = bcf.HeaderFile(row.model.file.name, _said(row.model.uploaded_at), "", projects.get(row.model.pk, ""))
    return replace(topic, header=(header,))


def _comment(row: BcfComment, actor: Actor) -> bcf.Comment:
    return bcf.Comment(
        str(row.guid),
        _said(row.created_at),
        topic_wording.named(row.author, row.author_house, actor),
        row.text,
        str(row.viewpoint.guid) if row.viewpoint else "",
        _said(row.modified_at) if row.modified_at else None,
        row.modified_author,
    )


def _viewpoint(row: BcfViewpoint) -> bcf.Viewpoint:
    view = view_from(row.view) if row.view or row.extra.get("has_view") else None
    snapshot = None
    if row.snapshot is not None:
        with files.open_stored(row.snapshot) as content:
            kind = "png" if row.snapshot.mime == "image/png" else "jpg"
            name = row.extra.get("snapshot") or f"{row.guid}.{kind}"
            snapshot = bcf.Snapshot(name, kind, content.read())
    return bcf.Viewpoint(str(row.guid), view, snapshot, row.extra.get("index"), row.extra.get("file_name", ""))


def _aware(moment: datetime) -> datetime:
    """A time without a zone is read as China's."""
    return moment if moment.tzinfo else moment.replace(tzinfo=clock.CHINA)


def _said(moment: datetime) -> datetime:
    return moment.astimezone(UTC)


def _newest(said: bcf.Topic | bcf.Comment) -> datetime:
    return _aware(said.modified_at or said.created_at)


def _newest_of(row: BcfTopic | BcfComment) -> datetime:
    return row.modified_at or row.created_at
