"""Projects that came to different ends: each begins years ago and is told up to where it stands today."""

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal

from approvals.models import ApprovalItem
from approvals.services import project_moves as authority_moves
from assets.services import accounts, archive
from core import calendars, clock
from core.money import from_wan
from demonstration.acts import ItemStory
from demonstration.leaving import Card, approved, carded, compiled, handed_over, signed_over, titled
from demonstration.people import District
from demonstration.planning import coming_year, later, move, release, request, year_of_plan
from demonstration.present import Days, taken_over
from demonstration.schedule import Story
from demonstration.works import Deal, Works, signed_paper
from execution.models import Contract
from execution.services import audits
from execution.services.settlements import take_review
from projects.models import Project
from projects.services import moves
from projects.services.register import TakenOverFigure
from projects.states import AuditMode, FigureKind, Stage

CLOSED, PROVISIONAL = "葵湾社区文体活动中心新建工程", "环湾大道中段市政工程"
EXEMPT, TERMINATED, ADJUSTING = "新区应急指挥调度平台项目", "南屿客运码头改造工程", "鹏山隧道工程"
INTEGRATOR = "环湾信息技术有限公司"
BUILDER, ENGINEERS = "鹏湾建设集团有限公司", "鹏湾建设监理有限公司"


def decided(story: ItemStory, declared: str, share: str = "1") -> Story:
    """Declared (万元), reviewed at a share of it, and approved; four weeks."""
    amount = from_wan(Decimal(declared))
    story.fill_in(amount)
    story.submit()
    story.accept()
    story.assign()
    yield later(8)
    reviewed = (amount * Decimal(share) / 100).quantize(Decimal(1)) * 100
    story.review(reviewed)
    story.pass_first()
    yield later(2)
    story.pass_second()
    yield later(1)
    story.approve()
    yield later(3)
    story.archive()


def filed(district: District, project: Project, item_type: str, ceiling: str = "", award: str = "") -> None:
    """A filing, recorded within the day; amounts in 万元."""
    story = ItemStory(district, project, item_type, seed=project.pk)
    story.fill_in(from_wan(Decimal(ceiling)) if ceiling else None)
    story.submit()
    story.accept()
    story.assign()
    story.approve(**({"approved_amount": str(from_wan(Decimal(award)))} if award else {}))
    story.archive()


def estimate_of(amount: str, on: date, document: str, works: str = "") -> TakenOverFigure:
    part = from_wan(Decimal(works)) if works else None
    return TakenOverFigure(FigureKind.ESTIMATE, from_wan(Decimal(amount)), on, document, part)


def budget_of(amount: str) -> TakenOverFigure:
    return TakenOverFigure(FigureKind.BUDGET, from_wan(Decimal(amount)), date(2024, 9, 9), "鹏财评〔2024〕33号")


def begun(works: Works, ceiling: str, award: str) -> None:
    """Tender and start are filed, and the works begin; amounts in 万元."""
    project = works.project
    filed(works.district, fresh(project), "TND", ceiling, award)
    filed(works.district, fresh(project), "START")
    moves.perform(project.pk, "award", actor=works.clerk)
    moves.perform(project.pk, "start_construction", actor=works.lead)
    works.project = fresh(project)


def finished(works: Works, defect: str = "") -> Story:
    """The works are complete, accepted by the five parties, and the acceptance is filed; three weeks."""
    data = {"document": "施工单位竣工报告"}
    moves.perform(works.project.pk, "enter_acceptance", actor=works.clerk, data=data)
    yield later(5)
    yield from works.accepted(defect)
    yield later(3)
    filed(works.district, fresh(works.project), "ACC")


def month_by_month(works: Works, contract: Contract, reports: Sequence[tuple[date, int, str]]) -> Story:
    """Reports on those days up to those percents; each month's works are paid at 70 %."""
    before = 0
    for day, percent, image in reports:
        yield day
        report = works.reported(contract, percent, before, image)
        done = sum((row.amount for row in report.measurements.all()), Decimal(0))
        works.paid(contract, "PROGRESS", (done * Decimal("0.7")).quantize(Decimal("0.01")), report)
        before = percent


