"""The two decisions: 批复 and 不予批准通知书."""

from approvals.documents import legal
from approvals.documents.amounts import amount_text, chinese_date, reduction_text
from approvals.documents.content import AmountRow, Section
from approvals.documents.facts import DocumentFacts


def approval_title(facts: DocumentFacts) -> str:
    return f"关于{facts.project_name}{facts.subject.subject}的批复"


def approval_sections(facts: DocumentFacts) -> tuple[Section, ...]:
    parts = [
        Section(paragraphs=(_received(facts) + f"根据{_grounds(facts)}，现批复如下：",)),
        Section("审批意见", (f"原则同意{facts.named_project}{facts.subject.subject}。",)),
        _content(facts),
        _money(facts),
        Section("资金来源", (facts.funding,)) if facts.funding else None,
        _conditions(facts),
        _waived(facts),
        _validity(facts),
        Section(paragraphs=("此复。",)),
    ]
    return tuple(part for part in parts if part is not None)


def _received(facts: DocumentFacts) -> str:
    accepted = f"，{chinese_date(facts.accepted_on)}受理" if facts.accepted_on else ""
    review = f"经{facts.review_center}评审并经我单位审核" if facts.review_center else "经我单位审核"
    return f"你单位报来的{facts.project_name}{facts.subject.subject}申报材料（办件编号：{facts.item_no}{accepted}）收悉。{review}，"


def _grounds(facts: DocumentFacts) -> str:
    return legal.joined(facts.basis or legal.decision_grounds(facts.item_type, facts.issued_on))


def _content(facts: DocumentFacts) -> Section | None:
    return Section("建设内容及规模", (facts.construction_content,)) if facts.construction_content else None


def _money(facts: DocumentFacts) -> Section | None:
    """Amount and reduction in one sentence, then the table. None for a type that carries no money."""
    if facts.approved is None:
        return None
    subject = facts.subject
    clauses = []
    if facts.declared is not None:
        clauses.append(f"申报{subject.amount}{amount_text(facts.declared, subject.unit)}")
    if facts.reviewed is not None:
        clauses.append(f"审定{amount_text(facts.reviewed, subject.unit)}")
        if facts.declared is not None:
            clauses.append(reduction_text(facts.declared, facts.reviewed, subject.unit))
    clauses.append(f"批复{amount_text(facts.approved, subject.unit)}")
    rows = facts.amounts or (AmountRow(subject.amount, facts.declared, facts.reviewed, facts.approved),)
    annex = "各项费用见附件。" if facts.costs else ""
    return Section("审批金额", (f"该项目{'，'.join(clauses)}。{annex}",), amounts=rows)


def _conditions(facts: DocumentFacts) -> Section | None:
    if not facts.conditions:
        return None
    return Section("有关要求", ("请你单位在后续工作中落实以下要求：",), points=facts.conditions)


def _waived(facts: DocumentFacts) -> Section | None:
    if not facts.waived_steps:
        return None
    points = tuple(f"{waived.step}。依据：{waived.ground}。" for waived in facts.waived_steps)
    return Section("免予办理的环节", ("按照有关规定，该项目免予办理下列环节：",), points=points)


def _validity(facts: DocumentFacts) -> Section | None:
    """Valid until a day; an extension has to be asked for in the last three months, or it lapses (R-LC-05)."""
    if facts.valid_until is None:
        return None
    return Section(
        "批复有效期",
        (
            f"本批复自印发之日起生效，有效期至{chinese_date(facts.valid_until)}。有效期内未取得后续阶段批复的，"
            "应当在有效期届满前三个月内申请延期；逾期未申请或者申请未获同意的，本批复自动失效。",
        ),
    )


def rejection_sections(facts: DocumentFacts) -> tuple[Section, ...]:
    """Reasons in writing and the rights of the unit (DOMAIN §2.7)."""
    opening = _received(facts) + f"根据{_grounds(facts)}，决定不予批准{facts.named_project}{facts.subject.subject}。"
    amount = (
        f"该事项申报{facts.subject.amount}{amount_text(facts.declared, facts.subject.unit)}。"
        if facts.declared is not None
        else ""
    )
    return (
        Section(paragraphs=(opening + amount,)),
        Section("不予批准的理由", points=facts.reasons),
        Section("后续办理", ("不予批准的原因消除后，你单位可以重新提出申请。",)),
        Section("救济途径", (legal.appeal_rights(facts.review_body),)),
        Section(paragraphs=("特此通知。",)),
    )
