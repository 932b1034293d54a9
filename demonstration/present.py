"""What is going on today: projects of this year with items in every room, so that each desk has something on it."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

from accounts.roles import Role
from accounts.services import delegate
from approvals.services import materials, project_moves, publicity
from approvals.services.publicity import Objection
from core import calendars, clock
from core.calendar import WorkCalendar
from core.money import from_wan
from demonstration.acts import ItemStory, lead_of
from demonstration.people import District
from demonstration.schedule import Story
from projects.models import Project
from projects.rules import project_code
from projects.services import moves
from projects.services.register import TakenOverFigure, register
from projects.states import FigureKind, Stage

SUSPENDED = "沙涌河综合整治工程（三期）"


class Days:
    """Working days counted back from today."""

    def __init__(self, works: WorkCalendar) -> None:
        self.works, self.today = works.provisional(), clock.today()

    def ago(self, n: int) -> date:
        return self.works.add(self.today, -n)


Chapter = Callable[[ItemStory, Days], Story]


def stories(district: District) -> list[Story]:
    days = Days(calendars.current())
    return [
        _proposal(district, days, 1, "南屿第三小学新建工程", "works", "BUILDING", "EDUCATION", "8650.00", _stays_a_draft, 4),
        _proposal(district, days, 2, "葵湾文化活动中心新建工程", "culture", "BUILDING", "CULTURE", "4120.50", _in_pre_review, 2),
        _proposal(district, days, 3, "鹏山社区养老服务中心改造工程", "pengshan", "BUILDING", "HEALTH", "1985.36", _submitted, 2),
        _proposal(district, days, 4, "环湾大道南段市政工程", "works", "MUNICIPAL", "ROAD", "23680.00", _in_correction, 6),
        _proposal(district, days, 5, "南屿片区积水点整治工程", "urban", "WATER", "DRAINAGE", "3268.90", _in_centre, 9),
        _proposal(district, days, 6, "葵湾中学综合楼新建工程", "works", "BUILDING", "EDUCATION", "9876.54", _in_second_review, 19),
        _proposal(district, days, 7, "智慧水务监测平台（二期）", "urban", "IT", "INFORMATION", "1260.00", _in_determination, 15),
        _proposal(district, days, 8, "坝光湿地公园建设工程", "ecology", "LANDSCAPE", "PARK", "5433.21", _in_supplement, 12),
        _proposal(district, days, 9, "鹏山消防站新建工程", "safety", "BUILDING", "EMERGENCY", "3050.00", _overdue, 24),
        _proposal(district, days, 10, "渔港路人行道改造工程", "nanyu", "MUNICIPAL", "ROAD", "486.75", _silently_accepted, 8),
        _proposal(district, days, 11, "葵湾海滨公园提升工程", "kuiwan", "LANDSCAPE", "PARK", "2760.40", _with_experts, 10),
        _proposal(district, days, 12, "新区政务服务大厅改造工程", "office", "BUILDING", "GOVERNMENT", "1530.00", _accepted, 1),
        _proposal(district, days, 13, "石涧水库除险加固工程（二期）", "urban", "WATER", "HYDRAULIC", "6120.00", _pause_unsigned, 7),
        _under_publicity(district, days),
        suspended(district, days),
        _expired(district),
        _final_account(district, days),
        _delegation(district, days),
    ]  # fmt: skip


def _code(serial: int, on: date) -> str:
    return project_code.generate(f"{on:%y%m}", "440399", "04", "01", f"{serial:05d}")


def _new_project(district: District, house: str, **basics: Any) -> Project:
    clerk = district.of(district.houses[house].name, Role.APPLICANT_CLERK)[0]
    names = ("taken_over_at", "taken_over_reason", "taken_over_figures")
    taken = {name: basics.pop(name) for name in names if name in basics}
    defaults = {
        "construction_nature": "NEW",
        "investment_mode": "DIRECT",
        "plan_category": "NEW",
        "content_scale": f"{basics['name']}的全部建设内容，规模以批复为准。",
        "meeting_minute": f"鹏湾新区会议纪要〔{clock.today().year}〕8号",
    }
    return register(actor=clerk, basics={**defaults, **basics}, funding={"4": basics["rough_investment"]}, **taken)


def _proposal(
    district: District, days: Days, serial: int, name: str, house: str, project_class: str, industry: str, amount: str,
    chapter: Chapter, started_ago: int,
) -> Story:  # fmt: skip
    """A project of this year whose proposal is somewhere on its way; `amount` in 万元."""
    declared = from_wan(Decimal(amount))
    yield days.ago(started_ago + 2)
    project = _new_project(
        district, house, name=name, code=_code(serial, days.ago(started_ago + 2)), project_class=project_class,
        industry=industry, rough_investment=declared,
    )  # fmt: skip
    project = moves.perform(project.pk, "start_proposal", actor=lead_of(district, project))
    story = ItemStory(district, project, "PR", seed=serial)
    story.fill_in(declared)
    yield days.ago(started_ago)
    yield from chapter(story, days)


def _until_accepted(story: ItemStory) -> None:
    story.submit()
    story.accept()


def _stays_a_draft(story: ItemStory, days: Days) -> Story:
    story.move("present_for_signature", story.clerk)
    return
    yield


def _in_pre_review(story: ItemStory, days: Days) -> Story:
    story.move("request_pre_review", story.clerk)
    slot = story.item.slots.get(code="B01")
    text = "第三章缺少需求分析的依据，请补充附件"
    materials.comment(story.item.pk, slot.pk, actor=story.window, verdict="DEFECT", text=text, page=2)
    return
    yield


def _submitted(story: ItemStory, days: Days) -> Story:
    story.submit()
    return
    yield


def _in_correction(story: ItemStory, days: Days) -> Story:
    story.submit()
    yield days.ago(4)
    story.correct(again=False)
    yield days.ago(3)
    story.resubmit()
    yield days.ago(1)
    story.correct(again=True)


def _accepted(story: ItemStory, days: Days) -> Story:
    _until_accepted(story)
    return
    yield


def _assigned(story: ItemStory) -> None:
    _until_accepted(story)
    story.assign()


def _in_centre(story: ItemStory, days: Days) -> Story:
    _assigned(story)
    yield days.ago(7)
    story.to_centre()
    yield days.ago(2)
    story.review(_cut(story, "0.78"))


def _cut(story: ItemStory, share: str) -> Decimal:
    return (story.item.declared_amount * Decimal(share) / 100).quantize(Decimal(1)) * 100


def _in_second_review(story: ItemStory, days: Days) -> Story:
    """Without the centre, so that the item's own clock has run and the light is yellow."""
    _assigned(story)
    yield days.ago(3)
    story.review(_cut(story, "0.81"))
    story.pass_first()


