"""The desk of contracts, works and assets: what waits for one person in one post, or in one project for anybody."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Case, CharField, DateField, Q, QuerySet, Value, When
from django.db.models.functions import Coalesce
from django.utils.text import Truncator

from accounts.actor import Actor
from accounts.roles import APPLICANTS, Role
from core import clock
from projects.models import Project
from projects.states import Stage
from reports.waiting.sources import AUTHORITY, OF_THE_AUTHORITY, SOURCE_OF, SOURCES, Source, Step

PAGE = 30
FAR = date(9999, 12, 31)
STOPPED = (Stage.SUSPENDED, Stage.TERMINATED, Stage.REVOKED)
COLUMNS = ("waiting_kind", "pk", "waiting_move", "waiting_due")
LONGEST_TITLE = 80


@dataclass(frozen=True)
class Narrowing:
    """What the list is narrowed to; empty means all. `text` is part of the project's name."""

    kind: str = ""
    text: str = ""


@dataclass(frozen=True)
class Entry:
    """One row that waits: what is to be done, by which roles, until when. `project` is None for an annual plan."""

    kind: str
    kind_label: Any
    pk: int
    title: str
    move: str
    what: Any
    roles: tuple[str, ...]
    state: Any
    due_on: date | None
    project: Project | None
    row: Any

    @property
    def who(self) -> str:
        return "、".join(str(Role(role).label) for role in self.roles)

    def is_late(self, today: date) -> bool:
        return self.due_on is not None and self.due_on < today


@dataclass(frozen=True)
class Slice:
    """One page; `after` is where the next one begins, None at the end."""

    rows: list[Entry]
    after: int | None = None


def listed(
    actor: Actor, narrowing: Narrowing = Narrowing(), *, after: int = 0, size: int = PAGE, today: date | None = None
) -> Slice:
    """What waits for this post, the earliest due first, what has no date last."""
    parts = _parts_of(actor, narrowing, today or clock.today())
    found = list(_together(parts)[after : after + size + 1]) if parts else []
    return Slice(_entries(found[:size]), after + size if len(found) > size else None)


def count(actor: Actor, today: date | None = None) -> int:
    """How many, in one query."""
    parts = _parts_of(actor, Narrowing(), today or clock.today())
    return _united(parts).count() if parts else 0


def of_project(project: Project, today: date | None = None) -> list[Entry]:
    """What waits in this project, for whomever; at most a page."""
    day = today or clock.today()
    parts = [_rows(source, source.steps, day, Q(**{source.project: project})) for source in SOURCES if source.project]
    return _entries(list(_together(parts)[:PAGE]))


def _parts_of(actor: Actor, narrowing: Narrowing, today: date) -> list[QuerySet]:
    """One query set per table this role works on. A delegation limited to kinds of items covers none (R-PERM-03)."""
    if actor.item_types or _is_elsewhere(actor):
        return []
    parts = []
    for source in SOURCES:
        steps = tuple(step for step in source.steps if actor.role in step.roles)
        mine = _mine(actor, source)
        if steps and mine is not None and narrowing.kind in ("", source.kind):
            parts.append(_rows(source, steps, today, mine & _named(source, narrowing.text)))
    return parts


def _is_elsewhere(actor: Actor) -> bool:
    return actor.role in OF_THE_AUTHORITY and actor.organisation.kind != AUTHORITY


def _mine(actor: Actor, source: Source) -> Q | None:
    """Units work on their own projects, receivers on what comes to their house, offices on all."""
    if actor.role in APPLICANTS:
        units = Q(**{f"{source.project}__owner_unit": actor.organisation_id})
        units |= Q(**{f"{source.project}__construction_unit": actor.organisation_id})
        return units if source.project else None
    if actor.role == Role.RECEIVER:
        return Q(**{source.receiver: actor.organisation_id}) if source.receiver else None
    return Q()


def _named(source: Source, text: str) -> Q:
    if not text:
        return Q()
    return Q(**{f"{source.project}__name__icontains": text}) if source.project else Q(pk__in=())


def _rows(source: Source, steps: Sequence[Step], today: date, mine: Q) -> QuerySet:
    """The rows that wait, as COLUMNS; a row that several moves wait for is named once, by the first."""
    waits = [(step.name, step.rows(today)) for step in steps]
    wanted = Q()
    for _name, condition in waits:
        wanted |= condition
    rows = source.model._default_manager.filter(mine, wanted)
    if source.project and not source.outlives:
        rows = rows.exclude(**{f"{source.project}__stage__in": STOPPED})
    due = Coalesce(source.due, Value(FAR), output_field=DateField()) if source.due is not None else Value(FAR)
    return rows.order_by().annotate(
        waiting_kind=Value(source.kind, output_field=CharField()),
        waiting_move=Case(*(When(condition, then=Value(name)) for name, condition in waits), output_field=CharField()),
        waiting_due=due if source.due is not None else Value(FAR, output_field=DateField()),
    )


def _united(parts: Sequence[QuerySet]) -> QuerySet:
    columns = [part.values_list(*COLUMNS) for part in parts]
    return columns[0].union(*columns[1:], all=True) if len(columns) > 1 else columns[0]


def _together(parts: Sequence[QuerySet]) -> QuerySet:
    return _united(parts).order_by("waiting_due", "waiting_kind", "pk")


def _entries(found: Iterable[tuple[str, int, str, Any]]) -> list[Entry]:
    """The rows behind the columns, one query per table on the page."""
    columns = list(found)
    keys: dict[str, list[int]] = {}
    for kind, pk, _move, _due in columns:
        keys.setdefault(kind, []).append(pk)
    rows = {kind: _fetched(SOURCE_OF[kind], pks) for kind, pks in keys.items()}
    return [_entry(SOURCE_OF[kind], rows[kind][pk], move, due) for kind, pk, move, due in columns if pk in rows[kind]]


def _fetched(source: Source, pks: list[int]) -> dict[int, Any]:
    projects = (f"{source.project}__owner_unit",) if source.project else ()
    return source.model._default_manager.select_related(*projects, *source.related).in_bulk(pks)


def _entry(source: Source, row: Any, move: str, due: Any) -> Entry:
    step = next(one for one in source.steps if one.name == move)
    day = date.fromisoformat(due) if isinstance(due, str) else due
    return Entry(
        kind=source.kind,
        kind_label=source.label,
        pk=row.pk,
        title=Truncator(source.title(row)).chars(LONGEST_TITLE),
        move=step.move or step.name,
        what=step.label,
        roles=step.roles,
        state=getattr(row, f"get_{source.state}_display")() if source.state else "",
        due_on=None if day == FAR else day,
        project=_project_of(source, row),
        row=row,
    )


def _project_of(source: Source, row: Any) -> Project | None:
    for name in source.project.split("__") if source.project else ():
        row = getattr(row, name)
    return row if source.project else None