def settled(works: Works, submitted: dict[Contract, str], share: str) -> Story:
    """One review of the settlements of several contracts (万元 by contract), and what follows for them."""
    for contract in submitted:
        works.performed(contract)
    yield later(3)
    story = ItemStory(works.district, works.project, "SET", seed=works.project.pk)
    total = sum((Decimal(amount) for amount in submitted.values()), Decimal(0))
    works.settled(story.item.pk, {contract.pk: from_wan(Decimal(amount)) for contract, amount in submitted.items()})
    yield from decided(story, str(total), share)
    _take(works, story.refreshed(), list(submitted))


def _take(works: Works, item: ApprovalItem, contracts: list[Contract]) -> None:
    """The cut falls on the first contract; the others are settled as they were submitted."""
    rows = {row.contract_id: row for row in item.settlements.all()}
    others = {rows[contract.pk].pk: rows[contract.pk].submitted for contract in contracts[1:]}
    first = item.reviewed_amount - sum(others.values(), Decimal(0))
    take_review(item.pk, actor=works.clerk, shares={rows[contracts[0].pk].pk: first, **others})


def stories(district: District) -> list[Story]:
    """The projects of every end, and the annual plans they live on; `envelopes` in 万元."""
    return [
        year_of_plan(district, 2024, {"4": "24000.00"}),
        year_of_plan(district, 2025, {"4": "26000.00", "2": "3000.00"}),
        year_of_plan(district, 2026, {"4": "28000.00", "2": "3000.00"}, is_over=False),
        to_the_end(district),
        provisional_handover(district),
        exempt_from_audit(district),
        terminated(district),
        adjusting(district),
        coming_year(district, [(ADJUSTING, "6000.00"), (PROVISIONAL, "900.00")]),
    ]


def to_the_end(district: District) -> Story:
    """From the estimate to title and archive."""
    yield date(2023, 6, 5)
    receiver = district.houses["public"]
    project = taken_over(
        district, CLOSED, "works", Stage.PRELIM_DESIGN, "2860.00", 31, project_class="BUILDING", industry="CULTURE",
        user_unit=receiver, needs_title=True, audit_mode=AuditMode.GOV_AUDIT,
    )  # fmt: skip
    works = Works(district, project)
    yield from decided(ItemStory(district, project, "EST", seed=31), "2860.00", "0.96")
    yield from decided(ItemStory(district, fresh(project), "BUD", seed=31), "2380.00", "0.97")
    yield date(2023, 11, 20)
    request(district, fresh(project), 2024, "1300.00", "NEW", date(2024, 12, 31))
    yield date(2024, 1, 22)
    release(district, project, 2024, "1300.00", 12)
    yield date(2024, 2, 19)
    yield from works.tendered("施工总承包", BUILDER, "2300.00", "2198.00")
    yield date(2024, 4, 8)
    main = works.signed(Deal("施工总承包合同", "WORKS", BUILDER, "2198.00"), works.tender)
    engineer = works.signed(Deal("施工监理合同", "SUPERVISION", ENGINEERS, "45.00", ("2.10",), 0, 0))
    begun(works, "2300.00", "2198.00")
    works.milestones(
        ("基础完成", date(2024, 6, 30), 22), ("主体封顶", date(2024, 12, 31), 70), ("竣工", date(2025, 5, 31), 100)
    )
    yield date(2024, 4, 25)
    works.paid(main, "ADVANCE", from_wan(Decimal("219.80")))
    yield from month_by_month(
        works, main, [(date(2024, 7, 3), 22, "基础工程完成"), (date(2024, 10, 8), 48, "主体三层")]
    )
    change = works.changed(main, "增设无障碍电梯", "1.4", "38.60", "使用单位要求满足无障碍规范")
    yield date(2024, 11, 20)
    request(district, fresh(project), 2025, "1100.00", "CONTINUING", date(2025, 6, 30))
    yield date(2025, 1, 21)
    release(district, project, 2025, "1100.00", 9)
    works.carried_out(change)
    yield date(2025, 6, 4)
    report = works.reported(main, 100, 48, "全部完成，具备竣工验收条件")
    works.paid(main, "PROGRESS", from_wan(Decimal("460.00")), report)
    works.paid(engineer, "OTHER", from_wan(Decimal("36.00")))
    yield date(2025, 6, 9)
    yield from finished(works, defect="二层走廊地砖空鼓")
    yield date(2025, 7, 8)
    yield from settled(works, {main: "2236.60", engineer: "45.00"}, "0.978")
    yield date(2025, 9, 10)
    yield from audited(works, "2250.00")
    yield later(5)
    halls = {"structure": "钢筋混凝土框架", "area": Decimal("4680.00"), "gb_code": "A01010000"}
    grounds = {"structure": "砖混", "area": Decimal("360.00"), "gb_code": "A01010000", "unit": "处"}
    main_hall, side = Card("文体活动中心主楼", 93, halls), Card("室外活动场地及附属用房", 7, grounds)
    carded(
        works, receiver, [main_hall, side], is_real_estate=True, location="鹏湾新区葵湾街道文体路8号",
        warranty_until=date(2027, 6, 27),
    )  # fmt: skip
    account = compiled(works, date(2025, 6, 28), management="186000.00")
    yield from approved(works, account, "36500.00", late_reason="审计期间暂缓编报")
    yield date(2026, 1, 12)
    handed_over(works, "FINAL", receiver, district["jie"])
    filed(district, fresh(project), "HO")
    yield date(2026, 2, 2)
    yield from titled(works, district["jie"], 1026)
    filed(district, fresh(project), "TR")
    yield later(10)
    archive.make(project.pk, actor=district["gu"])


