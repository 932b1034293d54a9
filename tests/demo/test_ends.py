"""Each project of the demonstration came to its end by the same services the pages use; here its end is recomputed."""

from collections import defaultdict
from decimal import Decimal
from typing import Any

import pytest
from django.utils import translation

from accounts.actor import Actor, from_appointment
from accounts.models import Appointment
from approvals.models import ApprovalItem
from assets.models import Asset, FinalAccount, HandoverBatch, TitleRecord
from core import trace
from demonstration import ends, present, standing
from execution.models import AnnualPlan, Contract, FundRelease, Payment, PlanItem
from projects.models import Project
from reports import waiting

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("ended")]
FEN = Decimal("0.01")


def the(name: str) -> Project:
    return Project.objects.get(name=name)


def whoever(username: str) -> Actor:
    return from_appointment(Appointment.objects.get(user__username=username))


def total(rows: Any, field: str = "amount") -> Decimal:
    return sum((getattr(row, field) for row in rows), Decimal(0))


def stage_states(project: Project) -> dict[str, str]:
    return dict(project.stages.values_list("stage", "status"))


def test_one_project_came_through_to_the_end_with_title_and_archive():
    project = the(ends.CLOSED)
    assert project.stage == "CLOSED"
    states = stage_states(project)
    assert all(states[stage] == "PASSED" for stage in ("PRELIM_DESIGN", "BUDGET", "PROCUREMENT", "CONSTRUCTION",
               "ACCEPTANCE", "SETTLEMENT", "FINAL_AUDIT", "FINAL_ACCOUNT", "ASSET_HANDOVER", "TITLE_REGISTRATION"))  # fmt: skip
    account = FinalAccount.objects.get(project=project)
    batch = HandoverBatch.objects.get(project=project)
    assets = list(project.assets.all())
    assert account.approved_total == account.item.reviewed_amount
    assert total(batch.lines.all(), "value") == sum(a.direct + a.installation + a.allocated for a in assets)
    assert total(batch.lines.all(), "value") == account.approved_total
    assert account.approved_total == account.item.declared_amount - Decimal("36500.00")
    certificates = TitleRecord.objects.filter(asset__in=assets)
    assert {row.state for row in certificates} == {"REGISTERED"}
    assert len({row.certificate_no for row in certificates}) == len(assets) == 2
    assert {batch.signed_over_by_id, batch.received_by_id} & {None} == set()
    assert batch.signed_over_by_id != batch.received_by_id
    assert project.archive_packages.exists()


def test_its_settlement_is_the_sum_of_its_contracts():
    item = ApprovalItem.objects.get(project=the(ends.CLOSED), item_type="SET")
    rows = [contract.settlement for contract in Contract.objects.filter(project=item.project)]
    assert total(rows, "submitted") == item.declared_amount == Decimal("22816000.00")
    assert total(rows, "reviewed") == item.reviewed_amount < item.declared_amount


def test_one_project_is_suspended():
    project = the(present.SUSPENDED)
    assert (project.stage, project.resume_stage) == ("SUSPENDED", "PROPOSAL")


def test_one_project_was_terminated_with_a_sunk_cost():
    project = the(ends.TERMINATED)
    assert project.stage == "TERMINATED"
    assert total(Payment.objects.filter(contract__project=project, state="PAID")) == Decimal("864000.00")
    assert FinalAccount.objects.filter(project=project).exists(), "what it spent is accounted for (R-FA-06)"


def test_one_project_has_an_adjustment_open_because_it_will_overrun():
    project = the(ends.ADJUSTING)
    assert project.stage == "CONSTRUCTION" and project.is_estimate_adjusting
    item = ApprovalItem.objects.get(project=project, item_type="ADJ")
    estimate = project.latest_figure("ESTIMATE").amount
    assert item.state not in ("ISSUED", "DRAFT") and item.declared_amount > estimate
    newest = {row.cost_code: row.amount for row in project.forecasts.order_by("pk")}
    assert newest["1.1"] == Decimal("93500000.00")


def test_one_project_is_handed_over_provisionally_while_its_settlement_is_reviewed():
    project = the(ends.PROVISIONAL)
    batch = HandoverBatch.objects.get(project=project)
    assert (project.stage, batch.kind, batch.state) == ("SETTLEMENT", "PROVISIONAL", "CONFIRMED")
    assert total(batch.lines.all(), "value") == Decimal("47200000.00"), "at what the contract is worth"
    assert {row.asset_class for row in Asset.objects.filter(project=project)} == {"PUBLIC_INFRA"}


def test_one_project_is_exempt_from_the_audit():
    project = the(ends.EXEMPT)
    assert project.stage == "ASSET_HANDOVER"
    assert stage_states(project)["FINAL_AUDIT"] == "SKIPPED_BY_RULE"
    assert not project.items.filter(item_type="AUD").exists()


def test_nothing_was_paid_that_was_not_released_and_nothing_released_that_was_not_planned():
    planned, released, paid = (defaultdict(lambda: Decimal(0)) for _ in range(3))
    for item in PlanItem.objects.prefetch_related("funding", "adjustments"):
        planned[item.project_id] += total(item.funding.all(), "planned") + total(item.adjustments.all())
    for row in FundRelease.objects.all():
        released[row.project_id] += row.amount
    for row in Payment.objects.filter(state__in=("PAID", "FINANCE_APPROVED")).select_related("contract"):
        paid[row.contract.project_id] += row.amount
    assert len(paid) == 5
    for project, amount in paid.items():
        assert amount <= released[project] <= planned[project]


def test_two_plan_years_are_closed_one_runs_and_the_next_is_being_called():
    states = list(AnnualPlan.objects.order_by("year").values_list("state", flat=True))
    assert states == ["CLOSED", "CLOSED", "RELEASED", "CALL"]


def test_an_estimate_that_was_built_upon_still_admits_to_the_plan_after_two_years():
    item = PlanItem.objects.filter(project=the(ends.ADJUSTING)).order_by("plan__year").last()
    gate = item.project.gate_openings.get(gate="ESTIMATE_APPROVED")
    assert gate.valid_until < item.requested_at.date()
    assert (item.plan.state, item.state) == ("CALL", "REPORTED")


def test_the_command_prints_where_each_of_them_stands():
    with translation.override("zh-hans"):
        told = {end.project: (end.stage, end.note) for end in standing.ends()}
    assert len(told) == 6
    assert told[ends.CLOSED][0] == "已办结" and "2" in told[ends.CLOSED][1]
    assert "86.40" in told[ends.TERMINATED][1]
    assert "4720.00" in told[ends.PROVISIONAL][1]
    assert trace.verify().broken == ""


def test_works_and_assets_wait_for_whoever_decides_next():
    found = {
        person: {(entry.kind, entry.project.name) for entry in waiting.listed(whoever(person)).rows}
        for person in ("fang", "wu", "zhao", "jie")
    }
    assert found == {
        "fang": {("payment", ends.ADJUSTING)},
        "wu": {("progress", ends.ADJUSTING)},
        "zhao": {("change", ends.ADJUSTING)},
        "jie": {("handover", ends.EXEMPT)},
    }
