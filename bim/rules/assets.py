"""Which elements of an as-built model become which asset: one asset may hold many elements, an element is of one asset.

Equipment stands for itself, or by type where single pieces are not worth a card; pieces that carry the same asset code
are one asset whatever the table says. All other elements are parts of the building, road or bridge they stand in.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Facts:
    """What the model says of one element, or of one building, road or bridge."""

    guid: str
    ifc_class: str
    name: str = ""
    type_name: str = ""
    type_guid: str = ""
    floor: str = ""
    space: str = ""
    facility: str = ""
    said: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Treatment:
    """How a class is treated: `per` element or type; the proposed accounting class and kind (DOMAIN §7.3)."""

    per: str
    accounting_class: str
    kind: str
    unit: str


@dataclass(frozen=True)
class Asset:
    """One proposed asset. `quantity` counts in `unit`; `area` m²; `parts` counts elements not listed by GlobalId."""

    key: str
    code: str
    name: str
    accounting_class: str
    kind: str
    gbt14885: str
    specification: str
    maker: str
    serials: str
    quantity: int
    unit: str
    area: float | None
    place: str
    in_service: str
    warranty_end: str
    guids: tuple[str, ...]
    parts: int = 0


@dataclass(frozen=True)
class Table:
    """The treatment of every class that becomes an asset; every other class belongs to its facility."""

    facilities: Mapping[str, Treatment]
    equipment: Mapping[str, Treatment]

    @classmethod
    def of(cls, data: Mapping[str, Any]) -> "Table":
        """From the shipped table."""
        return cls(
            {name: Treatment("element", **said) for name, said in data["facilities"].items()},
            {
                name: Treatment(group["per"], group["accounting_class"], group["kind"], group["unit"])
                for group in data["equipment"]
                for name in group["classes"]
            },
        )


def assets_of(
    facilities: Iterable[tuple[Facts, float | None, int]], equipment: Iterable[Facts], table: Table
) -> list[Asset]:
    """The facilities first, then the equipment. A facility comes with its floor area in m² and the number of its parts."""
    groups: dict[tuple[str, ...], list[Facts]] = {}
    for one in equipment:
        groups.setdefault(group_of(one, table.equipment[one.ifc_class]), []).append(one)
    return [
        *(_facility(facts, area, parts, table) for facts, area, parts in facilities),
        *(_equipment(members, table) for members in groups.values()),
    ]


def group_of(one: Facts, treatment: Treatment) -> tuple[str, ...]:
    """Elements of one group are one asset: the same asset code, the same type, or the element alone."""
    if one.said.get("code"):
        return ("code", one.said["code"])
    if treatment.per == "type" and (one.type_guid or one.type_name):
        return ("type", one.ifc_class, one.type_guid or one.type_name, one.facility)
    return ("element", one.guid)


def _facility(facts: Facts, area: float | None, parts: int, table: Table) -> Asset:
    fallback = Treatment("element", "FIXED", "STRUCTURE", "项")
    treatment = table.facilities.get(facts.ifc_class, fallback)
    return _asset([facts], treatment, area=area, parts=parts, place="")


def _equipment(members: list[Facts], table: Table) -> Asset:
    return _asset(members, table.equipment[members[0].ifc_class], place=_place(members))


def _asset(
    members: list[Facts], treatment: Treatment, *, place: str, area: float | None = None, parts: int = 0
) -> Asset:
    first = members[0]
    name = first.name if len(members) == 1 else first.type_name or first.name
    return Asset(
        key=first.said.get("code") or (first.guid if len(members) == 1 else first.type_guid or first.guid),
        code=first.said.get("code", ""),
        name=name or first.type_name,
        accounting_class=treatment.accounting_class,
        kind=treatment.kind,
        gbt14885=_common(members, "classification"),
        specification=_common(members, "model") or (first.type_name if first.type_name != name else ""),
        maker=_common(members, "manufacturer"),
        serials=_listed(members, "serial"),
        quantity=len(members),
        unit=treatment.unit,
        area=area,
        place=place,
        in_service=min((said for one in members if (said := one.said.get("installed"))), default=""),
        warranty_end=min((said for one in members if (said := one.said.get("warranty_end"))), default=""),
        guids=tuple(one.guid for one in members),
        parts=parts,
    )


def _common(members: list[Facts], name: str) -> str:
    return next((one.said[name] for one in members if one.said.get(name)), "")


def _listed(members: list[Facts], name: str) -> str:
    return "; ".join(dict.fromkeys(one.said[name] for one in members if one.said.get(name)))


def _place(members: list[Facts]) -> str:
    """Where the asset stands: floor and space, each named once."""
    places = dict.fromkeys(" ".join(part for part in (one.floor, one.space) if part) for one in members)
    return "; ".join(place for place in places if place)
