"""The 32 projects and 87 decided items of 2016–17, and six decisions that must change no total."""

import csv
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise
from pathlib import Path

from accounts.roles import Role
from core import calendars
from core.calendar import WorkCalendar
from core.money import from_wan
from demonstration.acts import ItemStory, clerk_of, file_quickly, lead_of
from demonstration.people import District
from demonstration.schedule import Story
from projects import codes
from projects.models import Project
from projects.services import moves as project_moves
from projects.services.register import register
from projects.states import AuditMode, Stage

FOLDER = Path(__file__).resolve().parent.parent / "fixtures" / "demo"
FIRST_STAGE = {"PR": Stage.PROPOSAL, "FS": Stage.FEASIBILITY, "EST": Stage.PRELIM_DESIGN, "SET": Stage.SETTLEMENT}
NATURE = {"新建": "NEW", "扩建": "EXPANSION", "改造": "REBUILD", "修复": "RESTORATION", "修缮": "RESTORATION"}


@dataclass(frozen=True)
class PastItem:
    """One row of items87.csv; amounts in yuan."""

    no: str
    project_no: int
    item_type: str
    declared: Decimal
    reviewed: Decimal
    accepted_on: date
    decided_on: date
    used: int
    paused: int
    rounds: int


@dataclass(frozen=True)
class PastProject:
    """One row of projects32.csv."""

    no: int
    name: str
    project_class: str
    industry: str
    unit: str
    subdistrict: str


def past_items() -> list[PastItem]:
    return [
        PastItem(
            row["item_no"], int(row["project_no"]), row["item_type"], from_wan(Decimal(row["declared_wan"])),
            from_wan(Decimal(row["reviewed_wan"])), date.fromisoformat(row["accepted_on"]),
            date.fromisoformat(row["decided_on"]), int(row["used_wd"]), int(row["paused_wd"]), int(row["rounds"]),
        )
        for row in _rows("items87.csv")
    ]  # fmt: skip


def past_projects() -> list[PastProject]:
    return [
        PastProject(
            int(row["project_no"]), row["name"], row["project_class"], row["industry"], row["unit"], row["subdistrict"]
        )
        for row in _rows("projects32.csv")
    ]


def _rows(name: str) -> list[dict[str, str]]:
    with (FOLDER / name).open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream))


def stories(district: District) -> list[Story]:
    """One story per project, from its registration to its last decided item."""
    works = calendars.current()
    chains: dict[int, list[PastItem]] = {}
    for item in past_items():
        chains.setdefault(item.project_no, []).append(item)
    return [_project_story(district, row, chains[row.no], works) for row in past_projects()]


def _project_story(district: District, row: PastProject, chain: list[PastItem], works: WorkCalendar) -> Story:
    begin = works.add(chain[0].accepted_on, -2 * chain[0].rounds - 6)
    yield begin
    project = _register(district, row, chain)
    free_from = begin
    for position, item in enumerate(chain):
        previous = chain[position - 1] if position else None
        first_day = _first_submission(item, free_from, works)
        if previous:
            yield from _bridge(district, project, previous, item, free_from, first_day, works)
        else:
            _lead_up(district, project, item)
        extra = EXCLUDED.get(item.no)
        if extra and extra.outcome == "RETURNED":
            yield from _returned_story(district, project, extra, free_from, works)
            first_day = max(first_day, works.add(free_from, 5))
        yield from _item_story(district, project, item, first_day, works)
        free_from = works.add(item.decided_on, 1)
        yield free_from
    last = chain[-1]
    extra = EXCLUDED.get(last.no)
    if extra and extra.outcome == "EARLY":
        yield from _early_story(district, project, extra, free_from, works)


def _first_submission(item: PastItem, free_from: date, works: WorkCalendar) -> date:
    return max(free_from, works.add(item.accepted_on, -2 * (item.rounds - 1) - 1))


