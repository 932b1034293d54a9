"""Cost lines in XLSX workbooks: `read_book`, `template`, `export`."""

from approvals.costing.package import LIMITS, Limits
from approvals.costing.xlsx_read import CellError, ReadBook, read_book
from approvals.costing.xlsx_write import export, heads, template

__all__ = ["LIMITS", "CellError", "Limits", "ReadBook", "export", "heads", "read_book", "template"]
