"""What the search of the model base offers by itself; anything else may be typed."""

CLASSES = (
    "IfcWall", "IfcSlab", "IfcColumn", "IfcBeam", "IfcFooting", "IfcPile", "IfcDoor", "IfcWindow", "IfcStair", "IfcRoof",
    "IfcRailing", "IfcCovering", "IfcCurtainWall", "IfcFurniture", "IfcPipeSegment", "IfcDuctSegment", "IfcPump", "IfcFan",
    "IfcTransportElement", "IfcLightFixture", "IfcPavement", "IfcKerb", "IfcBuildingElementProxy",
)  # fmt: skip
PROPERTIES = ("FireRating", "IsExternal", "LoadBearing", "Reference", "Status", "ThermalTransmittance")
QUANTITIES = (
    "Length", "Width", "Height", "Area", "NetArea", "GrossArea", "NetSideArea", "GrossSideArea", "NetVolume", "GrossVolume",
    "NetWeight", "GrossWeight", "NetFloorArea",
)  # fmt: skip
