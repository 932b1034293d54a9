"""What the pages, the desks and the papers say of an ending, of a deviation from a rule, and of a centre passed over."""

import os
import subprocess
import sys
from datetime import date
from decimal import Decimal

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from accounts.models import Message
from accounts.services import digest
from approvals.item_story import timeline
from approvals.models import ApprovalItem
from approvals.services import moves, project_moves, tick
from approvals.sight import sight_of
from core import clock
from core.models import TraceEntry
from projects.models import Project
from projects.services.register import TakenOverFigure, register
from projects.states import Stage
from tests.support import lives
from tests.support.cast import Cast, make_cast
from web.trace_wording import FACTS, passage

MONDAY, LATE = date(2026, 3, 2), date(2026, 3, 23)
SAID = {"reason": "规划调整，不再实施", "document": "会议纪要〔2026〕20号"}


@pytest.fixture
def cast(db) -> Cast:
    with clock.at(MONDAY):
        return make_cast()


def page_of(actor, address: str) -> str:
    client = Client()
    client.force_login(actor.user)
    response = client.get(address)
    assert response.status_code == 200
    return response.content.decode()


def a_budget_over_the_works(cast: Cast) -> ApprovalItem:
    """In determination; reviewed at 6,000,000, the works of the estimate being 4,000,000. The centre was not asked."""
    figure = TakenOverFigure("ESTIMATE", Decimal("5000000.00"), MONDAY, "鹏发财〔2025〕9号", Decimal("4000000.00"))
    project = register(
        actor=cast.lin, basics=lives.BASICS, taken_over_at="BUDGET", taken_over_reason="原批复",
        taken_over_figures=[figure],
    )  # fmt: skip
    item = lives.submitted(cast, lives.a_draft(cast, project, "BUD"), declared="8000000.00")
    moves.perform(item.pk, "accept", actor=cast.chen)
    moves.perform(item.pk, "assign", actor=cast.fxu, data={"officer": cast.fwu.user.pk})
    lives.review(item, cast.fwu)
    moves.perform(item.pk, "pass_first", actor=cast.fwu, data={"opinion": "同意"})
    return moves.perform(item.pk, "pass_second", actor=cast.fxu, data={"opinion": "同意"})


def test_a_tick_on_its_own_has_every_consequence_in_place():
    code = "import django; django.setup(); import approvals.services.tick; from approvals.services import engine as e; "
    code += "assert 'deem_accepted' in e.BEFORE and 'withdraw' in e.AFTER and e.FOLLOWERS and e.OBSERVERS"
    asked = subprocess.run(
        [sys.executable, "-c", code], cwd=settings.BASE_DIR, env=dict(os.environ), capture_output=True, text=True
    )
    assert asked.returncode == 0, asked.stderr[-2000:]


@pytest.mark.parametrize(("name", "label"), [("terminate", "终止"), ("revoke", "撤销")])
def test_a_project_that_was_stopped_says_when_by_what_and_why(cast, name, label):
    with clock.at(MONDAY):
        item = lives.in_first_review(cast)
    with clock.at(LATE):
        project_moves.perform(item.project_id, name, actor=cast.dai, data=SAID)
        text = page_of(cast.lin, reverse("web:project", args=[item.project_id]))
    assert f"2026-03-23 {label}，依据：{SAID['document']}" in text
    assert SAID["reason"] in text
    assert 'aria-current="step"' not in text
    assert passage(TraceEntry.objects.get(verb=f"projects.project.{name}").facts).endswith(f"→ {label}")


def test_a_running_project_names_no_ending(cast):
    with clock.at(MONDAY):
        project = lives.a_project_in_proposal(cast)
        assert "未办结的审批事项已一并撤回" not in page_of(cast.lin, reverse("web:project", args=[project.pk]))
    assert Project.objects.get().stage == Stage.PROPOSAL


def test_the_officer_hears_that_the_file_is_gone_and_the_course_ends_with_it(cast):
    with clock.at(MONDAY):
        item = lives.in_first_review(cast)
    with clock.at(LATE):
        project_moves.perform(item.project_id, "terminate", actor=cast.dai, data=SAID)
    item = lives.fresh(item)
    told = Message.objects.filter(code="item.moved", facts__move="withdraw_with_project")
    assert {message.user.username for message in told} == {"wu", item.applicant.username}
    last = timeline(item, sight_of(cast.wu, item))[0]
    assert (last.what, last.note, clock.date_of(last.when)) == ("撤回", SAID["reason"], LATE)


def test_archiving_stands_in_the_course(cast):
    with clock.at(MONDAY):
        item = lives.issued(cast)
    with clock.at(LATE):
        item = moves.perform(item.pk, "archive", actor=cast.gu)
    assert "已归档" in [row.what for row in timeline(item, sight_of(cast.lin, item)) if row.when == LATE]


def test_a_refused_approval_says_what_the_deviation_still_needs(cast):
    with clock.at(MONDAY):
        item = a_budget_over_the_works(cast)
        client = Client()
        client.force_login(cast.fzhao.user)
        address = reverse("web:item_move", args=[item.pk, "approve"])
        said = {"version": item.version, "approve-override_document": "会议纪要2号"}
        text = client.post(address, said).content.decode()
        assert "请填写突破规则的理由" in text and "请填写突破规则的依据文件" not in text
        assert "会议纪要2号" in text
        assert "approve-waives" not in text  # a budget review can waive no feasibility study
        client.post(address, {**said, "approve-override_reason": "抢险"})
        text = page_of(cast.fzhao, item.get_absolute_url())
    assert lives.fresh(item).state == "ISSUED"
    assert "会议纪要2号" in text and "R-INV-08.block" in text
    assert "不得批复" not in text  # it was approved: the finding is history, told beside the decision


def test_a_paper_names_the_review_centre_only_where_the_centre_reviewed(cast):
    with clock.at(MONDAY):
        item = a_budget_over_the_works(cast)
        said = {"override_document": "会议纪要2号", "override_reason": "抢险"}
        item = moves.perform(item.pk, "approve", actor=cast.fzhao, data=said)
    assert item.documents.get(kind="APPROVAL").facts["review_center"] == ""


def test_an_approval_after_the_centre_names_it(cast):
    with clock.at(MONDAY):
        item = lives.issued(cast)
    letter, approval = (item.documents.get(kind=kind) for kind in ("COMMISSION_LETTER", "APPROVAL"))
    assert letter.facts["review_center"] == approval.facts["review_center"] == item.center.name


def test_a_mail_says_nothing_twice(cast):
    with clock.at(MONDAY):
        lives.in_first_review(cast)
    for day in (date(2026, 4, 1), date(2026, 4, 14)):
        with clock.at(day):
            tick.run()
    climbed = list(Message.objects.filter(user=cast.wu.user, code="item.escalated"))
    assert len(climbed) == 2
    subject, body = digest.compose(climbed, lambda message: f"{message.code} {message.facts['no']}")
    assert body.count("item.escalated") == 1 and "1" in subject


def test_every_detail_the_trace_keeps_of_a_life_has_a_name(cast):
    with clock.at(MONDAY):
        moves.perform(lives.issued(cast).pk, "archive", actor=cast.gu)
    kept = {name for entry in TraceEntry.objects.all() for name in entry.facts}
    assert kept and not kept - set(FACTS)
