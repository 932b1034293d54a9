"""Asset cards: by hand, from the as-built model, from a table; what the account was reckoned from stays."""

from datetime import date
from decimal import Decimal
from io import BytesIO

import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from assets import card_tables, registering
from assets.models import Asset, AssetElement, TitleRecord
from assets.services import cards, elements_follow
from bim.models import BimElement
from bim.services import compare
from core.errors import NotFound, NotPermitted, RuleViolation, StaleState
from core.models import TraceEntry
from tests.support import account as accounting
from tests.support import handed, handed_in
from tests.support.cast import make_cast
from tests.support.ifc_builder import IfcBuilder

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast():
    return make_cast()


def codes_of(refusal):
    return {problem.code for problem in refusal.value.problems}


def test_a_card_gets_the_next_number_and_real_estate_its_title(cast):
    project = handed.a_project(cast)
    first, second = handed.a_card(cast, project), handed.a_card(cast, project, kind="EQUIPMENT")
    assert [first.no, second.no] == ["ZC-0001", "ZC-0002"]
    assert [title.asset for title in TitleRecord.objects.all()] == [first]
    cards.amend(first.pk, actor=cast.lin, values={"is_real_estate": False})
    assert not TitleRecord.objects.exists()
    project.refresh_from_db()
    assert (project.needs_title, project.facts.pending_titles) == (False, 0)


def test_public_infrastructure_is_a_class_of_its_own(cast):
    project = handed.a_project(cast)
    handed.a_card(cast, project, "300.10")
    handed.a_card(cast, project, "200.20", asset_class="PUBLIC_INFRA", is_real_estate=False, name="校前路")
    handed.a_card(cast, project, "100.30", asset_class="TRANSFER_OUT", kind="EQUIPMENT", name="专变")
    sums = {row.asset_class: row.value for row in registering.sums_of(cast.lin, project)}
    assert sums == {"FIXED": Decimal("300.10"), "PUBLIC_INFRA": Decimal("200.20"), "TRANSFER_OUT": Decimal("100.30")}
    assert registering.standing_of(cast.lin, project).due == Decimal("500.30"), "what is transferred out is form 08"


def test_every_fault_of_a_card_is_told_at_once(cast):
    project = handed.a_project(cast)
    handed.a_card(cast, project, no="A")
    values = {"no": "A", "name": "", "asset_class": "FIXED", "kind": "EQUIPMENT", "direct": Decimal("-1"),
              "quantity": Decimal(0), "is_real_estate": True}  # fmt: skip
    with pytest.raises(RuleViolation) as refusal:
        cards.create(project.pk, actor=cast.lin, values=values)
    assert {problem.field for problem in refusal.value.problems} == {
        "no",
        "name",
        "direct",
        "quantity",
        "is_real_estate",
    }


def test_the_version_last_seen_counts(cast):
    asset = handed.a_card(cast, handed.a_project(cast))
    cards.amend(asset.pk, actor=cast.lin, values={"custodian": "王"}, expected_version=0)
    with pytest.raises(StaleState):
        cards.amend(asset.pk, actor=cast.lin, values={"custodian": "李"}, expected_version=0)


def test_what_a_compiled_account_was_reckoned_from_stays(cast):
    account = accounting.an_account(cast)
    asset = account.project.assets.first()
    cards.amend(asset.pk, actor=cast.lin, values={"custodian": "王老师", "direct": asset.direct})
    accounting.do(account, "compile", cast.lin)
    cards.amend(asset.pk, actor=cast.lin, values={"custodian": "李老师"})
    for attempt in (
        lambda: cards.amend(asset.pk, actor=cast.lin, values={"direct": Decimal("1.00")}),
        lambda: handed.a_card(cast, account.project),
        lambda: cards.remove(asset.pk, actor=cast.lin, reason="误录"),
    ):
        with pytest.raises(RuleViolation) as refusal:
            attempt()
        assert codes_of(refusal) == {"asset.account_fixed"}


def test_a_card_in_a_batch_being_signed_or_handed_over_stays(cast):
    project = handed.approved(cast)
    asset = project.assets.first()
    batch = handed.a_batch(cast, project, asset)
    cards.amend(asset.pk, actor=cast.lin, values={"custodian": "王"})
    handed.do(batch, "sign_over", cast.lei)
    with pytest.raises(RuleViolation) as refusal:
        cards.amend(asset.pk, actor=cast.lin, values={"custodian": "李"})
    assert codes_of(refusal) == {"asset.being_signed"}
    handed.do(handed.do(batch, "receive", cast.xie), "confirm", cast.zi)
    with pytest.raises(RuleViolation) as refusal:
        cards.amend(asset.pk, actor=cast.lin, values={"custodian": "李"})
    assert codes_of(refusal) == {"asset.handed_over"}


