"""The cover and the forms 01–08 of 财建〔2016〕503号 as one declarative table: rows, columns, and where each cell comes from.

What is Given, Same or Typed may be written over, and differences that say so; sums never. Pure.
"""

from collections.abc import Iterator
from types import MappingProxyType

from assets.rules.cost_heads import DEFERRED_IN_ENGLISH, DEFERRED_LINES, MANAGEMENT
from assets.rules.forms_model import (
    ASSET_NAME,
    Column,
    Form,
    Given,
    Group,
    Kind,
    Label,
    Net,
    Ref,
    Row,
    Same,
    Section,
    SheetColumn,
    Source,
    Sum,
    Typed,
)

L = Label
TEXT, NUMBER = Kind.TEXT, Kind.NUMBER
ITEM = L("项目", "Item")
NOTE = Column("note", L("备注", "Note"), TEXT)
AMOUNT = Column("amount", L("金额", "Amount"))


def _text(key: str, zh: str, en: str) -> Row:
    """A line with one text of the books."""
    return Row(key, L(zh, en), {"value": Given(key)})


def _typed(key: str, zh: str, en: str, *columns: str) -> Row:
    return Row(key, L(zh, en), {column: Typed() for column in columns})


def _refs(*paths: str) -> tuple[Ref, ...]:
    return tuple(map(Ref.of, paths))


def _one(key: str, zh: str, en: str, source: Source, indent: int = 0, *, strong: bool = False) -> Row:
    """A line of a form with one column of amounts."""
    return Row(key, L(zh, en), {"amount": source}, indent, strong)


VALUE = (Column("value", L("内容", "Content"), TEXT),)

COVER = Form("00", L("封面", "Cover"), (
    Section("cover", L("封面", "Cover"), ITEM, VALUE, (
        _text("project_name", "项目名称", "Project"),
        _text("department", "主管部门", "Competent department"),
        _text("nature", "建设性质", "Nature of construction"),
        _text("unit", "建设单位", "Project unit"),
        _typed("legal_person", "法定代表人", "Legal representative", "value"),
        _typed("finance_head", "财务负责人", "Head of finance", "value"),
        _typed("compiled_by", "编报人", "Compiled by", "value"),
        _text("compiled_on", "编报日期", "Compiled on"),
    )),
))  # fmt: skip

PLANNED = Column("design", L("设计（批准）", "Planned"), TEXT)
ACTUAL = Column("actual", L("实际", "Actual"), TEXT)


def _pair(key: str, zh: str, en: str, *, given: bool = True) -> Row:
    cells: dict[str, Source] = {"design": Typed(), "actual": Typed()}
    if given:
        cells = {"design": Given(f"{key}.design"), "actual": Given(f"{key}.actual")}
    return Row(key, L(zh, en), cells)


def _spent(key: str, zh: str, en: str, source: Source, indent: int = 0) -> Row:
    cells = {"approved": Given(f"approved.{key}"), "actual": source, "note": Typed()}
    return Row(key, L(zh, en), cells, indent)


