"""Raises, answers and settles issues on a project's models."""

import io
import json
import uuid
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.actor import Actor
from accounts.policies import insist
from bim import policies, topic_wording
from bim.bcf.pictures import picture_kind
from bim.bcf.plain import plain_view, view_from
from bim.bcf.refusal import BcfRefused
from bim.bcf.text import clean
from bim.models import BcfComment, BcfTopic, BcfViewpoint, BimModel
from core import clock, files, locks, trace
from core.errors import Problem, StaleState, require, together
from core.models import StoredFile
from projects.models import Project
from projects.states import TERMINAL

LONGEST = {
    "title": 255, "description": 20_000, "topic_type": 60, "topic_status": 60, "priority": 60, "stage": 60,
    "assigned_to": 255,
}  # fmt: skip
LONGEST_COMMENT = 20_000
MOST_LABELS, LONGEST_LABEL = 30, 100
LARGEST_SNAPSHOT = 10 * files.MB
LARGEST_VIEW = 8 * files.MB
PICTURES = ("PNG", "JPEG")
SUFFIXES = {"png": ".png", "jpg": ".jpg"}


@transaction.atomic
def create(
    project_id: int,
    said: Mapping[str, Any],
    *,
    actor: Actor,
    view: Any = None,
    snapshot: bytes | None = None,
    faults: Sequence[Problem] = (),
) -> BcfTopic:
    """A new topic. `said`: fields of LONGEST, labels (list or text with commas), due_on (date), model (key).

    `view`: what is seen, as JSON (docs/API.md); `snapshot`: a PNG or JPEG. Raises RuleViolation with every reason.
    """
    project = locks.locked(Project.objects.visible_to(actor), project_id)
    insist(policies.may_work_on_topics, actor, project)
    values, problems = _read({"title": ""} | {name: value for name, value in said.items() if value}, project)
    plain, view_problems = _seen(view)
    picture_problems = _picture_problems(snapshot)
    require(together(faults, [*ended_problems(project), *problems, *view_problems, *picture_problems]))
    topic = BcfTopic.objects.create(
        project=project,
        guid=uuid.uuid4(),
        number=next_number(project),
        author=topic_wording.signature(actor),
        author_house=actor.organisation,
        created_by=actor.user,
        **{"topic_type": "Issue", "topic_status": topic_wording.OPEN, "priority": "Normal"}
        | {name: value for name, value in values.items() if value or name == "model"},
    )
    if plain is not None or snapshot:
        _viewpoint(topic, plain or {}, snapshot, actor)
    record("bim.topic.created", topic, actor, title=topic.title)
    return topic


@transaction.atomic
def comment(
    pk: int,
    text: str,
    *,
    actor: Actor,
    view: Any = None,
    snapshot: bytes | None = None,
    status: str = "",
    faults: Sequence[Problem] = (),
) -> BcfComment:
    """Says something to the topic, perhaps with a viewpoint of its own, and may set its status at once."""
    topic = _workable(pk, actor)
    text = clean(str(text)).strip()
    plain, problems = _seen(view)
    if not text:
        problems = [*problems, Problem("required", _("Write a comment first."), "text")]
    if len(text) > LONGEST_COMMENT:
        problems = [*problems, too_long("text", LONGEST_COMMENT)]
    values, status_problems = _read({"topic_status": status}, topic.project) if status else ({}, [])
    require(together(faults, [*problems, *status_problems, *_picture_problems(snapshot)]))
    viewpoint = _viewpoint(topic, plain or {}, snapshot, actor) if plain is not None or snapshot else None
    row = BcfComment.objects.create(
        topic=topic,
        guid=uuid.uuid4(),
        text=text,
        viewpoint=viewpoint,
        author=topic_wording.signature(actor),
        author_house=actor.organisation,
        created_by=actor.user,
    )
    changes = _set(topic, values)
    if changes:
        _touch(topic, actor)
    record("bim.topic.commented", topic, actor, **({"changes": changes} if changes else {}))
    return row


@transaction.atomic
def amend(
    pk: int,
    said: Mapping[str, Any],
    *,
    actor: Actor,
    expected_version: int | None = None,
    faults: Sequence[Problem] = (),
) -> BcfTopic:
    """Changes the fields given. Raises StaleState when somebody else has changed the topic since that version."""
    topic = _workable(pk, actor)
    if expected_version not in (None, topic.version):
        raise StaleState(Problem("stale", _("Somebody else has changed this topic. Please look at it again.")))
    values, problems = _read(said, topic.project)
    require(together(faults, problems))
    changes = _set(topic, values)
    if changes:
        _touch(topic, actor)
        record("bim.topic.amended", topic, actor, changes=changes)
    return topic


def close(pk: int, *, actor: Actor, expected_version: int | None = None) -> BcfTopic:
    return amend(pk, {"topic_status": topic_wording.CLOSED}, actor=actor, expected_version=expected_version)


def ended_problems(project: Project) -> list[Problem]:
    return [Problem("project.ended", _("The project has ended."))] if project.stage in TERMINAL else []


