"""Every real file opens, and says the same as a full parse that asks the library's own helpers element by element."""

import zipfile
from collections import defaultdict
from pathlib import Path

import ifcopenshell
import pytest
from ifcopenshell.util import element as elements
from ifcopenshell.util import unit as units

from tests.bim.reading import read
from tests.support.ifc_samples import models, sample

NAMES = models() or [pytest.param("", marks=pytest.mark.skip(reason="no samples beside the repository"))]
SI = {
    "IfcQuantityLength": ("LENGTHUNIT", "m"),
    "IfcQuantityArea": ("AREAUNIT", "m2"),
    "IfcQuantityVolume": ("VOLUMEUNIT", "m3"),
    "IfcQuantityWeight": ("MASSUNIT", "kg"),
    "IfcQuantityTime": ("TIMEUNIT", "s"),
}
KILOGRAMS = 1e-3  # the library counts mass in grams


def plainly_opened(path: Path, folder: Path) -> ifcopenshell.file:
    if path.suffix == ".ifczip":
        with zipfile.ZipFile(path) as archive:
            path = Path(archive.extract(archive.namelist()[0], folder))
    return ifcopenshell.open(path)


@pytest.mark.parametrize("name", NAMES)
def test_a_real_file_says_the_same_as_a_full_parse(name, tmp_path):
    path = sample(name)
    found, full = read(path, tmp_path), plainly_opened(path, tmp_path)
    assert found.summary.elements == len(full.by_type("IfcElement")) == sum(found.summary.by_class.values())
    assert found.summary.storeys == len(full.by_type("IfcBuildingStorey"))
    assert found.summary.products == len(full.by_type("IfcProduct"))
    rows = {row.guid: row for row in found.elements}
    nodes = {row.guid for row in found.spatial}
    assert len(rows) + len(nodes) == found.summary.products + len(full.by_type("IfcProject"))
    is_raw = path.suffix != ".ifczip" and not path.read_bytes().isascii()
    for product in full.by_type("IfcProduct"):
        if product.GlobalId in nodes:
            continue
        row = rows[product.GlobalId]
        kind = elements.get_type(product)
        assert row.ifc_class == product.is_a()
        assert row.has_shape == (product.Representation is not None)
        assert row.type_guid == (kind.GlobalId if kind else "")
        container = elements.get_container(product)
        if container is not None:
            assert row.spatial == container.GlobalId
        if not is_raw:
            assert row.name == (product.Name or "")
            assert {(one.set_name, one.name) for one in (*row.properties, *row.quantities)} == set(authored(product))
    if not is_raw:
        sums = {(row["set"], row["name"], row["unit"]): (row["count"], row["sum"]) for row in found.summary.quantities}
        expected = quantities_of(full)
        assert sums.keys() == expected.keys()
        for key, (count, total) in expected.items():
            assert sums[key][0] == count, key
            assert sums[key][1] == pytest.approx(total, rel=1e-9), key


def authored(product):
    """Names of all properties and quantities, by the library's own helper."""
    for set_name, values in elements.get_psets(product).items():
        for name, value in values.items():
            if name == "id" or value is None:
                continue
            if isinstance(value, dict) and "properties" in value:
                yield from ((set_name or "", f"{name}.{inner}") for inner in value["properties"])
            else:
                yield set_name or "", name


def quantities_of(full):
    """Sums by set, name and SI unit, straight from the relations and the types."""
    sums = defaultdict(lambda: [0, 0.0])
    for thing in [*full.by_type("IfcProduct"), *full.by_type("IfcProject")]:
        seen = {}
        kind = elements.get_type(thing) if thing.is_a("IfcProduct") else None
        for definition in [*(kind.HasPropertySets or () if kind else ()), *own_definitions(thing)]:
            if definition.is_a("IfcElementQuantity"):
                for one in definition.Quantities:
                    seen[definition.Name or "", one.Name] = one
        for (set_name, name), one in seen.items():
            unit_type, si = SI.get(one.is_a(), ("", ""))
            scale = (
                units.get_named_unit_scale(one.Unit)
                if one.Unit
                else units.calculate_unit_scale(full, unit_type or None)
            )
            if unit_type == "MASSUNIT":
                has_unit = one.Unit or units.get_project_unit(full, unit_type)
                scale = scale * KILOGRAMS if has_unit else 1.0
            cell = sums[set_name, name, si]
            cell[0] += 1
            cell[1] += one[3] * (scale if unit_type else 1.0)
    return sums


def own_definitions(thing):
    for relation in getattr(thing, "IsDefinedBy", ()):
        if relation.is_a("IfcRelDefinesByProperties"):
            yield relation.RelatingPropertyDefinition
