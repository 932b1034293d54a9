"""Reads for the comparison of two models: their elements as the rules want them, and what a finished comparison found."""

import hashlib
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from accounts.actor import Actor
from bim.models import (
    BimElement,
    BimModel,
    BimProperty,
    BimQuantity,
    ComparisonRow,
    ComparisonRun,
    ElementClassification,
    ElementPairing,
)
from bim.models.comparison import ChangeKind, RowState
from bim.rules import comparison as rules
from bim.rules.pairing import Pair
from bim.states import ModelStage, ModelStatus
from core import jobs
from core.errors import Problem, RuleViolation
from core.locks import found

BATCH = 400  # pairs whose properties are read at once
UNDRAWN = ("IfcOpeningElement",)  # a hole is seen in what it is cut from
WAITING = (RowState.WAITING_OLD, RowState.WAITING_NEW)
METHOD = "1"  # of comparing: another one makes older results stale


@dataclass(frozen=True)
class Versions:
    """The two models, the older (earlier stage, lower version) first, whichever way round they were named."""

    old: BimModel
    new: BimModel

    @property
    def ids(self) -> tuple[int, int]:
        return self.old.pk, self.new.pk


def versions(actor: Actor, one: int, other: int) -> Versions:
    """Two accepted models of one project this actor may see. Raises NotFound, RuleViolation."""
    rows = BimModel.objects.visible_to(actor).select_related("project__owner_unit", "file", "geometry")
    ordered = sorted((found(rows, pk=one), found(rows, pk=other)), key=_age)
    problems = []
    if one == other:
        problems.append(Problem("compare.same", _("A model cannot be compared with itself.")))
    if ordered[0].project_id != ordered[1].project_id:
        problems.append(Problem("compare.projects", _("Only models of the same project can be compared.")))
    if any(model.status != ModelStatus.ACCEPTED for model in ordered):
        problems.append(Problem("compare.not_accepted", _("Only accepted models can be compared.")))
    if problems:
        raise RuleViolation(problems)
    return Versions(*ordered)


def _age(model: BimModel) -> tuple[int, int, int]:
    return ModelStage.values.index(model.stage), model.version, model.pk


def comparable(model: BimModel) -> list[BimModel]:
    """What an accepted model can be compared with: the project's other accepted ones, those of its discipline first."""
    rows = BimModel.objects.accepted().filter(project_id=model.project_id).exclude(pk=model.pk)
    return sorted(rows, key=lambda one: (one.discipline != model.discipline, one.stage != model.stage, -one.pk))


def basis(pair: Versions) -> str:
    """A hash over all a comparison rests on: both files, both geometries, what people decided, and the method."""
    decisions = ElementPairing.objects.filter(old_model=pair.old, new_model=pair.new).order_by("pk")
    said = [METHOD]
    for model in (pair.old, pair.new):
        said += [model.sha256, str(model.checked_at), model.geometry.sha256 if model.geometry else ""]
    said += [f"{one}>{two}" for one, two in decisions.values_list("old_guid", "new_guid")]
    return hashlib.sha256("|".join(said).encode()).hexdigest()


def decided(pair: Versions) -> list[tuple[str, str]]:
    rows = ElementPairing.objects.filter(old_model=pair.old, new_model=pair.new).order_by("pk")
    return list(rows.values_list("old_guid", "new_guid"))


def size(pair: Versions) -> int:
    return BimElement.objects.filter(model__in=pair.ids).count()


# Elements as the rules want them


def elements_of(model: BimModel) -> list[rules.Element]:
    """All products with their quantities, still without properties and codes (see `with_facts`)."""
    quantities: dict[int, dict[str, rules.Measure]] = defaultdict(dict)
    measures = BimQuantity.objects.filter(element__model=model).order_by("element_id", "id")
    for element, group, name, value, unit in measures.values_list(
        "element_id", "set_name", "name", "value", "unit"
    ).iterator(chunk_size=5000):
        quantities[element].setdefault(f"{group}.{name}", rules.Measure(value, unit))
    return [_element(row, quantities.get(row[0], {})) for row in _rows(model)]


def _rows(model: BimModel) -> Iterator[tuple[Any, ...]]:
    fields = (
        "pk", "guid", "ifc_class", "name", "tag", "type_name", "storey__name", "material", "x", "y", "z",
        "has_shape", "shape",
    )  # fmt: skip
    return BimElement.objects.filter(model=model).order_by("pk").values_list(*fields).iterator(chunk_size=5000)


def _element(row: tuple[Any, ...], quantities: Mapping[str, rules.Measure]) -> rules.Element:
    _pk, guid, ifc_class, name, tag, type_name, storey, material, x, y, z, has_shape, shape = row
    return rules.Element(
        guid=guid,
        ifc_class=ifc_class,
        name=name,
        tag=tag,
        type_name=type_name,
        storey=storey or "",
        material=material,
        at=None if x is None or y is None or z is None else (x, y, z),
        has_shape=has_shape and ifc_class not in UNDRAWN,
        shape=_shape(shape),
        quantities=quantities,
    )


def _shape(figures: list[float] | None) -> rules.Shape | None:
    if not figures:
        return None
    x, y, z, area, volume, *spread = figures
    return rules.Shape((x, y, z), area, volume, tuple(spread))


def with_facts(pair: Versions, pairs: list[Pair]) -> Iterator[list[Pair]]:
    """The pairs with properties and codes of both elements, in batches, so that never all of them are in memory."""
    for start in range(0, len(pairs), BATCH):
        batch = pairs[start : start + BATCH]
        old = _facts(pair.old, [one.old.guid for one in batch])
        new = _facts(pair.new, [one.new.guid for one in batch])
        yield [
            replace(one, old=replace(one.old, **old[one.old.guid]), new=replace(one.new, **new[one.new.guid]))
            for one in batch
        ]


