"""python -m bim.ifc.schema_tables: writes `schemas/*.json` anew from what the parser's library knows of each schema."""

import json
from typing import Any

from ifcopenshell import ifcopenshell_wrapper

from bim.ifc.intake import SCHEMAS
from bim.ifc.schema import TABLES


def table_of(identifier: str) -> dict[str, Any]:
    """entities: [class, the class it descends from, its own attributes]; types: the names of everything else."""
    entities, types = [], []
    for declaration in ifcopenshell_wrapper.schema_by_name(identifier).declarations():
        entity = declaration.as_entity()
        if entity is None:
            types.append(declaration.name())
            continue
        parent = entity.supertype()
        own = [attribute.name() for attribute in entity.attributes()]
        entities.append([entity.name(), parent.name() if parent else "", own])
    return {"entities": sorted(entities), "types": sorted(types)}


def main() -> None:
    for identifier in SCHEMAS:
        written = json.dumps(table_of(identifier), separators=(",", ":")).replace('],["Ifc', '],\n["Ifc')
        (TABLES / f"{identifier}.json").write_text(written + "\n", encoding="ascii")


if __name__ == "__main__":
    main()