def test_a_card_entered_by_mistake_goes_with_its_reason(cast):
    project = handed.a_project(cast)
    asset = handed.a_card(cast, project)
    with pytest.raises(RuleViolation):
        cards.remove(asset.pk, actor=cast.lin, reason=" ")
    cards.remove(asset.pk, actor=cast.lin, reason="重复录入")
    assert not Asset.objects.exists()
    entry = TraceEntry.objects.get(verb="assets.asset.removed")
    assert (entry.reason, entry.facts["no"]) == ("重复录入", "ZC-0001")


def test_cards_are_drafted_from_the_as_built_model_once_with_their_elements(cast):
    project = handed.a_project(cast, "ACCEPTANCE")
    model = handed_in.hand_in(cast.lin, project, handed_in.an_equipped_school().bytes(), stage="AS_BUILT")
    with pytest.raises(NotFound):
        cards.draft_from_model(project.pk, model.pk, actor=cast.sun)
    with pytest.raises(NotPermitted):
        cards.draft_from_model(project.pk, model.pk, actor=cast.lei)
    made = cards.draft_from_model(project.pk, model.pk, actor=cast.lin)
    by_name = {asset.name: asset for asset in made}
    assert by_name["教学楼"].is_real_estate
    assert TitleRecord.objects.get().asset == by_name["教学楼"]
    lift = Asset.objects.get(no="DT-001")
    assert (lift.name, lift.kind, lift.warranty_until) == ("电梯1", "EQUIPMENT", date(2028, 11, 30))
    pumps = Asset.objects.get(no="SB-001")
    assert (pumps.quantity, pumps.elements.count()) == (2, 2)
    guids = list(AssetElement.objects.values_list("guid", flat=True))
    assert len(guids) == len(set(guids)) == 11, "every piece once, and the building"
    with pytest.raises(RuleViolation) as refusal:
        cards.draft_from_model(project.pk, model.pk, actor=cast.lin)
    assert codes_of(refusal) == {"asset.nothing_new"}
    plans = handed_in.hand_in(cast.lin, project, handed_in.a_school(3).bytes())
    with pytest.raises(RuleViolation) as refusal:
        cards.draft_from_model(project.pk, plans.pk, actor=cast.lin)
    assert codes_of(refusal) == {"model.not_as_built"}


def test_an_element_is_of_one_asset_and_of_a_model_of_the_project(cast):
    project = handed.a_project(cast, "ACCEPTANCE")
    model = handed_in.hand_in(cast.lin, project, stage="AS_BUILT")
    door, other = BimElement.objects.filter(model=model, ifc_class="IfcDoor").values_list("guid", flat=True)
    one = handed.a_card(cast, project)
    cards.amend(one.pk, actor=cast.lin, values={}, guids=[door])
    said = {"name": "门", "asset_class": "FIXED", "kind": "EQUIPMENT"}
    with pytest.raises(RuleViolation) as refusal:
        cards.create(project.pk, actor=cast.lin, values=said, guids=[door, other, "0" * 22])
    assert codes_of(refusal) == {"asset.element_taken", "asset.element_unknown"}
    assert Asset.objects.count() == 1, "nothing was written"
    cards.amend(one.pk, actor=cast.lin, values={}, guids=[other])
    assert [row.guid for row in one.elements.all()] == [other]


