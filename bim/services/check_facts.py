"""What the minimum set needs to know of a model, out of the tables: four queries, whatever the model's size."""

from collections import defaultdict

from bim import asset_draft
from bim.ifc.checks import equipment, fire_rating, material_grade
from bim.ifc.checks.facts import Element, ModelFacts, Place
from bim.models import BimElement, BimModel, BimProperty, ElementClassification, SpatialNode


def facts_of(model: BimModel) -> ModelFacts:
    names = {fact: tuple(said) for fact, said in asset_draft.shipped()["properties"].items()}
    return ModelFacts(
        stage=model.stage,
        discipline=model.discipline,
        project_code=model.project.code,
        georeference=model.georeference,
        places=tuple(_places(model)),
        elements=tuple(_elements(model, _wanted(names))),
        equipment=frozenset(
            name
            for group in asset_draft.shipped()["equipment"]
            if group["per"] == "element"
            for name in group["classes"]
        ),
        asset_names=names,
    )


def _wanted(names: dict[str, tuple[str, ...]]) -> set[str]:
    asset = {name for fact in equipment.WANTED for name in (*names.get(fact, ()), *equipment.ALSO.get(fact, ()))}
    return {"LoadBearing", *material_grade.PROPERTIES, *fire_rating.NAMES, *asset}


def _places(model: BimModel) -> list[Place]:
    return [
        Place(
            node.guid,
            node.ifc_class,
            node.name,
            node.long_name,
            {f"{group}.{name}": str(value) for group, name, value, *_rest in node.properties},
            {name: value for _group, name, value, *_rest in node.quantities},
        )
        for node in SpatialNode.objects.filter(model=model).order_by("position")
    ]


def _elements(model: BimModel, wanted: set[str]) -> list[Element]:
    mine = {"element__model": model, "element__is_element": True}
    properties: dict[int, dict[str, str]] = defaultdict(dict)
    rows = BimProperty.objects.filter(**mine, name__in=wanted).order_by("pk")
    for element, name, value in rows.values_list("element_id", "name", "value"):
        properties[element].setdefault(name, value)
        if value:
            properties[element][name] = properties[element][name] or value
    coded = ElementClassification.objects.filter(**mine).exclude(code="", title="")
    classified = set(coded.order_by().values_list("element_id", flat=True))
    found = BimElement.objects.filter(model=model, is_element=True).order_by("pk")
    return [
        Element(
            pk_guid, ifc_class, name, bool(type_guid or type_name), pk in classified, material, properties.get(pk, {})
        )
        for pk, pk_guid, ifc_class, name, type_guid, type_name, material in found.values_list(
            "pk", "guid", "ifc_class", "name", "type_guid", "type_name", "material"
        )
    ]
