"""The colours of shapes as the kernel chooses them: the item's own style, the material's, or one by the class of the product."""

from typing import Any

from bim.ifc.glb import Colour

GREY: Colour = (0.7, 0.7, 0.7, 1.0)
BY_CLASS: dict[str, Colour] = {
    "IfcWall": (0.9, 0.9, 0.9, 1.0),
    "IfcWallStandardCase": (0.9, 0.9, 0.9, 1.0),
    "IfcBeam": (0.75, 0.7, 0.7, 1.0),
    "IfcDoor": (0.55, 0.3, 0.15, 1.0),
    "IfcMember": (0.65, 0.6, 0.6, 1.0),
    "IfcPlate": (0.8, 0.8, 0.8, 1.0),
    "IfcRailing": (0.65, 0.6, 0.6, 1.0),
    "IfcSlab": (0.4, 0.4, 0.4, 1.0),
    "IfcWindow": (0.75, 0.8, 0.75, 0.7),
    "IfcSite": (0.75, 0.8, 0.65, 1.0),
    "IfcSpace": (0.65, 0.75, 0.8, 0.2),
}

# Whose first attribute leads on to the material, or to several.
LEADING = ("IfcMaterialLayerSetUsage", "IfcMaterialLayerSet", "IfcMaterialLayer")
DEEPEST = 20  # clippings of clippings
UNKNOWN = -1  # stands for a material that is said in another way


class Styles:
    def __init__(self, model: Any) -> None:
        self._styled: dict[int, Any] = {}
        for one in model.by_type("IfcStyledItem"):
            item = one.get_argument(0)
            if item is not None:
                self._styled[item.id()] = one
        self._known: dict[int, Colour | None] = {}
        self._of_material: dict[int, Colour | None] = {}
        for one in model.by_type("IfcMaterialDefinitionRepresentation"):
            self._of_material[one.get_argument(3).id()] = self._represented(one)
        self._material: dict[int, Any] = {}
        self._typed: dict[int, int] = {}
        if self._of_material:
            for relation in model.by_type("IfcRelAssociatesMaterial"):
                for thing in relation.get_argument(4):
                    self._material[thing.id()] = relation.get_argument(5)
            for relation in model.by_type("IfcRelDefinesByType"):
                for thing in relation.get_argument(4):
                    self._typed[thing.id()] = relation.get_argument(5).id()

    def of_product(self, product: Any) -> Colour | None:
        """For items without a style of their own; None where only the kernel knows."""
        if not self._of_material:
            return BY_CLASS.get(product.is_a(), GREY)
        material = self._material.get(product.id())
        if material is None and self._typed.get(product.id()) in self._material:
            return None
        made_of = _materials(material)
        if UNKNOWN in made_of:
            return None
        own = self._of_material.get(made_of[0]) if len(made_of) == 1 else None  # of several layers none counts
        return own or BY_CLASS.get(product.is_a(), GREY)

    def says(self, item: Any) -> bool:
        return item.id() in self._styled

    def of_item(self, item: Any) -> Colour | None:
        """Its own, or that of the solid it was cut from."""
        for _step in range(DEEPEST):
            one = self._styled.get(item.id())
            if one is not None:
                return self._said(one)
            if not item.is_a("IfcBooleanResult"):
                break
            item = item.get_argument(1)
        return None

    def _represented(self, definition: Any) -> Colour | None:
        items = [item for one in definition.get_argument(2) for item in one.get_argument(3)]
        return self._said(items[0]) if len(items) == 1 and items[0].is_a() == "IfcStyledItem" else None

    def _said(self, styled: Any) -> Colour | None:
        styles = styled.get_argument(1)
        if styles and styles[0].is_a() == "IfcPresentationStyleAssignment":
            styles = styles[0].get_argument(0)
        for style in styles:
            if style.is_a() == "IfcSurfaceStyle":
                if style.id() not in self._known:
                    self._known[style.id()] = _colour(style)
                return self._known[style.id()]
        return None


def _materials(said: Any) -> list[int]:
    """Of what a product is made, whatever leads to it."""
    if said is None:
        return []
    if isinstance(said, tuple):
        return [number for one in said for number in _materials(one)]
    if said.is_a() in LEADING:
        return _materials(said.get_argument(0))
    return [said.id() if said.is_a() == "IfcMaterial" else UNKNOWN]


def _colour(style: Any) -> Colour | None:
    for shading in style.get_argument(2):
        if shading.is_a() in ("IfcSurfaceStyleRendering", "IfcSurfaceStyleShading"):
            red, green, blue = (shading.get_argument(0).get_argument(at) for at in (1, 2, 3))
            clear = shading.Transparency if hasattr(shading, "Transparency") else None
            diffuse = getattr(shading, "DiffuseColour", None)
            if diffuse is not None and diffuse.is_a() == "IfcColourRgb":
                red, green, blue = (diffuse.get_argument(at) for at in (1, 2, 3))
            elif diffuse is not None:
                share = diffuse.get_argument(0)
                red, green, blue = red * share, green * share, blue * share
            return (red, green, blue, 1.0 - (clear or 0.0))
    return None
