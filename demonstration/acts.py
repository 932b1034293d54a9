"""The acts of a story: what people do with an item, each by the same service the pages use."""

import io
from datetime import date
from decimal import Decimal
from typing import Any

from accounts.actor import Actor
from accounts.roles import Role
from approvals.models import ApprovalItem
from approvals.services import costs, edit, materials, moves
from approvals.services.costs import DeclaredLine
from approvals.services.create import create
from demonstration.amounts import declared_lines, reviewed_lines
from demonstration.papers import paper
from demonstration.people import District
from projects.models import Project


class ItemStory:
    """One item on its way, with the people who carry it."""

    def __init__(
        self, district: District, project: Project, item_type: str, seed: int, no: str = "", **kwargs: Any
    ) -> None:
        self._take_up(district, create(project.pk, item_type, actor=clerk_of(district, project), no=no, **kwargs), seed)

    def _take_up(self, district: District, item: ApprovalItem, seed: int) -> None:
        self.district, self.item, self.project, self.seed = district, item, item.project, seed
        self.clerk, self.lead = clerk_of(district, self.project), lead_of(district, self.project)
        house = item.authority.name
        self.officers = district.of(house, Role.CASE_OFFICER)
        self.chief, self.determiner = district.of(house, Role.SECTION_CHIEF)[0], district.of(house, Role.DETERMINER)[0]
        reviewers = district.of(district.houses["center"].name, Role.CENTER_REVIEWER)
        self.first = reviewers[seed % len(reviewers)]
        self.second = reviewers[(seed + 1) % len(reviewers)]
        self.officer = self.officers[seed % len(self.officers)] if self.officers else None

    def move(self, name: str, actor: Actor, **data: Any) -> None:
        self.item = moves.perform(self.item.pk, name, actor=actor, data=data)

    def fill_in(self, declared: Decimal | None) -> None:
        """Uploads what is mandatory, explains what does not apply, declares the cost lines."""
        for slot in self.item.slots.all():
            requirement = slot.requirement
            if slot.necessity == "M" and requirement.needs_file and "PDF" in requirement.kinds:
                self.upload(slot.code)
            elif slot.necessity == "C" or (requirement.gates and not slot.linked):
                materials.mark_not_applicable(self.item.pk, slot.pk, actor=self.clerk, reason="本项目不涉及此项")
        if self.item.item_type == "ADJ":
            form = {"increase_reasons": {"GEOLOGY": str(declared)}, "funds": "区级一般公共预算追加安排"}
            self.item = edit.amend(self.item.pk, actor=self.clerk, changes={"form": form})
        if self.item.type.cost_tree and declared is not None:
            self.declare(declared)
        elif self.item.type.money and declared is not None:
            self.item = edit.amend(self.item.pk, actor=self.clerk, changes={"declared_amount": declared})

    def upload(self, code: str) -> None:
        slot = self.item.slots.get(code=code)
        content = paper(slot.name)
        materials.upload(self.item.pk, slot.pk, io.BytesIO(content), name=f"{slot.name}.pdf", actor=self.clerk)

    def declare(self, declared: Decimal) -> None:
        lines = declared_lines(self.item.item_type, self.project.project_class, declared)
        self.item = costs.declare_lines(self.item.pk, actor=self.clerk, lines=lines)

    def submit(self) -> None:
        self.move("submit", self.lead)

    def correct(self, again: bool) -> None:
        """The window asks for correction of one material."""
        code = "A02" if self.item.slots.filter(code="A02").exists() else "A01"
        consent = {"consent": "分管领导同意再次补正"} if again else {}
        self.move("request_correction", self.window, defects=[f"{code}: 请示报告未加盖公章，请补正"], **consent)

    def resubmit(self) -> None:
        for defect in self.item.corrections.get(closed_on__isnull=True).defects.all():
            materials.answer_defect(self.item.pk, defect.pk, actor=self.clerk, answer="已加盖公章并重新上传")
        self.upload("A02")
        self.move("resubmit", self.lead)

    @property
    def window(self) -> Actor:
        return self.district["chen"]

    def accept(self) -> None:
        self.move("accept", self.window)

    def assign(self) -> None:
        data = {"officer": self.officer.user.pk} if self.officer else {}
        self.move("assign", self.chief, **data)

    def to_centre(self) -> None:
        self.move("send_to_center", self.officer)
        self.move("assign_center", self.district["kong"], first=self.first.user.pk, second=self.second.user.pk)

    def pause(self, days: int) -> None:
        """A supplement is asked for, signed twice, and begins."""
        in_centre = self.item.state == "CENTER_REVIEW"
        proposer = self.first if in_centre else self.officer
        head = self.district["kong"] if in_centre else self.chief
        letter = "请补充主要设备材料询价依据及工程量计算书"
        self.move("propose_pause", proposer, pause_reason="SUPPLEMENT", letter=letter, expected_days=days)
        self.move("sign_pause_first", head)
        self.move("sign_pause_second", self.determiner)
        self.move("request_supplement", proposer)

    def supply(self) -> None:
        self.move("supply", self.clerk, note="补充资料已上传")

    @classmethod
    def of(cls, district: District, item: ApprovalItem, seed: int) -> "ItemStory":
        """An item that is there already."""
        story = cls.__new__(cls)
        story._take_up(district, item, seed)
        return story

    def review(self, reviewed: Decimal, as_declared: bool = False) -> None:
        """Reviewed lines by whoever has the file; `as_declared` where the lines are not those of the plausible tree."""
        actor = self.first if self.item.state == "CENTER_REVIEW" else self.officer
        if self.item.type.cost_tree and not as_declared:
            lines = declared_lines(self.item.item_type, self.project.project_class, self.item.declared_amount)
        else:
            rows = self.item.cost_lines.filter(is_leaf=True)
            lines = [DeclaredLine(row.code, row.name, row.declared) for row in rows]
        self.item = costs.review_lines(self.item.pk, actor=actor, lines=reviewed_lines(lines, reviewed, self.seed))

    def deliver(self, reviewed: Decimal) -> None:
        self.review(reviewed)
        opinion = "经评审，申报投资基本合理，部分单价及工程量予以核减。"
        for reviewer in (self.first, self.second):
            self.move("sign_opinion", reviewer, opinion=opinion)
        self.move("deliver_opinion", self.district["kong"], opinion="同意评审意见，建议按审定金额批复。")

    def pass_first(self) -> None:
        self.move("pass_first", self.officer, opinion="材料齐全，拟同意评审中心意见。")

    def pass_second(self) -> None:
        self.move("pass_second", self.chief, opinion="复核无误，报请审定。")

    def approve(self, **data: Any) -> None:
        self.move("approve", self.determiner, **data)

    def archive(self) -> None:
        self.move("archive", self.district["gu"])

    def refreshed(self) -> ApprovalItem:
        self.item = ApprovalItem.objects.get(pk=self.item.pk)
        return self.item


def clerk_of(district: District, project: Project) -> Actor:
    return district.of(project.owner_unit.name, Role.APPLICANT_CLERK)[0]


def lead_of(district: District, project: Project) -> Actor:
    return district.of(project.owner_unit.name, Role.APPLICANT_LEAD)[0]


def file_quickly(district: District, project: Project, item_type: str, on: date) -> None:
    """A filing (tender, start, acceptance): declared, accepted and recorded within the day."""
    story = ItemStory(district, project, item_type, seed=on.toordinal())
    ceiling = _ceiling(project) if item_type == "TND" else None
    story.fill_in(ceiling)
    story.submit()
    story.accept()
    story.assign()
    story.approve(
        **({"approved_amount": str((ceiling * Decimal("0.93")).quantize(Decimal("0.01")))} if ceiling else {})
    )
    story.archive()


def _ceiling(project: Project) -> Decimal:
    """The tender ceiling: the reviewed budget, or else the works part of the estimate."""
    budget = project.latest_figure("BUDGET")
    if budget is not None:
        return budget.amount
    estimate = project.latest_figure("ESTIMATE", "ADJUSTED")
    return estimate.works_amount or estimate.amount
