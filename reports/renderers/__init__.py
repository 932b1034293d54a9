"""A report table as bytes, in each format. No renderer asks a question or counts: they only show the table."""

from collections.abc import Callable
from dataclasses import dataclass

from core.clock import date_of
from reports.renderers import csv, json, pdf, xlsx
from reports.table import ReportTable


@dataclass(frozen=True)
class Format:
    """One format: how files of it are called and sent, and what makes them."""

    extension: str
    content_type: str
    render: Callable[[ReportTable], bytes]


FORMATS = {
    "csv": Format("csv", "text/csv; charset=utf-8", csv.render),
    "json": Format("json", "application/json", json.render),
    "pdf": Format("pdf", "application/pdf", pdf.render),
    "xlsx": Format("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", xlsx.render),
}


def render(table: ReportTable, format_name: str) -> bytes:
    """The table in one of FORMATS; KeyError for any other."""
    return FORMATS[format_name].render(table)


def file_name(table: ReportTable, format_name: str) -> str:
    """`reduction_2026-11-23.xlsx`: the report's code and the day it was made."""
    return f"{table.code}_{date_of(table.generated_at):%Y-%m-%d}.{FORMATS[format_name].extension}"
