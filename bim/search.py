"""The model base: elements of all accepted models, by class, type, classification, material, property and quantity.

One condition leads: it walks its own index, in the order of that index, and yields candidates in blocks. The others
are asked of these candidates only. A page therefore costs the same however large the base is; where the conditions
hardly ever meet, a page may be short and still have a next one.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext as _

from accounts.actor import Actor
from bim.distinct import MOST_VALUES, distinct_values
from bim.models import BimElement, BimModel, BimProperty, BimQuantity, ElementClassification
from bim.models.element import HEAD
from bim.selectors import accepted_of
from core.errors import Problem, RuleViolation

FIRST_BLOCK, LARGEST_BLOCK = 200, 3200
MOST_BLOCKS = 6
MOST_SCANS = 40
FEW_MODELS = 30
BEHIND_ALL = 2**62
ALL = "all"  # a lead that answers every condition
YES, NO = ("True", "TRUE", "true", "是"), ("False", "FALSE", "false", "否")


@dataclass(frozen=True)
class Question:
    """What is looked for; what is empty does not matter. Quantities are SI; `least` and `most` include the limit.

    `type_name` and `material` may be parts, `code` is the beginning of a classification code; all others are whole.
    """

    ifc_class: str = ""
    type_name: str = ""
    code: str = ""
    material: str = ""
    property_name: str = ""
    property_value: str = ""
    quantity_name: str = ""
    least: float | None = None
    most: float | None = None
    guid: str = ""
    model: int | None = None
    project: int | None = None
    stage: str = ""
    discipline: str = ""
    all_versions: bool = False

    @property
    def is_empty(self) -> bool:
        return not any((
            self.ifc_class, self.type_name, self.code, self.material, self.property_name, self.quantity_name, self.guid,
            self.model,
        ))  # fmt: skip


@dataclass(frozen=True)
class Find:
    """An element found, and the property or quantity that was asked for, as (name, value, unit)."""

    element: BimElement
    shown: tuple[tuple[str, Any, str], ...] = ()


@dataclass(frozen=True)
class Finds:
    """One page. `after` begins the next one, None at the end. Not `complete`: a part of a name fits too many names."""

    rows: list[Find] = field(default_factory=list)
    after: str | None = None
    complete: bool = True


@dataclass(frozen=True)
class Lead:
    """The condition that leads: rows of an index, `key` then `element` its order, under every `keys` in turn.

    Without keys the key is a range: the rows themselves say which. `done` names the condition it answers.
    """

    rows: QuerySet
    key: str
    element: str
    keys: tuple[Any, ...] | None
    done: str


Position = tuple[Any, int]
Names = dict[str, tuple[str, ...]]


def search(actor: Actor, asked: Question, after: str = "", limit: int = 50) -> Finds:
    """The elements that fit, of the accepted models this actor may see. Raises RuleViolation for an unreadable cursor."""
    if asked.is_empty:
        return Finds()
    models = _models(actor, asked)
    names, complete = _names(asked)
    if any(not found for found in names.values()):
        return Finds(complete=complete)
    lead = _lead(asked, names, models)
    walk = _Walk(lead, _position(after, lead))
    every = BimElement.objects.select_related("model__project", "storey")
    rest = every if lead.done == ALL else _narrowed(every, asked, names, lead.done)
    rows = _gathered(walk, rest, not rest.query.where, limit)
    return Finds(_shown(asked, rows), None if walk.is_over else _cursor(walk.position), complete)


def _models(actor: Actor, asked: Question) -> QuerySet[BimModel]:
    narrowed = {"pk": asked.model, "project": asked.project, "stage": asked.stage, "discipline": asked.discipline}
    only_newest = not asked.all_versions and asked.model is None
    return accepted_of(actor, only_newest=only_newest, **{name: v for name, v in narrowed.items() if v}).order_by()


def _names(asked: Question) -> tuple[Names, bool]:
    """The whole names meant by a part of one, by column; and whether all names could be looked at."""
    found: Names = {}
    complete = True
    for column, model, wanted, from_start in (
        ("material", BimElement, asked.material, False),
        ("type_name", BimElement, asked.type_name, False),
        ("code", ElementClassification, asked.code, True),
    ):
        if wanted:
            values = distinct_values(model, column)
            complete = complete and len(values) < MOST_VALUES
            found[column] = tuple(value for value in values if _fits(value, wanted, from_start))
    return found, complete


def _fits(value: str, wanted: str, from_start: bool) -> bool:
    value, wanted = value.casefold(), wanted.casefold()
    return value.startswith(wanted) if from_start else wanted in value


def _lead(asked: Question, names: Names, models: QuerySet[BimModel]) -> Lead:
    """The condition that is likely to fit the fewest, with the rule of who may see what in it."""
    elements = BimElement.objects.filter(is_element=True)
    mine, below = elements.filter(model__in=models), {"element__is_element": True, "element__model__in": models}
    if asked.guid:
        return Lead(mine.filter(guid=asked.guid), "guid", "pk", (asked.guid,), "guid")
    if asked.property_name and asked.property_value:
        heads = _heads(asked.property_value)
        return Lead(_properties(asked).filter(**below), "head", "element_id", heads, "property_value")
    if asked.quantity_name and (asked.least is not None or asked.most is not None):
        return Lead(_quantities(asked).filter(**below), "value", "element_id", None, "quantity_name")
    if "code" in names:
        return Lead(ElementClassification.objects.filter(**below), "code", "element_id", names["code"], "code")
    few = tuple(models.order_by("-pk").values_list("pk", flat=True)[: FEW_MODELS + 1])
    if len(few) <= FEW_MODELS:
        return Lead(_narrowed(elements, asked, names, ""), "model_id", "pk", few, ALL)
    for column in ("material", "type_name"):
        if column in names:
            return Lead(mine, column, "pk", names[column], column)
    if asked.property_name:
        return Lead(_properties(asked).filter(**below), "head", "element_id", None, "property_name")
    if asked.quantity_name:
        return Lead(_quantities(asked).filter(**below), "value", "element_id", None, "quantity_name")
    return Lead(mine, "ifc_class", "pk", (asked.ifc_class,), "ifc_class")


def _narrowed(rows: QuerySet[BimElement], asked: Question, names: Names, done: str) -> QuerySet[BimElement]:
    """The elements that fit every condition but the one that is `done`."""
    if asked.ifc_class and done != "ifc_class":
        rows = rows.filter(ifc_class=asked.ifc_class)
    for column in ("material", "type_name"):
        if column in names and done != column:
            rows = rows.filter(**{f"{column}__in": names[column]})
    for condition in _held(asked, names, done):
        rows = rows.filter(Exists(condition.filter(element=OuterRef("pk"))))
    return rows


def _held(asked: Question, names: Names, done: str) -> Iterator[QuerySet]:
    """Conditions about rows that hang below the element."""
    if "code" in names and done != "code":
        yield ElementClassification.objects.filter(code__in=names["code"])
    if asked.property_name and done != "property_name" and (done != "property_value" or _is_long(asked)):
        rows = _properties(asked)
        if asked.property_value:
            rows = rows.filter(head__in=_heads(asked.property_value))
        yield rows.filter(value=asked.property_value) if _is_long(asked) else rows
    if asked.quantity_name and done != "quantity_name":
        yield _quantities(asked)


def _is_long(asked: Question) -> bool:
    return len(asked.property_value) > HEAD


def _properties(asked: Question) -> QuerySet[BimProperty]:
    return BimProperty.objects.filter(name=asked.property_name)


def _quantities(asked: Question) -> QuerySet[BimQuantity]:
    limits = {"value__gte": asked.least, "value__lte": asked.most}
    return BimQuantity.objects.filter(
        name=asked.quantity_name, **{name: value for name, value in limits.items() if value is not None}
    )


def _heads(value: str) -> tuple[str, ...]:
    """How the value may be written: yes and no have several spellings."""
    for spellings in (YES, NO):
        if value in spellings:
            return tuple(sorted(spellings))
    return (value[:HEAD],)


class _Walk:
    """Goes through the leading index from a position on, with a bounded number of looks into the database."""

    def __init__(self, lead: Lead, position: Position | None) -> None:
        self.lead = lead
        self.position = position
        self.is_over = False
        self.scans_left = MOST_SCANS

    def block(self, size: int) -> list[Position]:
        """The next rows as (key, element), in the order of the index."""
        found: list[Position] = []
        for key, rows in self._scans():
            if not self.scans_left:
                return found
            self.scans_left -= 1
            ordered = rows.order_by(self.lead.key, self.lead.element)
            found += ordered.values_list(self.lead.key, self.lead.element)[: size - len(found)]
            if len(found) >= size:
                self.position = found[-1]
                return found
            self.position = found[-1] if key is None and found else (key, BEHIND_ALL)
        self.is_over = True
        return found

    def _scans(self) -> Iterator[tuple[Any, QuerySet]]:
        """The remainder of the key where the walk stands, then every later key: each a straight run in the index."""
        rows, key, element, position = self.lead.rows, self.lead.key, self.lead.element, self.position
        if position is not None:
            yield position[0], rows.filter(**{key: position[0], f"{element}__gt": position[1]})
        if self.lead.keys is None:
            yield None, rows if position is None else rows.filter(**{f"{key}__gt": position[0]})
            return
        later = self.lead.keys if position is None else self.lead.keys[self.lead.keys.index(position[0]) + 1 :]
        yield from ((one, rows.filter(**{key: one})) for one in later)


def _gathered(walk: _Walk, rows: QuerySet[BimElement], is_last_word: bool, limit: int) -> list[BimElement]:
    """Elements that fit every condition, each once. `is_last_word`: the walk asks all there is to ask."""
    fitting: dict[int, BimElement] = {}
    size = limit + 1 if is_last_word else FIRST_BLOCK
    for _turn in range(MOST_BLOCKS):
        block = walk.block(size)
        fits = rows.in_bulk({element for _key, element in block})
        for place, position in enumerate(block):
            if position[1] in fits:
                fitting[position[1]] = fits[position[1]]
            if len(fitting) == limit and (place + 1 < len(block) or not walk.is_over):
                walk.position, walk.is_over = position, False
                return list(fitting.values())
        if walk.is_over or not walk.scans_left:
            break
        size = min(size * 4, LARGEST_BLOCK)
    return list(fitting.values())


def _cursor(position: Position | None) -> str | None:
    return None if position is None else f"{position[1]}~{position[0]}"


def _position(after: str, lead: Lead) -> Position | None:
    if not after:
        return None
    element, _tilde, key = after.partition("~")
    try:
        if not element.isascii() or not element.isdigit() or int(element) > BEHIND_ALL:
            raise ValueError(after)
        return _key(key, lead), int(element)
    except ValueError as error:
        raise RuleViolation(
            [Problem("cursor", _("This page cannot be found. Begin the search anew."), "after")]
        ) from error


def _key(text: str, lead: Lead) -> Any:
    if lead.key == "value":
        return float(text)
    known = {str(key): key for key in lead.keys or ()}
    if lead.keys is not None and text not in known:
        raise ValueError(text)
    return known.get(text, text.replace("\x00", "")[:HEAD])


def _shown(asked: Question, elements: list[BimElement]) -> list[Find]:
    """The elements with the values that were asked for."""
    ids = [element.pk for element in elements]
    shown: dict[int, list[tuple[str, Any, str]]] = {}
    if asked.property_name:
        for row in _properties(asked).filter(element__in=ids):
            shown.setdefault(row.element_id, []).append((row.name, row.value, row.unit))
    if asked.quantity_name:
        for row in _quantities(asked).filter(element__in=ids):
            shown.setdefault(row.element_id, []).append((row.name, row.value, row.unit))
    return [Find(element, tuple(shown.get(element.pk, ()))) for element in elements]
