"""Where a cost goes in the final account: from a line of the estimate to a head of form 01 or a line of form 06.

The lines of form 06 are those of 财建〔2016〕503号; 38 and 39 are taken off. Pure.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

WORKS, EQUIPMENT, OTHER, DEFERRED = "works", "equipment", "other", "deferred"

DEFERRED_LINES: Mapping[int, str] = MappingProxyType({
    1: "勘察费", 2: "设计费", 3: "研究试验费", 4: "环境影响评价费", 5: "监理费", 6: "土地征用及迁移补偿费",
    7: "土地复垦及补偿费", 8: "土地使用税", 9: "耕地占用税", 10: "车船税", 11: "印花税", 12: "临时设施费",
    13: "文物保护费", 14: "森林植被恢复费", 15: "安全生产费", 16: "安全鉴定费", 17: "网络租赁费",
    18: "系统运行维护监理费", 19: "项目建设管理费", 20: "代建管理费", 21: "工程保险费", 22: "招投标费",
    23: "合同公证费", 24: "可行性研究费", 25: "社会中介机构审计（查）费", 26: "工程检测费", 27: "设备检验费",
    28: "负荷联合试车费", 29: "固定资产损失", 30: "器材处理亏损", 31: "设备盘亏及毁损", 32: "报废工程损失",
    33: "（贷款）项目评估费", 34: "国外借款手续费及承诺费", 35: "汇兑损益", 36: "坏账损失", 37: "借款利息",
    38: "减：存款利息收入", 39: "减：财政贴息资金", 40: "其他待摊投资性质支出",
})  # fmt: skip
DEFERRED_IN_ENGLISH: Mapping[int, str] = MappingProxyType({
    1: "Survey", 2: "Design", 3: "Research and tests", 4: "Environmental impact assessment", 5: "Supervision",
    6: "Land and resettlement", 7: "Reclamation of land", 8: "Land use tax", 9: "Farmland occupation tax",
    10: "Vehicle and vessel tax", 11: "Stamp duty", 12: "Temporary facilities", 13: "Protection of relics",
    14: "Restoring of forest", 15: "Safe production", 16: "Safety appraisal", 17: "Network rent",
    18: "Supervision of system operation", 19: "Project management", 20: "Agent builder", 21: "Works insurance",
    22: "Tendering", 23: "Notarising of contracts", 24: "Feasibility studies", 25: "Audit and examination by firms",
    26: "Testing of works", 27: "Inspection of equipment", 28: "Trial run under load", 29: "Loss of fixed assets",
    30: "Loss on materials", 31: "Missing and ruined equipment", 32: "Scrapped works", 33: "Appraisal of loans",
    34: "Fees of foreign loans", 35: "Exchange differences", 36: "Bad debts", 37: "Interest on loans",
    38: "Less: interest earned", 39: "Less: interest subsidies", 40: "Other deferred costs",
})  # fmt: skip
MANAGEMENT = 19
INTEREST = 37
TAKEN_OFF = (38, 39)
REST = 40

_OF_STANDARD = {
    "2.01": 6, "2.02": 6, "2.03": 19, "2.04": 20, "2.05": 24, "2.06": 1, "2.07": 2, "2.08": 2, "2.09": 2, "2.10": 5,
    "2.11": 22, "2.12": 25, "2.13": 4, "2.15": 26, "2.16": 21, "2.17": 12, "2.20": 3, "2.22": 28, "2.24": 25, "4": 37,
}  # fmt: skip
_OTHER_INVESTMENT = frozenset({"2.21", "2.23", "5"})
_OF_KIND = {"SURVEY": 1, "DESIGN": 2, "SUPERVISION": 5, "CONSULTING": 24, "LAND": 6, "OTHER": REST}
_EQUIPMENT_PART = "3"


@dataclass(frozen=True)
class Head:
    """`head` of form 01; `line` of form 06 where it is a deferred cost."""

    head: str
    line: int | None = None


def head_of(standard_code: str, kind: str = "WORKS") -> Head:
    """`standard_code` of the tree of DOMAIN §3.3 (or a project's own code that follows it); `kind` of the contract.

    The kind decides where the code does not: services booked on a line of the works are deferred all the same.
    """
    parts = standard_code.split(".")
    branch = parts[0]
    if branch == "2" and len(parts) > 1:
        code = f"2.{parts[1].zfill(2)}"
        return Head(OTHER) if code in _OTHER_INVESTMENT else Head(DEFERRED, _OF_STANDARD.get(code, REST))
    if branch == "4":
        return Head(DEFERRED, INTEREST)
    if branch == "5":
        return Head(OTHER)
    if kind in _OF_KIND:
        return Head(DEFERRED, _OF_KIND[kind])
    if kind == "EQUIPMENT" or (branch == "1" and len(parts) > 2 and parts[2] == _EQUIPMENT_PART):
        return Head(EQUIPMENT)
    return Head(WORKS)
