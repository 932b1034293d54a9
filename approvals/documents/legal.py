"""The legal grounds a document falls back on when the item names none. A ground is cited only while it is in force.

Approving government investment is not formally an administrative licence; the local promise copies its limits
(R-TL-04), so the Licence Law is cited with 参照, by analogy.
"""

from datetime import date

REGULATION_IN_FORCE = date(2019, 7, 1)
FINANCE_RULES_IN_FORCE = date(2016, 9, 1)

INVESTMENT_REGULATION = "《政府投资条例》（国务院令第712号）"
INVESTMENT_DECISION = "《国务院关于投资体制改革的决定》（国发〔2004〕20号）"
FINANCE_RULES = "《基本建设财务规则》（财政部令第81号）"
FINAL_ACCOUNT_RULES = "《基本建设项目竣工财务决算管理暂行办法》（财建〔2016〕503号）"
LICENCE_LAW = "《中华人民共和国行政许可法》"


def decision_grounds(item_type: str, on: date) -> tuple[str, ...]:
    """What a decision on that day rests on."""
    if item_type == "FA" and on >= FINANCE_RULES_IN_FORCE:
        return (FINANCE_RULES, FINAL_ACCOUNT_RULES)
    return (INVESTMENT_REGULATION if on >= REGULATION_IN_FORCE else INVESTMENT_DECISION,)


def acceptance_ground() -> str:
    """All defects are told at once, within five working days (R-TL-03)."""
    return f"参照{LICENCE_LAW}第三十二条"


def excluded_time_ground() -> str:
    """Time that does not count, and the duty to tell the applicant (R-TL-05)."""
    return f"参照{LICENCE_LAW}第四十五条"


def joined(grounds: tuple[str, ...]) -> str:
    """《甲》、《乙》 — official texts set no mark between book titles."""
    return "".join(grounds) if all(ground.startswith("《") for ground in grounds) else "、".join(grounds)


def appeal_rights(review_body: str) -> str:
    """The rights told with every refusal: reconsideration within 60 days, or a suit within six months."""
    body = f"向{review_body}" if review_body else "依法向行政复议机关"
    return (
        f"如对本决定不服，可以自收到本通知书之日起六十日内，依据《中华人民共和国行政复议法》{body}申请行政复议；"
        "也可以自收到本通知书之日起六个月内，依据《中华人民共和国行政诉讼法》向有管辖权的人民法院提起行政诉讼。"
    )