FORM_01 = Form("01", L("项目概况表", "Overview of the project"), (
    Section("about", L("基本情况", "Basics"), ITEM, VALUE, (
        _text("name", "建设项目（单项工程）名称", "Project"),
        _text("address", "建设地址", "Address"),
        _text("designers", "主要设计单位", "Designers"),
        _text("builders", "主要施工单位", "Contractors"),
        _text("approval", "概算批准部门及文号", "Approval of the estimate"),
    )),
    Section("scale", L("规模与工期", "Scale and time"), ITEM, (PLANNED, ACTUAL), (
        _pair("land", "占地面积（平方米）", "Site (m²)", given=False),
        _pair("capacity", "新增生产能力（效益）", "New capacity or benefit", given=False),
        _pair("time", "建设起止时间", "Construction time"),
        _pair("extent", "建设规模", "Extent of the works"),
        _pair("machines", "设备（台、套、吨）", "Equipment (pieces, sets, tons)", given=False),
    )),
    Section("invested", L("总投资", "Total investment"), ITEM, (
        Column("design", L("设计（批准）", "Planned")), Column("actual", L("实际", "Actual")),
    ), (
        Row("investment", L("总投资", "Total investment"),
            {"design": Given("approved.total"), "actual": Same(Ref("01", "total", "actual"))}),
    )),
    Section("tails", L("尾工工程", "Tail works"), L("尾工工程内容", "Tail works"), (
        Column("approved", L("批准概算", "Approved")), Column("done", L("已完投资", "Done")),
        Column("to_do", L("预计未完投资", "To be done")), Column("due_on", L("预计完成时间", "Due on"), TEXT),
    ), (
        Group("tails"),
        Row("tail_total", L("小计", "Subtotal"),
            {column: Sum(("*tails",)) for column in ("approved", "done", "to_do")}, strong=True),
    )),
    Section("spending", L("基建支出", "Expenditure"), L("支出项目", "Kind of expenditure"), (
        Column("approved", L("概算批准金额", "Approved")), Column("actual", L("实际完成金额", "Actual")), NOTE,
    ), (
        _spent("works", "建筑安装工程", "Building and installation works", Given("spent.works")),
        _spent("equipment", "设备、工具、器具", "Equipment, tools, instruments", Given("spent.equipment")),
        _spent("deferred", "待摊投资", "Deferred costs", Same(Ref("06", "total", "amount"))),
        _spent("management", "其中：项目建设管理费", "of which: project management",
               Same(Ref("06", f"line-{MANAGEMENT}", "amount")), 1),
        _spent("other", "其他投资", "Other investment", Given("spent.other")),
        Row("total", L("合计", "Total"), {"approved": Given("approved.total"),
            "actual": Sum(("works", "equipment", "deferred", "other")), "note": Given("total.note")}, strong=True),
        _spent("writeoff", "其中：待核销基建支出", "of which: to be written off", Same(Ref("07", "total", "amount")), 1),
        _spent("transfer", "其中：转出投资", "of which: transferred out", Same(Ref("08", "total", "amount")), 1),
    )),
))  # fmt: skip

FUNDED = ("central", "local", "self", "capital", "capital_reserve", "loans", "other_funds")
FORM_02 = Form("02", L("竣工财务决算表", "Final account of the completed project"), (
    Section("sources", L("资金来源", "Sources of funds"), L("资金来源", "Source"), (AMOUNT,), (
        _one("appropriation", "一、基建拨款", "1. Appropriations", Sum(("central", "local")), strong=True),
        _one("central", "其中：中央财政资金", "of which: central budget", Same(Ref("03", "central", "received")), 1),
        _one("local", "其中：地方财政资金", "of which: local budgets", Same(Ref("03", "local", "received")), 1),
        _one("self", "二、部门自筹资金（非负债性）", "2. Raised by the department", Same(Ref("03", "self", "received"))),
        _one("capital", "三、项目资本", "3. Project capital", Same(Ref("03", "capital", "received"))),
        _one("capital_reserve", "四、项目资本公积", "4. Capital reserve", Typed()),
        _one("loans", "五、基建借款", "5. Loans", Same(Ref("03", "loans", "received"))),
        _one("other_funds", "其他资金", "Other funds", Same(Ref("03", "other", "received"))),
        _one("offset", "六、待冲基建支出", "6. Expenditure to be offset", Typed()),
        _one("payables", "七、应付款合计", "7. Payables",
             Net(_refs("01.total.actual"), _refs("02.paid.amount"), floor=True, is_open=True)),
        _one("untaxed", "八、未交款合计", "8. Not yet paid over", Typed()),
        _one("sources_total", "资金来源合计", "Total of sources",
             Sum((*FUNDED, "offset", "payables", "untaxed")), strong=True),
    )),
    Section("uses", L("资金占用", "Uses of funds"), L("资金占用", "Use"), (AMOUNT,), (
        _one("spending", "一、基本建设支出", "1. Construction expenditure",
             Sum(("delivered", "in_progress", "writeoff", "transfer")), strong=True),
        _one("delivered", "（一）交付使用资产", "(1) Assets delivered", Same(Ref("04", "total", "total")), 1),
        _one("in_progress", "（二）在建工程", "(2) Works in progress", Typed(), 1),
        _one("writeoff", "（三）待核销基建支出", "(3) To be written off", Same(Ref("07", "total", "amount")), 1),
        _one("transfer", "（四）转出投资", "(4) Transferred out", Same(Ref("08", "total", "amount")), 1),
        _one("cash", "二、货币资金合计", "2. Money at hand",
             Net(_refs("02.funded.amount"), _refs("02.paid.amount"), is_open=True)),
        _one("prepaid", "三、预付及应收款合计", "3. Prepaid and receivable",
             Net(_refs("02.paid.amount"), _refs("01.total.actual"), floor=True, is_open=True)),
        _one("own_assets", "四、固定资产净值", "4. Own fixed assets, net", Typed()),
        _one("uses_total", "资金占用合计", "Total of uses",
             Sum(("delivered", "in_progress", "writeoff", "transfer", "cash", "prepaid", "own_assets")), strong=True),
    ), beside=True),
    Section("more", L("补充资料", "Supplement"), ITEM, (AMOUNT,), (
        _one("loan_balance", "基建借款期末余额", "Balance of loans", Typed()),
        _one("paid", "累计支付", "Paid so far", Given("paid")),
        _one("funded", "资金到位合计", "Funds received", Sum(FUNDED)),
        _one("formed", "交付使用资产、在建、待核销、转出合计", "Delivered, in progress, written off, transferred",
             Sum(("delivered", "in_progress", "writeoff", "transfer"))),
        _one("surplus_reckoned", "货币资金、预付应收及固定资产减应付款", "Money, prepaid and own assets less payables",
             Net(_refs("02.cash.amount", "02.prepaid.amount", "02.own_assets.amount"),
                 _refs("02.payables.amount", "02.untaxed.amount", "02.offset.amount"))),
        _one("surplus", "基建结余资金", "Surplus of construction funds",
             Net(_refs("02.funded.amount"), _refs("02.formed.amount"), is_open=True), strong=True),
    )),
))  # fmt: skip