def provisional_handover(district: District) -> Story:
    """A road that is used and handed over provisionally while its settlement is under review (R-LC-08)."""
    days = Days(calendars.current())
    yield date(2024, 10, 14)
    receiver = district.houses["urban"]
    figures = [estimate_of("6200.00", date(2024, 6, 18), "鹏发财〔2024〕61号", "5400.00"), budget_of("5080.00")]
    project = taken_over(
        district, PROVISIONAL, "works", Stage.PROCUREMENT, "6200.00", 32, project_class="MUNICIPAL", industry="ROAD",
        user_unit=receiver, needs_title=False, audit_mode=AuditMode.COMMISSIONED, taken_over_figures=figures,
    )  # fmt: skip
    works = Works(district, project)
    yield date(2024, 11, 25)
    request(district, project, 2025, "3000.00", "NEW", date(2025, 12, 31))
    yield date(2025, 1, 20)
    release(district, project, 2025, "3000.00", 8)
    yield date(2025, 2, 17)
    yield from works.tendered("道路施工", BUILDER, "5000.00", "4720.00")
    yield date(2025, 4, 7)
    main = works.signed(Deal("道路工程施工合同", "WORKS", BUILDER, "4720.00"), works.tender)
    begun(works, "5000.00", "4720.00")
    works.milestones(("路基完成", date(2025, 6, 30), 30), ("通车", date(2026, 3, 31), 100))
    yield date(2025, 4, 28)
    works.paid(main, "ADVANCE", from_wan(Decimal("472.00")))
    yield from month_by_month(works, main, [(date(2025, 7, 3), 25, "路基及管线"), (date(2025, 10, 9), 55, "路面基层")])
    yield date(2025, 11, 25)
    request(district, fresh(project), 2026, "1500.00", "CONTINUING", date(2026, 4, 30))
    yield date(2026, 1, 20)
    release(district, project, 2026, "1500.00", 7)
    yield date(2026, 4, 7)
    report = works.reported(main, 100, 55, "全线贯通")
    works.paid(main, "PROGRESS", from_wan(Decimal("1486.80")), report)
    yield date(2026, 4, 13)
    yield from finished(works)
    yield date(2026, 5, 18)
    road = Card("环湾大道中段道路", 78, {"quantity": Decimal(1850), "specification": "城市主干路，双向六车道"})
    drains = Card("环湾大道中段排水管网", 22, {"quantity": Decimal(3960), "specification": "DN400至DN1200钢筋混凝土管"})
    carded(
        works, receiver, [road, drains], asset_class="PUBLIC_INFRA", unit="m", location="环湾大道中段（K2+300至K4+150）",
        gb_code="A01020000", maintenance_unit="新区市政养护所", warranty_until=date(2028, 4, 27),
    )  # fmt: skip
    handed_over(works, "PROVISIONAL", receiver, district["ujie"])
    yield days.ago(14)
    works.performed(main)
    story = ItemStory(district, fresh(project), "SET", seed=32)
    works.settled(story.item.pk, {main.pk: from_wan(Decimal("4698.30"))})
    story.fill_in(from_wan(Decimal("4698.30")))
    story.submit()
    story.accept()
    story.assign()


