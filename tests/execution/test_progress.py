"""Monthly reports as stories: figures that never fall, quantities that keep to the contract, photos that prove one month."""

import io
from datetime import date, timedelta
from decimal import Decimal

import pytest

from core import clock
from core.errors import NotFound, NotPermitted, StaleState
from core.models import TraceEntry
from execution import contracting, facts, progressing
from execution.models import Forecast, ProgressReport
from execution.services import forecasts, milestones, photos, progress
from execution.services.forecasts import Foreseen
from execution.services.milestones import Stone
from execution.services.photos import Place
from execution.services.progress import Measured
from projects.models import Project
from tests.support import building_site as site
from tests.support import works
from tests.support.cast import Cast, make_cast
from tests.support.stories import refused

pytestmark = pytest.mark.django_db
OCTOBER, NOVEMBER, DECEMBER = date(2026, 10, 1), date(2026, 11, 1), date(2026, 12, 1)


@pytest.fixture
def cast() -> Cast:
    return make_cast()


@pytest.fixture(autouse=True)
def in_december():
    with clock.at(date(2026, 12, 15)):
        yield


def test_a_report_is_submitted_with_a_photo_confirmed_and_told_to_the_project(cast: Cast) -> None:
    project = works.in_procurement(cast)
    report = site.a_report(cast, project, date(2026, 11, 17), "35.50")
    assert report.month == NOVEMBER
    with refused("progress.no_photo"):
        works.do(report, "submit", cast.lin)
    report = works.do(site.with_photo(cast, report), "submit", cast.lin)
    with refused("progress.fixed"):
        site.with_photo(cast, report)
    assert Project.objects.get(pk=project.pk).told.physical_percent == 0
    report = works.do(report, "confirm", cast.wu)
    assert (report.confirmed_by, report.confirmed_at is not None) == (cast.wu.user, True)
    assert Project.objects.get(pk=project.pk).told.physical_percent == Decimal("35.50")
    older = site.reported(cast, project, OCTOBER, "20.00")
    works.do(older, "confirm", cast.wu)
    assert Project.objects.get(pk=project.pk).told.physical_percent == Decimal("35.50"), (
        "an older month takes nothing back"
    )


def test_a_returned_report_says_why_and_is_corrected(cast: Cast) -> None:
    report = site.reported(cast, works.in_procurement(cast))
    report = works.do(report, "return_report", cast.wu, reason="照片不清晰")
    assert (report.state, report.returned_reason, report.submitted_at) == ("DRAFT", "照片不清晰", None)
    progress.amend(report.pk, actor=cast.lin, values={"problems": "已补拍"})
    assert works.do(report, "submit", cast.lin).returned_reason == ""


def test_cumulative_figures_never_fall_wherever_the_month_stands(cast: Cast) -> None:
    project = works.in_procurement(cast)
    site.a_report(cast, project, OCTOBER, "30.00", completed_investment=Decimal("3000000.00"))
    with refused("progress.falls", "progress.falls"):
        site.a_report(cast, project, DECEMBER, "29.99", completed_investment=Decimal("2999999.99"))
    site.a_report(cast, project, DECEMBER, "30.00", completed_investment=Decimal("3000000.00"))
    with refused("progress.falls", "progress.falls"):
        site.a_report(cast, project, NOVEMBER, "30.01", completed_investment=Decimal("3000000.01"))
    assert site.a_report(cast, project, NOVEMBER, "30.00", completed_investment=Decimal("3000000.00")).pk


def test_what_is_wrong_with_a_report_is_said_at_once(cast: Cast) -> None:
    project = works.in_procurement(cast)
    with refused("progress.percent", "progress.percent", "progress.negative", "progress.future"):
        site.a_report(
            cast, project, date(2027, 1, 1), "100.01", planned_percent=Decimal("-0.01"),
            completed_investment=Decimal("-0.01"),
        )  # fmt: skip
    site.a_report(cast, project, NOVEMBER)
    with refused("progress.twice"):
        site.a_report(cast, project, date(2026, 11, 30))


