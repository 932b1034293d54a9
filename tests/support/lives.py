"""Drives projects and items through their lives by the services, so that no state is ever forged by hand."""

import io
from decimal import Decimal
from typing import Any

from accounts.actor import Actor
from approvals.models import ApprovalItem
from approvals.services import costs, edit, materials, moves
from approvals.services.costs import DeclaredLine, ReviewedLine
from approvals.services.create import create
from projects.models import Project
from projects.services import moves as project_moves
from projects.services.register import register
from tests.support.cast import Cast

PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj 2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
BASICS = {
    "name": "葵湾中心小学改扩建工程",
    "code": "2611-440399-04-01-000016",
    "project_class": "BUILDING",
    "construction_nature": "EXPANSION",
    "investment_mode": "DIRECT",
    "industry": "EDUCATION",
    "content_scale": "新建教学楼一栋，建筑面积 12000 平方米。",
    "meeting_minute": "鹏湾新区会议纪要〔2026〕3号",
}


def a_project(cast: Cast, actor: Actor | None = None, **changes: Any) -> Project:
    """A registered project in the reserve."""
    return register(actor=actor or cast.lin, basics={**BASICS, **changes})


def a_project_in_proposal(cast: Cast, **changes: Any) -> Project:
    project = a_project(cast, **changes)
    return project_moves.perform(project.pk, "start_proposal", actor=cast.lei)


def a_draft(cast: Cast, project: Project | None = None, item_type: str = "PR") -> ApprovalItem:
    return create((project or a_project_in_proposal(cast)).pk, item_type, actor=cast.lin)


def fill_in(cast: Cast, item: ApprovalItem, declared: str = "10000000.00") -> ApprovalItem:
    """Uploads every mandatory file, explains the conditional ones, declares two cost lines."""
    for slot in item.slots.all():
        requirement = slot.requirement
        if slot.necessity == "M" and requirement.needs_file:
            name = f"{slot.code}.pdf" if "PDF" in requirement.kinds else f"{slot.code}.dwg"
            materials.upload(item.pk, slot.pk, io.BytesIO(PDF), name=name, actor=cast.lin)
        elif slot.necessity == "C" or (requirement.gates and not slot.linked):
            materials.mark_not_applicable(item.pk, slot.pk, actor=cast.lin, reason="本项目不涉及")
    if item.type.money:
        total = Decimal(declared)
        works = (total * Decimal("0.8")).quantize(Decimal("0.01"))
        lines = [DeclaredLine("1", "工程费用", works), DeclaredLine("2", "工程建设其他费用", total - works)]
        costs.declare_lines(item.pk, actor=cast.lin, lines=lines)
    return fresh(item)


def submitted(cast: Cast, item: ApprovalItem | None = None, **kwargs: Any) -> ApprovalItem:
    return moves.perform(fill_in(cast, item or a_draft(cast), **kwargs).pk, "submit", actor=cast.lei)


def accepted(cast: Cast, item: ApprovalItem | None = None) -> ApprovalItem:
    return moves.perform((item or submitted(cast)).pk, "accept", actor=cast.chen)


def in_first_review(cast: Cast, item: ApprovalItem | None = None) -> ApprovalItem:
    item = item or accepted(cast)
    return moves.perform(item.pk, "assign", actor=cast.xu, data={"officer": cast.wu.user.pk})


def in_centre(cast: Cast, item: ApprovalItem | None = None) -> ApprovalItem:
    item = moves.perform((item or in_first_review(cast)).pk, "send_to_center", actor=cast.wu)
    data = {"first": cast.he.user.pk, "second": cast.jiang.user.pk}
    return moves.perform(item.pk, "assign_center", actor=cast.kong, data=data)


def review(item: ApprovalItem, actor: Actor, share: str = "0.75") -> ApprovalItem:
    """Enters reviewed amounts as a share of the declared ones, each with its reason."""
    lines = [
        ReviewedLine(line.code, (line.declared * Decimal(share)).quantize(Decimal("0.01")), "单价偏高", "UNIT_PRICE")
        for line in item.cost_lines.filter(is_leaf=True)
    ]
    return costs.review_lines(item.pk, actor=actor, lines=lines)


def opinion_delivered(cast: Cast, item: ApprovalItem | None = None) -> ApprovalItem:
    item = item or in_centre(cast)
    review(item, cast.he)
    for reviewer in (cast.he, cast.jiang):
        moves.perform(item.pk, "sign_opinion", actor=reviewer, data={"opinion": "同意评审意见"})
    return moves.perform(item.pk, "deliver_opinion", actor=cast.kong, data={"opinion": "建议按审定金额批复"})


def in_second_review(cast: Cast, item: ApprovalItem | None = None) -> ApprovalItem:
    item = item or opinion_delivered(cast)
    return moves.perform(item.pk, "pass_first", actor=cast.wu, data={"opinion": "拟同意"})


def in_publicity(cast: Cast, **changes: Any) -> ApprovalItem:
    """An admission to the reserve, which the shipped rulebook puts under publicity after the second review."""
    item = a_draft(cast, a_project(cast, **{"name": "入库项目", "code": "", **changes}), "RSV")
    item = edit.amend(item.pk, actor=cast.lin, changes={"declared_amount": Decimal("5000000.00")})
    for slot in item.slots.all():
        if slot.necessity == "M" and slot.requirement.needs_file:
            materials.upload(item.pk, slot.pk, io.BytesIO(PDF), name=f"{slot.code}.pdf", actor=cast.lin)
        elif slot.necessity == "C":
            materials.mark_not_applicable(item.pk, slot.pk, actor=cast.lin, reason="本项目不涉及")
    item = in_first_review(cast, accepted(cast, moves.perform(item.pk, "submit", actor=cast.lei)))
    review(item, cast.wu)
    return in_determination(cast, in_second_review(cast, item))


def in_determination(cast: Cast, item: ApprovalItem | None = None) -> ApprovalItem:
    item = item or in_second_review(cast)
    return moves.perform(item.pk, "pass_second", actor=cast.xu, data={"opinion": "复核同意"})


def issued(cast: Cast, item: ApprovalItem | None = None, **data: Any) -> ApprovalItem:
    return moves.perform((item or in_determination(cast)).pk, "approve", actor=cast.zhao, data=data)


def fresh(item: ApprovalItem) -> ApprovalItem:
    return ApprovalItem.objects.get(pk=item.pk)
