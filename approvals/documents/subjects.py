"""What each item type is called in an official sentence, and the unit its documents print (R-UNIT-01).

A document up to the estimate prints 万元, from the budget on 元. An adjusted estimate changes an estimate and is read
beside it, so it prints 万元 too, and so does the yearly plan, which is written in 万元 everywhere.
"""

from dataclasses import dataclass

from approvals.documents.content import MoneyUnit


@dataclass(frozen=True, slots=True)
class ItemSubject:
    """`subject` is what is applied for, `amount` what its money is called."""

    subject: str
    amount: str
    unit: MoneyUnit


SUBJECTS: dict[str, ItemSubject] = {
    "RSV": ItemSubject("储备入库", "投资匡算", MoneyUnit.WAN),
    "PR": ItemSubject("项目建议书", "投资匡算", MoneyUnit.WAN),
    "FS": ItemSubject("可行性研究报告", "投资估算", MoneyUnit.WAN),
    "EST": ItemSubject("初步设计概算", "投资概算", MoneyUnit.WAN),
    "ADJ": ItemSubject("调整概算", "调整概算", MoneyUnit.WAN),
    "PLAN": ItemSubject("年度投资计划", "年度投资", MoneyUnit.WAN),
    "FUND": ItemSubject("资金申请报告", "申请资金", MoneyUnit.WAN),
    "BUD": ItemSubject("施工图预算", "施工图预算", MoneyUnit.YUAN),
    "TND": ItemSubject("招标备案", "合同价", MoneyUnit.YUAN),
    "START": ItemSubject("开工", "合同价", MoneyUnit.YUAN),
    "CHG": ItemSubject("工程变更", "变更金额", MoneyUnit.YUAN),
    "PAY": ItemSubject("工程款支付", "支付金额", MoneyUnit.YUAN),
    "ACC": ItemSubject("竣工验收备案", "金额", MoneyUnit.YUAN),
    "SET": ItemSubject("竣工结算", "竣工结算", MoneyUnit.YUAN),
    "AUD": ItemSubject("竣工决算审计", "竣工决算", MoneyUnit.YUAN),
    "FA": ItemSubject("竣工财务决算", "竣工财务决算", MoneyUnit.YUAN),
    "HO": ItemSubject("资产移交", "资产账面价值", MoneyUnit.YUAN),
    "TR": ItemSubject("产权登记", "金额", MoneyUnit.YUAN),
    "PE": ItemSubject("项目后评价", "金额", MoneyUnit.YUAN),
}


def subject_of(item_type: str, label: str = "") -> ItemSubject:
    """The subject of a known type; a type added later speaks with its own `label` and prints 元."""
    known = SUBJECTS.get(item_type)
    return known or ItemSubject(label or item_type, "金额", MoneyUnit.YUAN)