FORM_03 = Form("03", L("资金情况明细表", "Funds in detail"), (
    Section("funds", L("资金情况", "Funds"), L("资金来源类别", "Source"), (
        Column("approved", L("预算下达或概算批准金额", "Planned or approved")),
        Column("received", L("实际到位金额", "Received")), NOTE,
    ), (
        *(
            part
            for number, key, zh, en, indent in (
                ("", "central", "其中：中央财政资金", "of which: central budget", 1),
                ("", "local", "其中：地方财政资金", "of which: local budgets", 1),
                ("二、", "capital", "项目资本", "Project capital", 0),
                ("三、", "loans", "银行贷款", "Bank loans", 0),
                ("四、", "self", "自筹资金", "Raised by the unit", 0),
                ("五、", "other", "其他资金", "Other funds", 0),
            )
            for part in (
                *((Row("fiscal", L("一、财政资金拨款", "1. Public budgets"),
                       {"approved": Sum(("central", "local")), "received": Sum(("central", "local"))}, strong=True),)
                  if key == "central" else ()),
                Row(key, L(f"{number}{zh}", en),
                    {"approved": Sum((f"*sources.{key}",)), "received": Sum((f"*sources.{key}",))}, indent,
                    strong=not indent),
                Group(f"sources.{key}", ("approved", "received", "note"), indent=indent + 1),
            )
        ),
        Row("total", L("合计", "Total"),
            {column: Sum(("fiscal", "capital", "loans", "self", "other")) for column in ("approved", "received")},
            strong=True),
    )),
))  # fmt: skip

KINDS = ("structures", "equipment", "other_fixed", "current", "intangible")
FORM_04 = Form("04", L("交付使用资产总表", "Assets delivered, summary"), (
    Section("assets", L("交付使用资产", "Assets delivered"), L("单项工程名称", "Single project"), (
        Column("total", L("总计", "Total")), Column("fixed", L("固定资产合计", "Fixed assets")),
        Column("structures", L("建筑物及构筑物", "Buildings and structures")), Column("equipment", L("设备", "Equipment")),
        Column("other_fixed", L("其他", "Other fixed")), Column("current", L("流动资产", "Current")),
        Column("intangible", L("无形资产", "Intangible")),
    ), (
        Group("singles", KINDS, {"total": ("fixed", "current", "intangible"),
                                 "fixed": ("structures", "equipment", "other_fixed")}),
        Row("total", L("合计", "Total"), {column: Sum(("*singles",)) for column in ("total", "fixed", *KINDS)},
            strong=True),
    ), numbered=True),
))  # fmt: skip

