"""Which materials an element is made of, whatever way the file says it."""

from typing import Any

from bim.ifc.schema import Schema
from bim.ifc.text import text

# class → the attribute that leads on to the materials
WAYS = {
    "IfcMaterialLayerSetUsage": "ForLayerSet",
    "IfcMaterialLayerSet": "MaterialLayers",
    "IfcMaterialLayer": "Material",
    "IfcMaterialLayerWithOffsets": "Material",
    "IfcMaterialProfileSetUsage": "ForProfileSet",
    "IfcMaterialProfileSetUsageTapering": "ForProfileSet",
    "IfcMaterialProfileSet": "MaterialProfiles",
    "IfcMaterialProfile": "Material",
    "IfcMaterialProfileWithOffsets": "Material",
    "IfcMaterialConstituentSet": "MaterialConstituents",
    "IfcMaterialConstituent": "Material",
    "IfcMaterialList": "Materials",
}


class Materials:
    """Names per definition, each followed once."""

    def __init__(self, schema: Schema) -> None:
        self._schema = schema
        self._known: dict[int, tuple[str, ...]] = {}

    def names(self, definitions: list[Any]) -> tuple[str, ...]:
        """Without repetition, in the order of the file."""
        if not definitions:
            return ()
        return tuple(dict.fromkeys(name for one in definitions for name in self._names(one)))

    def _names(self, definition: Any) -> tuple[str, ...]:
        key = definition.id()
        if key not in self._known:
            self._known[key] = ()  # a set that contains itself ends here
            self._known[key] = self._followed(definition)
        return self._known[key]

    def _followed(self, definition: Any) -> tuple[str, ...]:
        ifc_class = definition.is_a()
        if ifc_class == "IfcMaterial":
            name = text(definition.get_argument(0))
            return (name,) if name else ()
        way = WAYS.get(ifc_class)
        led = self._schema.value(definition, way) if way else None
        if led is None:
            return ()
        return tuple(name for one in (led if isinstance(led, tuple) else (led,)) for name in self._names(one))
