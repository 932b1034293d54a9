"""Building models of the demonstration: two versions of a school in preliminary design, an office building as built."""

from decimal import Decimal
from pathlib import Path

from accounts.roles import Role
from approvals.services import costs, model_links
from approvals.services.costs import DeclaredLine
from bim.services import upload
from bim.states import Discipline, ModelStage
from core import calendars, jobs
from core.models import Job
from core.money import from_wan
from demonstration.acts import ItemStory
from demonstration.people import District
from demonstration.present import Days, taken_over
from demonstration.schedule import Story
from projects.models import Project
from projects.states import Stage

MODELS = Path(__file__).resolve().parents[1] / "fixtures" / "demo" / "models"
SCHOOL, OFFICE = "葵湾中心小学改扩建工程", "葵湾办事处综合执法用房改造工程"

MEASURED = "葵湾第二小学教学辅楼新建工程"
# Code, name, unit, quantity, amount in 万元: some agree with the model, some do not, one has no element in it.
LINES = (
    ("1", "工程费用", "", "", ""), ("1.1", "框架柱混凝土", "m³", "32.6", "42.38"), ("1.2", "有梁板混凝土", "m³", "178", "213.60"),
    ("1.3", "砌块墙", "m³", "280", "151.20"), ("1.4", "木门及防火门", "樘", "12", "9.60"),
    ("1.5", "铝合金窗", "m²", "151.2", "13.61"), ("1.6", "楼地面", "m²", "1150", "40.25"),
    ("1.7", "现浇构件钢筋", "t", "52", "33.80"), ("1.8", "安装工程", "项", "", "372.36"),
    ("2", "工程建设其他费用", "", "", ""), ("2.07", "工程设计费", "项", "", "45.00"), ("2.10", "工程监理费", "项", "", "40.00"),
)  # fmt: skip


def stories(district: District) -> list[Story]:
    days = Days(calendars.current())
    return [_school(district, days), _office(district, days), _measured_estimate(district, days)]


def _school(district: District, days: Days) -> Story:
    """What the experts said about the first version led to the second."""
    place = {"stage": ModelStage.PRELIMINARY, "discipline": Discipline.ARCHITECTURE}
    yield days.ago(12)
    _hand_in(district, SCHOOL, "school_preliminary_v1.ifc", "综合楼初设模型.ifc", {**place, "remark": "初步设计送审稿"})
    yield days.ago(5)
    _hand_in(district, SCHOOL, "school_preliminary_v2.ifc", "综合楼初设模型.ifc", {**place, "remark": "按专家意见修改"})


def _measured_estimate(district: District, days: Days) -> Story:
    """An estimate in first review whose lines name quantities; the reviewer has taken the shipped rules."""
    yield days.ago(7)
    project = taken_over(
        district, MEASURED, "works", Stage.PRELIM_DESIGN, "980.00", 20, project_class="BUILDING", industry="EDUCATION"
    )
    place = {"stage": ModelStage.PRELIMINARY, "discipline": Discipline.ARCHITECTURE, "remark": "概算送审版"}
    _hand_in(district, MEASURED, "school_annex_preliminary.ifc", "教学辅楼初设模型.ifc", place)
    story = ItemStory(district, project, "EST", seed=20)
    story.fill_in(from_wan(Decimal("961.80")))
    lines = [
        DeclaredLine(code, name, from_wan(Decimal(amount)) if amount else None, "1" if code[0] == "1" else code, unit,
                     Decimal(quantity) if quantity else None)
        for code, name, unit, quantity, amount in LINES
    ]  # fmt: skip
    story.item = costs.declare_lines(story.item.pk, actor=story.clerk, lines=lines)
    story.submit()
    yield days.ago(5)
    story.accept()
    story.assign()
    yield days.ago(2)
    model_links.apply_templates(story.item.pk, actor=story.officer)


def _office(district: District, days: Days) -> Story:
    place = {"stage": ModelStage.AS_BUILT, "discipline": Discipline.COMBINED, "remark": "竣工验收版"}
    yield days.ago(4)
    _hand_in(district, OFFICE, "office_as_built.ifc", "综合执法用房竣工模型.ifc", place)


def _hand_in(district: District, project_name: str, file: str, name: str, said: dict[str, str]) -> None:
    """Handed in by the unit's clerk, and worked off at once: there is no worker yet."""
    project = Project.objects.get(name=project_name)
    clerk = district.of(project.owner_unit.name, Role.APPLICANT_CLERK)[0]
    with (MODELS / file).open("rb") as stream:
        model = upload.hand_in(project.pk, stream, name=name, actor=clerk, said=said)
    while job := Job.objects.filter(params__model=model.pk, state=Job.State.QUEUED).order_by("pk").first():
        jobs.perform.call(job.pk)
