"""The pages of the annual plan: every step by its form, what each role finds, refusals with what was typed."""

from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse

from execution.models import AnnualPlan, PlanItem
from tests.support import planned, works
from tests.support.cast import Cast, make_cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    return make_cast()


def sitting_at(actor: object) -> Client:
    client = Client()
    client.force_login(actor.user)  # type: ignore[attr-defined]
    return client


def url(name: str, *args: object) -> str:
    return reverse(f"web:{name}", args=args)


def test_a_year_by_its_forms_from_the_call_to_the_release(cast: Cast) -> None:
    project = works.in_procurement(cast)
    ji, lin, lei, zhao = (sitting_at(actor) for actor in (cast.ji, cast.lin, cast.lei, cast.zhao))
    year = planned.clock.today().year + 1
    until = f"{year - 1}-12-31"
    answer = ji.post(
        url("plan_new"),
        {"year": year, "requests_until": until, "note": "请申报", "funding-4": "1,000", "funding-3": "50"},
    )
    plan = AnnualPlan.objects.get(year=year)
    assert answer.status_code == 302
    assert {row.source: row.amount for row in plan.envelopes.all()} == {"4": Decimal(10_000_000), "3": Decimal(500_000)}
    page = lin.get(url("project_plan", project.pk)).content.decode()
    assert url("plan_request", plan.pk, project.pk) in page
    said = {
        "category": "NEW", "content": "新建教学楼", "works_from": f"{year}-03-01", "works_until": f"{year + 1}-06-30",
        "total_investment": "1,200", "funding-4": "300.000001", "funding-3": "20",
    }  # fmt: skip
    answer = lin.post(url("plan_request", plan.pk, project.pk), said)
    item = PlanItem.objects.get(plan=plan)
    assert answer.status_code == 302, answer.content.decode()
    assert {row.source: row.requested for row in item.funding.all()} == {
        "4": Decimal("3000000.01"),
        "3": Decimal("200000.00"),
    }
    lei.post(url("execution_move", "plan-item", item.pk, "report"))
    ji.post(url("execution_move", "plan", plan.pk, "close_call"))
    over = ji.post(url("plan_balance", plan.pk), {f"a-{item.pk}-4": "1000.01", f"a-{item.pk}-3": "20"})
    assert over.status_code == 422
    assert 'value="1000.01"' in over.content.decode()
    fine = ji.post(url("plan_balance", plan.pk), {f"a-{item.pk}-4": "250", f"a-{item.pk}-3": "20"})
    assert fine.status_code == 302
    zhao.post(url("execution_move", "plan", plan.pk, "approve"), {"approve-document_no": "鹏发改计〔2026〕9号"})
    ji.post(url("execution_move", "plan", plan.pk, "release"), {"release-document_no": "鹏发改计〔2026〕10号"})
    answer = ji.post(
        url("plan_release", plan.pk),
        {"document_no": "鹏发财〔2026〕12号", f"a-{item.pk}-4": "100.5", f"a-{item.pk}-3": ""},
    )
    assert answer.status_code == 302, answer.content.decode()
    assert item.releases.get().amount == Decimal("1005000.00")
    answer = zhao.post(
        url("plan_adjust", plan.pk), {"document_no": "调1号", "reason": "核减", f"a-{item.pk}-4": "-149.5"}
    )
    assert answer.status_code == 302, answer.content.decode()
    page = lin.get(url("project_plan", project.pk)).content.decode()
    assert "120.50" in page, "quota 100.5 + 20"
    for name in ("plan", "plan_release", "plan_carry_over", "plan_reclaim", "plan_envelopes"):
        assert ji.get(url(name, plan.pk)).status_code == 200, name
    assert lin.get(url("plan_item", item.pk)).status_code == 200
