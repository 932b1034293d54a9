"""The plain facts a document is written from. The services fill them; nothing here knows where they come from."""

import hashlib
import json
from dataclasses import asdict, dataclass, field
from datetime import date
from decimal import Decimal

from approvals.documents.content import SEAL_PENDING, AmountRow, CostRow
from approvals.documents.kinds import DocumentKind
from approvals.documents.subjects import ItemSubject, subject_of


@dataclass(frozen=True, slots=True)
class Defect:
    """What is wrong with one material and what the unit shall do about it."""

    material: str
    to_fix: str


@dataclass(frozen=True, slots=True)
class WaivedStep:
    """A step the project need not take, and the legal ground."""

    step: str
    ground: str


@dataclass(frozen=True, slots=True)
class ReceivedMaterial:
    """A file as it was handed in."""

    code: str
    name: str
    version: int
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentFacts:
    """Everything any of the nine documents may state; each uses what it needs. Amounts in yuan, limits in working days.

    `addressee` is the owner unit except on a letter of commission, which goes to `review_center`.
    `due_is_provisional`: the limit runs past the last published calendar year, so the date is printed 暂定.
    `answer_by`: until when the unit shall correct, supply or hand in what was missing.
    """

    issuer: str
    document_no: str
    owner_unit: str
    project_name: str
    project_code: str
    item_no: str
    item_type: str
    issued_on: date
    verification_url: str
    item_label: str = ""

    received_on: date | None = None
    accepted_on: date | None = None
    due_on: date | None = None
    due_is_provisional: bool = False
    working_days: int | None = None
    decide_acceptance_by: date | None = None
    answer_by: date | None = None
    lapse_working_days: int = 10
    paused_from: date | None = None
    valid_until: date | None = None

    declared: Decimal | None = None
    reviewed: Decimal | None = None
    approved: Decimal | None = None
    amounts: tuple[AmountRow, ...] = ()
    costs: tuple[CostRow, ...] = ()
    cost_total: CostRow | None = None

    construction_content: str = ""
    funding: str = ""
    conditions: tuple[str, ...] = ()
    basis: tuple[str, ...] = ()
    waived_steps: tuple[WaivedStep, ...] = ()
    defects: tuple[Defect, ...] = ()
    materials: tuple[ReceivedMaterial, ...] = ()
    reasons: tuple[str, ...] = ()

    review_center: str = ""
    competent_body: str = ""
    review_body: str = ""
    contact: str = ""
    signer_note: str = ""
    seal_status: str = field(default=SEAL_PENDING)

    @property
    def subject(self) -> ItemSubject:
        return subject_of(self.item_type, self.item_label)

    @property
    def named_project(self) -> str:
        """The project with its code, as the first sentence names it."""
        return f"{self.project_name}（项目代码：{self.project_code}）" if self.project_code else self.project_name


def facts_digest(kind: DocumentKind, facts: DocumentFacts) -> str:
    """SHA-256 (64 hex digits) over the facts as canonical JSON: the same facts give the same hash on every machine."""
    stated = {"kind": kind.value, **asdict(facts)}
    canonical = json.dumps(stated, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=str)
    return hashlib.sha256(canonical.encode("utf-8")).hexdigest()