SINGLE = Column("single", L("单项工程", "Single project"), TEXT)
SHARE = Column("deferred", L("其中：分摊待摊投资", "of which: deferred cost"))
INSTALLED = Column("installation", L("其中：安装费", "of which: installation"))
UNIT = Column("unit", L("单位", "Unit"), TEXT)
QUANTITY = Column("quantity", L("数量", "Quantity"), NUMBER)
ASSET = L("资产名称", "Asset")


def _details(group: str, zh: str, en: str, *columns: Column) -> Section:
    sums = {column.key: Sum((f"*{group}",)) for column in columns if column.kind is Kind.MONEY}
    rows = (Group(group), Row(f"{group}_total", L(f"{zh}小计", f"{en}, subtotal"), sums, strong=True))
    return Section(group, L(zh, en), ASSET, (SINGLE, *columns), rows, numbered=True)


SPECIFICATION = Column("specification", L("规格型号", "Specification"), TEXT)
STRUCTURE = Column("structure", L("结构", "Structure"), TEXT)
AREA = Column("area", L("面积（平方米）", "Area (m²)"), NUMBER)
WORKS, MACHINES = L("建筑工程", "Buildings and structures"), L("设备、工具、器具、家具", "Equipment, tools, furniture")
CURRENT, INTANGIBLE = L("流动资产", "Current assets"), L("无形资产", "Intangible assets")
NAME = L("名称", "Name")
# The groups of columns of form 05, and the kinds of assets listed in each: other fixed assets stand with the equipment.
SHEET_GROUPS = (
    ("works", WORKS, KINDS[:1], (STRUCTURE, AREA, AMOUNT, SHARE)),
    ("machines", MACHINES, KINDS[1:3], (SPECIFICATION, UNIT, QUANTITY, AMOUNT, INSTALLED, SHARE)),
    ("current", CURRENT, KINDS[3:4], (AMOUNT,)),
    ("intangible", INTANGIBLE, KINDS[4:], (AMOUNT,)),
)


def _sheet() -> Iterator[SheetColumn]:
    yield SheetColumn(SINGLE.label, dict.fromkeys(KINDS, SINGLE.key))
    yield SheetColumn(ASSET, names=True)
    for key, group, kinds, columns in SHEET_GROUPS:
        if len(columns) == 1:
            yield SheetColumn(NAME, dict.fromkeys(kinds, ASSET_NAME), group=group)
        for column in columns:
            places = {**dict.fromkeys(kinds, column.key), "all": f"{key}_{column.key}"}
            yield SheetColumn(column.label, places, column.kind, group)


def _sheet_sums() -> dict[str, Source]:
    return {
        f"{key}_{column.key}": Net(_refs(*(f"05.{kind}_total.{column.key}" for kind in kinds)))
        for key, _group, kinds, columns in SHEET_GROUPS
        for column in columns
        if column.kind is Kind.MONEY
    }


FORM_05 = Form("05", L("交付使用资产明细表", "Assets delivered, in detail"), (
    _details("structures", WORKS.zh, WORKS.en, STRUCTURE, AREA, AMOUNT, SHARE),
    _details("equipment", MACHINES.zh, MACHINES.en, SPECIFICATION, UNIT, QUANTITY, AMOUNT, INSTALLED, SHARE),
    _details("other_fixed", "其他固定资产", "Other fixed assets", SPECIFICATION, UNIT, QUANTITY, AMOUNT, INSTALLED, SHARE),
    _details("current", CURRENT.zh, CURRENT.en, UNIT, QUANTITY, AMOUNT),
    _details("intangible", INTANGIBLE.zh, INTANGIBLE.en, UNIT, QUANTITY, AMOUNT),
    Section("all", L("合计", "Total"), ITEM, (
        AMOUNT, SHARE,
        *(Column(f"{key}_{column.key}", L(f"{group.zh}{column.label.zh}", f"{group.en}: {column.label.en}"))
          for key, group, _kinds, columns in SHEET_GROUPS for column in columns if column.kind is Kind.MONEY),
    ), (
        Row("sums", L("合计", "Total"), _sheet_sums(), strong=True),
        Row("total", L("交付使用资产总计", "Assets delivered in all"), {
            "amount": Net(_refs(*(f"05.{kind}_total.amount" for kind in KINDS))),
            "deferred": Net(_refs(*(f"05.{kind}_total.deferred" for kind in KINDS[:3]))),
        }, strong=True),
    )),
), sheet=tuple(_sheet()))  # fmt: skip

