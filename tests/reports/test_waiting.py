"""What contracts, works and assets wait for lies on the desks of those who may do it, and on no other."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from assets.models import HandoverBatch
from assets.services.moves import MACHINES
from core import clock
from execution.models import AcceptanceDefect, AcceptanceRound, AuditFinding, ChangeOrder, PartyOpinion
from execution.states import Party
from reports import waiting
from reports.waiting.desk import Narrowing
from reports.waiting.sources import SOURCES
from tests.support import handed, works
from tests.support.cast import make_cast

pytestmark = pytest.mark.django_db


def desk(actor, **narrowing):
    """(kind, key, move) of everything on a desk."""
    found = waiting.listed(actor, Narrowing(**narrowing), size=500)
    assert found.after is None
    return [(row.kind, row.pk, row.move) for row in found.rows]


def test_a_tender_goes_from_the_clerks_desk_to_the_leads_as_it_is_held():
    cast = make_cast()
    tender = works.a_tender(cast)
    assert desk(cast.lin) == [("tender", tender.pk, "announce")]
    assert desk(cast.lei) == []
    begun = clock.today() - timedelta(days=10)
    works.do(tender, "announce", cast.lin, announced_on=begun, closes_on=begun + timedelta(days=20))
    assert desk(cast.lin) == [], "bids are not opened before they close"
    later = waiting.listed(cast.lin, today=begun + timedelta(days=20)).rows
    assert [(row.move, row.due_on) for row in later] == [("open_bids", begun + timedelta(days=20))]
    assert later[0].project == tender.project


def test_a_desk_holds_what_the_persons_own_machine_offers_and_nothing_of_others():
    cast = make_cast()
    contract = works.contracted(cast)
    works.a_tender(cast)
    for actor in (cast.lin, cast.lei, cast.xu, cast.zhao, cast.fang, cast.wu, cast.su, cast.sun):
        offered, possible = set(), set()
        for kind, machine in MACHINES.items():
            for row in machine.visible(actor):
                offers = [offer for offer in machine.offers(row, actor) if offer.move.primary]
                offered |= {(kind, row.pk) for _ in offers}
                possible |= {(kind, row.pk) for offer in offers if offer.possible}
        held = {(kind, pk) for kind, pk, _ in desk(actor)}
        assert held <= offered, actor.role
        assert possible - held <= {("contract", contract.pk)}, "the performance of a contract waits for its day"
    assert waiting.count(cast.lei) == len(desk(cast.lei))


def test_a_change_lies_with_the_level_that_decides_it():
    cast = make_cast()
    change = works.a_change(cast)
    assert desk(cast.lin)[0][::2] == ("change", "supervision_agrees")
    for level, move in (
        ("OWNER", "approve_by_owner"),
        ("SECTION", "send_to_authority"),
        ("BUREAU", "send_to_authority"),
    ):
        ChangeOrder.objects.filter(pk=change.pk).update(state="OWNER", level=level)
        assert desk(cast.lei) == [("change", change.pk, move)]
    ChangeOrder.objects.filter(pk=change.pk).update(state="AUTHORITY", level="SECTION")
    assert desk(cast.xu) == [("change", change.pk, "approve")]
    assert desk(cast.zhao) == []
    ChangeOrder.objects.filter(pk=change.pk).update(level="BUREAU")
    assert desk(cast.zhao) == [("change", change.pk, "approve_by_leader")]
    assert desk(cast.fzhao) == [], "another house's leader has no part in it"


def test_what_is_due_first_stands_first_and_pages_follow_each_other():
    cast = make_cast()
    project = works.in_procurement(cast)
    held = AcceptanceRound.objects.create(project=project, number=1, held_on=clock.today(), created_by=cast.lin.user)
    days = (9, 3, 6, 1)
    for n in days:
        AcceptanceDefect.objects.create(round=held, text=f"缺陷{n}", due_on=clock.today() + timedelta(days=n))
    works.a_tender(cast, project)
    titles = [row.title for row in waiting.listed(cast.lin).rows]
    assert titles == ["第1次验收", "缺陷1", "缺陷3", "缺陷6", "缺陷9", "施工总承包"]
    first = waiting.listed(cast.lin, size=2)
    second = waiting.listed(cast.lin, size=2, after=first.after)
    assert [row.title for row in first.rows + second.rows] == titles[:4]
    assert desk(cast.lin, kind="tender", text=project.name)[0][0] == "tender"
    assert desk(cast.lin, text="没有这个项目") == []
    late = waiting.listed(cast.lin, today=clock.today() + timedelta(days=2)).rows[0]
    assert late.is_late(clock.today() + timedelta(days=2))


def test_the_parties_speak_before_the_lead_signs_the_acceptance():
    cast = make_cast()
    project = works.in_procurement(cast)
    held = AcceptanceRound.objects.create(project=project, number=1, held_on=clock.today(), created_by=cast.lin.user)
    for party in Party:
        assert desk(cast.lin) == [("acceptance", held.pk, "record_opinion")]
        assert desk(cast.lei) == []
        PartyOpinion.objects.create(round=held, party=party, organisation="甲", person="乙", agrees=True)
    assert desk(cast.lin) == []
    assert desk(cast.lei) == [("acceptance", held.pk, "close_round")]


def test_a_rectified_finding_waits_for_the_auditor_and_in_an_internal_audit_for_the_lead():
    cast = make_cast()
    project = works.in_procurement(cast)
    row = AuditFinding.objects.create(project=project, number=1, text="多计工程量", recorded_by=cast.qian.user)
    assert desk(cast.lei) == [("finding", row.pk, "schedule")]
    assert desk(cast.lin) == [("finding", row.pk, "rectify")]
    AuditFinding.objects.filter(pk=row.pk).update(state="RECTIFIED")
    assert (desk(cast.qian), desk(cast.lei)) == ([("finding", row.pk, "confirm")], [])
    AuditFinding.objects.filter(pk=row.pk).update(mode="INTERNAL")
    assert (desk(cast.qian), desk(cast.lei)) == ([], [("finding", row.pk, "confirm")])


def test_a_receiver_finds_what_comes_to_its_own_house():
    cast = make_cast()
    project = works.in_procurement(cast)
    for number, house in enumerate((cast.lin.organisation, cast.wu.organisation), start=1):
        batch = HandoverBatch.objects.create(
            project=project, number=number, kind="PROVISIONAL", from_unit=cast.lin.organisation, to_unit=house,
            handed_on=clock.today(), created_by=cast.lin.user,
        )  # fmt: skip
        HandoverBatch.objects.filter(pk=batch.pk).update(state="SIGNED_OVER")
    receiver = cast.lin.__class__(user=cast.wu.user, role="RECEIVER", organisation=cast.wu.organisation)
    assert [row.row.number for row in waiting.listed(receiver).rows] == [2]
    assert [(row.move, row.who) for row in waiting.of_project(project)] == [("receive", "资产接收单位")] * 2


def test_a_stopped_project_and_a_limited_delegation_leave_the_desk_empty():
    cast = make_cast()
    tender = works.a_tender(cast)
    limited = cast.lin.__class__(
        user=cast.lin.user, role=cast.lin.role, organisation=cast.lin.organisation, item_types=("BUD",)
    )
    assert desk(limited) == []
    tender.project.__class__.objects.filter(pk=tender.project_id).update(stage="SUSPENDED", resume_stage="PROCUREMENT")
    assert desk(cast.lin) == []


def test_each_kind_has_a_name_and_its_steps_belong_to_somebody():
    assert len({source.kind for source in SOURCES}) == len(SOURCES)
    assert all(step.roles for source in SOURCES for step in source.steps)
    assert {*MACHINES} <= {source.kind for source in SOURCES}, "every machine waits somewhere"


def test_a_long_desk_costs_as_much_as_a_short_one():
    cast = make_cast()

    def cost():
        with CaptureQueriesContext(
            connection,
        ) as caught:
            waiting.listed(cast.lin, size=50)
            waiting.count(cast.lin)
        return len(caught)

    works.a_change(cast)
    works.a_tender(cast)
    few = cost()
    for _ in range(4):
        works.a_tender(cast)
    works.a_change(cast)
    assert cost() == few
    assert few <= 5


def test_a_batch_is_named_by_its_number():
    cast = make_cast()
    project = handed.approved(cast)
    handed.do(handed.a_batch(cast, project, *project.assets.all()), "sign_over", cast.lei)
    assert [row.title for row in waiting.listed(cast.xie).rows] == ["第1批"]
