"""The register, the page of a project and the form: what is shown to whom, and that nothing typed is lost."""

import hashlib
from datetime import date
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from approvals.services import project_moves
from approvals.services.create import create
from core import clock
from core.models import TraceEntry
from projects.models import ControlFigure, Project
from projects.services.register import register
from tests.support import lives
from tests.support.cast import make_cast
from tests.support.lives import BASICS, a_project, a_project_in_proposal

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast():
    return make_cast()


@pytest.fixture
def see(client):
    """`see(cast.lin, url)` is what Lin gets; `see(cast.lin, url, {...})` what posting answers."""

    def look(actor, url, data=None):
        client.force_login(actor.user)
        return client.get(url) if data is None else client.post(url, data)

    return look


def text(response):
    return response.content.decode()


def n_queries(look):
    with CaptureQueriesContext(connection) as queries:
        assert look().status_code == 200
    return len(queries)


FORM = {
    "name": "南屿医院",
    "code": "",
    "project_class": "BUILDING",
    "construction_nature": "NEW",
    "investment_mode": "DIRECT",
    "industry": "HEALTH",
    "urgency": "NORMAL",
    "secrecy": "OPEN",
    "audit_mode": "GOV_AUDIT",
    "needs_title": "on",
}


def test_a_clerk_registers_a_project_with_amounts_in_ten_thousand_yuan(cast, see):
    data = FORM | {"rough_investment": "23,000.123456", "funding-1.1": "0.01", "funding-2": ""}
    answer = see(cast.lin, reverse("web:project_new"), data)
    project = Project.objects.get()
    assert answer.url == reverse("web:project", args=[project.pk])
    assert project.rough_investment == Decimal("230001234.56")
    assert {row.source: row.amount for row in project.funding.all()} == {"1.1": Decimal("100.00")}


def test_a_refused_form_keeps_everything_and_stands_at_its_fields(cast, see):
    a_project(cast, name="南屿医院", code="2611-440399-04-01-000024")
    data = FORM | {
        "code": "12-34",
        "rough_investment": "1,2.3.4",
        "content_scale": "门诊楼 3 层",
        "planned_start": "2027-05-01",
        "planned_completion": "2026-05-01",
        "funding-1": "七百",
    }
    answer = see(cast.lin, reverse("web:project_new"), data)
    page = text(answer)
    assert answer.status_code == 422
    assert Project.objects.count() == 1
    for kept in ("12-34", "1,2.3.4", "门诊楼 3 层", "2027-05-01", "七百"):
        assert kept in page
    answer = see(cast.lin, reverse("web:project_new"), data | {"rough_investment": "", "funding-1": ""})
    errors = answer.context["form"].errors
    assert set(errors) == {"code", "planned_completion", "__all__"}, "with the project of the same name, in one answer"
    answer = see(cast.lin, reverse("web:project_new"), FORM)
    assert answer.status_code == 422
    assert set(answer.context["form"].errors) == {"__all__"}


def test_a_secret_project_cannot_be_entered_by_forging_the_form(cast, see):
    answer = see(cast.lin, reverse("web:project_new"), FORM | {"secrecy": "SECRET"})
    assert answer.status_code == 422
    assert not Project.objects.exists()


def test_a_take_over_without_reasons_is_refused_at_the_field(cast, see):
    answer = see(cast.lin, reverse("web:project_new"), FORM | {"taken_over_at": "BUDGET"})
    assert answer.status_code == 422
    assert set(answer.context["form"].errors) == {"taken_over_reason"}


def test_a_taken_over_project_keeps_its_former_figures(cast, see):
    data = FORM | {"taken_over_at": "BUDGET", "taken_over_reason": "此前已批复", "figure-ESTIMATE": "1200"}
    answer = see(cast.lin, reverse("web:project_new"), data)
    assert set(answer.context["form"].errors) == {"figure-ESTIMATE"}
    data |= {"figure-ESTIMATE-on": "2024-05-06", "figure-ESTIMATE-no": "鹏发财〔2024〕8号"}
    assert see(cast.lin, reverse("web:project_new"), data).status_code == 302
    figure = Project.objects.get().latest_figure("ESTIMATE")
    assert (figure.amount, figure.decided_on, figure.document_no) == (
        Decimal("12000000.00"), date(2024, 5, 6), "鹏发财〔2024〕8号",
    )  # fmt: skip


