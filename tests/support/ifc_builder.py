"""Small building models as STEP text, made in a millisecond.

    model = IfcBuilder(schema="IFC4", unit="MILLIMETRE")
    ground = model.storey("一层", elevation=0.0)
    wall = model.element("IfcWall", "墙-011", ground, size=(5, 0.2, 3), material="C30",
                         psets={"Pset_WallCommon": {"LoadBearing": True}},
                         quantities={"Qto_WallBaseQuantities": {"NetVolume": ("volume", 3.0)}},
                         classification=("GB/T 51269", "14-10.20.03", "外墙"), type_name="外墙 200")
    model.write(path)

Lengths are given in metres and written in the unit of the file; quantities are written as they are given (in the file's
unit). Names of properties and classes are the file's own. What is returned is the number of the entity (#…).
"""

import hashlib
from collections import defaultdict
from pathlib import Path
from typing import Any

METRES = {"METRE": 1.0, "MILLIMETRE": 0.001, "FOOT": 0.3048}
ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_$"
QUANTITIES = {
    "length": "IFCQUANTITYLENGTH",
    "area": "IFCQUANTITYAREA",
    "volume": "IFCQUANTITYVOLUME",
    "weight": "IFCQUANTITYWEIGHT",
    "count": "IFCQUANTITYCOUNT",
    "time": "IFCQUANTITYTIME",
}
# What follows the Tag of an element; in IFC4 and later nearly always one PredefinedType.
TAILS_2X3 = {"IfcSlab": [".FLOOR."], "IfcCovering": [".FLOORING."], "IfcDoor": ["$", "$"], "IfcWindow": ["$", "$"]}
TAILS_2X3 |= {"IfcBuildingElementProxy": ["$"], "IfcRoof": ["$"], "IfcElementAssembly": ["$", ".NOTDEFINED."]}
TAILS_4 = {"IfcDoor": ["$"] * 5, "IfcWindow": ["$"] * 5, "IfcElementAssembly": ["$", "$"], "IfcFurnishingElement": []}
TAILS_4 |= {"IfcDistributionFlowElement": [], "IfcFlowTerminal": [], "IfcGeographicElement": ["$"]}
# The same for types, after ElementType.
TYPE_TAILS = {
    "IfcDoorType": [".DOOR.", ".NOTDEFINED.", "$", "$"],
    "IfcWindowType": [".WINDOW.", ".NOTDEFINED.", "$", "$"],
}


def guid_of(key: str) -> str:
    """A GlobalId that is always the same for the same key."""
    number = int.from_bytes(hashlib.md5(key.encode()).digest())
    letters = []
    for _position in range(22):
        number, digit = divmod(number, 64)
        letters.append(ALPHABET[digit])
    return "".join(reversed(letters))


def said(value: Any) -> str:
    """A string of STEP; what is not ASCII stays as it is until the file is written."""
    return "$" if value is None else "'" + str(value).replace("\\", "\\\\").replace("'", "''") + "'"


def real(number: float) -> str:
    """A REAL of STEP always has a point: 3300. and 1.E+10."""
    digits, exponent, power = f"{float(number):.10G}".partition("E")
    return (digits if "." in digits else f"{digits}.") + exponent + power


def stepped(text: str) -> bytes:
    """The encoding STEP knows: \\X2\\…\\X0\\ for what is not ASCII."""
    parts = []
    for character in text:
        parts.append(character if character.isascii() else f"\\X2\\{character.encode('utf-16-be').hex().upper()}\\X0\\")
    return "".join(parts).replace("\\X0\\\\X2\\", "").encode("ascii")