def _register(district: District, row: PastProject, chain: list[PastItem]) -> Project:
    industry = {label: code for code, label in codes.labels("industry").items()}
    subdistricts = {label: code for code, label in codes.labels("subdistrict").items()}
    clerk = next(a for a in district.of(row.unit, Role.APPLICANT_CLERK))
    basics = {
        "name": row.name,
        "code": f"2016-440399-{_industry_digits(row.industry)}-01-{row.no:06d}",
        "project_class": row.project_class,
        "construction_nature": next((code for word, code in NATURE.items() if word in row.name), "NEW"),
        "investment_mode": "DIRECT",
        "industry": industry[row.industry],
        "subdistrict": subdistricts.get(row.subdistrict, ""),
        "content_scale": f"{row.name}，按批准的建设内容及规模实施。",
        "meeting_minute": f"鹏湾新区会议纪要〔2016〕{row.no}号",
        "rough_investment": chain[0].declared,
        "audit_mode": AuditMode.EXEMPT if any(i.item_type == "FA" for i in chain) else AuditMode.GOV_AUDIT,
        "needs_title": row.project_class == "BUILDING",
        "plan_category": "NEW",
    }
    taken_over = chain[0].item_type == "SET"
    return register(
        actor=clerk,
        basics=basics,
        funding={"4": chain[0].declared},
        taken_over_at=Stage.SETTLEMENT if taken_over else "",
        taken_over_reason="系统启用前已完成立项、概算批复、招标及竣工验收，批复文件见档案" if taken_over else "",
    )


def _industry_digits(industry: str) -> str:
    labels = list(codes.labels("industry").values())
    return f"{labels.index(industry) + 1:02d}"


def _lead_up(district: District, project: Project, first: PastItem) -> None:
    """Brings a fresh project to the stage its first item belongs to."""
    lead, determiner = lead_of(district, project), district["zhao"]
    document = f"鹏湾新区会议纪要〔2016〕{first.project_no}号"
    if first.item_type == "FS":
        data = {"document": document, "reason": "已列入新区年度投资计划，简化报批程序"}
        project_moves.perform(project.pk, "direct_to_feasibility", actor=determiner, data=data)
    elif first.item_type in ("PR", "EST"):
        project_moves.perform(project.pk, "start_proposal", actor=lead)
    if first.item_type == "EST":
        data = {
            "ground": "SMALL_SIMPLE",
            "document": document,
            "reason": "建设内容单一、投资规模较小，直接申报初步设计概算",
        }
        project_moves.perform(project.pk, "pass_proposal_waive_feasibility", actor=determiner, data=data)


