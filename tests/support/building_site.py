"""Sites where works go on: monthly reports with photos, applications for payment, all by the services.

`payable(cast)` → contract in force of a project with released funds; `reported(cast, project)` → submitted report;
`applied(cast, contract)` → application; `approved(cast, payment)` → approved by finance; `paid(cast, payment)`.
"""

import io
import struct
import zlib
from datetime import date, timedelta
from decimal import Decimal
from itertools import count
from typing import Any

from core import clock
from execution.models import Contract, Payment, ProgressReport
from execution.rules.progress import first_of
from execution.services import payments, photos, progress
from execution.services.payments import Part
from execution.services.progress import Measured
from projects.models import Project
from tests.support import works
from tests.support.cast import Cast

NUMBERS = count(1)
A_DAY = timedelta(days=1)


def a_png(shade: int = 0) -> bytes:
    """A real picture of one pixel; another shade, another hash."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    head = struct.pack(">IIBBBBB", 1, 1, 8, 2, 0, 0, 0)
    pixel = zlib.compress(bytes([0, shade % 256, shade // 256 % 256, shade // 65536 % 256]))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", pixel) + chunk(b"IEND", b"")


def payable(cast: Cast, funds: str = "9000000.00", project: Project | None = None, **values: Any) -> Contract:
    """A works contract of 8,600,000 yuan in force (10 % advance, 3 % retention), its project with released funds."""
    project = project or works.in_procurement(cast)
    contract = works.in_force(cast, works.a_contract(cast, project, **values))
    if Decimal(funds):
        works.released(cast, project, funds)
    return Contract.objects.get(pk=contract.pk)


def a_report(
    cast: Cast, project: Project, month: date | None = None, percent: str = "10.00", **values: Any
) -> ProgressReport:
    """A draft of this month, or of the month given."""
    measured = values.pop("measured", ())
    said = {
        "month": month or clock.today(), "physical_percent": Decimal(percent),
        "completed_investment": Decimal(percent) * 80000, "image_progress": "主体结构三层", **values,
    }  # fmt: skip
    return progress.draft(project.pk, actor=cast.lin, values=said, measured=measured)


def with_photo(cast: Cast, report: ProgressReport) -> ProgressReport:
    photos.add_photo(report.pk, io.BytesIO(a_png(next(NUMBERS))), name="现场.png", actor=cast.lin, caption="三层梁板")
    return ProgressReport.objects.get(pk=report.pk)


def reported(
    cast: Cast, project: Project, month: date | None = None, percent: str = "10.00", **values: Any
) -> ProgressReport:
    """Submitted, with a photo."""
    return works.do(with_photo(cast, a_report(cast, project, month, percent, **values)), "submit", cast.lin)


def report_of(cast: Cast, project: Project) -> ProgressReport:
    """This month's report, submitted."""
    found = project.progress_reports.filter(month=first_of(clock.today())).first()
    return found or reported(cast, project)


def applied(
    cast: Cast, contract: Contract, amount: str = "1000000.00", kind: str = "PROGRESS", **values: Any
) -> Payment:
    """An application; a progress payment rests on this month's report."""
    funding, report_id = values.pop("funding", ()), values.pop("report_id", None)
    if kind == "PROGRESS" and report_id is None:
        report_id = report_of(cast, contract.project).pk
    said = {"kind": kind, "applied": Decimal(amount), **values}
    return payments.apply(contract.pk, actor=cast.lin, values=said, funding=funding, report_id=report_id)


def checked(cast: Cast, payment: Payment, amount: Decimal | str | None = None) -> Payment:
    """Both certificates over the same amount, the whole unless said."""
    sum_ = amount if amount is not None else payment.applied
    works.do(payment, "certify", cast.lin, certified=sum_, signed_by="总监 王工")
    return works.do(payment, "check_cost", cast.lin, checked=sum_, signed_by="造价 李工")


def agreed(cast: Cast, payment: Payment, amount: Decimal | str | None = None) -> Payment:
    return works.do(checked(cast, payment, amount), "approve_by_owner", cast.lei)


def approved(cast: Cast, payment: Payment, amount: Decimal | str | None = None) -> Payment:
    return works.do(agreed(cast, payment, amount), "approve_by_finance", cast.fang)


def paid(cast: Cast, payment: Payment, amount: Decimal | str | None = None, treasury_no: str = "") -> Payment:
    done = approved(cast, payment, amount)
    number = treasury_no or f"GK-{next(NUMBERS):06d}"
    return works.do(done, "pay", cast.fang, treasury_no=number, paid_on=clock.today())


__all__ = ["A_DAY", "Measured", "Part", "clock", "first_of"]