def exempt_from_audit(district: District) -> Story:
    """A system of modest size: its final account follows its settlement at once (R-LC-07)."""
    days = Days(calendars.current())
    yield date(2024, 11, 4)
    receiver = district.houses["public"]
    figures = [estimate_of("520.00", date(2024, 5, 20), "鹏发财〔2024〕48号", "480.00"), budget_of("468.00")]
    project = taken_over(
        district, EXEMPT, "safety", Stage.PROCUREMENT, "520.00", 33, project_class="IT", industry="INFORMATION",
        user_unit=receiver, needs_title=False, audit_mode=AuditMode.EXEMPT, taken_over_figures=figures,
    )  # fmt: skip
    works = Works(district, project)
    yield date(2024, 11, 27)
    request(district, project, 2025, "480.00", "NEW", date(2025, 10, 31))
    yield date(2025, 1, 23)
    release(district, project, 2025, "480.00", 10)
    yield date(2025, 2, 24)
    yield from works.tendered("系统集成", INTEGRATOR, "468.00", "441.00", kind="EQUIPMENT")
    yield date(2025, 4, 10)
    main = works.signed(Deal("平台系统集成合同", "EQUIPMENT", INTEGRATOR, "441.00", advance=0), works.tender)
    begun(works, "468.00", "441.00")
    yield from month_by_month(works, main, [(date(2025, 9, 3), 100, "系统上线试运行")])
    yield date(2025, 9, 10)
    yield from finished(works)
    yield date(2025, 10, 13)
    yield from settled(works, {main: "439.60"}, "0.985")
    yield later(5)
    platform = Card("指挥调度平台", 100, {"specification": "V1.0", "gb_code": "A02010000"})
    carded(works, receiver, [platform], kind="EQUIPMENT", unit="套", location="新区应急指挥中心机房")
    account = compiled(works, date(2025, 9, 30))
    yield from approved(works, account, "0.00")
    yield days.ago(3)
    signed_over(works, "FINAL", receiver)


def terminated(district: District) -> Story:
    """Stopped after the design was paid for: the sunk cost waits to be written off (R-FA-06)."""
    days = Days(calendars.current())
    yield date(2025, 11, 3)
    project = taken_over(
        district,
        TERMINATED,
        "nanyu",
        Stage.PRELIM_DESIGN,
        "5200.00",
        15,
        project_class="MUNICIPAL",
        industry="OTHER",
        taken_over_figures=[
            TakenOverFigure(
                FigureKind.FEASIBILITY, from_wan(Decimal("5200.00")), date(2025, 8, 12), "鹏发财〔2025〕77号"
            )
        ],
    )
    works = Works(district, project)
    yield date(2025, 11, 26)
    request(district, project, 2026, "120.00", "PREPARATORY", date(2026, 12, 31))
    yield date(2026, 2, 3)
    release(district, project, 2026, "120.00", 14)
    yield date(2026, 3, 2)
    design = works.signed(Deal("初步设计合同", "DESIGN", "南方建筑设计院有限公司", "108.00", ("2.07",), 0, 80))
    yield date(2026, 3, 20)
    works.paid(design, "ADVANCE", from_wan(Decimal("86.40")))
    yield days.ago(12)
    move(design, "terminate", works.lead, reason="规划调整，项目终止")
    reason = "规划调整，项目终止；已支付设计费 86.40 万元待核销"
    data = {"reason": reason, "document": f"鹏湾新区会议纪要〔{clock.today().year}〕12号"}
    authority_moves.perform(project.pk, "terminate", actor=district["dai"], data=data)
    yield days.ago(5)
    accounts.open_account(project.pk, actor=works.clerk, cut_off_on=clock.today(), completed_on=clock.today())


