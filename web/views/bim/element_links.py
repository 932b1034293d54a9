"""What hangs on an element outside of the model: cost lines that are measured by it, assets it belongs to."""

from dataclasses import dataclass, field
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.actor import Actor
from approvals.model_quantities import lines_of_element, models_of
from approvals.models import ApprovalItem
from approvals.rules.quantities import Facts
from assets.models import Asset
from assets.registering import assets_of_elements
from bim.models import BimModel
from bim.viewing import ElementFacts

MOST_ITEMS = 12  # of one project that tie elements to their lines
STOREY = "IfcBuildingStorey"


@dataclass(frozen=True)
class Linked:
    """A row of the panel: a cost line or an asset, where it is shown, and a short remark (quantity, number)."""

    name: str
    url: str = ""
    note: str = ""


@dataclass(frozen=True)
class ElementLinks:
    cost_lines: list[Linked] = field(default_factory=list)
    assets: list[Linked] = field(default_factory=list)

    def plain(self) -> dict[str, Any]:
        return {
            kind: [{"name": one.name, "url": one.url, "note": one.note} for one in rows]
            for kind, rows in (("cost_lines", self.cost_lines), ("assets", self.assets))
        }


def links_of(actor: Actor, model: BimModel, facts: ElementFacts) -> ElementLinks:
    """Cost lines and assets linked to this element, of items and assets the actor may see."""
    return ElementLinks(_cost_lines(actor, model, facts), _assets(actor, model, facts))


def _cost_lines(actor: Actor, model: BimModel, facts: ElementFacts) -> list[Linked]:
    """Of every item that is compared with this model the lines the element feeds, the newest item first."""
    items = ApprovalItem.objects.visible_to(actor).filter(project=model.project_id).prefetch_related("cost_lines")
    return [
        linked
        for item in items.order_by("-pk")[:MOST_ITEMS]
        if _is_tied(item) and model in models_of(item)
        for linked in _lines_of(item, model, facts)
    ]


def _is_tied(item: ApprovalItem) -> bool:
    return item.quantity_rules.exists() or item.element_links.exists()


def _lines_of(item: ApprovalItem, model: BimModel, facts: ElementFacts) -> list[Linked]:
    storey = next((node.name for node in facts.place if node.ifc_class == STOREY), "")
    said = Facts(facts.ifc_class, facts.type_name, facts.material, storey, discipline=model.discipline)
    codes = [one.code for one in facts.classifications]
    names = {line.code: line.name for line in item.cost_lines.all()}
    url = reverse("web:item", args=[item.pk])
    return [
        Linked(f"{code} {names[code]}", f"{url}#field-line.{code}", f"{item.get_item_type_display()} · {quantity}")
        for code, quantity in lines_of_element(item, said, facts.guid, codes)
        if code in names
    ]


def _assets(actor: Actor, model: BimModel, facts: ElementFacts) -> list[Linked]:
    """The asset of the element itself; where it has none, that of the building, road or bridge it is a part of."""
    places = [node.guid for node in reversed(facts.place)]
    known = assets_of_elements(actor, model.project_id, [facts.guid, *places])
    if own := known.get(facts.guid):
        return [_card(own)]
    return [_card(known[guid], _("part of it")) for guid in places if guid in known][:1]


def _card(asset: Asset, remark: str = "") -> Linked:
    return Linked(asset.name, asset.get_absolute_url(), " · ".join(part for part in (asset.no, remark) if part))
