"""Tenders as stories: every broken period at once, the ceiling under the budget, objections that suspend."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from core import clock
from core.errors import NotFound, NotPermitted
from core.models import TraceEntry
from execution import contracting
from execution.models import Tender
from execution.services import contracts, tenders
from execution.services.tenders import Objection
from tests.support import days, works
from tests.support.cast import Cast, make_cast
from tests.support.stories import refused

pytestmark = pytest.mark.django_db
DAY = date(2026, 3, 2)


@pytest.fixture
def cast() -> Cast:
    return make_cast()


def announced(cast: Cast, **values: object) -> Tender:
    with days.on(DAY):
        return works.do(
            works.a_tender(cast, **values), "announce", cast.lin, announced_on=DAY, closes_on=DAY + timedelta(days=20)
        )


def opened(cast: Cast) -> Tender:
    tender = announced(cast)
    with days.on(DAY + timedelta(days=20)):
        return works.do(tender, "open_bids", cast.lin, opened_on=clock.today(), bidders=works.BIDDERS)


def published(cast: Cast) -> Tender:
    tender = opened(cast)
    on = DAY + timedelta(days=21)
    with days.on(on):
        return works.do(
            tender, "publish_candidates", cast.lin, reported_on=on, publicity_from=on,
            publicity_until=on + timedelta(days=2), candidates=f"{works.WINNER}\n第二名\n",
        )  # fmt: skip


def test_everything_wrong_with_an_announcement_is_said_at_once(cast: Cast) -> None:
    tender = works.a_tender(cast, method="DIRECT")
    tomorrow = clock.today() + timedelta(days=1)
    with refused("tender.direct", "date.future", "tender.bids_too_short"):
        works.do(tender, "announce", cast.lin, announced_on=tomorrow, closes_on=tomorrow + timedelta(days=19))
    with refused("required", "tender.direct", "date.future"):
        works.do(tender, "announce", cast.lin, announced_on=tomorrow)


def test_bids_are_opened_when_they_are_closed(cast: Cast) -> None:
    tender = announced(cast)
    with days.on(DAY + timedelta(days=19)), refused("tender.not_closed", "date.too_early"):
        works.do(tender, "open_bids", cast.lin, opened_on=clock.today(), bidders=works.BIDDERS)
    with days.on(DAY + timedelta(days=20)):
        assert works.do(tender, "open_bids", cast.lin, opened_on=clock.today(), bidders=works.BIDDERS).state == "OPENED"


def test_bids_of_fewer_than_three_are_not_opened_and_the_tender_is_held_again(cast: Cast) -> None:
    tender = announced(cast)
    two = [works.WINNER, "南屿建工有限公司", f" {works.WINNER} "]
    with days.on(DAY + timedelta(days=20)):
        with refused("tender.too_few_bidders"):
            works.do(tender, "open_bids", cast.lin, opened_on=clock.today(), bidders=two)
        works.do(tender, "fail", cast.lei, reason="投标人不足三家")
        tender = works.do(
            tender, "announce", cast.lin, announced_on=clock.today(), closes_on=clock.today() + timedelta(days=20)
        )
    with days.on(DAY + timedelta(days=40)):
        tender = works.do(tender, "open_bids", cast.lin, opened_on=clock.today(), bidders=[*two, "环湾工程有限公司"])
    assert (tender.state, len(tender.bidders)) == ("OPENED", 4)


def test_only_who_bid_becomes_a_candidate(cast: Cast) -> None:
    tender = opened(cast)
    on = DAY + timedelta(days=21)
    said = {"reported_on": on, "publicity_from": on, "publicity_until": on + timedelta(days=2)}
    with days.on(on):
        with refused("tender.not_a_bidder"):
            works.do(tender, "publish_candidates", cast.lin, **said, candidates=[works.WINNER, "从未投标的公司"])
        assert works.do(tender, "publish_candidates", cast.lin, **said, candidates=works.BIDDERS).state == "PUBLICITY"


def test_the_publicity_has_its_length_and_its_beginning(cast: Cast) -> None:
    tender = opened(cast)
    on = DAY + timedelta(days=30)
    with days.on(on), refused("tender.publicity_too_late", "tender.publicity_too_short"):
        works.do(
            tender, "publish_candidates", cast.lin, reported_on=DAY + timedelta(days=26), publicity_from=on,
            publicity_until=on + timedelta(days=1), candidates=[works.WINNER],
        )  # fmt: skip
    with days.on(on), refused("date.too_early"):
        early = DAY + timedelta(days=19)
        works.do(
            tender, "publish_candidates", cast.lin, reported_on=early, publicity_from=early,
            publicity_until=early + timedelta(days=9), candidates=[works.WINNER],
        )  # fmt: skip


def test_an_award_waits_for_the_publicity_and_keeps_to_the_ceiling(cast: Cast) -> None:
    tender = published(cast)
    said = {"winner": "别的公司", "award": "9000000.01", "notified_on": DAY + timedelta(days=23)}
    with (
        days.on(DAY + timedelta(days=23)),
        refused("tender.publicity", "tender.above_ceiling", "date.too_early", "tender.not_a_candidate"),
    ):
        works.do(tender, "award_winner", cast.lei, **said)
    last_day = {"winner": works.WINNER, "award": "9000000.00", "notified_on": DAY + timedelta(days=23)}
    with days.on(DAY + timedelta(days=24)), refused("date.too_early"):
        works.do(tender, "award_winner", cast.lei, **last_day)
    with days.on(DAY + timedelta(days=24)):
        row = works.do(
            tender, "award_winner", cast.lei, winner=works.WINNER, award="9000000.00", notified_on=clock.today()
        )
    assert (row.state, row.award, row.winner) == ("AWARDED", Decimal("9000000.00"), works.WINNER)
    entry = TraceEntry.objects.filter(verb="execution.tender.award_winner").get()
    assert (entry.facts["award"], entry.facts["to"]) == ("9000000.00", "AWARDED")


def test_a_ceiling_is_what_other_lots_leave_of_the_budget(cast: Cast) -> None:
    project = works.in_procurement(cast)
    works.awarded(cast, works.a_tender(cast, project, ceiling=Decimal("6000000.00")), award="5000000.00")
    with refused("tender.above_budget"):
        works.a_tender(cast, project, ceiling=Decimal("5000000.01"))
    assert works.a_tender(cast, project, ceiling=Decimal("5000000.00")).state == "PLANNED"
    # What is not paid by the works part of the budget is not measured by it.
    assert works.a_tender(cast, project, kind="DESIGN", ceiling=Decimal("400000.00")).state == "PLANNED"
    without = works.taken_over(cast, budget=None)
    assert works.a_tender(cast, without, ceiling=Decimal("99000000.00")).state == "PLANNED"


def test_an_objection_suspends_until_it_is_answered(cast: Cast) -> None:
    tender = published(cast)
    on = DAY + timedelta(days=22)
    with days.on(on):
        row = tenders.object_to(tender.pk, actor=cast.lin, objection=Objection("第三名", "评分有误", on))
        tender.refresh_from_db()
        assert (tender.state, tender.resume_state) == ("COMPLAINT", "PUBLICITY")
        second = tenders.object_to(tender.pk, actor=cast.lin, objection=Objection("市民", "资质存疑", on))
        tenders.answer(row.pk, actor=cast.lin, text="经复核评分无误", upheld=False)
        with refused("tender.objections"):
            works.do(tender, "resume", cast.lin)
        tenders.answer(second.pk, actor=cast.lin, text="资质有效", upheld=False)
        assert works.do(tender, "resume", cast.lin).state == "PUBLICITY"
        with refused("objection.answered"):
            tenders.answer(row.pk, actor=cast.lin, text="再答", upheld=True)
    verbs = list(
        TraceEntry.objects.filter(verb__startswith="execution.tender").order_by("pk").values_list("verb", flat=True)
    )
    assert verbs.count("execution.tender.objection_recorded") == 2
    assert verbs.count("execution.tender.suspend_by_complaint") == 1


def test_an_upheld_objection_to_the_candidates_has_the_bids_evaluated_again(cast: Cast) -> None:
    tender = published(cast)
    on = DAY + timedelta(days=22)
    with days.on(on):
        row = tenders.object_to(tender.pk, actor=cast.lin, objection=Objection("第三名", "第一名业绩造假", on))
        tenders.answer(row.pk, actor=cast.lin, text="属实", upheld=True)
        again = works.do(tender, "resume", cast.lin)
    assert (again.state, again.candidates, again.publicity_until) == ("OPENED", [], None)


def test_what_is_wrong_with_an_objection_is_said_at_once(cast: Cast) -> None:
    tender = works.a_tender(cast)
    with refused("wrong_state", "required", "required", "required"):
        tenders.object_to(tender.pk, actor=cast.lin, objection=Objection(" ", "", None))


def test_an_objection_sent_twice_is_recorded_once(cast: Cast) -> None:
    tender = works.a_tender(cast)
    works.do(tender, "announce", cast.lin, announced_on=clock.today(), closes_on=clock.today() + timedelta(days=20))
    said = Objection("某公司", "资格条件过高", clock.today())
    tenders.object_to(tender.pk, actor=cast.lin, objection=said)
    with refused("objection.twice"):
        tenders.object_to(tender.pk, actor=cast.lin, objection=said)
    tenders.object_to(tender.pk, actor=cast.lin, objection=Objection("另一公司", said.text, said.received_on))
    assert tender.objections.count() == 2


def test_a_failed_tender_is_corrected_and_held_again(cast: Cast) -> None:
    tender = works.do(opened(cast), "fail", cast.lei, reason="投标人不足三家")
    tender = tenders.amend(tender.pk, actor=cast.lin, values={"ceiling": Decimal("9500000.00")})
    on = DAY + timedelta(days=40)
    with days.on(on):
        tender = works.do(tender, "announce", cast.lin, announced_on=on, closes_on=on + timedelta(days=20))
        with refused("tender.fixed"):
            tenders.amend(tender.pk, actor=cast.lin, values={"name": "别的"})
    assert (tender.state, tender.opened_on, tender.failure_reason) == ("ANNOUNCED", None, "")


def test_a_tender_nobody_was_told_of_is_taken_back_and_frees_the_budget(cast: Cast) -> None:
    project = works.in_procurement(cast)
    twice = works.a_tender(cast, project)
    with refused("tender.above_budget"):
        works.a_tender(cast, project)
    with pytest.raises(NotPermitted):
        tenders.discard(twice.pk, actor=cast.lei)
    drafted = works.a_contract(cast, tender=twice)
    with refused("tender.has_contracts"):
        tenders.discard(twice.pk, actor=cast.lin)
    contracts.discard(drafted.pk, actor=cast.lin)
    tenders.discard(twice.pk, actor=cast.lin)
    assert TraceEntry.objects.get(verb="execution.tender.discarded").facts["ceiling"] == "9000000.00"
    row = works.a_tender(cast, project)
    works.do(row, "announce", cast.lin, announced_on=clock.today(), closes_on=clock.today() + timedelta(days=20))
    with refused("tender.fixed"):
        tenders.discard(row.pk, actor=cast.lin)


def test_a_direct_award_names_its_ground(cast: Cast) -> None:
    tender = works.a_tender(cast, method="DIRECT", ceiling=Decimal("800000.00"))
    with refused("required", "required", "tender.above_ceiling"):
        works.do(tender, "award_directly", cast.lei, winner="抢险队", award="800000.01", notified_on=clock.today())
    said = {
        "winner": "抢险队",
        "award": "800000.00",
        "notified_on": clock.today(),
        "document_no": "会议纪要1号",
        "reason": "抢险",
    }
    assert works.do(tender, "award_directly", cast.lei, **said).state == "AWARDED"


def test_the_light_of_the_contract_goes_by_the_notice(cast: Cast) -> None:
    begins, rules = clock.today() - timedelta(days=60), contracting.rules_today()
    late = works.awarded(cast, begins=begins)  # the notice is 32 days old
    found = contracting.contract_clock(late, rules)
    assert found is not None
    assert (found.light, found.days_left) == ("RED", -2)
    contract = works.in_force(cast, works.a_contract(cast, tender=late))
    assert contracting.contract_warnings(contract, rules) == ["late_signing"]
    fresh = contracting.contract_clock(works.awarded(cast), rules)
    assert fresh is not None
    assert fresh.light == "GREEN"
    assert contracting.contract_clock(works.a_tender(cast), rules) is None


def test_only_the_clerk_of_the_own_unit_records_tenders(cast: Cast) -> None:
    project = works.in_procurement(cast)
    values = {"name": "施工", "kind": "WORKS", "method": "OPEN", "ceiling": Decimal(1)}
    for person in ("lei", "wu", "zhao", "fang", "su", "qian"):
        with pytest.raises(NotPermitted):
            tenders.record(project.pk, actor=cast.actors[person], values=values)
    for person in ("sun", "song", "root"):
        with pytest.raises(NotFound):
            tenders.record(project.pk, actor=cast.actors[person], values=values)


def test_all_faults_of_a_tender_come_together(cast: Cast) -> None:
    with refused("invalid", "invalid", "tender.ceiling"):
        works.a_tender(cast, name="", method="LOTTERY", ceiling=Decimal(0))
