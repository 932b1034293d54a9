"""Reports of plans, payments, estimates and projects: every published number against the rows, added up another way."""

from collections import defaultdict
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from types import SimpleNamespace

import pytest

from approvals.services.moves import situation
from core import clock
from core.errors import NotFound, NotPermitted, RuleViolation
from core.trace import SYSTEM
from execution.models import Contract, Payment, PlanItem, ProgressReport
from projects.models import Project
from reports import services
from reports.datasets.open_accounts import due_of
from reports.filters import Filters
from tests.support import books, naive_days, works
from tests.support.cast import make_cast
from tests.support.decided import a_project, decided

pytestmark = pytest.mark.django_db
CODES = ("plan_execution", "payments", "estimate_execution", "project_ledger", "open_accounts")
D = Decimal
YEAR = 2026


@pytest.fixture
def cast():
    return make_cast()


def rows_of(made):
    keys = [column.key for column in made.table.columns]
    return [dict(zip(keys, row, strict=True)) for row in made.table.rows]


def total_of(made):
    return dict(zip([column.key for column in made.table.columns], made.table.totals, strict=True))


def report(code, actor=SYSTEM, window=None, **filters):
    return services.build(code, Filters(**filters), actor, window)


def share(part, whole):
    """Half up with four decimals, by whole numbers."""
    if not whole:
        return None
    exact = Fraction(part) / Fraction(whole)
    return (D(exact.numerator) / D(exact.denominator)).quantize(D("0.0001"), ROUND_HALF_UP)


def a_contract(cast, project, price="5000000.00", state="EFFECTIVE", **values):
    """A contract row as signing leaves it, with one line."""
    number = next(books.NUMBERS)
    row = Contract.objects.create(
        project=project, no=f"HT-{number}", name=f"合同{number}", kind="WORKS", state=state, contractor=f"施工{number}公司",
        price_type="LUMP_SUM", price=D(price), created_by=cast.lin.user, **values,
    )  # fmt: skip
    row.lines.create(position=1, name="工程", cost_code="1.1", amount=D(price))
    return row


@pytest.fixture
def world(cast):
    """Six projects of two units in the plan of 2026, half of them in that of 2025 too, with everything that follows."""
    made = []
    for n in range(6):
        unit = cast.houses["unit" if n % 3 else "other_unit"]
        project = a_project(
            cast, unit=unit, name=f"工程甲{n}", content_scale="内容", rough_investment=D(f"{n + 1}0000.01")
        )
        if n % 2:
            item = books.planned(cast, project, YEAR - 1, {"4": "700000.00"})
            books.a_release(cast, item, "650000.55", date(YEAR - 1, 6, 1))
        item = books.planned(cast, project, YEAR, {"4": f"{n + 1}00000.33", "5.2": "20000.00"}, category="CONTINUING")
        if n != 3:
            books.a_release(cast, item, f"{n + 1}0000.11", date(YEAR, 3, 1))
            books.a_release(cast, item, "-1000.00", date(YEAR, 12, 31), source="5.2")
        if n == 2:
            books.adjusted(cast, item, "-50000.08")
        contract = a_contract(cast, project)
        contract.supplements.create(
            no="补1", amount=D("1000.07"), signed_on=date(YEAR, 1, 1), recorded_by=cast.lin.user
        )
        works_paid = [
            (date(YEAR - 1, 12, 31), "111.11"),
            (date(YEAR, 1, 1), f"{n}222.22"),
            (date(YEAR, 12, 31), "333.33"),
        ]
        for day, amount in works_paid:
            parts = {"4": "100.00", "5.2": str(D(amount) - 100)} if n == 1 else None
            books.a_payment(cast, contract, amount, day, sources=parts)
        books.a_payment(cast, contract, "44.44", date(YEAR, 5, 5), state="FINANCE_APPROVED")
        books.a_payment(cast, contract, "55.55", state="DRAFT")
        if n == 4:
            books.settled(cast, contract, "4900000.00")
        for month, percent, completed in (
            (date(YEAR - 1, 11, 1), "5", "1000.00"),
            (date(YEAR, 2, 1), "20.50", f"{n}5000.00"),
        ):
            books.a_report(
                cast, project, month, percent, completed, image_progress="主体施工", problems="雨季" if n == 1 else "",
                planned_percent=D("30") if n == 5 else None,
            )  # fmt: skip
        books.a_report(cast, project, date(YEAR, 3, 1), "99", "9999999.00", state="DRAFT")
        made.append(project)
    return made


