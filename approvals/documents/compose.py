"""From plain facts to the official text of each document.

The texts are Chinese whatever language the screen speaks: the document is an official act, not a page.
"""

from collections.abc import Callable

from approvals.documents import decisions, letters, notices
from approvals.documents.content import OfficialDocument, Section
from approvals.documents.facts import DocumentFacts, facts_digest
from approvals.documents.kinds import DocumentKind

Sections = Callable[[DocumentFacts], tuple[Section, ...]]
Title = Callable[[DocumentFacts], str]

SECTIONS: dict[DocumentKind, Sections] = {
    DocumentKind.APPROVAL: decisions.approval_sections,
    DocumentKind.REJECTION: decisions.rejection_sections,
    DocumentKind.ACCEPTANCE_NOTICE: notices.acceptance_sections,
    DocumentKind.CORRECTION_NOTICE: notices.correction_sections,
    DocumentKind.NOT_ACCEPTED: notices.not_accepted_sections,
    DocumentKind.RECEIPT: notices.receipt_sections,
    DocumentKind.RETURN_LETTER: letters.return_sections,
    DocumentKind.SUPPLEMENT_LETTER: letters.supplement_sections,
    DocumentKind.COMMISSION_LETTER: letters.commission_sections,
}

TITLES: dict[DocumentKind, Title] = {
    DocumentKind.APPROVAL: decisions.approval_title,
    DocumentKind.RETURN_LETTER: letters.return_title,
    DocumentKind.SUPPLEMENT_LETTER: letters.supplement_title,
    DocumentKind.COMMISSION_LETTER: letters.commission_title,
}


def compose(kind: DocumentKind, facts: DocumentFacts) -> OfficialDocument:
    """The whole document, ready to be rendered; its hash is that of the facts it states (R-SEAL-02)."""
    title = TITLES.get(kind)
    costs = facts.costs if kind is DocumentKind.APPROVAL else ()
    return OfficialDocument(
        kind=kind,
        issuer=facts.issuer,
        document_no=facts.document_no,
        addressee=facts.review_center if kind is DocumentKind.COMMISSION_LETTER else facts.owner_unit,
        title=title(facts) if title else kind.official_name,
        project_name=facts.project_name,
        project_code=facts.project_code,
        item_no=facts.item_no,
        sections=SECTIONS[kind](facts),
        unit=facts.subject.unit,
        costs=costs,
        cost_total=facts.cost_total if costs else None,
        costs_title=f"{facts.project_name}{facts.subject.amount}审批明细表" if costs else "",
        valid_until=facts.valid_until if kind is DocumentKind.APPROVAL else None,
        issued_on=facts.issued_on,
        signer_note=facts.signer_note,
        verification_url=facts.verification_url,
        facts_hash=facts_digest(kind, facts),
        seal_status=facts.seal_status,
    )