def test_the_basics_are_amended_but_a_code_stays_and_a_stale_page_is_told(cast, see):
    project = a_project(cast)
    url = reverse("web:project_edit", args=[project.pk])
    assert BASICS["name"] in text(see(cast.lin, url))
    data = FORM | {"name": "新名称", "code": "2611-440399-04-01-000024", "version": project.version}
    assert see(cast.lin, url, data).status_code == 302
    project.refresh_from_db()
    assert (project.name, project.code) == ("新名称", BASICS["code"])
    assert see(cast.lin, url, data).status_code == 409


def test_other_units_see_nothing_and_offices_may_not_edit(cast, see):
    project = a_project(cast)
    page, edit = reverse("web:project", args=[project.pk]), reverse("web:project_edit", args=[project.pk])
    assert see(cast.sun, page).status_code == 404
    assert see(cast.sun, edit).status_code == 404
    assert see(cast.wu, page).status_code == 200
    assert see(cast.wu, edit).status_code == 403
    assert see(cast.root, page).status_code == 404
    assert see(cast.wu, reverse("web:project_new")).status_code == 403
    assert project.name not in text(see(cast.sun, reverse("web:projects")))


def test_visitors_are_sent_to_the_log_in(client):
    for name in ("web:projects", "web:project_new", "web:search"):
        assert client.get(reverse(name)).url.startswith(reverse("web:login"))
    assert client.post(reverse("web:projects_export")).url.startswith(reverse("web:login"))


def test_a_name_that_looks_like_markup_is_shown_as_typed(cast, see):
    project = a_project(cast, name="<script>alert(1)</script>工程", code="")
    for url in (reverse("web:projects"), reverse("web:project", args=[project.pk]), f"{reverse('web:search')}?q=工程"):
        page = text(see(cast.lin, url))
        assert "<script>alert" not in page
        assert "&lt;script&gt;alert(1)&lt;/script&gt;工程" in page
    assert "<b>x</b>" not in text(see(cast.lin, f"{reverse('web:search')}?q=<b>x</b>"))


def test_a_wrong_check_digit_is_pointed_out_on_the_page(cast, see):
    good = a_project(cast, name="甲")
    bad = a_project(cast, name="乙", code="2611-440399-04-01-000015")
    warning = "校验位"
    assert warning not in text(see(cast.lin, reverse("web:project", args=[good.pk])))
    assert warning in text(see(cast.lin, reverse("web:project", args=[bad.pk])))


def test_moves_are_offered_with_their_reasons_and_made(cast, see):
    project = a_project(cast, code="", meeting_minute="")
    page = reverse("web:project", args=[project.pk])
    assert "项目尚未取得项目代码" in text(see(cast.lei, page))
    move = reverse("web:project_move", args=[project.pk, "start_proposal"])
    assert see(cast.lei, move, {"version": project.version}).status_code == 422
    assert see(cast.lin, move, {"version": project.version}).status_code == 403
    ready = a_project(cast, name="可启动")
    move = reverse("web:project_move", args=[ready.pk, "start_proposal"])
    assert see(cast.lei, move, {"version": ready.version + 1}).status_code == 409
    assert see(cast.lei, move, {"version": ready.version}).status_code == 302
    assert Project.objects.get(pk=ready.pk).stage == "PROPOSAL"
    assert see(cast.lei, reverse("web:project_move", args=[ready.pk, "fly"]), {}).status_code == 422


def test_a_refused_move_keeps_what_was_said(cast, see):
    project = a_project_in_proposal(cast)
    move = reverse("web:project_move", args=[project.pk, "suspend"])
    answer = see(cast.zhao, move, {"suspend-reason": "资金未落实", "suspend-document": ""})
    assert answer.status_code == 422
    assert "资金未落实" in text(answer)
    assert 'href="#id_suspend-document"' in text(answer)
    assert {name: len(said) for name, said in answer.context["refused"].errors.items()} == {"document": 1}
    assert see(cast.zhao, move, {"suspend-reason": "资金未落实", "suspend-document": "纪要3号"}).status_code == 302
    page = text(see(cast.lin, reverse("web:project", args=[project.pk])))
    assert "资金未落实" in page
    assert "纪要3号" in page


