"""The door to the reports: what a person may see of one, and the file they take away, with its entry in the trace."""

import hashlib
import io
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.policies import insist
from core import files, trace
from core.errors import Problem, RuleViolation
from core.models import StoredFile
from core.trace import Who
from reports import policies, renderers
from reports.catalog import report_type
from reports.filters import Filters
from reports.report import Report, in_order


@dataclass(frozen=True)
class Export:
    """A report as a file."""

    name: str
    content_type: str
    content: bytes
    rows: int


def build(code: str, filters: Filters, actor: Who, window: slice | None = None) -> Report:
    """The report as this actor may see it. `window` cuts one page out of a long one.

    Raises NotFound for an unknown report, NotPermitted for a role without reports.
    """
    insist(policies.may_read, actor, code)  # type: ignore[arg-type]
    kind = report_type(code)
    if kind.pages:
        return kind.produce(filters, actor, window)
    return in_order(kind.produce(filters, actor), filters.sort)


@transaction.atomic
def produce(code: str, filters: Filters, format_name: str, actor: Who) -> Export:
    """The whole report as a file in one of renderers.FORMATS; leaves a trace entry naming what was taken and its hash.

    Raises NotPermitted, NotFound, RuleViolation for an unknown format.
    """
    insist(policies.may_export, actor)  # type: ignore[arg-type]
    if format_name not in renderers.FORMATS:
        raise RuleViolation(
            [Problem("format.unknown", _("“%(name)s” is not a format.") % {"name": format_name}, "format")]
        )
    table = build(code, filters, actor).table
    content = renderers.render(table, format_name)
    name = renderers.file_name(table, format_name)
    trace.record(
        "reports.report.exported",
        actor=actor,
        facts={
            "report": code,
            "filters": filters.query(),
            "format": format_name,
            "rows": len(table.rows),
            "sha256": hashlib.sha256(content).hexdigest(),
        },
    )
    return Export(name, renderers.FORMATS[format_name].content_type, content, len(table.rows))


def keep(export: Export, actor: Who) -> StoredFile:
    """The file kept in the store, for whoever fetches it later."""
    kind = export.name.rpartition(".")[2].upper()
    return files.store(io.BytesIO(export.content), name=export.name, allowed=(kind,), user=actor.user)