def test_measured_quantities_keep_to_what_is_contracted_and_changed_drafts_included(cast: Cast) -> None:
    contract = site.payable(cast)
    project, doors = contract.project, contract.lines.get(name="防火门")
    site.a_report(cast, project, OCTOBER, measured=[Measured(doors.pk, Decimal(30))])
    with refused("progress.measured"):
        site.a_report(cast, project, NOVEMBER, measured=[Measured(doors.pk, Decimal("20.0001"))])
    november = site.a_report(cast, project, NOVEMBER, measured=[Measured(doors.pk, Decimal(20))])
    assert facts.measured_of(doors) == 50
    change = works.changes.propose(
        contract.pk, actor=cast.lin, lines=[works.changed("5", doors)],
        values={"no": "B1", "kind": "DESIGN_CHANGE", "title": "t", "reason": "r"},
    )  # fmt: skip
    with refused("progress.measured"):
        progress.amend(november.pk, actor=cast.lin, values={}, measured=[Measured(doors.pk, Decimal(25))])
    works.approved(cast, change)
    progress.amend(november.pk, actor=cast.lin, values={}, measured=[Measured(doors.pk, Decimal(25))])
    assert facts.measured_of(doors) == 55
    rows = {row["line"].pk: row for row in progressing.measurable_lines(project, november)}
    assert (rows[doors.pk]["whole"], rows[doors.pk]["before"], rows[doors.pk]["quantity"]) == (55, 30, 25)


def test_months_of_a_lump_sum_add_up_to_it_to_the_fen(cast: Cast) -> None:
    contract = site.payable(cast, price="700000.01")
    rest = contract.lines.get(name="其他工程")  # 100,000.01 yuan, quantity 1, no unit price
    third = Decimal("0.3333")
    for month, quantity in ((OCTOBER, third), (NOVEMBER, third), (DECEMBER, 1 - 2 * third)):
        site.a_report(cast, contract.project, month, measured=[Measured(rest.pk, quantity)])
    amounts = [row.amount for row in rest.measurements.order_by("report__month")]
    assert amounts == [Decimal("33330.00"), Decimal("33330.01"), Decimal("33340.00")]
    assert sum(amounts) == rest.amount


def test_foreign_lines_double_lines_and_contracts_not_in_force_are_refused(cast: Cast) -> None:
    project = works.in_procurement(cast)
    draft = works.a_contract(cast, project).lines.first()
    stranger = works.a_contract(cast).lines.first()
    with refused("progress.line_twice", "progress.foreign_line", "progress.contract", "progress.contract"):
        site.a_report(
            cast, project,
            measured=[Measured(draft.pk, Decimal(1)), Measured(draft.pk, Decimal(1)), Measured(stranger.pk, Decimal(1))],
        )  # fmt: skip


def add(cast: Cast, report: ProgressReport, content: bytes, name: str = "a.png", **said: object) -> object:
    return photos.add_photo(report.pk, io.BytesIO(content), name=name, actor=cast.lin, **said)


def test_hostile_uploads_are_refused_in_words_and_nothing_is_kept(cast: Cast) -> None:
    report = site.a_report(cast, works.in_procurement(cast))
    png = site.a_png(1)
    for content, name, code in (
        (png, "a.exe", "file.kind"), (png, "a.svg", "file.kind"), (png, "a.jpg", "file.content"), (b"", "a.png", "file.empty"),
        (b"<svg onload=alert(1)>", "a.png", "file.content"),
    ):  # fmt: skip
        with refused(code):
            add(cast, report, content, name)
    assert report.photos.count() == 0
    photo = add(cast, report, png, "../../etc/照片 <x>.png", caption="x" * 300)
    assert photo.file.name == "照片 x.png"
    assert len(photo.caption) == 200
    assert TraceEntry.objects.filter(verb="execution.progress.photo_added").get().facts["sha256"] == photo.file.sha256


