"""Real IFC files beside the repository. They are never committed; tests over them skip where they are missing."""

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
FOLDER = Path(os.environ.get("IFC_SAMPLES", ROOT.parent / "shared" / "ifc"))


def sample(name: str) -> Path:
    """One file of the folder, e.g. "duplex/Duplex_A_20110907.ifc"; skips the test without it."""
    path = FOLDER / name
    if not path.is_file():
        pytest.skip(f"no sample {name}")
    return path


def models() -> list[str]:
    """The names of all models there are, relative to the folder; empty without it."""
    if not FOLDER.is_dir():
        return []
    found = [path for path in FOLDER.rglob("*") if path.suffix.lower() in (".ifc", ".ifczip")]
    return sorted(str(path.relative_to(FOLDER)) for path in found)
