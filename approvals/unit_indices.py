"""Unit indices (元/m², m³/m², kg/m²) of an item by its models, against similar decided projects (DOMAIN §10)."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import QuerySet

from accounts.actor import Actor
from approvals.findings import WORKS, branch_of
from approvals.model_quantities import STAGES, models_of
from approvals.models import ApprovalItem
from approvals.rules.quantities import Spread, per_area, spread_of
from approvals.states import DECIDED
from bim.model_figures import ModelFigures, figures_of, together
from bim.models import BimModel
from core import clock

MOST_SIMILAR = 30
KINDS = ("total", "works", "concrete", "steel")
UNITS = {"total": "元/m²", "works": "元/m²", "concrete": "m³/m²", "steel": "kg/m²"}


@dataclass(frozen=True)
class Index:
    """One index: the item's own figure (None: not enough is known) and that of similar projects."""

    kind: str
    own: Decimal | None
    similar: Spread

    @property
    def unit(self) -> str:
        return UNITS[self.kind]

    @property
    def apart(self) -> Decimal | None:
        """(own − median) / median, where both are known."""
        middle = self.similar.middle
        return (self.own - middle) / middle if self.own is not None and middle else None


@dataclass(frozen=True)
class Indices:
    """`area` in m² and the class of place that says it ("" where the model does not say)."""

    area: Decimal | None
    area_of: str
    rows: list[Index]


def indices_of(item: ApprovalItem, actor: Actor, models: list[BimModel] | None = None) -> Indices:
    """The item's amounts as declared; those of similar items as approved.

    Similar: the same kind of item, class and industry of the project, decided, with a model, the newest thirty the actor
    may see; a project counts once.
    """
    own = models_of(item) if models is None else models
    similar = _similar(item, actor)
    theirs = _their_models(similar)
    figures = figures_of([*own, *(model for several in theirs.values() for model in several)])
    mine = together(figures[model.pk] for model in own)
    known: dict[str, list[Decimal | None]] = defaultdict(list)
    for other in similar:
        if other.pk in theirs:
            its = together(figures[model.pk] for model in theirs[other.pk])
            for kind, figure in _figures(other, its, approved=True).items():
                known[kind].append(figure)
    declared = _figures(item, mine, approved=False)
    return Indices(mine.area, mine.area_of, [Index(kind, declared[kind], spread_of(known[kind])) for kind in KINDS])


def _figures(item: ApprovalItem, figures: ModelFigures, *, approved: bool) -> dict[str, Decimal | None]:
    lines = [line for line in item.cost_lines.all() if line.is_leaf and branch_of(line) == WORKS]
    amounts = [line.reviewed if approved else line.declared for line in lines]
    works = sum((amount or Decimal(0) for amount in amounts), Decimal(0)) if any(amounts) else None
    total = item.approved_amount if approved else item.declared_amount
    measures = {"total": total, "works": works, "concrete": figures.concrete, "steel": figures.steel}
    return {kind: per_area(measure, figures.area) for kind, measure in measures.items()}


def _similar(item: ApprovalItem, actor: Actor) -> list[ApprovalItem]:
    rows: QuerySet[ApprovalItem] = (
        ApprovalItem.objects.visible_to(actor)
        .filter(
            item_type=item.item_type,
            state__in=DECIDED,
            approved_amount__isnull=False,
            project__project_class=item.project.project_class,
            project__industry=item.project.industry,
            project__bim_models__in=BimModel.objects.accepted().filter(stage__in=STAGES.get(item.item_type, ())),
        )
        .exclude(project=item.project_id)
    )
    keys = rows.order_by("-decided_on", "-pk").values_list("pk", flat=True)
    once = list(dict.fromkeys(keys[: MOST_SIMILAR * 10]))
    found = ApprovalItem.objects.filter(pk__in=once).order_by("-decided_on", "-pk").prefetch_related("cost_lines")
    by_project: dict[int, ApprovalItem] = {}
    for other in found:
        by_project.setdefault(other.project_id, other)
    return list(by_project.values())[:MOST_SIMILAR]


def _their_models(items: Iterable[ApprovalItem]) -> dict[int, list[BimModel]]:
    """The newest accepted of each discipline at the right stage, handed in before the decision; one query for all."""
    several = list(items)
    rows = BimModel.objects.accepted().filter(project__in=[item.project_id for item in several]).order_by("version")
    by_project: dict[int, list[BimModel]] = defaultdict(list)
    for model in rows:
        by_project[model.project_id].append(model)
    chosen: dict[int, list[BimModel]] = {}
    for item in several:
        known = [
            model for model in by_project[item.project_id]
            if item.decided_on is None or clock.date_of(model.uploaded_at) <= item.decided_on
        ]  # fmt: skip
        for stage in STAGES.get(item.item_type, ()):
            newest = {model.discipline: model for model in known if model.stage == stage}
            if newest:
                chosen[item.pk] = list(newest.values())
                break
    return chosen
