"""The words of the printed final account: how a cell is shown, what the parts of the narrative are called."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from assets.rules.forms_layout import FORMS
from assets.rules.forms_model import Form, Kind, Label, Section, Value
from assets.rules.forms_reckoning import Cell, Forms, Line

TITLE = Label("基本建设项目竣工财务决算报表", "Final account of a construction project")
NARRATIVE_TITLE = Label("竣工财务决算说明书", "Narrative of the final account")
NARRATIVE = {
    "overview": Label("一、项目概况", "1. Overview"),
    "accounting": Label(
        "二、会计账务处理、财产物资清理及债权债务清偿情况", "2. Accounting, property, claims and debts"
    ),
    "surplus": Label("三、项目建设资金计划及到位、结余资金情况", "3. Funds planned and received, surplus"),
    "differences": Label(
        "四、概（预）算执行情况分析及差异原因", "4. Execution of the estimate, reasons of differences"
    ),
    "audit": Label("五、审计、检查意见及整改落实情况", "5. Audit opinions and what followed"),
    "tail": Label("六、尾工工程情况", "6. Tail works"),
    "experience": Label("七、项目管理经验、主要问题和建议", "7. Experience, problems, proposals"),
}


def shown(cell: Cell, *, strong: bool = False) -> str:
    """As a form prints it: figures with thousands and two decimals, nothing where there is nothing."""
    return shown_value(cell.value, cell.column.kind, strong=strong)


def shown_value(value: Value, kind: Kind, *, strong: bool = False) -> str:
    if value is None or value == "":
        return ""
    if not isinstance(value, Decimal):
        return value
    if kind is Kind.NUMBER:
        return f"{value:,f}".rstrip("0").rstrip(".") if "." in f"{value:f}" else f"{value:,f}"
    return f"{value:,.2f}" if value or strong else ""


def printed(forms: Forms) -> Iterator[tuple[Form, list[tuple[Section, list[Line]]]]]:
    """Every form with its sections and rows, in order; the cover first."""
    for form in FORMS.values():
        yield form, [(section, list(forms.lines(form, section))) for section in form.sections]


def narrative_of(account: Any) -> list[tuple[str, Label, str]]:
    """Key, heading and text of every part."""
    return [(name, label, str(account.narrative.get(name, ""))) for name, label in NARRATIVE.items()]
