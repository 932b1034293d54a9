"""What contracts, works and assets wait for, and from whom: derived from the tables of moves, kept nowhere."""

from reports.waiting.desk import Entry, Narrowing, Slice, count, listed, of_project

__all__ = ["Entry", "Narrowing", "Slice", "count", "listed", "of_project"]
