"""Building models of the demonstration: two versions of a school in preliminary design, an office building as built."""

from pathlib import Path

from accounts.roles import Role
from approvals.demo.people import District
from approvals.demo.present import Days
from approvals.demo.schedule import Story
from bim.services import upload
from bim.states import Discipline, ModelStage
from core import calendars, jobs
from core.models import Job
from projects.models import Project

MODELS = Path(__file__).resolve().parents[2] / "fixtures" / "demo" / "models"
SCHOOL, OFFICE = "葵湾中心小学改扩建工程", "葵湾办事处综合执法用房改造工程"


def stories(district: District) -> list[Story]:
    days = Days(calendars.current())
    return [_school(district, days), _office(district, days)]


def _school(district: District, days: Days) -> Story:
    """What the experts said about the first version led to the second."""
    place = {"stage": ModelStage.PRELIMINARY, "discipline": Discipline.ARCHITECTURE}
    yield days.ago(12)
    _hand_in(district, SCHOOL, "school_preliminary_v1.ifc", "综合楼初设模型.ifc", {**place, "remark": "初步设计送审稿"})
    yield days.ago(5)
    _hand_in(district, SCHOOL, "school_preliminary_v2.ifc", "综合楼初设模型.ifc", {**place, "remark": "按专家意见修改"})


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
