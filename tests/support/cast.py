"""The people of every story: a small district with its houses, and one person in each post.

Lin declares, Lei signs for the unit, Chen keeps the window, Wu reviews, Xu is chief, Zhao decides, Dai directs,
Kong leads the centre, He and Jiang review there, Yan is an expert, Qian audits, Su supervises, Fang keeps finance, Ji makes the annual plan,
Zi keeps the assets, Xie and Wen receive for the education office and the urban management; Sun belongs to another unit
and must see nothing.
"""

from dataclasses import dataclass, field
from datetime import date

from accounts.actor import Actor, from_appointment
from accounts.models import Appointment, Organisation, User
from accounts.roles import Role

Kind = Organisation.Kind
SINCE = date(2016, 1, 1)

HOUSES = {
    "unit": ("新区建筑工务局", Kind.PROJECT_UNIT),
    "other_unit": ("新区公共事业局", Kind.PROJECT_UNIT),
    "authority": ("鹏湾新区发展和财政局", Kind.INVESTMENT_AUTHORITY),
    "center": ("鹏湾新区政府投资项目评审中心", Kind.REVIEW_CENTER),
    "finance": ("鹏湾新区财政局", Kind.FINANCE),
    "audit": ("鹏湾新区审计局", Kind.AUDIT),
    "construction": ("鹏湾新区住房和建设局", Kind.CONSTRUCTION_AUTHORITY),
    "asset": ("鹏湾新区国有资产管理办公室", Kind.ASSET),
    "school": ("鹏湾新区教育局", Kind.COMPETENT_DEPT),
    "city": ("鹏湾新区城市管理局", Kind.COMPETENT_DEPT),
    "registry": ("鹏湾新区不动产登记中心", Kind.REGISTRY),
    "supervision": ("鹏湾新区纪检监察组", Kind.SUPERVISION),
    "platform": ("鹏湾新区信息中心", Kind.PLATFORM),
}

PEOPLE = {
    "lin": ("林晓", "unit", Role.APPLICANT_CLERK),
    "lei": ("雷鸣", "unit", Role.APPLICANT_LEAD),
    "sun": ("孙悦", "other_unit", Role.APPLICANT_CLERK),
    "song": ("宋立", "other_unit", Role.APPLICANT_LEAD),
    "chen": ("陈洁", "authority", Role.WINDOW),
    "wu": ("吴刚", "authority", Role.CASE_OFFICER),
    "wei": ("魏然", "authority", Role.CASE_OFFICER),
    "xu": ("许文", "authority", Role.SECTION_CHIEF),
    "zhao": ("赵敏", "authority", Role.DETERMINER),
    "dai": ("戴平", "authority", Role.DIRECTOR),
    "gu": ("顾安", "authority", Role.ARCHIVIST),
    "ji": ("季桦", "authority", Role.PLAN_OFFICER),
    "kong": ("孔宁", "center", Role.CENTER_LEAD),
    "he": ("何远", "center", Role.CENTER_REVIEWER),
    "jiang": ("江南", "center", Role.CENTER_REVIEWER),
    "yan": ("严谨", "center", Role.EXPERT),
    "fwu": ("伍思", "finance", Role.CASE_OFFICER),
    "fxu": ("徐静", "finance", Role.SECTION_CHIEF),
    "fzhao": ("周全", "finance", Role.DETERMINER),
    "fang": ("方圆", "finance", Role.FINANCE_OFFICER),
    "cxu": ("曹勇", "construction", Role.SECTION_CHIEF),
    "czhao": ("程诚", "construction", Role.DETERMINER),
    "qian": ("钱正", "audit", Role.AUDITOR),
    "zi": ("资明", "asset", Role.ASSET_OFFICER),
    "xie": ("谢宁", "school", Role.RECEIVER),
    "wen": ("文娟", "city", Role.RECEIVER),
    "su": ("苏明", "supervision", Role.SUPERVISOR),
    "root": ("管理员", "platform", Role.SYS_ADMIN),
}


@dataclass
class Cast:
    """`cast.lin` is Lin's actor; `cast.houses["unit"]` an organisation."""

    houses: dict[str, Organisation] = field(default_factory=dict)
    actors: dict[str, Actor] = field(default_factory=dict)

    def __getattr__(self, name: str) -> Actor:
        try:
            return self.__dict__["actors"][name]
        except KeyError:
            raise AttributeError(name) from None


def make_cast(password: str = "") -> Cast:
    """Creates the houses and people. With a password they can log in."""
    cast = Cast()
    for key, (name, kind) in HOUSES.items():
        cast.houses[key] = Organisation.objects.create(name=name, kind=kind)
    for username, (full_name, house, role) in PEOPLE.items():
        user = User(username=username, full_name=full_name, email=f"{username}@example.test")
        user.set_password(password) if password else user.set_unusable_password()
        user.save()
        post = Appointment.objects.create(user=user, organisation=cast.houses[house], role=role, held_from=SINCE)
        cast.actors[username] = from_appointment(post)
    return cast
