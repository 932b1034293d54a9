"""The estimate measured by the project's models: which models, what each line comes to, which elements belong to it.

A fixed number of queries however many elements there are: the database sums up like elements, the rules see groups.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db.models import Count, Exists, Min, OuterRef, QuerySet, Sum

from approvals.models import ApprovalItem, CostLine, ElementLink, QuantityRule
from approvals.rules import quantities
from approvals.rules.quantities import COUNT, Amount, Facts, Group, Measured, QuantityLight, Sheet
from bim.models import BimElement, BimModel, BimQuantity, ElementClassification, SpatialNode
from bim.states import ModelStage
from core.rulebook import Rulebook

ROOM = "IfcSpace"
# Holes and remarks are no building parts: nobody misses them in an estimate.
NO_PARTS = ("IfcOpeningElement", "IfcOpeningStandardCase", "IfcVoidingFeature", "IfcAnnotation", "IfcVirtualElement")
STAGES: dict[str, tuple[str, ...]] = {
    "PR": (ModelStage.CONCEPT,),
    "FS": (ModelStage.CONCEPT,),
    "EST": (ModelStage.PRELIMINARY,),
    "ADJ": (ModelStage.CONSTRUCTION, ModelStage.DRAWINGS, ModelStage.PRELIMINARY),
    "BUD": (ModelStage.DRAWINGS,),
    "SET": (ModelStage.AS_BUILT, ModelStage.CONSTRUCTION),
    "FA": (ModelStage.AS_BUILT, ModelStage.CONSTRUCTION),
}
Links = dict[str, list[ElementLink]]


@dataclass
class LineRow:
    """One cost line beside the model. `difference` is a ratio of the declared quantity."""

    line: CostLine
    measured: Measured | None
    model: Decimal | None = None
    difference: Decimal | None = None
    light: QuantityLight = QuantityLight.NONE
    why_none: str = ""

    @property
    def n_elements(self) -> int:
        return self.measured.n if self.measured else 0


@dataclass
class Comparison:
    """What the page, the API and the command show. `lost` are links by hand whose element no compared model holds."""

    models: list[BimModel]
    rows: list[LineRow] = field(default_factory=list)
    unlinked: list[tuple[str, int]] = field(default_factory=list)
    n_linked: int = 0
    rules: list[QuantityRule] = field(default_factory=list)
    links: list[ElementLink] = field(default_factory=list)
    lost: list[ElementLink] = field(default_factory=list)
    orphaned: list[str] = field(default_factory=list)
    storeys: list[str] = field(default_factory=list)

    @property
    def without_elements(self) -> list[LineRow]:
        """Leaves with a declared quantity that nothing in the model stands for."""
        return [row for row in self.rows if row.line.is_leaf and row.line.quantity and not row.n_elements]

    @property
    def n_unlinked(self) -> int:
        return sum(count for _ifc_class, count in self.unlinked)


def models_of(item: ApprovalItem) -> list[BimModel]:
    """The chosen ones, else of the first right stage the newest accepted of each discipline.

    Once the item is decided, what was handed in later does not count.
    """
    chosen = BimModel.objects.accepted().filter(pk__in=item.compared_models.values("model")).order_by("pk")
    if found := list(chosen):
        return found
    stages = STAGES.get(item.item_type, ())
    rows = BimModel.objects.accepted().filter(project=item.project_id, stage__in=stages)
    if item.decided_on:
        rows = rows.filter(uploaded_at__date__lte=item.decided_on)
    newest: dict[tuple[str, str], BimModel] = {}
    for model in rows.order_by("version"):
        newest[model.stage, model.discipline] = model
    for stage in stages:
        of_stage = [model for (its, _discipline), model in sorted(newest.items()) if its == stage]
        if of_stage:
            return of_stage
    return []


def compare(item: ApprovalItem, rules_in_force: Rulebook) -> Comparison:
    """The whole table. Without a model every line stands alone and has no light."""
    rules = list(item.quantity_rules.all())
    links = list(item.element_links.all())
    models = models_of(item)
    lines = list(item.cost_lines.all())
    storeys = _storeys(models)
    by_guid = _by_guid(links)
    groups = groups_of(item, models, rules, links, storeys) if models else []
    sheet = quantities.measure(groups, rules, by_guid)
    found = {group.guid for group in groups if group.guid}
    codes = {line.code for line in lines}
    return Comparison(
        models=models,
        rows=[_row(line, sheet, rules_in_force) for line in lines],
        unlinked=sorted(((c, n) for c, n in sheet.unlinked.items() if c != ROOM), key=lambda pair: (-pair[1], pair[0])),
        n_linked=sheet.n_linked,
        rules=rules,
        links=links,
        lost=[link for link in links if models and link.guid not in found],
        orphaned=sorted({claim.line_code for claim in (*rules, *links)} - codes),
        storeys=sorted(set(storeys.values())),
    )


def _by_guid(links: Iterable[ElementLink]) -> Links:
    by_guid: Links = defaultdict(list)
    for link in links:
        by_guid[link.guid].append(link)
    return dict(by_guid)


def _row(line: CostLine, sheet: Sheet, rulebook: Rulebook) -> LineRow:
    measured = sheet.lines.get(line.code)
    if measured is None:
        return LineRow(line, None, why_none="no_rule")
    model = measured.total
    if line.quantity is None:
        return LineRow(line, measured, model, why_none="not_declared")
    if model is None:
        return LineRow(line, measured, why_none="no_elements" if not measured.n else "not_authored")
    if not quantities.units_agree(line.unit, measured):
        return LineRow(line, measured, model, why_none="units")
    yellow, red = rulebook.row("R-BIM-01.yellow"), rulebook.row("R-BIM-01.red")
    light = quantities.light_of(line.quantity, model, yellow, red) if yellow and red else QuantityLight.NONE
    return LineRow(line, measured, model, quantities.difference(line.quantity, model), light)


def _storeys(models: Sequence[BimModel]) -> dict[int, str]:
    if not models:
        return {}
    rows = SpatialNode.objects.filter(model__in=models, ifc_class="IfcBuildingStorey")
    return dict(rows.order_by().values_list("pk", "name"))


def groups_of(
    item: ApprovalItem,
    models: Sequence[BimModel],
    rules: Sequence[QuantityRule],
    links: Sequence[ElementLink],
    storeys: Mapping[int, str],
) -> list[Group]:
    """Like elements summed up; elements tied by hand, and rooms, one by one."""
    names = sorted({claim.quantity for claim in (*rules, *links)} - {COUNT})
    prefixes = sorted({rule.classification_prefix for rule in rules} - {""})
    columns = ["model__discipline", "ifc_class", *_columns(rules), *(f"code_{n}" for n in range(len(prefixes)))]
    elements = _flagged(_elements(models), prefixes)
    if links:
        elements = elements.exclude(guid__in={link.guid for link in links})
    counted = elements.order_by().values(*columns).annotate(n=Count("pk"))
    groups = {tuple(row[c] for c in columns): Group(_facts(row, prefixes, storeys), row["n"]) for row in counted}
    if names:
        _sum_up(groups, columns, elements, names)
    singles = _singles(models, links, prefixes, names, storeys) if links else []
    wants_rooms = any(rule.ifc_class == ROOM for rule in rules) or bool(links)
    return [*groups.values(), *singles, *(_rooms(models) if wants_rooms else ())]


def _columns(rules: Iterable[QuantityRule]) -> list[str]:
    """Only what some rule asks for tells elements apart."""
    rules = list(rules)
    asked = (
        ("type_name", "type_contains"),
        ("material", "material_contains"),
        ("material", "material_lacks"),
        ("storey_id", "storey"),
    )
    return list(dict.fromkeys(column for column, condition in asked if any(getattr(rule, condition) for rule in rules)))


def _elements(models: Sequence[BimModel]) -> QuerySet[BimElement]:
    """The building parts of all compared models; one that several of them hold counts in the first."""
    rows = BimElement.objects.filter(model__in=models, is_element=True).exclude(ifc_class__in=NO_PARTS)
    if len(models) > 1:
        earlier = BimElement.objects.filter(model__in=models, guid=OuterRef("guid"), model__lt=OuterRef("model"))
        rows = rows.filter(~Exists(earlier))
    return rows


def _flagged(elements: QuerySet[BimElement], prefixes: Sequence[str]) -> QuerySet[BimElement]:
    flags = {
        f"code_{n}": Exists(ElementClassification.objects.filter(element=OuterRef("pk"), code__startswith=prefix))
        for n, prefix in enumerate(prefixes)
    }
    return elements.annotate(**flags)


def _facts(row: Mapping[str, Any], prefixes: Sequence[str], storeys: Mapping[int, str]) -> Facts:
    return Facts(
        row["ifc_class"],
        row.get("type_name", ""),
        row.get("material", ""),
        storeys.get(row.get("storey_id") or 0, ""),
        frozenset(prefix for n, prefix in enumerate(prefixes) if row.get(f"code_{n}")),
        row["model__discipline"],
    )


def _sum_up(
    groups: Mapping[tuple[Any, ...], Group], columns: Sequence[str], elements: QuerySet[BimElement], names: list[str]
) -> None:
    """Fills in the quantities, once per element: one query for any set, one for each set by itself."""
    grouped = elements.order_by().values(*columns)
    for column in (None, "set_name"):
        firsts = BimQuantity.objects.filter(name__in=names, element__model__in=_model_keys(elements))
        by = ("element", "name") if column is None else ("element", "name", "set_name")
        first = firsts.order_by().values(*by).annotate(first=Min("pk")).values("first")
        rows = grouped.filter(quantities__in=first)
        per = ["quantities__name", "quantities__unit", *(["quantities__set_name"] if column else [])]
        for row in rows.values(*columns, *per).annotate(n=Count("pk"), total=Sum("quantities__value")):
            group = groups[tuple(row[c] for c in columns)]
            key = (row["quantities__set_name"] if column else "", row["quantities__name"])
            found = Amount(row["n"], Decimal(repr(row["total"])), row["quantities__unit"])
            group.quantities[key] = group.quantities[key] + found if key in group.quantities else found


def _model_keys(elements: QuerySet[BimElement]) -> Any:
    return elements.order_by().values("model")


def _singles(
    models: Sequence[BimModel],
    links: Sequence[ElementLink],
    prefixes: Sequence[str],
    names: Sequence[str],
    storeys: Mapping[int, str],
) -> list[Group]:
    """The elements tied by hand, each with its own quantities."""
    tied = _flagged(_elements(models).filter(guid__in={link.guid for link in links}), prefixes)
    flags = [f"code_{n}" for n in range(len(prefixes))]
    columns = ("pk", "guid", "model__discipline", "ifc_class", "type_name", "material", "storey_id", *flags)
    rows = list(tied.order_by("pk").values(*columns))
    borne: dict[int, dict[tuple[str, str], Amount]] = defaultdict(dict)
    authored = BimQuantity.objects.filter(element__in=[row["pk"] for row in rows], name__in=names).order_by("pk")
    for element, set_name, name, value, unit in authored.values_list("element_id", "set_name", "name", "value", "unit"):
        for key in (("", name), (set_name, name)):
            borne[element].setdefault(key, Amount(1, Decimal(repr(value)), unit))
    return [Group(_facts(row, prefixes, storeys), 1, borne[row["pk"]], row["guid"]) for row in rows]


def _rooms(models: Sequence[BimModel]) -> list[Group]:
    """Rooms are places, not elements; floor finishes are measured by them. Their function stands for the type."""
    rows = SpatialNode.objects.filter(model__in=models, ifc_class=ROOM).order_by("model", "position")
    groups: dict[str, Group] = {}
    for guid, name, long_name, storey, authored, discipline in rows.values_list(
        "guid", "name", "long_name", "parent__name", "quantities", "model__discipline"
    ):
        borne: dict[tuple[str, str], Amount] = {}
        for set_name, quantity, value, unit in authored:
            for key in (("", quantity), (set_name, quantity)):
                borne.setdefault(key, Amount(1, Decimal(repr(value)), unit))
        facts = Facts(ROOM, long_name or name, storey=storey or "", discipline=discipline)
        groups.setdefault(guid, Group(facts, 1, borne, guid))
    return list(groups.values())


@dataclass(frozen=True)
class Tied:
    """One element of a cost line, for lists and for the viewer."""

    guid: str
    name: str
    ifc_class: str
    model_id: int


def elements_of_line(item: ApprovalItem, code: str) -> list[Tied]:
    """Every element (or room) that feeds this line, in the order of the models."""
    rules = list(item.quantity_rules.all())
    links = _by_guid(item.element_links.all())
    models = models_of(item)
    mine = [rule for rule in rules if rule.line_code == code]
    guids = [guid for guid, several in links.items() if any(link.line_code == code for link in several)]
    if not models or not (mine or guids):
        return []
    storeys = _storeys(models)
    prefixes = sorted({rule.classification_prefix for rule in rules} - {""})
    classes = {
        name for rule in mine for plain in [quantities.plain_class(rule.ifc_class)]
        for name in (plain, *(plain + variant for variant in quantities.VARIANTS))
    }  # fmt: skip
    rows = _elements(models)
    rows = _flagged(rows.filter(ifc_class__in=classes) | rows.filter(guid__in=guids), prefixes)
    flags = [f"code_{n}" for n in range(len(prefixes))]
    columns = ("guid", "name", "model_id", "model__discipline", "ifc_class", "type_name", "material", "storey_id")
    found = []
    for row in rows.order_by("model", "pk").values(*columns, *flags):
        if _feeds(Group(_facts(row, prefixes, storeys), 1, guid=row["guid"]), code, rules, links):
            found.append(Tied(row["guid"], row["name"], row["ifc_class"], row["model_id"]))
    if ROOM in classes or guids:
        rooms = SpatialNode.objects.filter(model__in=models, ifc_class=ROOM)
        named = {node.guid: node for node in rooms.only("guid", "name", "model_id")}
        for group in _rooms(models):
            if _feeds(group, code, rules, links):
                node = named[group.guid]
                found.append(Tied(group.guid, node.name, ROOM, node.model_id))
    return found


def _feeds(group: Group, code: str, rules: Sequence[QuantityRule], links: Links) -> bool:
    return any(given and claim.line_code == code for claim, given in quantities.claims_on(group, rules, links))


def lines_of_element(item: ApprovalItem, facts: Facts, guid: str, codes: Iterable[str]) -> list[tuple[str, str]]:
    """(cost line, quantity) this element feeds; `codes` are all its classification codes."""
    rules = list(item.quantity_rules.all())
    borne = tuple(codes)
    asked = {rule.classification_prefix for rule in rules} - {""}
    flagged = frozenset(prefix for prefix in asked if any(code.startswith(prefix) for code in borne))
    group = Group(Facts(facts.ifc_class, facts.type_name, facts.material, facts.storey, flagged, facts.discipline), 1)
    group.guid = guid
    links = _by_guid(item.element_links.all())
    answers = quantities.claims_on(group, rules, links)
    return [(claim.line_code, claim.quantity) for claim, given in answers if given]