def _in_determination(story: ItemStory, days: Days) -> Story:
    _assigned(story)
    yield days.ago(14)
    story.to_centre()
    yield days.ago(4)
    story.deliver(_cut(story, "0.72"))
    story.pass_first()
    yield days.ago(1)
    story.pass_second()


def _in_supplement(story: ItemStory, days: Days) -> Story:
    _assigned(story)
    yield days.ago(5)
    story.pause(10)


def _pause_unsigned(story: ItemStory, days: Days) -> Story:
    """Proposed and signed once: the clock keeps running (R-TL-08)."""
    _assigned(story)
    yield days.ago(1)
    letter = "请补充大坝安全鉴定报告及渗流监测资料"
    data = {"pause_reason": "SUPPLEMENT", "letter": letter, "expected_days": 8}
    story.move("propose_pause", story.officer, **data)
    story.move("sign_pause_first", story.chief)


def _overdue(story: ItemStory, days: Days) -> Story:
    _assigned(story)
    return
    yield


def _silently_accepted(story: ItemStory, days: Days) -> Story:
    """Nobody answers within five working days; the next tick deems the item accepted."""
    story.submit()
    return
    yield


def _with_experts(story: ItemStory, days: Days) -> Story:
    _assigned(story)
    yield days.ago(8)
    story.to_centre()
    yield days.ago(6)
    experts = [story.district["yan"].user.pk, story.district["yin"].user.pk]
    plan = "召开一次专家评审会，重点审查景观铺装标准与苗木规格"
    story.move("convene_experts", story.first, experts=experts, work_plan=plan, expected_days=8)
    yield days.ago(5)
    story.move("recuse", story.district["yin"], reason="本人所在单位参与了该项目方案编制")
    story.move("file_expert_opinion", story.district["yan"], opinion="铺装标准偏高，建议采用本地石材", score="82")


def taken_over(district: District, name: str, house: str, stage: str, amount: str, serial: int, **more: Any) -> Project:
    return _new_project(
        district, house, name=name, code=_code(serial, clock.today()), rough_investment=from_wan(Decimal(amount)),
        taken_over_at=stage, taken_over_reason="系统启用前已完成的审批，批复文件见项目档案", **more,
    )  # fmt: skip