def test_elements_follow_into_a_new_version_of_the_model(cast):
    project, pair = handed.a_project(cast, "ACCEPTANCE"), []
    for seed in ("a", "b"):
        house = IfcBuilder(seed=seed)
        ground = house.storey("一层")
        for name in ("甲", "乙", "乙"):
            house.element("IfcPump", name, ground)
        pair.append(handed_in.hand_in(cast.lin, project, house.bytes(), stage="AS_BUILT"))
        if seed == "a":
            sure = BimElement.objects.get(model=pair[0], name="甲").guid
            doubtful = BimElement.objects.filter(model=pair[0], name="乙").first().guid
            asset = handed.a_card(cast, project, kind="EQUIPMENT")
            Asset.objects.filter(pk=asset.pk).update(model=pair[0])
            cards.amend(asset.pk, actor=cast.lin, values={}, guids=[sure, doubtful])
    one, other = pair[0].pk, pair[1].pk
    with pytest.raises(RuleViolation) as refusal:
        elements_follow.follow(one, other, actor=cast.lin)
    assert codes_of(refusal) == {"compare.missing"}
    compare.start(one, other, actor=cast.lin)
    with pytest.raises(NotPermitted):
        elements_follow.follow(one, other, actor=cast.wu)
    assert elements_follow.follow(one, other, actor=cast.lin) == 1
    successor = BimElement.objects.get(model=pair[1], name="甲").guid
    asset.refresh_from_db()
    assert {row.guid for row in asset.elements.all()} == {successor, doubtful}
    assert asset.model == pair[1]
    with pytest.raises(RuleViolation) as refusal:
        elements_follow.follow(one, other, actor=cast.lin)
    assert codes_of(refusal) == {"links.nothing_assets"}


def test_a_table_comes_back_as_it_went_out(cast):
    project = handed.a_project(cast)
    handed.a_card(cast, project, "1234567.89", installation=Decimal("0.01"), area=Decimal("12000.50"), unit="栋",
                  receiver=cast.houses["school"], in_service_on=date(2026, 9, 1), quantity=Decimal("2.5"))  # fmt: skip
    handed.a_card(
        cast, project, "0.10", asset_class="INTANGIBLE", kind="INTANGIBLE", name="=软件", shares_deferred=False
    )
    file = card_tables.export(project.pk, actor=cast.lin)
    before = list(Asset.objects.values(*cards.FIELDS))
    assert card_tables.read_in(project.pk, BytesIO(file.content), actor=cast.lin) == (0, 0), "nothing has changed"
    assert list(Asset.objects.values(*cards.FIELDS)) == before
    other = handed.a_project(cast)
    assert card_tables.read_in(other.pk, BytesIO(file.content), actor=cast.lin) == (2, 0)
    assert [row | {"receiver": None} for row in other.assets.values(*cards.FIELDS)] == [
        row | {"receiver": None} for row in before
    ]
    assert TraceEntry.objects.filter(verb="assets.asset.exported").count() == 1
    assert TraceEntry.objects.filter(verb="assets.asset.imported", project_id=other.pk).count() == 1


def test_every_fault_of_a_table_is_named_at_its_cell_and_nothing_is_entered(cast):
    project = handed.a_project(cast)
    handed.a_card(cast, project)
    book = openpyxl.load_workbook(BytesIO(card_tables.export(project.pk, actor=cast.lin).content))
    sheet = book.active
    heads = {cell.value.split(" (")[0]: cell.column_letter for cell in sheet[2]}
    sheet[f"{heads['资产类别']}3"] = "别墅"
    sheet[f"{heads['直接成本']}3"] = "很多"
    sheet[f"{heads['接收单位']}3"] = "不存在局"
    buffer = BytesIO()
    book.save(buffer)
    with pytest.raises(RuleViolation) as refusal:
        card_tables.read_in(project.pk, BytesIO(buffer.getvalue()), actor=cast.lin)
    cells = {problem.field for problem in refusal.value.problems}
    assert {f"{heads['资产类别']}3", f"{heads['直接成本']}3", f"{heads['接收单位']}3"} <= cells
    for content in (b"", b"no book", file_without_head()):
        with pytest.raises(RuleViolation):
            card_tables.read_in(project.pk, BytesIO(content), actor=cast.lin)


def file_without_head():
    book = openpyxl.Workbook()
    book.active.append(["你好"])
    buffer = BytesIO()
    book.save(buffer)
    return buffer.getvalue()


@given(st.text(max_size=30))
def test_no_text_in_a_cell_breaks_the_reader(text):
    for name in ("name", "direct", "quantity", "in_service_on", "is_real_estate", "kind"):
        try:
            card_tables._read_cell(name, text, {})
        except card_tables._Unread as fault:
            assert str(fault)


def test_the_list_of_cards_asks_as_often_for_many_as_for_few(cast):
    project = handed.a_project(cast)
    handed.a_card(cast, project)

    def asked():
        with CaptureQueriesContext(connection) as queries:
            rows = list(registering.assets_of(cast.lin, project))
            assert [registering.holding_of(row) for row in rows] == [""] * len(rows)
        return len(queries)

    few = asked()
    for _n in range(6):
        handed.a_card(cast, project)
    assert asked() == few