def adjusting(district: District) -> Story:
    """A tunnel in bad rock: changes and forecasts go beyond the estimate, and its adjustment is under review."""
    days = Days(calendars.current())
    yield date(2024, 3, 11)
    project = taken_over(
        district, ADJUSTING, "works", Stage.PRELIM_DESIGN, "19600.00", 16, project_class="MUNICIPAL", industry="ROAD",
        needs_title=False,
    )  # fmt: skip
    works = Works(district, project)
    yield from decided(ItemStory(district, project, "EST", seed=16), "19600.00", "0.96")
    yield from decided(ItemStory(district, fresh(project), "BUD", seed=16), "16200.00", "0.98")
    yield date(2024, 11, 26)
    request(district, fresh(project), 2025, "9000.00", "NEW", date(2026, 12, 31))
    yield date(2025, 1, 22)
    release(district, project, 2025, "9000.00", 6)
    yield date(2025, 2, 10)
    yield from works.tendered("隧道施工总承包", BUILDER, "15800.00", "15100.00")
    yield date(2025, 4, 2)
    main = works.signed(Deal("隧道工程施工合同", "WORKS", BUILDER, "15100.00"), works.tender)
    begun(works, "15800.00", "15100.00")
    works.milestones(
        ("洞口工程", date(2025, 6, 30), 15), ("贯通", date(2026, 6, 30), 70), ("通车", date(2026, 12, 31), 100)
    )
    yield date(2025, 4, 24)
    works.paid(main, "ADVANCE", from_wan(Decimal("1510.00")))
    reports = [(date(2025, 7, 3), 12, "洞口及明洞"), (date(2025, 12, 3), 30, "左洞掘进 480 米")]
    yield from month_by_month(works, main, reports)
    yield date(2026, 3, 9)
    works.changed(main, "Ⅳ级围岩段加强支护", "1.1", "620.00", "超前地质预报揭示围岩等级变化")
    yield date(2026, 7, 3)
    july = works.reported(main, 44, 30, "左洞掘进 760 米，右洞 610 米", "涌水段施工缓慢，工期滞后")
    works.changed(main, "涌水段帷幕注浆", "1.1", "480.00", "实际涌水量超出勘察预测")
    works.foreseen(("1.1", "9350.00", "围岩与涌水"), ("1.3", "3560.00", "排水系统扩容"))
    yield days.ago(14)
    data = {"reason": "隧道围岩等级变化，预计投资超出批复概算"}
    moves.perform(project.pk, "open_estimate_adjustment", actor=works.lead, data=data)
    story = ItemStory(district, fresh(project), "ADJ", seed=16)
    story.fill_in(from_wan(Decimal("20650.00")))
    yield days.ago(8)
    story.submit()
    story.accept()
    story.assign()
    yield days.ago(5)
    works.paid(main, "PROGRESS", from_wan(Decimal("1479.80")), july, is_paid=False)
    works.changed(main, "增设施工支洞", "1.1", "260.00", "增加工作面以追赶工期", is_decided=False)
    yield days.ago(3)
    works.reported(main, 52, 44, "左洞掘进 890 米，右洞 720 米", "涌水段注浆完成", is_confirmed=False)


def audited(works: Works, declared: str) -> Story:
    """The audit, with one finding that is scheduled, rectified and confirmed; declared in 万元."""
    auditor = works.district["qian"]
    story = ItemStory(works.district, fresh(works.project), "AUD", seed=works.project.pk)
    told = decided(story, declared)
    yield next(told)
    text = "监理合同补充内容未及时签订书面协议"
    finding = audits.record(works.project.pk, actor=auditor, text=text, found_on=clock.today(), item_id=story.item.pk)
    due_on = clock.today() + timedelta(days=20)
    move(finding, "schedule", works.lead, measure="补签协议并完善合同管理制度", due_on=due_on)
    yield from told
    note = "已补签书面协议，合同管理办法修订印发"
    audits.rectify(finding.pk, actor=works.clerk, rectified_on=clock.today(), note=note, file=signed_paper("补充协议"))
    move(finding, "confirm", auditor)


def fresh(project: Project) -> Project:
    return Project.objects.get(pk=project.pk)