def test_the_plan_table_is_what_the_rows_say(cast, world):
    made = report("plan_execution", year=str(YEAR))
    rows = {row["project"]: row for row in rows_of(made)}
    assert len(rows) == 6
    sums = defaultdict(Fraction)
    for project in world:
        row, item = rows[project.name], PlanItem.objects.get(project=project, plan__year=YEAR)
        planned = sum((part.planned for part in item.funding.all()), D(0))
        adjusted = planned + sum((part.amount for part in item.adjustments.all()), D(0))
        in_year = sum((part.amount for part in project.releases.all() if part.released_on.year == YEAR), D(0))
        ever = sum((part.amount for part in project.releases.all()), D(0))
        paid = sum(
            (
                p.amount
                for p in Payment.objects.filter(contract__project=project)
                if p.state == "PAID" and p.paid_on.year == YEAR
            ),
            D(0),
        )
        done = project.progress_reports.get(month=date(YEAR, 2, 1)).completed_investment - D("1000.00")
        assert (row["planned"], row["adjusted"], row["released"]) == (planned, adjusted, in_year)
        assert (row["released_so_far"], row["done"], row["paid"]) == (ever, done, paid)
        assert row["release_rate"] == share(in_year, adjusted)
        assert row["done_rate"] == share(done, adjusted)
        assert (row["paid_released"], row["paid_planned"]) == (share(paid, in_year), share(paid, adjusted))
        for name in ("planned", "adjusted", "released", "released_so_far", "done", "paid"):
            sums[name] += Fraction(row[name])
    total = total_of(made)
    assert {name: Fraction(total[name]) for name in sums} == dict(sums)
    assert total["paid_released"] == share(total["paid"], total["released"]), "of the sums, not the mean of the rates"


def test_the_plan_table_warns(cast, world):
    rows = {row["project"]: row for row in rows_of(report("plan_execution", year=str(YEAR)))}
    assert "未下达" in rows["工程甲3"]["warning"]
    assert "滞后" in rows["工程甲5"]["warning"]
    assert rows["工程甲1"]["problems"] == "雨季"
    assert rows["工程甲1"]["progress"] == "20.5 % 主体施工", "the draft of March is nobody's report"
    assert rows["工程甲1"]["warning"] == ""


def test_requests_that_did_not_enter_the_plan_are_not_in_its_table(cast, world):
    left = a_project(cast, content_scale="内容")
    for state in ("DRAFT", "REPORTED", "LEFT_OUT"):
        books.planned(cast, a_project(cast, content_scale="内容"), YEAR, {"4": "1.00"}, state=state)
    assert left.name not in [row["project"] for row in rows_of(report("plan_execution", year=str(YEAR)))]
    assert report("plan_execution", year=str(YEAR)).n_rows == 6
    assert report("plan_execution", year=str(YEAR - 1)).n_rows == 3
    assert report("plan_execution", year="1999").n_rows == 0


def test_the_ledger_of_payments_knows_where_each_contract_stood(cast, world):
    made = report("payments")
    rows = rows_of(made)
    assert len(rows) == made.n_rows == 24, "drafts are no payments"
    expected = []
    for contract in Contract.objects.order_by("pk"):
        value = D("5001000.07")
        settled = D("4900000.00") if hasattr(contract, "settlement") else None
        payable = paid = D(0)
        known = [p for p in contract.payments.all() if p.state in ("PAID", "FINANCE_APPROVED")]
        for payment in sorted(known, key=lambda p: (p.paid_on or p.approved_on, p.pk)):
            payable += payment.amount
            paid += payment.amount if payment.state == "PAID" else 0
            expected.append(
                (payment.treasury_no, payable, paid, share(paid, settled or value), payment.amount, settled)
            )
    found = [tuple(row[k] for k in ("treasury_no", "payable", "paid", "rate", "amount", "settlement")) for row in rows]
    assert sorted(found, key=repr) == sorted(expected, key=repr)
    assert {row["changes"] for row in rows} == {D("1000.07")}
    assert total_of(made)["amount"] == sum((row["amount"] for row in rows), D(0))
    paid_only = sum((p.amount for p in Payment.objects.filter(state="PAID")), D(0))
    assert [figure.value for figure in made.figures] == [24, total_of(made)["amount"], paid_only]


def test_the_period_bounds_the_day_of_payment(cast, world):
    made = report("payments", since=date(YEAR, 1, 1), until=date(YEAR, 5, 5))
    assert made.n_rows == 12, "the payments of 1 January, and what finance approved on 5 May"
    assert min(row["paid_on"] for row in rows_of(made) if row["paid_on"]) == date(YEAR, 1, 1)
    assert rows_of(made)[0]["payable"] > rows_of(made)[0]["amount"], "so far counts what was before the period"


def test_the_share_of_one_funding_source(cast, world):
    made = report("payments", funding_source="5.2")
    assert [row["amount"] for row in rows_of(made)] == [D("11.11"), D("1122.22"), D("233.33")]
    assert total_of(made)["amount"] == D("1366.66")


