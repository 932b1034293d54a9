"""The kernel's tables."""

from core.models.calendar import CalendarNotice
from core.models.files import StoredFile, Upload
from core.models.job import Job
from core.models.rule import RuleAmendment
from core.models.trace import TraceChain, TraceEntry

__all__ = ["CalendarNotice", "Job", "RuleAmendment", "StoredFile", "TraceChain", "TraceEntry", "Upload"]
