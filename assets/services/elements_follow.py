"""Elements of assets follow into a new version of the model, where the comparison knows what became of them."""

from dataclasses import dataclass, field

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.actor import Actor
from accounts.policies import insist
from assets.handover_policies import may_keep_cards
from assets.models import Asset, AssetElement
from bim import comparing
from bim.comparing import Counterparts, Versions
from bim.models import BimElement, SpatialNode
from core import locks, trace
from core.errors import Problem, require
from projects.models import Project


@dataclass
class AssetsEffect:
    """Of the elements of assets that the newer version does not know: `follows` old → new GlobalId; `waiting` and `gone`
    need a person."""

    follows: dict[str, str] = field(default_factory=dict)
    waiting: list[AssetElement] = field(default_factory=list)
    gone: list[AssetElement] = field(default_factory=list)


def effect(actor: Actor, pair: Versions, became: Counterparts) -> AssetsEffect:
    """Reads only. An element whose GlobalId is in the newer version stays by itself."""
    assets = Asset.objects.visible_to(actor).filter(project=pair.new.project_id)
    links = list(AssetElement.objects.filter(asset__in=assets).select_related("asset").order_by("pk"))
    guids = [link.guid for link in links]
    held, known = _held(pair.new.pk, guids), _held(pair.old.pk, guids)
    taken = set(guids)
    found = AssetsEffect()
    for link in links:
        if link.guid in held or link.guid not in known:
            continue
        new = became.new.get(link.guid)
        if link.guid in became.waiting:
            found.waiting.append(link)
        elif new and new not in taken:
            found.follows[link.guid] = new
        else:
            found.gone.append(link)
    return found


def _held(model: int, guids: list[str]) -> set[str]:
    """Which of these GlobalIds the model has, as elements or as places."""
    known: set[str] = set()
    for start in range(0, len(guids), 500):
        part = guids[start : start + 500]
        known |= set(BimElement.objects.filter(model=model, guid__in=part).values_list("guid", flat=True))
        known |= set(SpatialNode.objects.filter(model=model, guid__in=part).values_list("guid", flat=True))
    return known


@transaction.atomic
def follow(one: int, other: int, *, actor: Actor) -> int:
    """Lets the elements of the project's assets follow into the newer of the two models; returns how many.

    What waits or is gone stays where it is until a person decides. Raises NotFound, NotPermitted, RuleViolation.
    """
    pair = comparing.versions(actor, one, other)
    project = locks.locked(Project.objects.visible_to(actor), pair.new.project_id)
    insist(may_keep_cards, actor, project)
    became = comparing.counterparts(pair)
    if became is None:
        require([Problem("compare.missing", _("Compare the two versions first."))])
        return 0
    follows = effect(actor, pair, became).follows
    if not follows:
        require([Problem("links.nothing_assets", _("No element of an asset has to follow."))])
    links = list(AssetElement.objects.filter(project=project, guid__in=list(follows)).select_related("asset"))
    for link in links:
        link.guid = follows[link.guid]
    AssetElement.objects.bulk_update(links, ["guid"])
    changed = {link.asset_id for link in links}
    Asset.objects.filter(pk__in=changed, model=pair.old).update(model=pair.new)
    facts = {"count": len(links), "model": str(pair.new), "cards": len(changed)}
    trace.record("assets.asset.elements_followed", actor=actor, target=pair.new, project_id=project.pk, facts=facts)
    return len(links)
