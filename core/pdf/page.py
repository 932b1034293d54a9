"""A deterministic A4 canvas: the same content always gives the same bytes."""

import time
from calendar import timegm
from datetime import date
from io import BytesIO

from reportlab.lib.pagesizes import A4
from reportlab.lib.utils import TimeStamp
from reportlab.pdfgen.canvas import Canvas

from core.pdf.fonts import register_fonts

PAGE_WIDTH, PAGE_HEIGHT = A4
CHINA_OFFSET_HOURS = 8


class _DayStamp(TimeStamp):
    """The midnight, China time, at which a document dated `day` begins to be valid."""

    def __init__(self, day: date) -> None:
        self.t = float(timegm(day.timetuple()) - CHINA_OFFSET_HOURS * 3600)
        self.lt = time.struct_time(day.timetuple())
        self.YMDhms = tuple(self.lt)[:6]
        self.dhh, self.dmm = CHINA_OFFSET_HOURS, 0
        self.tzname = "CST"


def new_canvas(target: BytesIO, *, title: str, author: str, subject: str, keywords: str, dated: date) -> Canvas:
    """A canvas on A4 with the Chinese fonts registered; the file's own date is the document's date, not the clock's."""
    register_fonts()
    canvas = Canvas(target, pagesize=A4, invariant=1, pageCompression=1, lang="zh-CN")
    canvas._doc._timeStamp = _DayStamp(dated)
    canvas.setTitle(title)
    canvas.setAuthor(author)
    canvas.setSubject(subject)
    canvas.setKeywords(keywords)
    canvas.setCreator("GIPLT")
    canvas.setProducer("reportlab")
    return canvas
