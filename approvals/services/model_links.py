"""Ties model elements to cost lines: rules, links by hand, shipped rules, the models compared with.

Written by the reviewers of the item while they review. Nothing here ever changes an amount of the item, its version or a
signature: what the model says is advice.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from accounts.actor import Actor
from approvals import policies, quantity_templates
from approvals.models import ApprovalItem, ComparedModel, ElementLink, QuantityRule
from approvals.services import edit, engine
from approvals.services.costs import REVIEWABLE
from bim.models import BimElement, BimModel, SpatialNode
from bim.states import Discipline
from core import locks
from core.errors import NotPermitted, Problem, require, together

CLASS = re.compile(r"Ifc[A-Z][A-Za-z0-9]{1,56}", re.ASCII)
MOST_FACTOR = Decimal(1_000_000)
DECIMALS = -6
MOST_ELEMENTS = 2_000
MOST_RULES = 500


@dataclass(frozen=True)
class ClaimSaid:
    """Which quantity of the elements feeds which line. `quantity` "COUNT" counts the elements themselves."""

    line_code: str
    quantity: str
    set_name: str = ""
    factor: Decimal = Decimal(1)
    share: Decimal = Decimal(1)


@dataclass(frozen=True)
class RuleSaid(ClaimSaid):
    """A rule: elements of this class that fit every other condition named."""

    ifc_class: str = ""
    type_contains: str = ""
    classification_prefix: str = ""
    material_contains: str = ""
    material_lacks: str = ""
    storey: str = ""
    discipline: str = ""


def may_tie(actor: Actor, item: ApprovalItem) -> list[Problem]:
    """Who may tie elements to lines: whoever fills in the reviewed column, while it may be filled in."""
    refusals = policies.may_edit_review(actor, item)
    if not refusals and item.state not in REVIEWABLE:
        message = _("In the state “%(state)s” no elements can be tied to cost lines.")
        return [Problem("wrong_state", message % {"state": item.get_state_display()})]
    return refusals


@transaction.atomic
def add_rule(item_id: int, said: RuleSaid, *, actor: Actor, faults: Sequence[Problem] = ()) -> QuantityRule:
    """A new rule behind the others. Raises NotFound, NotPermitted, RuleViolation with every fault."""
    item = _opened(item_id, actor)
    require(together(faults, [*_claim_problems(item, said), *_rule_problems(said), *_room_problems(item)]))
    rule = _kept(item, actor, said, _next_position(item))
    edit.record(item, "model_rule_added", actor, {"rule": _plain(said)})
    return rule


@transaction.atomic
def remove_rule(item_id: int, rule_id: int, *, actor: Actor) -> None:
    item = _opened(item_id, actor)
    rule = locks.found(item.quantity_rules.all(), pk=rule_id)
    said = {name: getattr(rule, name) for name in RuleSaid.__dataclass_fields__}
    rule.delete()
    edit.record(item, "model_rule_removed", actor, {"rule": _plain(RuleSaid(**said))})


@transaction.atomic
def apply_templates(item_id: int, *, actor: Actor) -> list[QuantityRule]:
    """Gives every line that no rule feeds yet the shipped rule that fits its name and unit; others stay as they are."""
    item = _opened(item_id, actor)
    fed = set(item.quantity_rules.values_list("line_code", flat=True))
    made: list[QuantityRule] = []
    position = _next_position(item)
    for line, template in quantity_templates.for_lines(item.cost_lines.all()):
        if line.code not in fed and position + len(made) < MOST_RULES:
            said = RuleSaid(
                line.code,
                template.quantity,
                template.set_name,
                template.factor,
                ifc_class=template.ifc_class,
                material_contains=template.material_contains,
                material_lacks=template.material_lacks,
            )
            made.append(_kept(item, actor, said, position + len(made), template.code))
    if made:
        edit.record(item, "model_rules_applied", actor, {"n": len(made), "lines": [rule.line_code for rule in made]})
    return made


@transaction.atomic
def link_elements(
    item_id: int, said: ClaimSaid, guids: Iterable[str], *, actor: Actor, faults: Sequence[Problem] = ()
) -> list[ElementLink]:
    """Ties these elements by hand. An element whose quantity already feeds a line by hand is refused, unless shares allow."""
    item = _opened(item_id, actor)
    wanted = list(dict.fromkeys(guid for guid in guids if guid))
    held = _models_holding(item, wanted)
    require(together(faults, [*_claim_problems(item, said), *_element_problems(item, said, wanted, held)]))
    links = ElementLink.objects.bulk_create(
        ElementLink(item=item, model_id=held[guid], guid=guid, made_by=actor.user, **asdict(said)) for guid in wanted
    )
    edit.record(item, "elements_linked", actor, {"rule": _plain(said), "count": len(links), "guids": wanted[:50]})
    return links


@transaction.atomic
def unlink(item_id: int, link_ids: Iterable[int], *, actor: Actor) -> int:
    """Takes links by hand away; returns how many there were."""
    item = _opened(item_id, actor)
    rows = list(item.element_links.filter(pk__in=list(link_ids)[:MOST_ELEMENTS]))
    item.element_links.filter(pk__in=[row.pk for row in rows]).delete()
    if rows:
        told = {"count": len(rows), "guids": [row.guid for row in rows][:50]}
        edit.record(item, "elements_unlinked", actor, told)
    return len(rows)


@transaction.atomic
def follow(item_id: int, successors: Mapping[str, str], model: BimModel, *, actor: Actor) -> int:
    """Lets links by hand follow elements that a new version knows under another GlobalId: old → new. Returns how many.

    Links whose GlobalId stayed the same hold by themselves.
    """
    item = _opened(item_id, actor)
    held = _models_holding(item, successors.values())
    taken = set(item.element_links.values_list("line_code", "guid", "quantity"))
    moved = []
    for link in item.element_links.filter(guid__in=list(successors)):
        new = successors[link.guid]
        if new in held and (link.line_code, new, link.quantity) not in taken:
            link.guid, link.model = new, model
            moved.append(link)
    if moved:
        ElementLink.objects.bulk_update(moved, ["guid", "model"])
        edit.record(item, "elements_followed", actor, {"count": len(moved), "model": str(model)})
    return len(moved)


@transaction.atomic
def choose_models(item_id: int, model_ids: Iterable[int], *, actor: Actor) -> None:
    """Compares with these accepted models of the project; with none named, with the newest of the right stage."""
    item = _opened(item_id, actor)
    wanted = set(model_ids)
    models = list(BimModel.objects.accepted().filter(project=item.project_id, pk__in=wanted).order_by("pk"))
    if len(models) != len(wanted):
        require([Problem("model.unknown", _("Choose among the accepted models of this project."), "models")])
    item.compared_models.all().delete()
    ComparedModel.objects.bulk_create(ComparedModel(item=item, model=model) for model in models)
    edit.record(item, "models_chosen", actor, {"models": [str(model) for model in models]})


def _opened(item_id: int, actor: Actor) -> ApprovalItem:
    item = engine.lock_item(item_id, actor, None)
    refusals = may_tie(actor, item)
    if refusals:
        raise NotPermitted(*refusals)
    return item


def _next_position(item: ApprovalItem) -> int:
    last = item.quantity_rules.aggregate(last=Max("position"))["last"]
    return 0 if last is None else last + 1


def _kept(item: ApprovalItem, actor: Actor, said: RuleSaid, position: int, template: str = "") -> QuantityRule:
    return QuantityRule.objects.create(
        item=item, position=position, made_by=actor.user, template=template, **asdict(said)
    )


def _plain(said: ClaimSaid) -> dict[str, Any]:
    return {name: str(value) for name, value in asdict(said).items() if value not in ("", Decimal(1))}


def _claim_problems(item: ApprovalItem, said: ClaimSaid) -> list[Problem]:
    problems = []
    if not item.cost_lines.filter(code=said.line_code, is_leaf=True).exists():
        message = _("There is no line %(code)s, or it is only a heading.") % {"code": said.line_code[:30]}
        problems.append(Problem("cost.unknown", message, "line_code"))
    if not said.quantity.strip():
        problems.append(Problem("quantity.missing", _("Name the quantity."), "quantity"))
    if len(said.quantity) > 255 or len(said.set_name) > 255:
        problems.append(Problem("too_long", _("At most 255 characters."), "quantity"))
    if not said.factor.is_finite() or not 0 < said.factor <= MOST_FACTOR or _is_finer(said.factor):
        message = _("The factor is above 0 and at most 1,000,000, with at most six decimals.")
        problems.append(Problem("factor.range", message, "factor"))
    if not said.share.is_finite() or not 0 < said.share <= 1 or _is_finer(said.share):
        message = _("A share is above 0 and at most 1, with at most six decimals.")
        problems.append(Problem("share.range", message, "share"))
    return problems


def _is_finer(number: Decimal) -> bool:
    exponent = number.normalize().as_tuple().exponent
    return isinstance(exponent, int) and exponent < DECIMALS


def _rule_problems(said: RuleSaid) -> list[Problem]:
    problems = []
    if not CLASS.fullmatch(said.ifc_class):
        message = _("Name a class of IFC, such as IfcWall.")
        problems.append(Problem("class.format", message, "ifc_class"))
    for name in ("type_contains", "classification_prefix", "material_contains", "material_lacks", "storey"):
        if len(getattr(said, name)) > 255:
            problems.append(Problem("too_long", _("At most 255 characters."), name))
    if said.discipline and said.discipline not in Discipline.values:
        problems.append(Problem("discipline.unknown", _("There is no such discipline."), "discipline"))
    return problems


def _room_problems(item: ApprovalItem) -> list[Problem]:
    if item.quantity_rules.count() < MOST_RULES:
        return []
    return [Problem("rules.too_many", _("An item has at most %(n)s rules.") % {"n": MOST_RULES})]


def _models_holding(item: ApprovalItem, guids: Iterable[str]) -> dict[str, int]:
    """GlobalId → the newest accepted model of the project that holds it, as an element or a room."""
    wanted = list(guids)[: MOST_ELEMENTS + 1]
    models = BimModel.objects.accepted().filter(project=item.project_id)
    held: dict[str, int] = {}
    for rows in (BimElement.objects, SpatialNode.objects.filter(ifc_class="IfcSpace")):
        found = rows.filter(guid__in=wanted, model__in=models).order_by("model_id")
        held |= dict(found.values_list("guid", "model_id"))
    return held


def _element_problems(
    item: ApprovalItem, said: ClaimSaid, guids: Sequence[str], held: Mapping[str, int]
) -> list[Problem]:
    if not guids:
        return [Problem("elements.missing", _("Name the elements by their GlobalIds."), "guids")]
    if len(guids) > MOST_ELEMENTS:
        message = _("At most %(n)s elements at once: use a rule instead.") % {"n": MOST_ELEMENTS}
        return [Problem("elements.too_many", message, "guids")]
    unknown = [guid for guid in guids if guid not in held]
    if unknown:
        message = _("No accepted model of the project holds %(guids)s.") % {"guids": _few(unknown)}
        return [Problem("elements.unknown", message, "guids")]
    rows = item.element_links.filter(guid__in=guids, quantity=said.quantity)
    taken: dict[str, Decimal] = {}
    for guid, code, share in rows.values_list("guid", "line_code", "share"):
        taken[guid] = taken.get(guid, Decimal(0)) + (Decimal(1) if code == said.line_code else share)
    over = [guid for guid in guids if taken.get(guid, Decimal(0)) + said.share > 1]
    if not over:
        return []
    message = _("%(guids)s: this quantity already feeds a cost line.") % {"guids": _few(over)}
    return [Problem("elements.counted", message, "guids")]


def _few(guids: Sequence[str]) -> str:
    return ", ".join(guid[:22] for guid in guids[:5]) + (" …" if len(guids) > 5 else "")
