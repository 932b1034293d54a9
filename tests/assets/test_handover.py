"""Assets handed over: provisional and final, to several receivers, signed by both houses, to the fen; titles; the end."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from assets.models import Asset, HandoverLine, TitleRecord
from assets.services import batches, standing, titles
from core import clock
from core.errors import NotFound, NotPermitted, RuleViolation
from core.models import TraceEntry
from projects.models import Project
from projects.services.gates import Ruling, open_gate
from projects.states import Gate
from tests.support import handed
from tests.support.cast import Cast, make_cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast():
    return make_cast()


def fresh(row):
    return type(row).objects.get(pk=row.pk)


def test_a_final_handover_and_the_title_bring_the_project_to_its_end(cast):
    project = handed.approved(cast)
    assert project.stage == "ASSET_HANDOVER"
    open_gate(project, Gate.HANDED_OVER, Ruling(2, "鹏国资〔2026〕1号", clock.today()), actor=cast.zhao)
    assert fresh(project).stage == "ASSET_HANDOVER", "the decision alone moves nothing"
    batch = handed.handed(cast, project)
    assert batch.state == "CONFIRMED"
    project = fresh(project)
    assert (project.facts.undelivered, project.facts.pending_titles) == (Decimal("0.00"), 1)
    assert project.stage == "TITLE_REGISTRATION"
    open_gate(project, Gate.TITLED, Ruling(3, "", clock.today()), actor=cast.zhao)
    assert fresh(project).stage == "TITLE_REGISTRATION"
    handed.titled(cast, project.assets.get(is_real_estate=True))
    assert fresh(project).stage == "CLOSED"


def test_without_titles_the_handover_alone_closes_the_project(cast):
    project = handed.approved(cast)
    school = project.assets.get(is_real_estate=True)
    handed.do(TitleRecord.objects.get(asset=school), "exempt", cast.zi, basis="划拨用地内附属设施，免于登记")
    open_gate(fresh(project), Gate.HANDED_OVER, Ruling(2, "", clock.today()), actor=cast.zhao)
    handed.handed(cast, fresh(project))
    project = fresh(project)
    assert (project.stage, project.needs_title) == ("CLOSED", False)


def test_the_final_handover_replaces_the_provisional_one_with_the_difference(cast):
    project = handed.a_project(cast)
    asset = handed.a_card(cast, project, "5000000.00")
    first = handed.handed(cast, project, asset, kind="PROVISIONAL")
    assert fresh(project).facts.undelivered is None, "a provisional handover delivers nothing yet"
    with pytest.raises(RuleViolation) as refusal:
        handed.do(handed.a_batch(cast, project, asset), "sign_over", cast.lei)
    assert {problem.code for problem in refusal.value.problems} == {"handover.not_approved"}
    Asset.objects.filter(pk=asset.pk).update(direct=Decimal("4876543.21"))
    Project.objects.filter(pk=project.pk).update(stage="ASSET_HANDOVER")
    final = handed.do(project.handover_batches.get(kind="FINAL"), "sign_over", cast.lei)
    line = final.lines.get()
    assert (line.value, line.replaces, line.difference) == (
        Decimal("4876543.21"), first.lines.get(), Decimal("-123456.79"),
    )  # fmt: skip
    handed.do(handed.do(final, "receive", cast.xie), "confirm", cast.zi)
    assert fresh(project).facts.undelivered == Decimal("0.00")
    said = TraceEntry.objects.get(verb="assets.handover.confirm", target_id=final.pk).facts
    assert (said["value"], said["difference"]) == ("4876543.21", "-123456.79")


def test_several_receivers_each_sign_for_their_own(cast):
    project = handed.approved(cast)
    school, gym = project.assets.order_by("no")
    one = handed.a_batch(cast, project, school)
    other = handed.a_batch(cast, project, gym, to="city")
    handed.do(one, "sign_over", cast.lei)
    handed.do(other, "sign_over", cast.lei)
    for actor in (cast.sun, cast.wen):
        with pytest.raises(NotFound):
            handed.do(one, "receive", actor)
    with pytest.raises(NotPermitted) as refusal:
        handed.do(other, "receive", cast.xie)
    assert refusal.value.code == "not_the_receiver", "the user unit sees it, and signs only for itself"
    handed.do(handed.do(one, "receive", cast.xie), "confirm", cast.zi)
    assert fresh(project).facts.undelivered == Decimal("3600000.00")
    handed.do(handed.do(other, "receive", cast.wen), "confirm", cast.zi)
    assert fresh(project).facts.undelivered == Decimal("0.00")
    assert {row.receiver for row in project.assets.all()} == {cast.houses["school"], cast.houses["city"]}


def test_nobody_signs_for_both_houses(cast):
    project = handed.approved(cast)
    batch = handed.a_batch(cast, project)
    handed.do(batch, "sign_over", cast.lei)
    both = replace(cast.xie, user=cast.lei.user)
    with pytest.raises(NotPermitted) as refusal:
        handed.do(batch, "receive", both)
    assert refusal.value.code == "sod.signed"
    substitute = replace(cast.xie, user=cast.sun.user, principal=cast.lei.user)
    with pytest.raises(NotPermitted):
        handed.do(batch, "receive", substitute)
    handed.do(batch, "receive", cast.xie)
    with pytest.raises(NotPermitted):
        handed.do(batch, "confirm", replace(cast.zi, user=cast.xie.user))


def test_what_both_houses_signed_is_what_is_booked(cast):
    """The account is opened again and an asset is worth something else: the batch cannot be confirmed."""
    project = handed.approved(cast)
    batch = handed.a_batch(cast, project)
    handed.do(handed.do(batch, "sign_over", cast.lei), "receive", cast.xie)
    Asset.objects.filter(project=project, is_real_estate=True).update(direct=Decimal("5000000.01"))
    with pytest.raises(RuleViolation) as refusal:
        handed.do(batch, "confirm", cast.zi)
    assert refusal.value.code == "handover.value_moved"
    batch = handed.do(batch, "return_batch", cast.zi, reason="价值变动")
    assert (batch.state, batch.signed_over_by, batch.received_by) == ("DRAFT", None, None)
    handed.do(handed.do(handed.do(batch, "sign_over", cast.lei), "receive", cast.xie), "confirm", cast.zi)
    assert fresh(project).facts.undelivered == Decimal("0.00")


def test_one_asset_too_dear_does_not_hide_another_too_cheap(cast):
    project = handed.approved(cast)
    handed.handed(cast, project)
    one, other = HandoverLine.objects.order_by("pk")
    HandoverLine.objects.filter(pk=one.pk).update(value=one.value + Decimal("1.00"))
    HandoverLine.objects.filter(pk=other.pk).update(value=other.value - Decimal("1.00"))
    assert standing.undelivered(project) == Decimal("2.00")


def test_every_reason_against_a_batch_is_told_at_once(cast):
    project = handed.approved(cast)
    road = Asset.objects.create(
        project=project, no="ZC-9", name="校前路", asset_class="PUBLIC_INFRA", kind="STRUCTURE",
        direct=Decimal("1.00"), created_by=cast.lin.user,
    )  # fmt: skip
    batch = handed.a_batch(cast, project, road)
    batch.documents.clear()
    with pytest.raises(RuleViolation) as refusal:
        handed.do(batch, "sign_over", cast.lei)
    assert {problem.code for problem in refusal.value.problems} == {"handover.maintenance", "handover.documents"}
    with pytest.raises(RuleViolation) as refusal:
        values = {"kind": "FINAL", "to_unit": cast.houses["unit"], "handed_on": None}
        batches.prepare(project.pk, actor=cast.lin, values=values, assets=[road.pk, 10**9])
    assert {problem.code for problem in refusal.value.problems} == {
        "handover.same_house", "invalid", "handover.foreign", "handover.busy",
    }  # fmt: skip


def test_an_asset_is_in_one_batch_at_a_time_and_finally_handed_over_once(cast):
    project = handed.approved(cast)
    asset = project.assets.first()
    batch = handed.a_batch(cast, project, asset)
    for code in ("handover.busy", "handover.twice"):
        with pytest.raises(RuleViolation) as refusal:
            handed.a_batch(cast, project, asset)
        assert {problem.code for problem in refusal.value.problems} == {code}
        if code == "handover.busy":
            handed.do(handed.do(handed.do(batch, "sign_over", cast.lei), "receive", cast.xie), "confirm", cast.zi)
    cancelled = handed.do(handed.a_batch(cast, project, project.assets.last()), "cancel", cast.lin, reason="分批有误")
    assert cancelled.state == "CANCELLED"
    handed.a_batch(cast, project, project.assets.last())


def test_written_off_expenditure_is_never_handed_over(cast):
    project = handed.a_project(cast)
    dredging = handed.a_card(cast, project, asset_class="WRITEOFF", kind="OTHER_FIXED", name="清淤")
    with pytest.raises(RuleViolation) as refusal:
        handed.a_batch(cast, project, dredging, kind="PROVISIONAL")
    assert refusal.value.code == "handover.written_off"
    assert not TitleRecord.objects.exists()


def test_nothing_is_handed_over_before_the_acceptance(cast):
    project = handed.a_project(cast, "CONSTRUCTION")
    batch = handed.a_batch(cast, project, handed.a_card(cast, project), kind="PROVISIONAL")
    with pytest.raises(RuleViolation) as refusal:
        handed.do(batch, "sign_over", cast.lei)
    assert refusal.value.code == "handover.too_early"


def test_who_holds_an_asset_provisionally_gets_it_finally(cast):
    project = handed.a_project(cast)
    asset = handed.a_card(cast, project)
    handed.handed(cast, project, asset, kind="PROVISIONAL")
    with pytest.raises(RuleViolation) as refusal:
        handed.a_batch(cast, project, asset, to="city")
    assert refusal.value.code == "handover.other_receiver"


def test_a_title_needs_every_paper_the_scan_and_a_number_of_its_own(cast):
    project = handed.approved(cast)
    asset = project.assets.get(is_real_estate=True)
    title = TitleRecord.objects.get(asset=asset)
    with pytest.raises(NotFound):
        handed.filed(cast, asset, cast.wen)
    with pytest.raises(NotPermitted) as refusal:
        handed.filed(cast, asset, cast.xie)
    assert refusal.value.code == "not_the_receiver", "nobody holds it yet"
    handed.handed(cast, project)
    with pytest.raises(RuleViolation) as refusal:
        handed.do(title, "file", cast.xie, filed_on=clock.today(), papers=["APPLICATION", "TAX"])
    assert refusal.value.code == "title.papers"
    handed.filed(cast, asset)
    said = {"certificate_no": "粤(2026)深圳市不动产权第0000001号", "registered_on": clock.today()}
    with pytest.raises(RuleViolation) as refusal:
        handed.do(title, "register", cast.xie, **said)
    assert refusal.value.code == "title.document"
    titles.attach(title.pk, handed.a_paper(), actor=cast.xie)
    early = {"registered_on": clock.today() - timedelta(days=1)}
    with pytest.raises(RuleViolation) as refusal:
        handed.do(title, "register", cast.xie, **{**said, **early})
    assert refusal.value.code == "date.too_early"
    blocked = handed.do(title, "block", cast.xie, reason="宗地界址争议")
    assert (blocked.state, fresh(project).facts.pending_titles) == ("BLOCKED", 1)
    handed.filed(cast, asset)
    assert handed.do(title, "register", cast.xie, **said).state == "REGISTERED"
    assert fresh(project).facts.pending_titles == 0
    with pytest.raises(RuleViolation):
        titles.attach(title.pk, handed.a_paper(), actor=cast.xie)


def test_values_approved_anew_are_not_delivered_until_handed_over_anew(cast):
    """T28: the account is opened again after the end; the old final line does not count for the new value."""
    project = handed.closed(cast)
    asset = project.assets.get(is_real_estate=True)
    Asset.objects.filter(pk=asset.pk).update(direct=asset.direct - Decimal("0.01"))
    standing.values_moved(fresh(project))
    assert fresh(project).facts.undelivered == Decimal("-0.01")


def test_only_the_posts_of_the_matrix_have_a_part_in_it(cast):
    project = handed.approved(cast)
    batch = handed.a_batch(cast, project)
    for actor in (cast.lin, cast.wu, cast.fang, cast.qian, cast.su, cast.zi):
        with pytest.raises(NotPermitted):
            handed.do(batch, "sign_over", actor)
    for actor in (cast.lei, cast.wu, cast.zi, cast.xie):
        with pytest.raises((NotPermitted, NotFound)):
            handed.a_card(Cast(cast.houses, {**cast.actors, "lin": actor}), project)
    seen = {name: Asset.objects.visible_to(actor).count() for name, actor in cast.actors.items()}
    assert {name for name, count in seen.items() if count} == {
        "lin", "lei", "wu", "wei", "xu", "zhao", "dai", "gu", "ji", "fwu", "fxu", "fzhao", "fang", "cxu", "czhao", "qian",
        "zi", "xie", "su",
    }  # fmt: skip
