"""What a new version of a model means for cost lines: quantities before and after, and which links by hand follow.

Reads only. Links by hand know elements by GlobalId; where a tool gave new ones, the comparison of both versions says which
element became which (bim.comparing).
"""

from copy import copy
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal

from django.db.models import Exists, OuterRef

from accounts.actor import Actor
from approvals.model_quantities import groups_of
from approvals.models import ApprovalItem, CostLine, ElementLink, QuantityRule
from approvals.rules import quantities
from approvals.rules.quantities import Measured
from bim.comparing import Counterparts, Versions
from bim.models import BimElement, BimModel, SpatialNode

MOST_ITEMS = 12  # of one project, the newest
CENT = Decimal("0.01")


@dataclass(frozen=True)
class LineEffect:
    """One cost line measured by both versions. `amount`: the difference at the declared unit cost, yuan."""

    line: CostLine
    old: Decimal | None
    new: Decimal | None

    @property
    def delta(self) -> Decimal | None:
        return None if self.old is None or self.new is None else self.new - self.old

    @property
    def percent(self) -> Decimal | None:
        return None if self.delta is None or not self.old else 100 * self.delta / self.old

    @property
    def amount(self) -> Decimal | None:
        if self.delta is None or self.line.declared is None or not self.line.quantity:
            return None
        return (self.delta * self.line.declared / self.line.quantity).quantize(CENT, ROUND_HALF_UP)


@dataclass
class ItemEffect:
    """One item of the project. Of its links by hand: `follows` old → new GlobalId, `waiting` and `gone` need a person."""

    item: ApprovalItem
    lines: list[LineEffect] = field(default_factory=list)
    follows: dict[str, str] = field(default_factory=dict)
    waiting: list[ElementLink] = field(default_factory=list)
    gone: list[ElementLink] = field(default_factory=list)


def effects(actor: Actor, pair: Versions, became: Counterparts) -> list[ItemEffect]:
    """Of every item of the project the actor may see that ties elements to its lines, the newest first."""
    items = ApprovalItem.objects.visible_to(actor).filter(project=pair.new.project_id).order_by("-pk")
    rules, links = QuantityRule.objects.filter(item=OuterRef("pk")), ElementLink.objects.filter(item=OuterRef("pk"))
    tied = items.filter(Exists(rules) | Exists(links))
    rows = tied.prefetch_related("cost_lines", "quantity_rules", "element_links")
    return [effect(item, pair, became) for item in rows[:MOST_ITEMS]]


def effect(item: ApprovalItem, pair: Versions, became: Counterparts) -> ItemEffect:
    links = list(item.element_links.all())
    found = ItemEffect(item)
    _sort_links(found, links, pair, became)
    back = {new: old for old, new in became.new.items() if new}
    forth = {old: new for old, new in became.new.items() if new}
    before = _measured(item, pair.old, [_renamed(link, back) for link in links])
    after = _measured(item, pair.new, [_renamed(link, forth) for link in links])
    for line in item.cost_lines.all():
        one, other = before.get(line.code), after.get(line.code)
        if one and other and (one.n or other.n):
            found.lines.append(LineEffect(line, _total(one), _total(other)))
    return found


def _total(measured: Measured) -> Decimal | None:
    """Nothing left is zero; elements that bear no such quantity are unknown."""
    return measured.total if measured.n else Decimal(0)


def _renamed(link: ElementLink, names: dict[str, str]) -> ElementLink:
    """The link as it would be in the other version; not to be saved."""
    if link.guid not in names:
        return link
    other = copy(link)
    other.guid = names[link.guid]
    return other


def _measured(item: ApprovalItem, model: BimModel, links: list[ElementLink]) -> dict[str, Measured]:
    rules = list(item.quantity_rules.all())
    storeys = dict(
        SpatialNode.objects.filter(model=model, ifc_class="IfcBuildingStorey").order_by().values_list("pk", "name")
    )
    by_guid: dict[str, list[ElementLink]] = {}
    for link in links:
        by_guid.setdefault(link.guid, []).append(link)
    groups = groups_of(item, [model], rules, links, storeys)
    return dict(quantities.measure(groups, rules, by_guid).lines)


def _sort_links(found: ItemEffect, links: list[ElementLink], pair: Versions, became: Counterparts) -> None:
    """A link whose GlobalId is in the newer version holds by itself."""
    guids = {link.guid for link in links}
    held = set(BimElement.objects.filter(model=pair.new, guid__in=guids).values_list("guid", flat=True))
    for link in links:
        if link.guid in held:
            continue
        if link.guid in became.waiting:
            found.waiting.append(link)
        elif new := became.new.get(link.guid):
            found.follows[link.guid] = new
        elif link.guid in became.new:
            found.gone.append(link)
