"""A table sent as a file, in one of the formats of reports/renderers."""

from urllib.parse import quote

from django.http import HttpResponse

from reports.renderers import FORMATS, file_name, render
from reports.table import ReportTable


def download(table: ReportTable, format_name: str) -> HttpResponse:
    """The file, named after the table and the day. KeyError for an unknown format."""
    return sent(render(table, format_name), file_name(table, format_name), FORMATS[format_name].content_type)


def sent(content: bytes, name: str, content_type: str) -> HttpResponse:
    """These bytes as a file to keep; nothing on the way remembers them."""
    response = HttpResponse(content, content_type=content_type)
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}"
    response["Cache-Control"] = "no-store"
    return response