def _bridge(
    district: District,
    project: Project,
    previous: PastItem,
    item: PastItem,
    start: date,
    end: date,
    works: WorkCalendar,
) -> Story:
    """What has to happen between two items of a chain: waivers, tender, start, completion."""
    steps = _steps_between(previous.item_type, item.item_type)
    room = max(works.working_days(start, end) - 1, 0)
    for position, step in enumerate(steps):
        yield works.add(start, room * position // max(len(steps), 1))
        project = Project.objects.get(pk=project.pk)
        _take_step(district, project, step, works)


def _steps_between(before: str, after: str) -> list[str]:
    if (before, after) == ("PR", "EST"):
        return ["waive_feasibility"]
    if before in ("EST", "BUD") and after in ("ADJ", "SET"):
        start = (
            ["TND", "START", "start_construction"]
            if before == "BUD"
            else ["waive_budget", "TND", "START", "start_construction"]
        )
        return [*start, "open_adjustment"] if after == "ADJ" else [*start, "enter_acceptance", "ACC"]
    if (before, after) == ("ADJ", "SET"):
        return ["enter_acceptance", "ACC"]
    return []


def _take_step(district: District, project: Project, step: str, works: WorkCalendar) -> None:
    clerk, lead, determiner = clerk_of(district, project), lead_of(district, project), district["zhao"]
    if step in ("TND", "START", "ACC"):
        file_quickly(district, project, step, works.add(date(2016, 1, 4), project.pk % 100))
    elif step == "waive_budget":
        data = {"ground": "SMALL_SIMPLE", "document": "鹏发财备〔2016〕", "reason": "规模较小，以批复概算控制招标"}
        project_moves.perform(project.pk, "waive_budget", actor=determiner, data=data)
    elif step == "start_construction":
        project_moves.perform(project.pk, "start_construction", actor=lead)
    elif step == "enter_acceptance":
        data = {"document": "施工单位竣工报告"}
        project_moves.perform(project.pk, "enter_acceptance", actor=clerk, data=data)
    elif step == "open_adjustment":
        data = {"reason": "地质条件变化，预计投资超出批复概算"}
        project_moves.perform(project.pk, "open_estimate_adjustment", actor=lead, data=data)
    elif step == "waive_feasibility" and project.stage == Stage.FEASIBILITY:
        raise AssertionError("the proposal approval of this chain should have waived the feasibility study")


def _item_story(district: District, project: Project, item: PastItem, first_day: date, works: WorkCalendar) -> Story:
    """One item: its rounds, its acceptance, its pause, its review and its decision, on its dates."""
    yield first_day
    project = Project.objects.get(pk=project.pk)
    story = ItemStory(district, project, item.item_type, seed=int(item.no[3:]), no=item.no)
    story.fill_in(item.declared)
    story.submit()
    for round_no in range(2, item.rounds + 1):
        yield max(first_day, works.add(item.accepted_on, -2 * (item.rounds - round_no) - 1))
        story.correct(again=round_no > 2)
        story.resubmit()
    yield item.accepted_on
    story.accept()
    story.assign()
    second_day = works.add(item.accepted_on, 1)
    yield second_day
    if "CENTER" in story.item.type.steps:
        story.to_centre()
    if item.paused:
        story.pause(item.paused)
        yield works.add(second_day, item.paused)
        story.supply()
    yield works.add(item.decided_on, -2)
    if story.item.state == "CENTER_REVIEW":
        story.deliver(item.reviewed)
    else:
        story.review(item.reviewed)
    story.pass_first()
    yield works.add(item.decided_on, -1)
    story.pass_second()
    yield item.decided_on
    _decide(story, item)
    _check(story, item)
    yield _archive(story, works.add(item.decided_on, 10))


def _archive(story: ItemStory, on: date) -> Story:
    yield on
    story.archive()


def _decide(story: ItemStory, item: PastItem) -> None:
    waives = WAIVES_FEASIBILITY.get(item.no, [])
    if item.no == "SP-058":
        reason = "超出部分为航道清淤工程量增加，已核实，同意按概算申报"
        story.move("decide_ten_percent", story.determiner, decision="ACCEPT", reason=reason)
    story.approve(waives=waives, opinion="请严格按批复的建设内容、规模和投资实施，不得擅自变更。")


def _check(story: ItemStory, item: PastItem) -> None:
    """The replay must reproduce the record, or the demonstration is wrong."""
    decided = story.item
    seen = (
        decided.declared_amount,
        decided.reviewed_amount,
        decided.used_days,
        decided.paused_days,
        decided.round_count,
    )
    wanted = (item.declared, item.reviewed, item.used, item.paused, item.rounds)
    if seen != wanted or (decided.accepted_on, decided.decided_on) != (item.accepted_on, item.decided_on):
        raise AssertionError(f"{item.no}: replayed {seen}, recorded {wanted}")


@dataclass(frozen=True)
class Excluded:
    """A decision with money that stays out of every sum (R-RED-04)."""

    no: str
    outcome: str
    item_type: str
    declared: Decimal


# Keyed by the item before (RETURNED) or after (EARLY) which it happens; together 9,000 万元.
EXCLUDED = {
    "SP-005": Excluded("TW-001", "RETURNED", "FS", Decimal("24000000.00")),
    "SP-011": Excluded("TW-002", "RETURNED", "EST", Decimal("38600000.00")),
    "SP-053": Excluded("TW-003", "RETURNED", "EST", Decimal("14900000.00")),
    "SP-049": Excluded("TQ-001", "EARLY", "BUD", Decimal("4500000.00")),
    "SP-051": Excluded("TQ-002", "EARLY", "BUD", Decimal("5600000.00")),
    "SP-008": Excluded("TQ-003", "EARLY", "BUD", Decimal("2400000.00")),
}
WAIVES_FEASIBILITY: dict[str, list[str]] = {}


def _mark_waivers() -> None:
    """Proposals directly followed by an estimate waived the feasibility study (R-LC-10)."""
    items = past_items()
    for before, after in pairwise(items):
        if before.project_no == after.project_no and (before.item_type, after.item_type) == ("PR", "EST"):
            WAIVES_FEASIBILITY[before.no] = ["FEASIBILITY"]


_mark_waivers()


def _returned_story(district: District, project: Project, extra: Excluded, start: date, works: WorkCalendar) -> Story:
    yield start
    story = ItemStory(
        district, Project.objects.get(pk=project.pk), extra.item_type, seed=extra.declared.adjusted(), no=extra.no
    )
    story.fill_in(extra.declared)
    story.submit()
    story.accept()
    story.assign()
    yield works.add(start, 2)
    reason = "申报方案深度不足，请重新编制后申报"
    story.move("return_item", story.determiner, return_class="RECOMPILE", reason=reason)


def _early_story(district: District, project: Project, extra: Excluded, start: date, works: WorkCalendar) -> Story:
    yield start + timedelta(days=1)
    story = ItemStory(
        district, Project.objects.get(pk=project.pk), extra.item_type, seed=7, no=extra.no, is_early_involvement=True
    )
    story.fill_in(extra.declared)
    story.submit()
    story.accept()
    story.assign()
    yield works.add(start, 4)
    story.review((extra.declared * Decimal("0.9")).quantize(Decimal("0.01")))
    story.pass_first()
    story.pass_second()
    story.approve()
    story.archive()
