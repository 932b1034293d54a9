"""Rows of a prepared file by way of the parser: slower than from the text, and for every file."""

from collections.abc import Iterator

from bim.ifc import opening
from bim.ifc.completeness import insist_on_completeness
from bim.ifc.extract import Progress, Row, Source, extract
from bim.ifc.intake import Prepared
from bim.ifc.schema import Schema


def rows(prepared: Prepared, progress: Progress) -> Iterator[Row]:
    """Raises Refused, and what the parser raises for a damaged file."""
    model, complaints = opening.opened(prepared.path)
    schema = Schema(model.schema_identifier)
    warnings = insist_on_completeness(model, schema, prepared.path, complaints)
    return extract(Source(model, schema, prepared, None, warnings, opening.complaints), progress)
