"""What hangs on an element outside of the model: cost lines that are measured by it, assets it belongs to."""

from dataclasses import dataclass, field
from typing import Any

from accounts.actor import Actor
from bim.models import BimModel


@dataclass(frozen=True)
class Linked:
    """A row of the panel: a cost line or an asset, where it is shown, and a short remark (share, state)."""

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


def links_of(actor: Actor, model: BimModel, guid: str) -> ElementLinks:
    """Cost lines and assets linked to this element, of items and registers the actor may see."""
    return ElementLinks()
