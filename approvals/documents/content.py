"""What stands on an official document, as plain values. No database, no layout.

Amounts are Decimal yuan; `unit` says in which unit they are printed (R-UNIT-01).
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from approvals.documents.kinds import DocumentKind

SEAL_PENDING = "电子印章：未加盖（接口待接入）"


class MoneyUnit(StrEnum):
    """The value is what is printed."""

    WAN = "万元"
    YUAN = "元"


@dataclass(frozen=True, slots=True)
class AmountRow:
    """One line of the amounts table inside the text."""

    label: str
    declared: Decimal | None
    reviewed: Decimal | None
    approved: Decimal | None


@dataclass(frozen=True, slots=True)
class CostRow:
    """One line of the annexed cost table. `code` gives the depth: 1, 1.2, 1.2.3."""

    code: str
    name: str
    declared: Decimal | None
    approved: Decimal | None
    note: str = ""


@dataclass(frozen=True, slots=True)
class ListTable:
    """A numbered table of texts: the column headings, then rows of as many cells."""

    headings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the text. With a `heading` it is numbered 一、二、三、; `points` are numbered （一）（二）."""

    heading: str = ""
    paragraphs: tuple[str, ...] = ()
    points: tuple[str, ...] = ()
    table: ListTable | None = None
    amounts: tuple[AmountRow, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class OfficialDocument:
    """One document, complete. `facts_hash` is the SHA-256 of the facts it states, printed beside the QR code."""

    kind: DocumentKind
    issuer: str
    document_no: str
    addressee: str
    title: str
    project_name: str
    project_code: str
    sections: tuple[Section, ...]
    unit: MoneyUnit
    issued_on: date
    verification_url: str
    facts_hash: str
    item_no: str = ""
    costs: tuple[CostRow, ...] = ()
    cost_total: CostRow | None = None
    costs_title: str = ""
    valid_until: date | None = None
    signer_note: str = ""
    seal_status: str = SEAL_PENDING
