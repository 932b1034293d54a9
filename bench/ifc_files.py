"""Large models for the measurements: one model many times over in a file, each time with other numbers and GlobalIds."""

import hashlib
import re
from pathlib import Path

from tests.support.ifc_builder import ALPHABET, IfcBuilder
from tests.support.ifc_samples import FOLDER

# Many properties and little shape; much shape and few properties.
SAMPLES = ("duplex/Duplex_A_20110907.ifc", "samplehouse/SampleHouse4.ifc")
GUID = re.compile(r"\(('[0-9A-Za-z_$]{22}')")
NUMBER = re.compile(r"#(\d+)")


def templates() -> list[tuple[str, str]]:
    """Names and texts to be repeated: real models where they are, else made walls with real-life properties."""
    real = [FOLDER / name for name in SAMPLES if (FOLDER / name).is_file()]
    return [(path.stem, path.read_text("ascii")) for path in real] or [("made walls", _walls())]


def repeated(text: str, times: int, target: Path) -> Path:
    """Writes the model `times` times into one file."""
    head, data, rest = text.partition("DATA;")
    body = rest.rpartition("ENDSEC;")[0]
    step = max(int(number) for number in NUMBER.findall(body)) + 1
    with target.open("w", encoding="ascii") as out:
        out.write(head + data)
        for turn in range(times):
            out.write(_shifted(body, turn * step) if turn else body)
        out.write("ENDSEC;\nEND-ISO-10303-21;\n")
    return target


def _shifted(body: str, offset: int) -> str:
    other = NUMBER.sub(lambda found: f"#{int(found.group(1)) + offset}", body)
    return GUID.sub(lambda found: f"('{_guid(found.group(1), offset)}'", other)


def _guid(guid: str, offset: int) -> str:
    digest = hashlib.md5(f"{guid}{offset}".encode()).digest()
    letters = "".join(ALPHABET[byte % 64] for byte in digest)
    return f"{int(digest[0]) % 4}{letters}{letters[:5]}"[:22]


def _walls() -> str:
    house = IfcBuilder(schema="IFC4", unit="MILLIMETRE")
    for level in range(6):
        storey = house.storey(f"L{level}", level * 3.3)
        for number in range(50):
            house.element(
                "IfcWall",
                f"Wall {level}-{number}",
                storey,
                at=(number * 6.0, 0.0, level * 3.3),
                tag=str(number),
                type_name="Wall 200",
                psets={f"Set {index}": {f"Property {row}": f"value {row}" for row in range(12)} for index in range(3)},
                quantities={"Qto_WallBaseQuantities": {"Length": ("length", 6000.0), "NetVolume": ("volume", 3.6)}},
                material="C30",
                classification=("GB/T 51269", "14-10.20.03", "Wall"),
            )
    return house.bytes().decode("ascii")