class IfcBuilder:
    """Collects lines of STEP. `seed` makes other GlobalIds for the same names (another version by another tool)."""

    def __init__(
        self,
        schema: str = "IFC4",
        unit: str = "METRE",
        *,
        project: str = "示例项目",
        site: str = "场地",
        building: str = "主楼",
        seed: str = "",
        area_prefix: str | None = None,
        georeference: tuple[str, float, float, float] | None = None,
    ) -> None:
        """`georeference`: CRS name, eastings, northings, height in metres (IFC4 and later)."""
        self.schema, self._unit, self._seed = schema, unit, seed
        self._lines: list[str] = []
        self._guids: set[str] = set()
        self._parts: dict[int, list[int]] = defaultdict(list)
        self._contained: dict[int, list[int]] = defaultdict(list)
        self._typed: dict[int, list[int]] = defaultdict(list)
        self._types: dict[tuple[str, str], int] = {}
        self._materials: dict[str, int] = {}
        self._made_of: dict[int, list[int]] = defaultdict(list)
        self._systems: dict[str, int] = {}
        self._classified: dict[tuple[str, str, str], list[int]] = defaultdict(list)
        self._origin = self.add("IFCCARTESIANPOINT((0.,0.,0.))")
        self._axes = self.add(f"IFCAXIS2PLACEMENT3D(#{self._origin},$,$)")
        self._world = self.add(f"IFCLOCALPLACEMENT($,#{self._axes})")
        context = f"IFCGEOMETRICREPRESENTATIONCONTEXT($,'Model',3,1.E-05,#{self._axes},$)"
        self._context = self.add(context)
        self.project = self._rooted(
            "IFCPROJECT", project, f"$,{said(project)},$,(#{self._context}),#{self._units(area_prefix)}"
        )
        self.site = self._spatial("IFCSITE", site, "$,.ELEMENT.,$,$,$,$,$")
        self.building = self._spatial("IFCBUILDING", building, "$,.ELEMENT.,$,$,$")
        self._parts[self.project].append(self.site)
        self._parts[self.site].append(self.building)
        if georeference:
            self._georeferenced(*georeference)

    # Space

    def storey(self, name: str | None, elevation: float = 0.0, building: int | None = None) -> int:
        made = self._spatial("IFCBUILDINGSTOREY", name, f"$,.ELEMENT.,{real(elevation / self._metres)}")
        self._parts[building or self.building].append(made)
        return made

    def space(
        self, name: str | None, storey: int, long_name: str | None = None, *, psets: Any = None, quantities: Any = None
    ) -> int:
        tail = (
            f"{said(long_name)},.ELEMENT.,.INTERNAL.,$"
            if self.schema == "IFC2X3"
            else f"{said(long_name)},.ELEMENT.,$,$"
        )
        made = self._spatial("IFCSPACE", name, tail)
        self._parts[storey].append(made)
        self.define(made, psets, quantities)
        return made

    def facility(self, ifc_class: str, name: str, parent: int | None = None) -> int:
        """IfcRoad, IfcBridge … (IFC4X3)."""
        made = self._spatial(ifc_class.upper(), name, "$,.ELEMENT.,$")
        self._parts[parent or self.site].append(made)
        return made

    def facility_part(self, ifc_class: str, name: str, facility: int) -> int:
        """IfcRoadPart, IfcBridgePart … (IFC4X3)."""
        made = self._spatial(ifc_class.upper(), name, "$,.ELEMENT.,.NOTDEFINED.,$")
        self._parts[facility].append(made)
        return made

    # Elements

    def element(
        self,
        ifc_class: str,
        name: str | None,
        within: int | None = None,
        *,
        at: tuple[float, float, float] = (0.0, 0.0, 0.0),
        size: tuple[float, float, float] | None = (1.0, 1.0, 1.0),
        tag: str | None = None,
        object_type: str | None = None,
        type_name: str | None = None,
        type_psets: dict[str, dict[str, Any]] | None = None,
        material: str | list[str] | None = None,
        classification: tuple[str, str, str] | None = None,
        psets: dict[str, dict[str, Any]] | None = None,
        quantities: dict[str, dict[str, tuple[str, float]]] | None = None,
        part_of: int | None = None,
        predefined_type: str = "",
        guid: str = "",
    ) -> int:
        """One product: a box of `size` (x, y, z) at `at`, without a shape for None; `part_of` aggregates it."""
        tail = (TAILS_2X3.get(ifc_class, []) if self.schema == "IFC2X3" else TAILS_4.get(ifc_class, ["$"])).copy()
        if predefined_type and tail:
            tail[2 if ifc_class in ("IfcDoor", "IfcWindow") else -1] = f".{predefined_type}."
        shape = self._box(size) if size else None
        body = [said(object_type), f"#{self._placed(at)}", f"#{shape}" if shape else "$", said(tag), *tail]
        made = self._rooted(ifc_class.upper(), name, ",".join(body), guid=guid)
        if part_of:
            self._parts[part_of].append(made)
        elif within:
            self._contained[within].append(made)
        if type_name:
            self._typed[self.type(ifc_class, type_name, type_psets)].append(made)
        self.define(made, psets, quantities)
        for one in [material] if isinstance(material, str) else material or []:
            self._made_of[made].append(self._material(one))
        if classification:
            self._classified[classification].append(made)
        return made

    def type(self, ifc_class: str, name: str, psets: dict[str, dict[str, Any]] | None = None) -> int:
        """The type of that name, made at its first use."""
        key = (ifc_class, name)
        if key not in self._types:
            sets = [self._property_set(set_name, values) for set_name, values in (psets or {}).items()]
            owned = f"({','.join(f'#{one}' for one in sets)})" if sets else "$"
            type_class = f"{ifc_class}Type"
            tail = ",".join(TYPE_TAILS.get(type_class, [".NOTDEFINED."]))
            self._types[key] = self._rooted(type_class.upper(), name, f"$,{owned},$,$,$,{tail}")
        return self._types[key]

    def opening(self, wall: int, filled_by: int | None = None) -> int:
        """A hole in the wall, perhaps with a door or window in it."""
        tail = "" if self.schema == "IFC2X3" else ",$"
        made = self._rooted("IFCOPENINGELEMENT", "洞口", f"$,#{self._placed((0.0, 0.0, 0.0))},$,$" + tail)
        self._rooted("IFCRELVOIDSELEMENT", None, f"#{wall},#{made}")
        if filled_by:
            self._rooted("IFCRELFILLSELEMENT", None, f"#{made},#{filled_by}")
        return made

    def define(self, thing: int, psets: Any = None, quantities: Any = None) -> None:
        """Property sets {set: {name: value}} and quantities {set: {name: (kind, value)}}."""
        for set_name, values in (psets or {}).items():
            self.relate(thing, self._property_set(set_name, values))
        for set_name, rows in (quantities or {}).items():
            lines = [
                self.add(f"{QUANTITIES[kind]}({said(name)},$,$,{real(value)}" + self._formula + ")")
                for name, (kind, value) in rows.items()
            ]
            listed = ",".join(f"#{one}" for one in lines)
            self.relate(thing, self._rooted("IFCELEMENTQUANTITY", set_name, f"$,({listed})"))

    def relate(self, thing: int, definition: int) -> None:
        """Says that a property set, quantity set or predefined set (#…) is of this thing."""
        self._rooted("IFCRELDEFINESBYPROPERTIES", None, f"(#{thing}),#{definition}")

    # Raw

    def add(self, line: str) -> int:
        """Any entity, without its number and the semicolon; returns the number."""
        self._lines.append(line)
        return len(self._lines)

    def rooted(self, ifc_class: str, name: str | None, tail: str, guid: str = "") -> int:
        """Any entity beneath IfcRoot: GlobalId, OwnerHistory, Name and Description come before `tail`."""
        return self._rooted(ifc_class.upper(), name, tail, guid)

    # The file

    def text(self) -> str:
        written = IfcBuilder.__new__(IfcBuilder)
        written.__dict__.update(self.__dict__, _lines=list(self._lines), _guids=set(self._guids))
        written._relations()
        body = "\n".join(f"#{number}={line};" for number, line in enumerate(written._lines, 1))
        return (
            "ISO-10303-21;\nHEADER;\nFILE_DESCRIPTION(('ViewDefinition [DesignTransferView]'),'2;1');\n"
            "FILE_NAME('model.ifc','2026-11-23T08:00:00',('林知远'),('设计院'),'','builder 1.0','');\n"
            f"FILE_SCHEMA(('{self.schema}'));\nENDSEC;\nDATA;\n{body}\nENDSEC;\nEND-ISO-10303-21;\n"
        )

    def bytes(self, encoding: str = "step") -> bytes:
        """`step` as the standard wants it, or raw "utf-8", "gb18030" …"""
        return stepped(self.text()) if encoding == "step" else self.text().encode(encoding)

    def write(self, path: Path, encoding: str = "step") -> Path:
        path.write_bytes(self.bytes(encoding))
        return path

    # Inside

    @property
    def _metres(self) -> float:
        return METRES[self._unit]

    @property
    def _formula(self) -> str:
        return "" if self.schema == "IFC2X3" else ",$"

    def _rooted(self, ifc_class: str, name: str | None, tail: str, guid: str = "") -> int:
        if not guid:
            key, again = f"{self._seed}|{ifc_class}|{name}", 0
            guid = guid_of(key)
            while guid in self._guids:
                again += 1
                guid = guid_of(f"{key}|{len(self._lines)}|{again}")
        self._guids.add(guid)
        return self.add(f"{ifc_class}('{guid}',$,{said(name)},$,{tail})")

    def _spatial(self, ifc_class: str, name: str | None, tail: str) -> int:
        return self._rooted(ifc_class, name, f"$,#{self._world},$,{tail}")

    def _units(self, area_prefix: str | None) -> int:
        prefix = ".MILLI." if self._unit == "MILLIMETRE" else "$"
        if self._unit == "FOOT":
            metre = self.add("IFCSIUNIT(*,.LENGTHUNIT.,$,.METRE.)")
            foot = self.add(f"IFCMEASUREWITHUNIT(IFCLENGTHMEASURE(0.3048),#{metre})")
            size = self.add("IFCDIMENSIONALEXPONENTS(1,0,0,0,0,0,0)")
            length = self.add(f"IFCCONVERSIONBASEDUNIT(#{size},.LENGTHUNIT.,'FOOT',#{foot})")
        else:
            length = self.add(f"IFCSIUNIT(*,.LENGTHUNIT.,{prefix},.METRE.)")
        area = self.add(f"IFCSIUNIT(*,.AREAUNIT.,{f'.{area_prefix}.' if area_prefix else '$'},.SQUARE_METRE.)")
        volume = self.add("IFCSIUNIT(*,.VOLUMEUNIT.,$,.CUBIC_METRE.)")
        mass = self.add("IFCSIUNIT(*,.MASSUNIT.,.KILO.,.GRAM.)")
        return self.add(f"IFCUNITASSIGNMENT((#{length},#{area},#{volume},#{mass}))")

    def _georeferenced(self, crs: str, eastings: float, northings: float, height: float) -> None:
        named = self.add(f"IFCPROJECTEDCRS({said(crs)},$,$,$,$,$,$)")
        places = ",".join(real(number / self._metres) for number in (eastings, northings, height))
        self.add(f"IFCMAPCONVERSION(#{self._context},#{named},{places},1.,0.,1.)")

    def _placed(self, at: tuple[float, float, float]) -> int:
        point = self.add(f"IFCCARTESIANPOINT(({','.join(real(number / self._metres) for number in at)}))")
        return self.add(f"IFCLOCALPLACEMENT(#{self._world},#{self.add(f'IFCAXIS2PLACEMENT3D(#{point},$,$)')})")

    def _box(self, size: tuple[float, float, float]) -> int:
        x, y, z = (number / self._metres for number in size)
        middle = self.add(f"IFCCARTESIANPOINT(({real(x / 2)},{real(y / 2)}))")
        flat = self.add(f"IFCAXIS2PLACEMENT2D(#{middle},$)")
        profile = self.add(f"IFCRECTANGLEPROFILEDEF(.AREA.,$,#{flat},{real(x)},{real(y)})")
        up = self.add("IFCDIRECTION((0.,0.,1.))")
        solid = self.add(f"IFCEXTRUDEDAREASOLID(#{profile},#{self._axes},#{up},{real(z)})")
        body = self.add(f"IFCSHAPEREPRESENTATION(#{self._context},'Body','SweptSolid',(#{solid}))")
        return self.add(f"IFCPRODUCTDEFINITIONSHAPE($,$,(#{body}))")

    def _property_set(self, name: str, values: dict[str, Any]) -> int:
        lines = [self.add(f"IFCPROPERTYSINGLEVALUE({said(key)},$,{_value(value)},$)") for key, value in values.items()]
        return self._rooted("IFCPROPERTYSET", name, f"({','.join(f'#{one}' for one in lines)})")

    def _material(self, name: str) -> int:
        if name not in self._materials:
            tail = "" if self.schema == "IFC2X3" else ",$,$"
            self._materials[name] = self.add(f"IFCMATERIAL({said(name)}{tail})")
        return self._materials[name]

    def _relations(self) -> None:
        for whole, parts in self._parts.items():
            self._rooted("IFCRELAGGREGATES", None, f"#{whole},({_listed(parts)})")
        for container, elements in self._contained.items():
            self._rooted("IFCRELCONTAINEDINSPATIALSTRUCTURE", None, f"({_listed(elements)}),#{container}")
        for type_object, elements in self._typed.items():
            self._rooted("IFCRELDEFINESBYTYPE", None, f"({_listed(elements)}),#{type_object}")
        for element, materials in self._made_of.items():
            one = materials[0] if len(materials) == 1 else self.add(f"IFCMATERIALLIST(({_listed(materials)}))")
            self._rooted("IFCRELASSOCIATESMATERIAL", None, f"(#{element}),#{one}")
        for (system, code, title), elements in self._classified.items():
            reference = self._reference(system, code, title)
            self._rooted("IFCRELASSOCIATESCLASSIFICATION", None, f"({_listed(elements)}),#{reference}")

    def _reference(self, system: str, code: str, title: str) -> int:
        tail = "" if self.schema == "IFC2X3" else ",$,$,$"
        source = self.add(f"IFCCLASSIFICATION('',{said('1')},$,{said(system)}{tail})")
        tail = "" if self.schema == "IFC2X3" else ",$,$"
        return self.add(f"IFCCLASSIFICATIONREFERENCE($,{said(code)},{said(title)},#{source}{tail})")


def _listed(numbers: list[int]) -> str:
    return ",".join(f"#{number}" for number in numbers)


def _value(value: Any) -> str:
    """(type, value) as given, else by the Python type: bool, int, float, str."""
    if isinstance(value, tuple):
        kind, raw = value
        return f"{kind.upper()}({raw if isinstance(raw, str) and raw.startswith('.') else _raw(raw)})"
    if isinstance(value, bool):
        return f"IFCBOOLEAN({'.T.' if value else '.F.'})"
    if isinstance(value, int):
        return f"IFCINTEGER({value})"
    return f"IFCREAL({real(value)})" if isinstance(value, float) else f"IFCLABEL({said(value)})"


def _raw(raw: Any) -> str:
    return said(raw) if isinstance(raw, str) else real(raw)
