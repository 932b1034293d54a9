"""What the window sends: 收件回执, 受理通知书, 补正通知书, 不予受理通知书."""

from approvals.documents import legal
from approvals.documents.amounts import chinese_date
from approvals.documents.content import ListTable, Section
from approvals.documents.facts import Defect, DocumentFacts

DIGEST_SHOWN = 16


def _handed_in(facts: DocumentFacts) -> str:
    day = f"于{chinese_date(facts.received_on)}" if facts.received_on else ""
    return f"你单位{day}提交的{facts.named_project}{facts.subject.subject}申请材料（办件编号：{facts.item_no}）"


def defects_table(defects: tuple[Defect, ...], asked: str) -> ListTable:
    return ListTable(
        ("序号", "材料名称", asked),
        tuple((str(number), defect.material, defect.to_fix) for number, defect in enumerate(defects, start=1)),
    )


def contact_line(facts: DocumentFacts) -> tuple[str, ...]:
    return (f"联系方式：{facts.contact}。",) if facts.contact else ()


def receipt_sections(facts: DocumentFacts) -> tuple[Section, ...]:
    """Receipt is not acceptance; silence for five working days is (R-TL-03)."""
    rows = tuple(
        (str(number), f"{material.code} {material.name}", f"第{material.version}版", material.sha256[:DIGEST_SHOWN])
        for number, material in enumerate(facts.materials, start=1)
    )
    until = f"（最迟{chinese_date(facts.decide_acceptance_by)}）" if facts.decide_acceptance_by else ""
    return (
        Section(
            paragraphs=(f"{_handed_in(facts)}已收到，共{len(rows)}件，清单如下：",),
            table=ListTable(("序号", "材料名称", "版本", "文件校验值（前16位）"), rows),
        ),
        Section(
            paragraphs=(
                f"本回执仅证明收到上述材料，不代表已经受理。{legal.acceptance_ground()}，我单位将自收到材料之日起"
                f"五个工作日内{until}作出是否受理的决定，材料不齐全或者不符合规定形式的，一次性告知需要补正的全部内容；"
                "逾期不告知的，自收到申请材料之日起即为受理。",
                *contact_line(facts),
            )
        ),
    )


def acceptance_sections(facts: DocumentFacts) -> tuple[Section, ...]:
    """Acceptance, the promised limit and what is not counted in it (R-TL-02, R-TL-04, R-TL-05)."""
    on = chinese_date(facts.accepted_on or facts.issued_on)
    found = "符合容缺受理条件" if facts.defects else "申请材料齐全、符合规定形式"
    parts = [
        Section(
            paragraphs=(f"{_handed_in(facts)}，经审查，{found}。{legal.acceptance_ground()}，决定自{on}起予以受理。",)
        ),
        _missing_materials(facts),
        _limit(facts),
        Section(
            paragraphs=(
                f"{legal.excluded_time_ground()}，依法需要专家评审、检验、检测、鉴定以及委托评估、补充资料的，"
                "所需时间不计入上述时限，届时另行书面告知。",
                *contact_line(facts),
                "特此通知。",
            )
        ),
    ]
    return tuple(part for part in parts if part is not None)


def _missing_materials(facts: DocumentFacts) -> Section | None:
    if not facts.defects:
        return None
    until = f"最迟于{chinese_date(facts.answer_by)}" if facts.answer_by else "尽快"
    return Section(
        paragraphs=(f"下列材料容缺受理，请你单位按照承诺{until}补齐：",),
        table=defects_table(facts.defects, "需要补齐的内容"),
    )


def _limit(facts: DocumentFacts) -> Section | None:
    if facts.working_days is None:
        return None
    due = ""
    if facts.due_on is not None:
        provisional = "（暂定，以国务院办公厅公布的节假日安排为准）" if facts.due_is_provisional else ""
        due = f"，最迟于{chinese_date(facts.due_on)}{provisional}办结"
    return Section(paragraphs=(f"本事项承诺办理时限为{facts.working_days}个工作日，自受理之次日起计算{due}。",))


def correction_sections(facts: DocumentFacts) -> tuple[Section, ...]:
    """All defects, told once."""
    until = f"最迟于{chinese_date(facts.answer_by)}" if facts.answer_by else "及时"
    return (
        Section(
            paragraphs=(
                f"{_handed_in(facts)}，经审查，材料不齐全或者不符合规定形式。{legal.acceptance_ground()}，"
                "现将需要补正的全部内容一次性告知如下：",
            ),
            table=defects_table(facts.defects, "需要补正的内容"),
        ),
        Section(
            paragraphs=(
                f"请你单位{until}逐项补正后重新提交，受理审查期限自收到补正材料之日起重新计算。"
                f"期满后{facts.lapse_working_days}个工作日内仍未补正的，本次申请按撤回处理。",
                *contact_line(facts),
                "特此通知。",
            )
        ),
    )


def not_accepted_sections(facts: DocumentFacts) -> tuple[Section, ...]:
    """Why not, where to go instead, and the rights of the unit."""
    parts = [
        Section(
            paragraphs=(f"{_handed_in(facts)}收悉。经审查，{legal.acceptance_ground()}，决定不予受理。",),
        ),
        Section("不予受理的理由", points=facts.reasons),
        Section("办理途径", (f"请你单位向{facts.competent_body}申请办理。",)) if facts.competent_body else None,
        Section("救济途径", (legal.appeal_rights(facts.review_body),)),
        Section(paragraphs=(*contact_line(facts), "特此通知。")),
    ]
    return tuple(part for part in parts if part is not None)