def test_the_page_tells_what_is_next_and_on_whose_desk(cast, see):
    project = a_project_in_proposal(cast)
    page = see(cast.lin, reverse("web:project", args=[project.pk]))
    assert [(way.step.what, way.step.done) for way in page.context["steps"]] == [("项目建议书", False)]
    assert f"{reverse('web:item_new', args=[project.pk])}?type=PR" in text(page)
    item = lives.submitted(cast, create(project.pk, "PR", actor=cast.lin))
    way = see(cast.lin, reverse("web:project", args=[project.pk])).context["steps"][0]
    assert "受理窗口" in way.step.who
    assert cast.chen.user.full_name not in way.step.who
    assert way.link == item.no


def test_the_chain_of_figures_flags_each_of_the_three_overruns(cast, see):
    project = a_project(cast)
    amounts = (("FEASIBILITY", 100), ("ESTIMATE", 111), ("BUDGET", 112), ("FINAL", 113))
    for version, (kind, amount) in enumerate(amounts, start=1):
        ControlFigure.objects.create(
            project=project,
            version=version,
            kind=kind,
            amount=Decimal(amount) * 10000,
            decided_on=date(2026, 1, version),
        )
    page = see(cast.wu, reverse("web:project", args=[project.pk]))
    chain = {str(link.label): link for link in page.context["chain"]}
    assert len(page.context["overruns"]) == 3
    assert chain["批复概算"].difference == Decimal(110000)
    assert chain["批复概算"].ratio == Decimal("0.1100")
    assert [bool(link.overrun) for link in page.context["chain"]] == [False, True, True, True]


def test_a_withdrawn_figure_is_told_apart_and_measures_nothing(cast, see):
    project = a_project(cast)
    day = date(2026, 1, 1)
    for version, (kind, gone) in enumerate((("FEASIBILITY", day), ("ESTIMATE", None)), start=1):
        ControlFigure.objects.create(
            project=project, version=version, kind=kind, amount=Decimal(1000000), decided_on=day, withdrawn_on=gone
        )
    page = see(cast.wu, reverse("web:project", args=[project.pk]))
    feasibility, estimate = (link for link in page.context["chain"] if link.label in ("投资估算（可研）", "批复概算"))
    assert (feasibility.amount, len(feasibility.withdrawn)) == (None, 1)
    assert "2026-01-01 失效" in text(page)
    assert estimate.base != feasibility.label


def test_the_unit_does_not_see_reviewed_amounts_before_the_decision(cast, see):
    item = lives.opinion_delivered(cast)
    url = reverse("web:project", args=[item.project_id])
    assert see(cast.lin, url).context["lines"][0].reviewed is None
    assert see(cast.wu, url).context["lines"][0].reviewed == Decimal("7500000.00")


def test_only_supervision_and_audit_see_the_trace(cast, see):
    project = a_project(cast)
    url = reverse("web:project", args=[project.pk])
    assert "登记项目" in text(see(cast.su, url))
    assert see(cast.wu, url).context["trace"] is None
    assert see(cast.lin, url).context["trace"] is None


def test_waived_stages_show_their_reason(cast, see):
    project = register(actor=cast.lin, basics=BASICS, taken_over_at="BUDGET", taken_over_reason="2024年已批复概算")
    page = text(see(cast.wu, reverse("web:project", args=[project.pk])))
    assert page.count("2024年已批复概算") == 4


def test_the_list_filters_pages_and_exports_what_it_shows(cast, see):
    for n in range(35):
        a_project(cast, name=f"道路{n}", code="", industry="ROAD")
    a_project(cast, name="=cmd|'/c calc'!A0", code="", project_class="MUNICIPAL", subdistrict="KUIWAN")
    url = reverse("web:projects")
    first = see(cast.wu, url)
    assert len(first.context["rows"]) == 30
    second = see(cast.wu, f"{url}?after={first.context['after']}")
    assert len(second.context["rows"]) == 6
    assert second.context["after"] is None
    narrowed = see(cast.wu, f"{url}?subdistrict=KUIWAN&project_class=MUNICIPAL&stage=RESERVE")
    assert len(narrowed.context["rows"]) == 1
    assert len(see(cast.wu, f"{url}?q=道路3").context["rows"]) == 6
    assert see(cast.wu, f"{url}?after=99999999999999999999&stage=NOSUCH").status_code == 200
    assert 'name="subdistrict" value="KUIWAN"' in text(see(cast.wu, f"{url}?subdistrict=KUIWAN&after=99"))


