"""What runs in the process of its own: `python -m bim.ifc.worker extract PATH --out FILE`.

Says on stdout, one JSON document a line: {"progress": [done, total, phase]} while it works, at the end {"summary": {…}},
or {"reasons": [{"code", "facts"}]} with exit status 3 for a file that is refused. Only the module of the command that is
wanted is loaded: the libraries of the others would cost more time than reading a small model.
"""

import argparse
import os
import sys
from importlib import import_module

from bim.ifc.saying import guarded

COMMANDS = {
    "extract": "bim.ifc.commands.extract",
    "geometry": "bim.ifc.commands.geometry",
    "ids": "bim.ifc.commands.ids",
    "audit-ids": "bim.ifc.commands.audit_ids",
}


def main(arguments: list[str]) -> int:
    name = arguments[0] if arguments else ""
    if name not in COMMANDS:
        print(f"usage: python -m bim.ifc.worker {{{','.join(COMMANDS)}}} …", file=sys.stderr)
        return 2
    command = import_module(COMMANDS[name])
    parser = argparse.ArgumentParser(prog=f"python -m bim.ifc.worker {name}", description=command.__doc__)
    command.arguments(parser)
    options = parser.parse_args(arguments[1:])
    return guarded(lambda: command.run(options))


if __name__ == "__main__":
    status = main(sys.argv[1:])
    sys.stdout.flush()
    os._exit(status)  # taking a large model apart piece by piece would take longer than reading it