def _facts(model: BimModel, guids: list[str]) -> dict[str, dict[str, Any]]:
    at = dict(BimElement.objects.filter(model=model, guid__in=guids).order_by().values_list("pk", "guid"))
    facts: dict[str, dict[str, Any]] = {guid: {"properties": {}, "codes": ()} for guid in guids}
    properties = BimProperty.objects.filter(element__in=at).order_by("element_id", "id")
    for pk, group, name, value in properties.values_list("element_id", "set_name", "name", "value"):
        facts[at[pk]]["properties"].setdefault(f"{group}.{name}", value)
    codes = ElementClassification.objects.filter(element__in=at).order_by("element_id", "id")
    for pk, system, code, title in codes.values_list("element_id", "system", "code", "title"):
        facts[at[pk]]["codes"] += (" ".join(part for part in (system, code, title) if part),)
    return facts


# What a finished comparison found


@dataclass(frozen=True)
class Standing:
    """How a comparison stands. `run` is the last finished one or None; `is_current` while nothing it rests on changed."""

    run: ComparisonRun | None
    is_current: bool
    is_at_work: bool
    job: Any = None
    uncompared: list[BimModel] = field(default_factory=list)


def standing(pair: Versions) -> Standing:
    run = ComparisonRun.objects.filter(old_model=pair.old, new_model=pair.new).select_related("job").first()
    job = run.job if run else None
    finished = run if run and run.finished_at else None
    return Standing(
        run=finished,
        is_current=finished is not None and finished.basis == basis(pair),
        is_at_work=job is not None and job.state in jobs.UNDER_WAY,
        job=job,
        uncompared=[model for model in (pair.old, pair.new) if model.geometry is None],
    )


def rows_of(run: ComparisonRun, said: Mapping[str, str]) -> QuerySet[ComparisonRow]:
    """The rows narrowed by `state` (DIFFERENT: all but the unchanged, WAITING: both sides), `change` (ChangeKind),
    `kind` (class), `storey`, and `q` (part of the name or type, or a GlobalId); what is not known is not asked."""
    rows = ComparisonRow.objects.filter(run=run).order_by("position")
    state = said.get("state", "")
    if state == "WAITING":
        rows = rows.filter(state__in=WAITING)
    elif state in RowState.values:
        rows = rows.filter(state=state)
    elif state == "DIFFERENT":
        rows = rows.exclude(state=RowState.UNCHANGED)
    elif state == "NOT_COMPARED":
        rows = rows.filter(geometry="NOT_COMPARED")
    if (change := said.get("change", "")) in ChangeKind.values:
        rows = rows.filter(kinds__contains=f" {change} ")
    if kind := said.get("kind", "").strip():
        rows = rows.filter(ifc_class=kind)
    if storey := said.get("storey", "").strip():
        rows = rows.filter(storey=storey)
    if text := said.get("q", "").strip():
        rows = rows.filter(Q(name__icontains=text) | Q(type_name__icontains=text) | Q(old_guid=text) | Q(new_guid=text))
    return rows


def choices_of(run: ComparisonRun) -> tuple[list[str], list[str]]:
    """The classes and storeys that occur."""
    rows = ComparisonRow.objects.filter(run=run).order_by()
    classes = sorted(rows.values_list("ifc_class", flat=True).distinct())
    return classes, sorted(name for name in rows.values_list("storey", flat=True).distinct() if name)


def guids_by_state(run: ComparisonRun) -> dict[str, list[str]]:
    """For the coloured viewers: what to paint in the newer model (ADDED, CHANGED, WAITING_NEW) and the older (REMOVED …)."""
    painted: dict[str, list[str]] = {state: [] for state in RowState.values if state != RowState.UNCHANGED}
    rows = ComparisonRow.objects.filter(run=run).exclude(state=RowState.UNCHANGED).order_by("position")
    for state, old, new in rows.values_list("state", "old_guid", "new_guid"):
        painted[state].append(old if state in (RowState.REMOVED, RowState.WAITING_OLD) else new)
    changed = ComparisonRow.objects.filter(run=run, state=RowState.CHANGED).order_by("position")
    painted["CHANGED_OLD"] = list(changed.values_list("old_guid", flat=True))
    return painted


@dataclass(frozen=True)
class Counterparts:
    """What became of the older model's elements. `new` maps to "" where there is none any more; `waiting` nobody knows yet."""

    new: dict[str, str]
    waiting: set[str]


def counterparts(pair: Versions) -> Counterparts | None:
    """By GlobalId, from the finished comparison; None where there is none that still holds. For links that follow."""
    state = standing(pair)
    if state.run is None or not state.is_current:
        return None
    rows = ComparisonRow.objects.filter(run=state.run).exclude(old_guid="").order_by()
    new, waiting = {}, set()
    for kind, old_guid, new_guid in rows.values_list("state", "old_guid", "new_guid"):
        if kind == RowState.WAITING_OLD:
            waiting.add(old_guid)
        else:
            new[old_guid] = new_guid
    return Counterparts(new, waiting)


def elements_by_guid(pair: Versions, guids: list[str]) -> dict[str, BimElement]:
    """Elements of both models, for the candidates of a waiting one."""
    rows = BimElement.objects.filter(model__in=pair.ids, guid__in=guids).select_related("storey")
    return {f"{row.model_id}:{row.guid}": row for row in rows}