def _earlier_estimate(amount: str) -> TakenOverFigure:
    """The estimate approved before the system started; `amount` in 万元."""
    return TakenOverFigure(FigureKind.ESTIMATE, from_wan(Decimal(amount)), date(2024, 6, 18), "鹏发财〔2024〕61号")


def _under_publicity(district: District, days: Days) -> Story:
    """An admission to the reserve, open to the public: one objection from the page is answered, one on paper is not."""
    declared = from_wan(Decimal("5860.00"))
    yield days.ago(12)
    project = _new_project(
        district, "kuiwan", name="葵湾老旧小区配套停车场新建工程", project_class="BUILDING", industry="OTHER",
        rough_investment=declared,
    )  # fmt: skip
    story = ItemStory(district, project, "RSV", seed=19)
    story.fill_in(declared)
    _assigned(story)
    yield days.ago(6)
    story.review(_cut(story, "0.92"))
    story.pass_first()
    yield days.ago(4)
    story.pass_second()
    yield days.ago(3)
    text = "停车场出入口正对小区幼儿园，上下学时段存在安全隐患，建议调整出入口位置。"
    row = publicity.lodge(
        story.item.pk, Objection(text=text, name="何女士", contact="138****5678", unit="葵湾社区业主")
    )
    yield days.ago(1)
    answer = "经现场核实，出入口将设于北侧支路，与幼儿园相距 120 米，初步设计阶段予以落实。"
    publicity.answer(story.item.pk, row.pk, actor=story.officer, answer=answer, is_upheld=False)
    paper = Objection(
        text="建设规模 300 个车位依据不足，请公开停车需求调查结果。", name="罗先生", contact="葵湾路 18 号"
    )
    publicity.record(story.item.pk, paper, actor=story.window)


def suspended(district: District, days: Days) -> Story:
    declared = from_wan(Decimal("7300.00"))
    yield days.ago(16)
    project = _new_project(
        district, "urban", name=SUSPENDED, code=_code(14, days.ago(16)), project_class="WATER",
        industry="HYDRAULIC", rough_investment=declared,
    )  # fmt: skip
    project = moves.perform(project.pk, "start_proposal", actor=lead_of(district, project))
    story = ItemStory(district, project, "PR", seed=14)
    story.fill_in(declared)
    _assigned(story)
    yield days.ago(6)
    data = {"reason": "用地权属争议，暂缓推进", "document": "鹏湾新区会议纪要〔2026〕15号"}
    project_moves.perform(project.pk, "suspend", actor=district["zhao"], data=data)


def _expired(district: District) -> Story:
    """A feasibility approval of 2023 that was never followed up: the tick lets it lapse (R-LC-05)."""
    yield date(2023, 3, 1)
    project = taken_over(
        district,
        "葵湾停车楼新建工程",
        "works",
        Stage.FEASIBILITY,
        "4600.00",
        17,
        project_class="BUILDING",
        industry="OTHER",
    )
    story = ItemStory(district, project, "FS", seed=17)
    story.fill_in(from_wan(Decimal("4585.20")))
    _assigned(story)
    yield date(2023, 3, 16)
    story.review(_cut(story, "0.9"))
    story.pass_first()
    yield date(2023, 3, 20)
    story.pass_second()
    story.approve()


def _final_account(district: District, days: Days) -> Story:
    """Thirty working days from now lie in a year whose calendar is not published: the due date is provisional."""
    yield days.ago(3)
    project = taken_over(
        district, "东部公交场站工程", "works", Stage.FINAL_ACCOUNT, "6900.00", 18, project_class="MUNICIPAL", industry="ROAD",
        audit_mode="EXEMPT", taken_over_figures=[_earlier_estimate("6900.00")],
    )  # fmt: skip
    story = ItemStory(district, project, "FA", seed=18)
    story.fill_in(from_wan(Decimal("6388.42")))
    yield days.ago(1)
    _assigned(story)


def _delegation(district: District, days: Days) -> Story:
    yield days.ago(2)
    wei, wen = district["wei"], district["wen"]
    end = days.works.add(days.today, 10)
    row = delegate.propose(
        wei.appointment_id, actor=wei, substitute=wen.user, valid_from=days.ago(2), valid_to=end, reason="外出培训"
    )
    delegate.answer(row.pk, actor=wen, accept=True)
