"""Writes constraints.txt: the versions of what requirements*.txt only pull in.

Run it with the virtual environment's Python after a requirement has changed and has been installed.
"""

import re
from importlib.metadata import distributions
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PART_OF_PYTHON = {"pip", "setuptools", "wheel"}


def canonical(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def direct() -> set[str]:
    """The names that a requirements file pins itself."""
    lines = [line for file in ROOT.glob("requirements*.txt") for line in file.read_text().splitlines()]
    return {canonical(re.split(r"[\[=]", line)[0]) for line in lines if line and line[0] not in "#-"}


def main() -> None:
    skipped = direct() | PART_OF_PYTHON
    pins = {canonical(found.name): found.version for found in distributions() if canonical(found.name) not in skipped}
    head = "# Versions of what requirements*.txt only pull in; written by tools/freeze_constraints.py.\n"
    ROOT.joinpath("constraints.txt").write_text(head + "".join(f"{name}=={pins[name]}\n" for name in sorted(pins)))


if __name__ == "__main__":
    main()
