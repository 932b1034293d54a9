"""The nine official documents the system issues."""

from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class DocumentKind(StrEnum):
    APPROVAL = "APPROVAL"
    ACCEPTANCE_NOTICE = "ACCEPTANCE_NOTICE"
    CORRECTION_NOTICE = "CORRECTION_NOTICE"
    NOT_ACCEPTED = "NOT_ACCEPTED"
    REJECTION = "REJECTION"
    RETURN_LETTER = "RETURN_LETTER"
    RECEIPT = "RECEIPT"
    SUPPLEMENT_LETTER = "SUPPLEMENT_LETTER"
    COMMISSION_LETTER = "COMMISSION_LETTER"

    @property
    def official_name(self) -> str:
        """The Chinese name that stands on the document, whatever language the reader's screen speaks."""
        return OFFICIAL_NAMES[self]

    @property
    def label(self) -> Promise:
        """The name on the reader's screen, in the reader's language."""
        return LABELS[self]

    @property
    def is_decision(self) -> bool:
        """Decisions carry the full letterhead with the red rule (文件格式); notices and letters the letter form (信函格式)."""
        return self in {DocumentKind.APPROVAL, DocumentKind.REJECTION}


OFFICIAL_NAMES: dict[DocumentKind, str] = {
    DocumentKind.APPROVAL: "批复",
    DocumentKind.ACCEPTANCE_NOTICE: "受理通知书",
    DocumentKind.CORRECTION_NOTICE: "补正通知书",
    DocumentKind.NOT_ACCEPTED: "不予受理通知书",
    DocumentKind.REJECTION: "不予批准通知书",
    DocumentKind.RETURN_LETTER: "退件函",
    DocumentKind.RECEIPT: "收件回执",
    DocumentKind.SUPPLEMENT_LETTER: "补充资料函",
    DocumentKind.COMMISSION_LETTER: "委托函",
}

LABELS: dict[DocumentKind, Promise] = {
    DocumentKind.APPROVAL: _("Approval document"),
    DocumentKind.ACCEPTANCE_NOTICE: _("Notice of acceptance"),
    DocumentKind.CORRECTION_NOTICE: _("Notice of correction"),
    DocumentKind.NOT_ACCEPTED: _("Notice of non-acceptance"),
    DocumentKind.REJECTION: _("Notice of rejection"),
    DocumentKind.RETURN_LETTER: _("Return letter"),
    DocumentKind.RECEIPT: _("Receipt of submission"),
    DocumentKind.SUPPLEMENT_LETTER: _("Supplement request letter"),
    DocumentKind.COMMISSION_LETTER: _("Letter of commission"),
}