def next_number(project: Project) -> int:
    """Under the project's lock."""
    newest = BcfTopic.objects.filter(project=project).order_by("-number").values_list("number", flat=True).first()
    return (newest or 0) + 1


def record(verb: str, topic: BcfTopic, actor: Actor, **facts: object) -> None:
    trace.record(verb, actor=actor, target=topic, project_id=topic.project_id, facts={"topic": topic.number, **facts})


def kept_picture(content: bytes, name: str, actor: Actor) -> StoredFile:
    """The picture under the name its bytes deserve."""
    stem = name.replace("\\", "/").rsplit("/", 1)[-1].rpartition(".")[0] or "snapshot"
    suffix = SUFFIXES[picture_kind(content)]
    return files.store(io.BytesIO(content), name=f"{stem}{suffix}", allowed=PICTURES, user=actor.user)


def too_long(name: str, most: int) -> Problem:
    return Problem("too_long", _("At most %(most)s characters.") % {"most": most}, name)


def _workable(pk: int, actor: Actor) -> BcfTopic:
    topic = locks.locked(BcfTopic.objects.visible_to(actor).select_related("project"), pk)
    insist(policies.may_work_on_topics, actor, topic.project)
    return topic


def _set(topic: BcfTopic, values: Mapping[str, Any]) -> dict[str, list[Any]]:
    """What really changes, both values of each."""
    changes = {}
    for name, value in values.items():
        before = getattr(topic, name)
        if before != value:
            changes[name] = [str(before) if name == "model" else before, str(value) if name == "model" else value]
            setattr(topic, name, value)
    return changes


def _touch(topic: BcfTopic, actor: Actor) -> None:
    """The house that changed it, not the person: what BCF keeps of changes is read by everybody."""
    topic.version += 1
    topic.modified_at, topic.modified_author = clock.now(), actor.organisation.name
    topic.save()


def _read(said: Mapping[str, Any], project: Project) -> tuple[dict[str, Any], list[Problem]]:
    """Values by column, and everything that is wrong with them. What is not in `said` is not touched."""
    values: dict[str, Any] = {}
    problems: list[Problem] = []
    for name, most in LONGEST.items():
        if name in said:
            text = clean(str(said[name] or "")).strip()
            values[name] = text if name == "description" else " ".join(text.split())
            if len(values[name]) > most:
                problems.append(too_long(name, most))
    if "title" in values and not values["title"]:
        problems.append(Problem("required", _("The topic needs a title."), "title"))
    if "topic_status" in values and not values["topic_status"]:
        problems.append(Problem("required", _("The topic needs a status."), "topic_status"))
    if "labels" in said:
        values["labels"] = labels_of(said["labels"])
        if len(values["labels"]) > MOST_LABELS or any(len(label) > LONGEST_LABEL for label in values["labels"]):
            problems.append(Problem("labels", _("At most 30 labels of 100 characters each."), "labels"))
    if "due_on" in said:
        values["due_on"] = said["due_on"] or None
        if values["due_on"] is not None and not isinstance(values["due_on"], date):
            problems.append(Problem("unreadable", _("The date cannot be read."), "due_on"))
    if "model" in said:
        values["model"] = _model(said["model"], project, problems)
    return values, problems


def _model(key: Any, project: Project, problems: list[Problem]) -> BimModel | None:
    if not key:
        return None
    model = BimModel.objects.filter(project=project, pk=key).first()
    if model is None:
        problems.append(Problem("model.unknown", _("The project has no such model."), "model"))
    return model


def labels_of(said: Any) -> list[str]:
    rows = said.replace("，", ",").replace("、", ",").split(",") if isinstance(said, str) else list(said or ())
    return list(dict.fromkeys(text for row in rows if (text := " ".join(clean(str(row)).split()))))


def _seen(view: Any) -> tuple[dict[str, Any] | None, list[Problem]]:
    """The view as it is kept. Text is JSON; empty text is no view."""
    if view is None or view == "":
        return None, []
    try:
        if isinstance(view, str):
            if len(view) > LARGEST_VIEW:
                raise ValueError
            view = json.loads(view)
        return plain_view(view_from(view)), []
    except (BcfRefused, ValueError, RecursionError):
        return None, [Problem("view.shape", _("The viewpoint cannot be read."), "view")]


def _picture_problems(snapshot: bytes | None) -> list[Problem]:
    if not snapshot:
        return []
    if len(snapshot) > LARGEST_SNAPSHOT:
        message = _("The picture is larger than %(mb)s MB.") % {"mb": LARGEST_SNAPSHOT // files.MB}
        return [Problem("snapshot.size", message, "snapshot")]
    if not picture_kind(snapshot):
        return [Problem("snapshot.kind", _("The picture is neither PNG nor JPEG."), "snapshot")]
    return []


def _viewpoint(topic: BcfTopic, view: dict[str, Any], snapshot: bytes | None, actor: Actor) -> BcfViewpoint:
    picture = kept_picture(snapshot, "snapshot", actor) if snapshot else None
    position = topic.viewpoints.count()
    return BcfViewpoint.objects.create(topic=topic, guid=uuid.uuid4(), position=position, view=view, snapshot=picture)
