"""The houses and people of the fictional 鹏湾新区. Everybody's password is `demo`."""

from dataclasses import dataclass
from datetime import date

from django.contrib.auth.hashers import make_password

from accounts.actor import Actor, from_appointment
from accounts.models import Appointment, Organisation, User
from accounts.roles import Role

Kind = Organisation.Kind
PASSWORD = "demo"
SINCE = date(2016, 1, 1)

HOUSES: dict[str, tuple[str, str, str]] = {
    "works": ("新区建筑工务局", Kind.PROJECT_UNIT, ""),
    "public": ("新区公共事业局", Kind.PROJECT_UNIT, ""),
    "urban": ("新区城市管理和水务局", Kind.PROJECT_UNIT, ""),
    "culture": ("新区文体旅游局", Kind.PROJECT_UNIT, ""),
    "safety": ("新区安全生产监督管理局", Kind.PROJECT_UNIT, ""),
    "ecology": ("新区生态保护和城市建设局", Kind.PROJECT_UNIT, ""),
    "nanyu": ("南屿办事处", Kind.PROJECT_UNIT, ""),
    "kuiwan": ("葵湾办事处", Kind.PROJECT_UNIT, ""),
    "pengshan": ("鹏山办事处", Kind.PROJECT_UNIT, ""),
    "office": ("新区综合办公室", Kind.PROJECT_UNIT, ""),
    "authority": ("鹏湾新区发展和财政局", Kind.INVESTMENT_AUTHORITY, "鹏发财"),
    "center": ("鹏湾新区政府投资项目评审中心", Kind.REVIEW_CENTER, "鹏评"),
    "finance": ("鹏湾新区财政局", Kind.FINANCE, "鹏财"),
    "audit": ("鹏湾新区审计局", Kind.AUDIT, "鹏审"),
    "construction": ("鹏湾新区住房和建设局", Kind.CONSTRUCTION_AUTHORITY, "鹏建"),
    "asset": ("鹏湾新区国有资产管理办公室", Kind.ASSET, "鹏资"),
    "registry": ("鹏湾新区不动产登记中心", Kind.REGISTRY, "鹏登"),
    "supervision": ("鹏湾新区纪检监察组", Kind.SUPERVISION, ""),
    "platform": ("鹏湾新区信息中心", Kind.PLATFORM, ""),
}

