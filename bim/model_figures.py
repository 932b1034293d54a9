"""The few figures of a whole model that indices need: gross floor area, concrete, steel. Only what was authored counts."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.core.cache import cache
from django.db.models import Max, Q, QuerySet

from bim.models import BimModel, BimQuantity, SpatialNode

AREA = "GrossFloorArea"
# The widest place that says it: a building's own figure, else its storeys', else its rooms'.
PLACES = ("IfcBuilding", "IfcBuildingStorey", "IfcSpace")
# Blocks of aerated concrete are masonry.
CONCRETE = (Q(element__material__icontains="混凝土") | Q(element__material__icontains="concrete")) & ~Q(
    element__material__icontains="砌块"
)
STEEL = Q(element__material__icontains="钢") | Q(element__material__icontains="steel")
BARS = Q(element__ifc_class__startswith="IfcReinforcing") | Q(element__ifc_class__startswith="IfcTendon")
# An element says its volume or weight once, whichever of these it bears; the first that is there counts.
VOLUMES = ("NetVolume", "GrossVolume")
WEIGHTS = ("NetWeight", "GrossWeight", "Weight")
KEPT_SECONDS = 24 * 3600


@dataclass(frozen=True)
class ModelFigures:
    """m² of gross floor area and where it is said, m³ of concrete, kg of steel; None where the model does not say."""

    area: Decimal | None = None
    area_of: str = ""
    concrete: Decimal | None = None
    steel: Decimal | None = None


def figures_of(models: Iterable[BimModel]) -> dict[int, ModelFigures]:
    """By key of the model. What was read from a file does not change, so it is worked out once and kept."""
    keys = {
        model.pk: f"model-figures-{model.pk}-{model.sha256[:16]}-{model.checked_at}".replace(" ", "T")
        for model in models
    }
    known = cache.get_many(list(keys.values()))
    missing = [pk for pk, key in keys.items() if key not in known]
    fresh = _worked_out(missing) if missing else {}
    cache.set_many({keys[pk]: figures for pk, figures in fresh.items()}, KEPT_SECONDS)
    return {pk: fresh[pk] if pk in fresh else known[key] for pk, key in keys.items()}


def together(figures: Iterable[ModelFigures]) -> ModelFigures:
    """Of several disciplines of one building: the largest area (each draws the same floors), the sums of the materials."""
    several = list(figures)
    widest = max(
        (one for one in several if one.area is not None), key=lambda one: one.area or 0, default=ModelFigures()
    )
    return ModelFigures(
        widest.area, widest.area_of, _added(one.concrete for one in several), _added(one.steel for one in several)
    )


def _added(figures: Iterable[Decimal | None]) -> Decimal | None:
    known = [figure for figure in figures if figure is not None]
    return sum(known, Decimal(0)) if known else None


def _worked_out(keys: list[int]) -> dict[int, ModelFigures]:
    areas = _areas(keys)
    of_models = BimQuantity.objects.filter(element__model__in=keys, element__is_element=True)
    concrete = _sums(of_models.filter(CONCRETE).exclude(BARS), VOLUMES)
    steel = _sums(of_models.filter(BARS | STEEL & ~CONCRETE), WEIGHTS)
    return {pk: ModelFigures(*areas.get(pk, (None, "")), concrete.get(pk), steel.get(pk)) for pk in keys}


def _areas(keys: list[int]) -> dict[int, tuple[Decimal, str]]:
    found: dict[tuple[int, str], Decimal] = defaultdict(Decimal)
    rows = SpatialNode.objects.filter(model__in=keys, ifc_class__in=PLACES).order_by()
    for model, ifc_class, authored in rows.values_list("model_id", "ifc_class", "quantities"):
        area = next((value for _set, name, value, _unit in authored if name == AREA), None)
        if area is not None:
            found[model, ifc_class] += Decimal(repr(area))
    return {
        pk: (found[pk, place], place) for pk in keys for place in reversed(PLACES) if (pk, place) in found
    }  # later entries win: the widest place


def _sums(rows: QuerySet[BimQuantity], names: tuple[str, ...]) -> dict[int, Decimal]:
    """Σ per model, each element once: by the first of these names that it bears, and by one value of that name."""
    borne: dict[int, tuple[int, int, float]] = {}
    authored = rows.filter(name__in=names).order_by().values("element_id", "element__model_id", "name")
    for element, model, name, value in authored.annotate(value=Max("value")).values_list(
        "element_id", "element__model_id", "name", "value"
    ):
        rank = names.index(name)
        if element not in borne or rank < borne[element][1]:
            borne[element] = (model, rank, value)
    totals: dict[int, Decimal] = defaultdict(Decimal)
    for model, _rank, value in borne.values():
        totals[model] += Decimal(repr(value))
    return dict(totals)