def test_a_photo_proves_one_month_only(cast: Cast) -> None:
    project = works.in_procurement(cast)
    october = site.a_report(cast, project, OCTOBER)
    add(cast, october, site.a_png(7))
    november = site.a_report(cast, project, NOVEMBER)
    for report in (october, november):
        with refused("progress.photo_twice"):
            add(cast, report, site.a_png(7), "other name.png")
    photo = october.photos.get()
    photos.remove_photo(photo.pk, actor=cast.lin)
    assert add(cast, november, site.a_png(7)).pk


def test_a_photo_is_taken_on_earth_and_not_tomorrow(cast: Cast) -> None:
    report = site.a_report(cast, works.in_procurement(cast))
    with refused("date.future", "progress.place", "progress.place"):
        add(cast, report, site.a_png(3), place=Place(clock.now() + timedelta(days=1), Decimal(181), Decimal(-91)))


def test_due_by_day_five_of_the_next_month_also_over_the_year(cast: Cast) -> None:
    book = contracting.rules_today()
    timely = progressing.timeliness(DECEMBER, date(2027, 1, 6), book)
    assert (timely.due_on, timely.is_late, timely.days) == (date(2027, 1, 5), True, 1)
    assert not progressing.timeliness(DECEMBER, date(2027, 1, 5), book).is_late


@pytest.mark.parametrize(
    ("physical", "light"), [("40.00", "GREEN"), ("39.99", "YELLOW"), ("30.00", "YELLOW"), ("29.99", "RED")]
)
def test_works_more_than_ten_points_behind_are_yellow_more_than_twenty_red(
    cast: Cast, physical: str, light: str
) -> None:
    report = site.a_report(cast, works.in_procurement(cast), NOVEMBER, physical, planned_percent=Decimal("50.00"))
    assert progressing.light_of(report, contracting.rules_today()) == light


def test_milestones_say_what_was_planned(cast: Cast) -> None:
    project = works.in_procurement(cast)
    stones = [
        Stone("开工", date(2026, 9, 30), Decimal(0)), Stone("主体封顶", date(2026, 10, 31), Decimal(31)),
        Stone("竣工", date(2027, 12, 31), Decimal(100)),
    ]  # fmt: skip
    rows = milestones.set_milestones(project.pk, actor=cast.lin, stones=stones)
    assert site.a_report(cast, project, OCTOBER).planned_percent == Decimal("31.00")
    # 30 of 426 days from 31 to 100
    assert progress.planned_percent(project, NOVEMBER) == Decimal("35.86")
    reached = milestones.reach_milestone(rows[0].pk, actor=cast.lin, done_on=date(2026, 9, 29))
    assert reached.done_on == date(2026, 9, 29)
    kept = milestones.set_milestones(
        project.pk, actor=cast.lin, stones=[Stone("开工典礼", date(2026, 9, 30), id=rows[0].pk)]
    )
    assert (
        [(row.pk, row.name) for row in project.milestones.all()]
        == [(rows[0].pk, "开工典礼")]
        == [(kept[0].pk, "开工典礼")]
    )


def test_what_is_wrong_with_milestones_is_said_at_once(cast: Cast) -> None:
    project, other = works.in_procurement(cast), works.in_procurement(cast)
    foreign = milestones.set_milestones(other.pk, actor=cast.lin, stones=[Stone("a", date(2026, 1, 1))])[0]
    with refused(
        "milestone.foreign", "milestone.name", "milestone.planned_on", "progress.percent", "milestone.future",
        "milestone.falls",
    ):  # fmt: skip
        milestones.set_milestones(
            project.pk, actor=cast.lin,
            stones=[
                Stone("", date(2026, 1, 1), Decimal(60), id=foreign.pk), Stone("b", None, Decimal(101)),
                Stone("c", date(2026, 2, 1), Decimal(50), done_on=date(2027, 1, 1)),
            ],
        )  # fmt: skip