def test_every_project_has_its_line_in_the_ledger_with_all_amounts(cast, world):
    project = world[1]
    for kind, amount in (
        ("ROUGH", "99.00"),
        ("FEASIBILITY", "120.00"),
        ("ESTIMATE", "110.00"),
        ("ADJUSTED", "115.50"),
        ("FINAL", "114.00"),
    ):
        books.signed_figure(project, kind, amount, date(2025, 4, 5))
    revoked = books.signed_figure(project, "ESTIMATE", "777.00")
    revoked.withdrawn_on = clock.today()
    revoked.save()
    made = report("project_ledger")
    rows = {row["project"]: row for row in rows_of(made)}
    line = rows[project.name]
    assert [line[k] for k in ("rough", "feasibility", "estimate", "adjusted", "final")] == [
        D("99.00"), D("120.00"), D("110.00"), D("115.50"), D("114.00"),
    ]  # fmt: skip
    assert line["key"] == str(project.pk)
    assert line["estimate_doc"].endswith(" 2025-04-05")
    assert rows[world[0].name]["rough"] == D("10000.01"), "as registered, before anything was decided"
    sums = defaultdict(Decimal)
    for one in Project.objects.all():
        row = rows[one.name]
        paid = sum((p.amount for p in Payment.objects.filter(contract__project=one, state="PAID")), D(0))
        done = (
            ProgressReport.objects.filter(project=one, state="CONFIRMED").order_by("month").last().completed_investment
        )
        assert (row["released"], row["done"], row["paid"]) == (
            sum((r.amount for r in one.releases.all()), D(0)),
            done,
            paid,
        )
        for name in ("rough", "feasibility", "estimate", "adjusted", "final", "released", "done", "paid"):
            sums[name] += row[name] or 0
    assert {name: total_of(made)[name] for name in sums} == dict(sums)
    assert rows[world[4].name]["settlement"] == "已结算"
    assert rows[world[0].name]["settlement"] == "已结算0/1"


def test_the_ledger_names_the_current_item_its_light_and_the_approvals(cast):
    project = works.in_procurement(cast)
    line = next(row for row in rows_of(report("project_ledger")) if row["code"] == project.code)
    assert (line["item"], line["light"], line["settlement"], line["account"], line["handover"]) == ("", "", "", "", "")
    assert line["estimate_doc"].startswith("鹏发改〔2025〕1号")
    assert line["responsible"] == "林晓"
    items = decided(cast, "100.00", "90.00", project=project, item_type="TND").item
    type(items).objects.filter(pk=items.pk).update(
        state="FIRST_REVIEW", decided_on=None, accepted_on=clock.today(), due_on=clock.today()
    )
    line = next(row for row in rows_of(report("project_ledger", cast.fang)) if row["code"] == project.code)
    assert items.no in line["item"]
    assert line["light"] in ("正常", "按时", "即将到期", "在办")


def test_what_is_accepted_but_not_settled_and_settled_but_not_decided(cast):
    today = date(2026, 11, 23)
    cases = {
        "待结算": ("SETTLEMENT", date(2026, 8, 24)),
        "已超期": ("SETTLEMENT", date(2026, 8, 20)),
        "待审计": ("FINAL_AUDIT", date(2026, 1, 31)),
        "待决算": ("FINAL_ACCOUNT", date(2025, 10, 9)),
    }
    for name, (stage, accepted) in cases.items():
        project = a_project(cast, name=name, accepted_on=accepted)
        Project.objects.filter(pk=project.pk).update(stage=stage)
        a_contract(cast, project, "1000.00", "COMPLETED")
        a_contract(cast, project, "500.50", "COMPLETED", is_tail_works=True)
        a_contract(cast, project, "300.00", "SETTLED")
    for stage in ("CONSTRUCTION", "ASSET_HANDOVER", "CLOSED"):
        Project.objects.filter(pk=a_project(cast).pk).update(stage=stage)
    with clock.at(today):
        made = report("open_accounts")
    rows = {row["project"]: row for row in rows_of(made)}
    assert list(rows) == ["待决算", "待审计", "已超期", "待结算"], "the longest waiting first"
    for name, (_stage, accepted) in cases.items():
        month, year = (accepted.month + 2) % 12 + 1, accepted.year + (accepted.month + 2) // 12
        due = last_possible(year, month, accepted.day)
        while not naive_days.works(due):
            due += timedelta(days=1)
        assert rows[name]["due_on"] == due, name
        assert rows[name]["late"] == max((today - due).days, 0)
    assert [rows[name]["late"] for name in ("待结算", "已超期")] == [0, 3]
    assert {row["unsettled"] for row in rows.values()} == {1}
    assert total_of(made)["unsettled_price"] == D("4000.00")
    assert [figure.value for figure in made.figures] == [2, 2]
    assert report("open_accounts", show="UNSETTLED").n_rows == 2
    assert rows["待审计"]["kind"] == "已结算未决算"