def test_the_list_is_exported_as_filtered_and_the_trace_keeps_that_it_was_taken(cast, see):
    a_project(cast, name="道路1", code="", industry="ROAD")
    a_project(cast, name="=cmd|'/c calc'!A0", code="", project_class="MUNICIPAL", subdistrict="KUIWAN")
    export = reverse("web:projects_export")
    answer = see(cast.wu, export, {"subdistrict": "KUIWAN"})
    exported = answer.content.decode()
    assert exported.startswith("\ufeff")
    assert "'=cmd|" in exported
    assert "道路" not in exported
    entry = TraceEntry.objects.get(verb="projects.register.exported")
    assert entry.actor == cast.wu.user
    expected = {"filters": {"subdistrict": "KUIWAN"}, "rows": 1, "sha256": hashlib.sha256(answer.content).hexdigest()}
    assert entry.facts == expected
    assert len(see(cast.wu, export, {"q": "道路"}).content.decode().splitlines()) == 2
    assert TraceEntry.objects.filter(verb="projects.register.exported", facts__filters__q="道路").count() == 1
    assert see(cast.wu, export).status_code == 405, "reading a page exports nothing"


def test_the_list_and_the_search_cost_the_same_for_few_and_many(cast, see):
    for n in range(5):
        a_project(cast, name=f"道路{n}", code="")
    looks = [lambda: see(cast.wu, reverse("web:projects")), lambda: see(cast.wu, f"{reverse('web:search')}?q=道路")]
    looks[0]()
    few = [n_queries(look) for look in looks]
    for n in range(5, 30):
        a_project(cast, name=f"道路{n}", code="")
    assert [n_queries(look) for look in looks] == few
    assert max(few) <= 25


def test_the_project_page_costs_the_same_for_few_and_many_items(cast, see):
    project = a_project_in_proposal(cast)
    lives.submitted(cast, create(project.pk, "PR", actor=cast.lin))
    url = reverse("web:project", args=[project.pk])
    see(cast.wu, url)
    few = n_queries(lambda: see(cast.wu, url))
    for kind in ("FS", "EST", "BUD", "SET"):
        item = create(project.pk, kind, actor=cast.lin, is_early_involvement=True)
        lives.submitted(cast, item)
    assert n_queries(lambda: see(cast.wu, url)) <= few
    assert few <= 40


def test_the_search_finds_numbers_of_items_and_documents(cast, see):
    with clock.at(date(2026, 9, 1)):
        item = lives.issued(cast)
    number = item.document_no
    url = reverse("web:search")
    assert see(cast.lin, f"{url}?q={item.no.lower()}").url == reverse("web:item", args=[item.pk])
    assert [i.pk for i in see(cast.lin, f"{url}?q=PR-20").context["items"]] == [item.pk]
    found = see(cast.lin, f"{url}?q={number[:4]}2026").context["found"]
    assert [(f.hit.kind, [i.pk for i in f.items]) for f in found] == [("document", [item.pk])]
    assert see(cast.sun, f"{url}?q={item.no}").context["items"] == []
    assert see(cast.sun, f"{url}?q={number}").context["found"] == []


def test_reading_writes_nothing(cast, see):
    item = lives.submitted(cast)
    stage = Project.objects.get(pk=item.project_id)
    for name, args in (("web:projects", []), ("web:project", [item.project_id]), ("web:search", [])):
        with CaptureQueriesContext(connection) as queries:
            see(cast.wu, reverse(name, args=args))
        writes = [q["sql"] for q in queries if q["sql"].startswith(("INSERT", "UPDATE", "DELETE"))]
        assert not [sql for sql in writes if "session" not in sql and "accounts_user" not in sql]
    assert Project.objects.get(pk=stage.pk).version == stage.version


def test_a_terminated_project_offers_neither_editing_nor_declaring(cast, see):
    project = a_project_in_proposal(cast)
    project_moves.perform(project.pk, "terminate", actor=cast.dai, data={"reason": "取消", "document": "纪要"})
    page = see(cast.lin, reverse("web:project", args=[project.pk]))
    assert (page.context["may_amend"], page.context["may_declare"]) == (False, False)