def test_a_forecast_is_kept_for_every_line_that_moved(cast: Cast) -> None:
    contract = site.payable(cast)
    project = contract.project
    rows = [Foreseen("1.1", Decimal("8600000.00"), "钢材涨价"), Foreseen("1.2", Decimal("100000.00"))]
    assert len(forecasts.foresee(project.pk, actor=cast.lin, rows=rows)) == 2
    assert forecasts.foresee(project.pk, actor=cast.lin, rows=rows) == []
    moved = [Foreseen("1.1", Decimal("8700000.00")), rows[1]]
    assert [row.cost_code for row in forecasts.foresee(project.pk, actor=cast.lin, rows=moved)] == ["1.1"]
    assert forecasts.newest(project) == {"1.1": Decimal("8700000.00"), "1.2": Decimal("100000.00")}
    works.approved(cast, works.a_change(cast, contract, "50000.00"))
    assert forecasts.newest(project)["1.1"] == Decimal("8750000.00"), "a change order moves the newest forecast"
    shown = {row["code"]: row["forecast"].amount for row in progressing.forecast_rows(project)}
    assert shown == forecasts.newest(project)
    with refused("forecast.twice", "forecast.cost_code", "forecast.negative"):
        forecasts.foresee(
            project.pk, actor=cast.lin,
            rows=[Foreseen("1.1", Decimal(1)), Foreseen("1.1", Decimal(1)), Foreseen(" ", Decimal(-1))],
        )  # fmt: skip
    assert Forecast.objects.filter(project=project).count() == 4


def test_the_months_that_were_not_reported_are_named(cast: Cast) -> None:
    project = works.building(cast)
    with clock.at(date(2027, 3, 10)):
        assert progressing.missing_months(project) == [DECEMBER, date(2027, 1, 1), date(2027, 2, 1)]
        site.reported(cast, project, date(2027, 1, 1))
        assert progressing.missing_months(project) == [date(2027, 2, 1)], "the works begin with the first report"


def test_only_the_own_clerk_reports_and_only_the_authority_confirms(cast: Cast) -> None:
    project = works.in_procurement(cast)
    report = site.reported(cast, project)
    for person in ("lei", "wu", "zhao", "fang", "qian"):
        for act in (
            lambda actor: progress.draft(project.pk, actor=actor, values={}),
            lambda actor: progress.amend(report.pk, actor=actor, values={}),
            lambda actor: milestones.set_milestones(project.pk, actor=actor, stones=[]),
            lambda actor: forecasts.foresee(project.pk, actor=actor, rows=[]),
        ):
            with pytest.raises(NotPermitted):
                act(cast.actors[person])
    for person in ("lin", "lei", "fwu", "fang", "xu"):
        with pytest.raises(NotPermitted):
            works.do(report, "confirm", cast.actors[person])
    for person in ("sun", "root"):
        with pytest.raises(NotFound):
            progressing.report_of(cast.actors[person], report.pk)
        with pytest.raises(NotFound):
            photos.remove_photo(report.photos.get().pk, actor=cast.actors[person])


def test_somebody_else_was_faster(cast: Cast) -> None:
    report = site.a_report(cast, works.in_procurement(cast))
    progress.amend(report.pk, actor=cast.lin, values={"problems": "a"}, expected_version=0)
    with pytest.raises(StaleState):
        progress.amend(report.pk, actor=cast.lin, values={"problems": "b"}, expected_version=0)


def test_lines_to_foresee_stand_in_the_order_of_the_tree(cast: Cast) -> None:
    contract = site.payable(cast)
    for code in ("1.10", "1.9"):
        Forecast.objects.create(project=contract.project, cost_code=code, amount=1, made_on=clock.today())
    assert [row["code"] for row in progressing.forecast_rows(contract.project)] == ["1.1", "1.2", "1.9", "1.10"]
