"""What the minimum set looks at, and what comes out. Plain values: nothing here opens a file or asks a table."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

PASSED, FAILED, NOT_APPLICABLE = "PASSED", "FAILED", "NOT_APPLICABLE"
# Holes, grids of ports and fields without matter: they carry neither a type nor a classification code.
IMMATERIAL = frozenset(
    {
        "IfcOpeningElement", "IfcOpeningStandardCase", "IfcVoidingFeature", "IfcProjectionElement", "IfcSurfaceFeature",
        "IfcVirtualElement", "IfcFeatureElement", "IfcFeatureElementSubtraction", "IfcFeatureElementAddition",
        "IfcDistributionPort",
    }
)  # fmt: skip


@dataclass(frozen=True)
class Place:
    """A node of the spatial tree. `properties` set.name → value; `quantities` name → SI value."""

    guid: str
    ifc_class: str
    name: str = ""
    long_name: str = ""
    properties: Mapping[str, str] = field(default_factory=dict)
    quantities: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class Element:
    """An instance of IfcElement. `properties` name → value, own or of its type, whatever the set."""

    guid: str
    ifc_class: str
    name: str = ""
    has_type: bool = False
    is_classified: bool = False
    material: str = ""
    properties: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_material(self) -> bool:
        return self.ifc_class not in IMMATERIAL


@dataclass(frozen=True)
class ModelFacts:
    """One model. `project_code` as it is registered; `equipment` the classes that become one asset each;
    `asset_names` what a fact of an asset is called in models (bim/rules/assets)."""

    stage: str
    discipline: str
    project_code: str
    georeference: Mapping[str, object] = field(default_factory=dict)
    places: tuple[Place, ...] = ()
    elements: tuple[Element, ...] = ()
    equipment: frozenset[str] = frozenset()
    asset_names: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def of(self, *starts: str) -> Iterator[Element]:
        """The elements whose class begins so (IfcWall: IfcWallStandardCase too)."""
        return (one for one in self.elements if one.ifc_class.startswith(starts))


@dataclass(frozen=True)
class Finding:
    """What came out for one element or place; `guid` empty: for the model as a whole. `code` worded in check_wording."""

    verdict: str
    guid: str = ""
    ifc_class: str = ""
    name: str = ""
    code: str = ""
    detail: str = ""


@dataclass(frozen=True)
class Check:
    """One check of the minimum set. It applies from `since` on, the stages being those of bim.states.ModelStage."""

    code: str
    since: str
    judge: Callable[[ModelFacts], Iterable[Finding]]


def found(one: Element | Place, code: str = "", detail: str = "") -> Finding:
    """Passed without a code, failed with one."""
    return Finding(FAILED if code else PASSED, one.guid, one.ifc_class, one.name, code, detail)