PEOPLE: tuple[tuple[str, str, str, str], ...] = (
    ("lin", "林晓", "works", Role.APPLICANT_CLERK),
    ("lei", "雷鸣", "works", Role.APPLICANT_LEAD),
    ("sun", "孙悦", "public", Role.APPLICANT_CLERK),
    ("song", "宋立", "public", Role.APPLICANT_LEAD),
    ("uclerk", "尤丽", "urban", Role.APPLICANT_CLERK),
    ("ulead", "于海", "urban", Role.APPLICANT_LEAD),
    ("wclerk", "温婷", "culture", Role.APPLICANT_CLERK),
    ("wlead", "翁强", "culture", Role.APPLICANT_LEAD),
    ("sclerk", "沈青", "safety", Role.APPLICANT_CLERK),
    ("slead", "石磊", "safety", Role.APPLICANT_LEAD),
    ("eclerk", "鄂雯", "ecology", Role.APPLICANT_CLERK),
    ("elead", "俞波", "ecology", Role.APPLICANT_LEAD),
    ("nclerk", "倪云", "nanyu", Role.APPLICANT_CLERK),
    ("nlead", "宁涛", "nanyu", Role.APPLICANT_LEAD),
    ("kclerk", "柯敏", "kuiwan", Role.APPLICANT_CLERK),
    ("klead", "康伟", "kuiwan", Role.APPLICANT_LEAD),
    ("pclerk", "潘月", "pengshan", Role.APPLICANT_CLERK),
    ("plead", "彭飞", "pengshan", Role.APPLICANT_LEAD),
    ("oclerk", "欧阳兰", "office", Role.APPLICANT_CLERK),
    ("olead", "区志", "office", Role.APPLICANT_LEAD),
    ("chen", "陈洁", "authority", Role.WINDOW),
    ("wu", "吴刚", "authority", Role.CASE_OFFICER),
    ("wei", "魏然", "authority", Role.CASE_OFFICER),
    ("wen", "文静", "authority", Role.CASE_OFFICER),
    ("xu", "许文", "authority", Role.SECTION_CHIEF),
    ("zhao", "赵敏", "authority", Role.DETERMINER),
    ("dai", "戴平", "authority", Role.DIRECTOR),
    ("gu", "顾安", "authority", Role.ARCHIVIST),
    ("leader", "黎明", "authority", Role.LEADER_VIEW),
    ("kong", "孔宁", "center", Role.CENTER_LEAD),
    ("he", "何远", "center", Role.CENTER_REVIEWER),
    ("jiang", "江南", "center", Role.CENTER_REVIEWER),
    ("hu", "胡杨", "center", Role.CENTER_REVIEWER),
    ("jin", "金石", "center", Role.CENTER_REVIEWER),
    ("yan", "严谨", "center", Role.EXPERT),
    ("yin", "尹正", "center", Role.EXPERT),
    ("fwu", "伍思", "finance", Role.CASE_OFFICER),
    ("fwang", "王恒", "finance", Role.CASE_OFFICER),
    ("fxu", "徐静", "finance", Role.SECTION_CHIEF),
    ("fzhao", "周全", "finance", Role.DETERMINER),
    ("fang", "方圆", "finance", Role.FINANCE_OFFICER),
    ("cxu", "曹勇", "construction", Role.SECTION_CHIEF),
    ("czhao", "程诚", "construction", Role.DETERMINER),
    ("qian", "钱正", "audit", Role.AUDITOR),
    ("awu", "武岳", "audit", Role.CASE_OFFICER),
    ("axu", "徐锋", "audit", Role.SECTION_CHIEF),
    ("azhao", "招远", "audit", Role.DETERMINER),
    ("ji", "季桦", "authority", Role.PLAN_OFFICER),
    ("zi", "资明", "asset", Role.ASSET_OFFICER),
    ("zxu", "续航", "asset", Role.SECTION_CHIEF),
    ("zzhao", "昭阳", "asset", Role.DETERMINER),
    ("rxu", "旭东", "registry", Role.SECTION_CHIEF),
    ("rzhao", "兆丰", "registry", Role.DETERMINER),
    ("jie", "解平", "public", Role.RECEIVER),
    ("ujie", "介文", "urban", Role.RECEIVER),
    ("su", "苏明", "supervision", Role.SUPERVISOR),
    ("sysadmin", "席安", "platform", Role.SYS_ADMIN),
    ("secadmin", "安全", "platform", Role.SEC_ADMIN),
    ("auditadmin", "舒记", "platform", Role.AUDIT_ADMIN),
)

# The accounts shown on the sign-in page and in the README: one per kind of work.
SHOWN = (
    "lin",
    "lei",
    "chen",
    "wu",
    "kong",
    "he",
    "jiang",
    "xu",
    "zhao",
    "dai",
    "fang",
    "ji",
    "qian",
    "zi",
    "jie",
    "su",
    "leader",
    "sysadmin",
)


@dataclass
class District:
    """`district["lin"]` is Lin's actor; `district.clerk(house)` the clerk of a unit."""

    houses: dict[str, Organisation]
    actors: dict[str, Actor]

    def __getitem__(self, username: str) -> Actor:
        return self.actors[username]

    def of(self, house_name: str, role: str) -> list[Actor]:
        """Everybody in this role in the house of this name."""
        return [a for a in self.actors.values() if a.role == role and a.organisation.name == house_name]


def settle() -> District:
    """Creates the houses, people and posts."""
    houses = {
        key: Organisation.objects.create(name=name, kind=kind, document_prefix=prefix)
        for key, (name, kind, prefix) in HOUSES.items()
    }
    hashed = make_password(PASSWORD)
    actors = {}
    for username, full_name, house, role in PEOPLE:
        user = User.objects.create(
            username=username,
            full_name=full_name,
            password=hashed,
            email=f"{username}@demo.example",
            is_staff=role == Role.SYS_ADMIN,
            is_superuser=role == Role.SYS_ADMIN,
        )
        post = Appointment.objects.create(user=user, organisation=houses[house], role=role, held_from=SINCE)
        actors[username] = from_appointment(post)
    return District(houses, actors)
