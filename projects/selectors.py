"""Reads of the project register: the list, one project, what comes next for it, and the search."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet

from accounts.actor import Actor
from accounts.roles import READS_ALL
from core.errors import Problem
from core.locks import found
from core.workflow import Move, Offer, Situation
from projects import search as spelling
from projects.lifecycle import LIFECYCLE
from projects.models import Project, SearchGram, SearchText
from projects.policies import may_move

LONGEST = 60
SAMPLE = 500
MOST_COUNTED = 12
DRIVERS = 4
FIRST_BLOCK, LARGEST_BLOCK = 100, 3200
KIND_ORDER = {"name": 0, "code": 1, "document": 2}

# Problems that say a move is the wrong one of two alternatives, not that something is still missing.
OTHER_WAY = frozenset({"audit.required", "audit.exempt", "title.needed", "title.not_needed"})


@dataclass(frozen=True)
class Hit:
    """A project found, and which of its texts matched: `kind` name, code or document, `text` in folded spelling."""

    project: Project
    kind: str
    text: str


@dataclass(frozen=True)
class Slice:
    """One page by position: `after` is where the next page begins, None at the end."""

    rows: list[Any] = field(default_factory=list)
    after: int | None = None


def listed(actor: Actor, filters: Mapping[str, Any] | None = None, after: int | None = None, limit: int = 30) -> Slice:
    """The newest projects this actor may see. `filters` maps fields of Project to values; no counting, no offset."""
    rows = list(_before(register_rows(actor, filters), after)[: limit + 1])
    return Slice(rows[:limit], rows[limit - 1].pk if len(rows) > limit else None)


def register_rows(actor: Actor, filters: Mapping[str, Any] | None = None) -> QuerySet[Project]:
    """The same rows without an end, for an export."""
    rows = Project.objects.visible_to(actor).filter(**(filters or {}))
    return rows.select_related("owner_unit").order_by("-pk")


def detailed(actor: Actor, pk: int) -> Project:
    """One project with everything its page shows. Raises NotFound."""
    rows = Project.objects.visible_to(actor).select_related(
        "owner_unit", "construction_unit", "user_unit", "agent_builder", "competent_dept"
    )
    return found(rows.prefetch_related("stages", "gate_openings", "figures", "suspensions", "funding"), pk=pk)


def offers(project: Project, actor: Actor, now: Situation) -> list[Offer]:
    """The moves this person's role has from the project's stage, each with the reasons why it is off now."""
    return [
        Offer(move, (*_refusals(actor, project, move), *LIFECYCLE.problems(project, move.name, now)))
        for move in LIFECYCLE.from_state(project.stage)
        if actor.role in move.roles
    ]


def _refusals(actor: Actor, project: Project, move: Move) -> list[Problem]:
    refusal = may_move(actor, project, move)
    return [refusal] if refusal else []


def ways_forward(project: Project, now: Situation) -> list[Offer]:
    """The regular moves to the next stage with what they still wait for; simplifications and endings are left out."""
    ways = [Offer(move, tuple(LIFECYCLE.problems(project, move.name, now))) for move in _regular(project)]
    return [way for way in ways if not any(problem.code in OTHER_WAY for problem in way.problems)]


def _regular(project: Project) -> list[Move]:
    return [
        move
        for move in LIFECYCLE.from_state(project.stage)
        if (move.by_system or move.primary) and move.target and move.target != project.stage
    ]


def search(
    actor: Actor, text: str, after: int | None = None, limit: int = 20, filters: Mapping[str, Any] | None = None
) -> Slice:
    """Projects whose name, code or a document number contains the text, newest first, as Hits.

    Two characters and more are found anywhere in a text; a single one only at its beginning. The rarest pair of
    characters is walked through its index in blocks; the whole text is then compared, so that nothing false is shown.
    """
    wanted = spelling.fold(text).replace("\x00", "")[:LONGEST]
    matched: dict[int, tuple[str, str]] = {}
    for block in _candidates(actor, wanted, after, filters or {}):
        matched.update(_verified(block, wanted))
        if len(matched) > limit:
            break
    ids = list(matched)[: limit + 1]
    rows = Project.objects.visible_to(actor).select_related("owner_unit").in_bulk(ids)
    hits = [Hit(rows[pk], *matched[pk]) for pk in ids[:limit] if pk in rows]
    return Slice(hits, ids[limit - 1] if len(ids) > limit else None)


def _candidates(actor: Actor, wanted: str, after: int | None, filters: Mapping[str, Any]) -> Iterator[list[int]]:
    if not wanted:
        return
    if len(wanted) == 1:
        yield from _blocks(
            _visible(actor, filters).filter(Exists(_texts().filter(text__startswith=wanted))), "pk", after
        )
        return
    rarest = _rarest(spelling.grams(wanted))
    if not rarest:
        return
    if actor.role in READS_ALL and not actor.item_types:
        rows = SearchGram.objects.filter(gram=rarest[0], **{f"project__{name}": v for name, v in filters.items()})
        others = rarest[1:]
        yield from _blocks(_holding(rows, others, "project_id").order_by("-project_id"), "project_id", after)
    else:
        yield from _blocks(_holding(_visible(actor, filters), rarest, "pk"), "pk", after)


def _visible(actor: Actor, filters: Mapping[str, Any]) -> QuerySet[Project]:
    return Project.objects.visible_to(actor).filter(**filters).order_by("-pk")


def _texts() -> QuerySet[SearchText]:
    return SearchText.objects.filter(project=OuterRef("pk"))


def _holding(rows: QuerySet, grams: Iterable[str], key: str) -> QuerySet:
    for gram in grams:
        rows = rows.filter(Exists(SearchGram.objects.filter(gram=gram, project_id=OuterRef(key))))
    return rows


def _rarest(grams: set[str]) -> list[str]:
    """Up to four pairs, the rarest first; none if one of them occurs nowhere. Counting stops at a sample."""
    counted = []
    for gram in sorted(grams)[:MOST_COUNTED]:
        found_here = SearchGram.objects.filter(gram=gram)[:SAMPLE].count()
        if not found_here:
            return []
        counted.append((found_here, gram))
    return [gram for _, gram in sorted(counted)[:DRIVERS]]


def _blocks(rows: QuerySet, key: str, after: int | None) -> Iterator[list[int]]:
    """Ids from the newest downwards, in blocks that grow while nothing is found."""
    size = FIRST_BLOCK
    while True:
        block = list(_before(rows, after, key).values_list(key, flat=True)[:size])
        yield block
        if len(block) < size:
            return
        after, size = block[-1], min(size * 4, LARGEST_BLOCK)


def _before(rows: QuerySet, after: int | None, key: str = "pk") -> QuerySet:
    return rows if after is None else rows.filter(**{f"{key}__lt": after})


def _verified(block: list[int], wanted: str) -> dict[int, tuple[str, str]]:
    """Which of these projects really contain the text: id → (kind, text), in the order of the block."""
    matches: dict[int, tuple[str, str]] = {}
    texts = SearchText.objects.filter(project_id__in=block).values_list("project_id", "kind", "text")
    for pk, kind, text in texts:
        fits = wanted in text if len(wanted) > 1 else text.startswith(wanted)
        if fits and (pk not in matches or KIND_ORDER.get(kind, 9) < KIND_ORDER.get(matches[pk][0], 9)):
            matches[pk] = (kind, text)
    return {pk: matches[pk] for pk in block if pk in matches}
