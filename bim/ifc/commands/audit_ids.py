"""Says what is wrong with an IDS file."""

import argparse
from pathlib import Path
from typing import Any

from bim.ifc import ids_audit


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("path", type=Path)


def run(options: argparse.Namespace) -> dict[str, Any]:
    title, specifications = ids_audit.audit(options.path)
    return {"title": title, "specifications": specifications}
