"""What goes out while the item is reviewed: 退件函, 补充资料函, 委托函."""

from approvals.documents.amounts import amount_text, chinese_date
from approvals.documents.content import Section
from approvals.documents.facts import DocumentFacts
from approvals.documents.legal import excluded_time_ground
from approvals.documents.notices import contact_line, defects_table

COMMISSION_TERMS = (
    "对照审批依据逐项审核，列明每项费用的申报金额、审定金额、核减（增）金额及理由。",
    "评审意见应当载明审定金额，由初审人、复核人分别签名。",
    "评审人员与项目单位有利害关系的，应当主动回避。",
    "材料不能满足评审需要的，及时提出补充资料的意见；需要重新编制的，提出退件建议。",
)


def _item(facts: DocumentFacts) -> str:
    return f"{facts.named_project}{facts.subject.subject}（办件编号：{facts.item_no}）"


def _declared(facts: DocumentFacts) -> str:
    if facts.declared is None:
        return ""
    return f"，申报{facts.subject.amount}{amount_text(facts.declared, facts.subject.unit)}"


def return_title(facts: DocumentFacts) -> str:
    return f"关于退回{facts.project_name}{facts.subject.subject}申报材料的函"


def return_sections(facts: DocumentFacts) -> tuple[Section, ...]:
    """Closed without a decision; the unit recompiles and applies anew (R-ST-02 leaves the amounts out of statistics)."""
    return (
        Section(
            paragraphs=(
                f"你单位报来的{_item(facts)}申报材料收悉{_declared(facts)}。"
                "经研究，因下列原因，该事项暂不具备审批条件，现将申报材料退回：",
            )
        ),
        Section(points=facts.reasons),
        Section(
            paragraphs=(
                "请你单位按照上述意见修改完善或者重新编制后，另行申报。重新申报时，请注明原办件编号。"
                "退回的事项按退文统计，申报金额不计入审批金额。",
                *contact_line(facts),
                "特此函告。",
            )
        ),
    )


def supplement_title(facts: DocumentFacts) -> str:
    return f"关于补充{facts.project_name}{facts.subject.subject}资料的函"


def supplement_sections(facts: DocumentFacts) -> tuple[Section, ...]:
    """What is still needed, and from when the clock stands still (R-TL-05, R-TL-07)."""
    until = f"最迟于{chinese_date(facts.answer_by)}" if facts.answer_by else "及时"
    pause = chinese_date(facts.paused_from or facts.issued_on)
    days = f"预计需要{facts.working_days}个工作日。" if facts.working_days is not None else ""
    return (
        Section(
            paragraphs=(f"你单位申报的{_item(facts)}正在评审。为保证评审质量，请补充下列资料：",),
            table=defects_table(facts.defects, "补充要求"),
        ),
        Section(
            paragraphs=(
                f"请你单位{until}通过本系统提交。{excluded_time_ground()}，自{pause}起暂停计算办理时限，"
                f"资料收齐后自次一工作日起恢复计算，暂停时间不计入办理时限。{days}",
                f"期满后{facts.lapse_working_days}个工作日内仍未提供的，该事项按退件处理。",
                *contact_line(facts),
                "特此函告。",
            )
        ),
    )


def commission_title(facts: DocumentFacts) -> str:
    return f"关于委托评审{facts.project_name}{facts.subject.subject}的函"


def commission_sections(facts: DocumentFacts) -> tuple[Section, ...]:
    """The review centre's task, its own limit (R-TL-06) and what its opinion must contain (A20)."""
    limit = f"评审时限为{facts.working_days}个工作日，" if facts.working_days is not None else ""
    due = ""
    if facts.due_on is not None:
        due = f"请最迟于{chinese_date(facts.due_on)}{'（暂定）' if facts.due_is_provisional else ''}反馈评审意见，"
    return (
        Section(
            paragraphs=(
                f"{facts.owner_unit}申报的{_item(facts)}已受理{_declared(facts)}。"
                f"按照政府投资项目评审有关规定，现委托你单位进行评审。{limit}{due}评审工作按照下列要求进行：",
            ),
            points=facts.conditions or COMMISSION_TERMS,
        ),
        Section(paragraphs=("申报材料已通过本系统一并移交，请予接收。", *contact_line(facts), "特此函告。")),
    )