def last_possible(year, month, day):
    while True:
        try:
            return date(year, month, day)
        except ValueError:
            day -= 1


def test_the_estimates_of_all_projects_are_their_own_tables(cast):
    projects = [works.building(cast, name=f"楼{n}", code=f"2611-440399-04-01-{n + 500:06d}") for n in range(2)]
    books.foreseen(cast, projects[1], "1.1", "12500000.00")
    made = report("estimate_execution")
    rows = {row["name"]: row for row in rows_of(made)}
    assert rows["楼0"]["forecast"] == D("8600000.00")
    assert rows["楼1"]["difference"] == D("12500000.00") + D("100000.00") - D("12000000.00")
    assert (rows["楼0"]["light"], rows["楼1"]["light"]) == ("概算内", "将超概算")
    one = report("estimate_execution", project=str(projects[1].pk))
    assert total_of(one)["difference"] == rows["楼1"]["difference"]
    assert sum(row["contract"] for row in rows_of(one)) == D("8600000.00")
    assert made.table.totals is None


def test_a_project_of_somebody_else_is_not_found_in_the_estimates(cast):
    project = works.building(cast)
    with pytest.raises(NotFound):
        report("estimate_execution", cast.sun, project=str(project.pk))
    assert report("estimate_execution", cast.lin, project=str(project.pk)).n_rows == 3


@pytest.mark.parametrize("code", CODES)
def test_a_unit_counts_its_own_projects_only(cast, world, code):
    for project in world:
        books.signed_figure(project, "ESTIMATE", "100.00")
        Project.objects.filter(pk=project.pk).update(stage="SETTLEMENT", accepted_on=date(2026, 1, 1))
    all_rows, own, others = (report(code, actor, year=str(YEAR)).n_rows for actor in (cast.fang, cast.lin, cast.sun))
    per_project = 4 if code == "payments" else 1
    assert (all_rows, own, others) == (6 * per_project, 4 * per_project, 2 * per_project)


def test_officers_count_what_they_handle_and_the_chief_of_the_authority_everything(cast, world):
    decided(cast, "100.00", "90.00", project=world[0], officer=cast.wei)
    assert report("project_ledger", cast.wei).n_rows == 1
    assert report("project_ledger", cast.wu).n_rows == 1, "he reviewed one settlement"
    assert report("project_ledger", cast.fwu).n_rows == 0
    assert report("project_ledger", cast.xu).n_rows == 6
    assert report("project_ledger", cast.fxu).n_rows == 0, "nothing was decided by the house of finance"


@pytest.mark.parametrize("code", CODES)
@pytest.mark.parametrize("who", ["yan", "root", "chen", "gu"])
def test_who_reads_no_reports_reads_none_of_these(cast, code, who):
    with pytest.raises(NotPermitted):
        report(code, getattr(cast, who))


@pytest.mark.parametrize("code", CODES)
def test_a_page_is_a_part_of_the_whole_under_the_same_totals(cast, world, code):
    for project in world:
        books.signed_figure(project, "ESTIMATE", "100.00")
        Project.objects.filter(pk=project.pk).update(stage="SETTLEMENT", accepted_on=date(2026, 1, 1))
    whole = report(code, year=str(YEAR))
    page = report(code, year=str(YEAR), window=slice(2, 5))
    assert list(page.table.rows) == list(whole.table.rows)[2:5]
    assert page.n_rows == whole.n_rows == len(whole.table.rows)
    assert page.table.totals == whole.table.totals


@pytest.mark.parametrize("year", ["20x6", "0000", "9999", "２０２６", "202", "20260"])
def test_a_year_that_is_no_year_is_refused(year):
    with pytest.raises(RuleViolation):
        Filters.parse({"year": year})


def test_a_year_and_a_project_come_back_as_they_were_said():
    assert Filters.parse({"year": "2026", "project": "7"}).query() == {"year": "2026", "project": "7"}


def test_a_project_without_a_day_of_acceptance_has_no_due_day(cast):
    project = a_project(cast)
    Project.objects.filter(pk=project.pk).update(stage="SETTLEMENT")
    (row,) = rows_of(report("open_accounts"))
    assert (row["due_on"], row["cap_on"], row["late"]) == (None, None, None)


def test_the_year_is_the_hard_end_whatever_was_extended():
    """R-TL-09."""
    project = SimpleNamespace(completed_on=date(2025, 1, 2), accepted_on=date(2025, 1, 2), extension=36)
    due, cap = due_of(project, situation())
    assert due == cap == date(2026, 1, 4), "the 2nd is a holiday; Sunday the 4th makes up for it"
