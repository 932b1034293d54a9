"""A prepared file becomes rows: from its text where it is plainly written, else with the parser.

The parser has the last word. It explains what is wrong with a file, and it is asked whenever the text is odd in any way:
several entities on a line, comments, references to nothing, too few attributes, classes the schema does not know.
"""

from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

from bim.ifc import rows_file
from bim.ifc.extract import Progress, Row, Source, extract
from bim.ifc.intake import Prepared
from bim.ifc.records import Summary
from bim.ifc.refusal import Refused
from bim.ifc.schema import Schema
from bim.ifc.step_model import StepModel

BY_PARSER = "bim.ifc.parsing"  # loaded where it is needed: its library takes longer to load than most models to read
FINAL = ("number.repeated",)  # what the parser does not see


def write(prepared: Prepared, out: Path, progress: Progress) -> Summary:
    """Writes the rows (`rows_file`). Raises Refused, and what the parser raises for a damaged file."""
    try:
        return rows_file.write(rows_of_text(prepared, progress), out)
    except MemoryError:
        raise
    except Exception as odd:  # whatever an odd text leads to
        if _is_final(odd):
            raise
    return rows_file.write(import_module(BY_PARSER).rows(prepared, progress), out)


def _is_final(odd: Exception) -> bool:
    return isinstance(odd, Refused) and any(reason.code in FINAL for reason in odd.reasons)


def rows_of_text(prepared: Prepared, progress: Progress) -> Iterator[Row]:
    """Raises Odd, or whatever else an odd file leads to."""
    schema = Schema(prepared.schema)
    model = StepModel(prepared.path, schema, prepared.schema)
    return extract(Source(model, schema, prepared, model.text, [], list), progress)
