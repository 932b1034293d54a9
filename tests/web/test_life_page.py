"""The stage page: one line, who must act, the chain drawn and told, links only where they lead somewhere."""

import re
from decimal import Decimal

import pytest
from django.urls import reverse

from approvals.control_chain import Link
from approvals.services import project_moves
from core import clock
from projects.models import ControlFigure
from projects.states import FigureKind
from tests.support import books, lives, works
from tests.support.cast import make_cast
from tests.support.readonly import no_writes
from web.views.projects.chain_chart import FOOT, HEAD, drawing_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def page(client):
    def look(actor, project, status=200):
        client.force_login(actor.user)
        with no_writes():
            answer = client.get(reverse("web:stages", args=[project.pk]))
        assert answer.status_code == status
        return answer

    return look


def test_the_page_tells_where_the_project_stands_and_whose_turn_it_is(page):
    cast = make_cast()
    project = lives.a_project_in_proposal(cast)
    html = page(cast.lin, project).content.decode()
    assert html.count('class="step ') == 14
    assert html.count('id="stage-') == 14
    assert "项目单位经办" in html
    assert f"{reverse('web:item_new', args=[project.pk])}?type=PR" in html
    assert 'aria-current="page">全过程<' in html
    page(cast.sun, project, 404)


def test_the_chain_is_drawn_told_as_a_table_and_flags_the_three_overruns(page):
    cast = make_cast()
    project = works.building(cast)
    for version, (kind, yuan) in enumerate((("FEASIBILITY", "11000000.00"), ("FINAL", "12500000.00")), start=3):
        ControlFigure.objects.create(
            project=project, version=version, kind=kind, amount=Decimal(yuan), decided_on=clock.today()
        )
    html = page(cast.fang, project).content.decode()
    assert html.count('<svg class="chain ') == 2
    assert "860.00" in html and "1,250.00" in html
    assert html.count('class="chain-bar is-over"') == 2 * 2, "estimate and final account, wide and narrow"
    assert "概算超" in html or "超" in html
    assert not re.search(r"\sstyle=|<script(?![^>]*src)", html)


def test_columns_are_as_high_as_the_amounts_are_large():
    yuan = {FigureKind.FEASIBILITY: 50, FigureKind.ESTIMATE: 100, FigureKind.BUDGET: None, FigureKind.FINAL: 25}
    links = [Link(kind, kind.label, Decimal(n) if n else None) for kind, n in yuan.items()]
    drawing = drawing_of(links)
    heights = [mark.height for mark in drawing.columns]
    assert heights == [(FOOT - HEAD) // 2, FOOT - HEAD, 0, (FOOT - HEAD) // 4]
    assert all(mark.y + mark.height == FOOT for mark in drawing.columns)
    assert drawing.control == HEAD, "the estimate is the highest and controls"
    assert [mark.amount for mark in drawing.columns] == ["0.01", "0.01", "", "0.00"]
    assert drawing_of([Link(FigureKind.FINAL, "决算")]) is None


def test_a_project_that_stands_still_says_so_and_one_that_ended_says_what_remains(page):
    cast = make_cast()
    project = works.building(cast)
    books.a_payment(cast, works.the_contract(project), "864000.00")
    said = {"reason": "规划调整，不再实施", "document": "会议纪要〔2026〕20号"}
    project_moves.perform(project.pk, "suspend", actor=cast.zhao, data=said)
    html = page(cast.lin, project).content.decode()
    assert "项目已暂停" in html and "没有阻碍" not in html
    assert html.count("规划调整，不再实施") == 1 and said["document"] in html
    project_moves.perform(project.pk, "terminate", actor=cast.dai, data=said)
    html = page(cast.lin, project).content.decode()
    assert html.count("规划调整，不再实施") == 2
    assert "后续待办" in html and "864,000.00" in html
    assert reverse("web:final_account", args=[project.pk]) in html
    assert "864,000.00" not in page(cast.chen, project).content.decode()