FORM_06 = Form("06", L("待摊投资明细表", "Deferred costs in detail"), (
    Section("deferred", L("待摊投资", "Deferred costs"), ITEM, (AMOUNT, NOTE), (
        *(
            Row(f"line-{number}", L(f"{number} {name}", f"{number} {DEFERRED_IN_ENGLISH[number]}"),
                {"amount": Given(f"deferred.{number}"), "note": Given(f"deferred.{number}.note")})
            for number, name in DEFERRED_LINES.items()
        ),
        Row("total", L("合计", "Total"), {"amount": Sum(tuple(f"line-{number}" for number in DEFERRED_LINES))},
            strong=True),
        Row("allocated", L("其中：已分摊计入资产", "of which: spread over assets"),
            {"amount": Net(_refs("05.total.deferred", "08.total.deferred"))}, 1),
    ), halves=("amount",)),
))  # fmt: skip

FORM_07 = Form("07", L("待核销基建支出明细表", "Expenditure to be written off"), (
    Section("writeoffs", L("不能形成资产部分", "What forms no asset"), L("支出类别", "Kind of expenditure"), (
        UNIT, QUANTITY, AMOUNT, Column("approval", L("批准文号", "Approved by"), TEXT), NOTE,
    ), (
        Group("writeoffs", ("approval", "note")),
        Row("sunk", L("取消（终止）项目支出", "Spent on a project that was ended"),
            {"amount": Given("sunk"), "approval": Given("sunk.approval"), "note": Typed()}),
        Row("writeoffs_total", L("小计", "Subtotal"), {"amount": Sum(("*writeoffs", "sunk"))}, strong=True),
    )),
    Section("households", L("用于家庭或个人的支出", "Spent for households or persons"), L("支出类别", "Kind of expenditure"), (
        Column("households", L("户数（人数）", "Households or persons"), NUMBER), AMOUNT, NOTE,
    ), (
        _typed("household_1", "补助群众的支出", "Support of residents", "households", "amount", "note"),
        _typed("household_2", "移民、拆迁安置支出", "Resettlement of residents", "households", "amount", "note"),
        _typed("household_3", "其他用于家庭或个人的支出", "Other", "households", "amount", "note"),
        Row("households_total", L("小计", "Subtotal"),
            {"amount": Sum(("household_1", "household_2", "household_3"))}, strong=True),
        Row("total", L("合计", "Total"), {"amount": Sum(("writeoffs_total", "households_total"))}, strong=True),
    )),
))  # fmt: skip

FORM_08 = Form("08", L("转出投资明细表", "Investment transferred out"), (
    Section("transfers", L("转出投资", "Transferred out"), ASSET, (
        SINGLE, Column("specification", L("结构、规格", "Structure, specification"), TEXT), UNIT, QUANTITY, AMOUNT,
        Column("direct", L("其中：工程（设备）投资", "of which: works or equipment")), INSTALLED, SHARE,
        Column("receiver", L("接收单位", "Received by"), TEXT),
    ), (
        Group("transfers"),
        Row("total", L("合计", "Total"),
            {column: Sum(("*transfers",)) for column in ("amount", "direct", "installation", "deferred")}, strong=True),
    ), numbered=True),
))  # fmt: skip

FORMS = MappingProxyType({
    form.number: form
    for form in (COVER, FORM_01, FORM_02, FORM_03, FORM_04, FORM_05, FORM_06, FORM_07, FORM_08)
})  # fmt: skip
