"""The page that compares two versions of a model: figures, rows, colours, decisions, cost lines, files."""

import json
from decimal import Decimal

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from approvals.services.model_links import ClaimSaid, link_elements
from bim.models import BimElement, BimModel, ComparisonRow, ComparisonRun, ElementPairing
from bim.services import compare
from core.models import TraceEntry
from tests.support import handed_in, lives, measured
from tests.support.cast import make_cast
from tests.support.ifc_builder import IfcBuilder
from tests.support.readonly import no_writes

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast():
    return make_cast()


@pytest.fixture
def school(cast) -> tuple[BimModel, BimModel]:
    project = lives.a_project(cast)
    newer = handed_in.a_school(version=2).bytes()
    return handed_in.hand_in(cast.lin, project), handed_in.hand_in(cast.lin, project, newer)


@pytest.fixture
def twins(cast) -> tuple[BimModel, BimModel]:
    """Three doors of one name in one spot, exported again under other GlobalIds."""
    project, made = lives.a_project(cast, name="双门工程", code=""), []
    for seed in ("a", "b"):
        house = IfcBuilder(seed=seed)
        ground = house.storey("一层")
        for _n in range(3):
            house.element("IfcDoor", "门", ground)
        made.append(handed_in.hand_in(cast.lin, project, house.bytes()))
    return made[0], made[1]


def of(actor) -> Client:
    client = Client()
    client.force_login(actor.user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def address(name: str, pair, *more) -> str:
    return reverse(f"web:{name}", args=[pair[1].pk, pair[0].pk, *more])


def guids(model: BimModel) -> list[str]:
    return sorted(BimElement.objects.filter(model=model).values_list("guid", flat=True))


def test_looking_writes_nothing_and_a_button_compares(cast, school):
    client = of(cast.wu)
    with no_writes():
        page = client.get(address("bim_compare", school))
    assert page.status_code == 200 and not ComparisonRun.objects.exists()
    assert address("bim_compare_start", school) in page.content.decode()
    assert client.post(address("bim_compare_start", school)).status_code == 302
    text = client.get(address("bim_compare", school)).content.decode()
    assert "外墙-24" in text and "木门 → 防火门" in text and "外墙-10" not in text


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ("state=ADDED", {"外墙-24"}),
        ("state=CHANGED&change=TYPE", {"门-1", "门-2"}),
        ("state=CHANGED&change=MOVED", set()),
        ("state=ALL&kind=IfcSlab", {"楼板-1", "楼板-2"}),
        ("state=ALL&storey=一层&kind=IfcDoor", {"门-1"}),
        ("state=ALL&q=外墙-21", {"外墙-21"}),
        ("state=nonsense&kind=IfcRoof", set()),
        ("page=abc", {"外墙-24", "门-1", "门-2"}),
    ],
)
def test_the_rows_are_narrowed_as_asked(cast, school, asked, expected):
    compare.start(school[0].pk, school[1].pk, actor=cast.lin)
    page = of(cast.lin).get(f"{address('bim_compare', school)}?{asked}")
    assert {one["row"].name for one in page.context["rows"]} == expected


def test_both_ways_round_are_one_comparison_and_strangers_find_none(cast, school):
    run = compare.start(school[0].pk, school[1].pk, actor=cast.lin)
    turned = reverse("web:bim_compare", args=[school[0].pk, school[1].pk])
    page = of(cast.lin).get(turned)
    assert page.context["standing"].run.pk == run.pk and page.context["old"] == school[0]
    for stranger in (cast.sun, cast.root):
        for name in ("bim_compare", "bim_compare_colours"):
            assert of(stranger).get(address(name, school)).status_code == 404
        assert of(stranger).post(address("bim_compare_start", school)).status_code == 404


def test_the_choice_names_every_other_accepted_model_of_the_project(cast, school, twins):
    page = of(cast.lin).get(reverse("web:bim_compare_choose", args=[school[0].pk]))
    assert [one.pk for one in page.context["others"]] == [school[1].pk]
    there = of(cast.lin).get(reverse("web:bim_compare_choose", args=[school[0].pk]), {"other": school[1].pk})
    assert there.url == reverse("web:bim_compare", args=[school[0].pk, school[1].pk])


def test_colours_say_for_each_version_what_to_paint(cast, school):
    assert of(cast.lin).get(address("bim_compare_colours", school)).status_code == 404
    run = compare.start(school[0].pk, school[1].pk, actor=cast.lin)
    added = ComparisonRow.objects.get(run=run, state="ADDED").new_guid
    doors = set(ComparisonRow.objects.filter(run=run, state="CHANGED").values_list("new_guid", flat=True))
    painted = dict(json.loads(of(cast.lin).get(address("bim_compare_colours", school)).content)["colours"])
    assert set(painted) == {added} | doors and len({painted[door] for door in doors} | {painted[added]}) == 2
    older = of(cast.lin).get(address("bim_compare_colours", school), {"side": "old"})
    assert len(json.loads(older.content)["colours"]) == 2


def test_the_clerk_decides_what_waits_and_others_only_see_it(cast, twins):
    compare.start(twins[0].pk, twins[1].pk, actor=cast.lin)
    said = {"old_guid": guids(twins[0])[0], "new_guid": guids(twins[1])[1]}
    assert of(cast.wu).post(address("bim_compare_pair", twins), said).status_code == 403
    assert '<select name="new_guid"' not in of(cast.wu).get(address("bim_compare", twins)).content.decode()
    assert '<select name="new_guid"' in of(cast.lin).get(address("bim_compare", twins)).content.decode()
    assert of(cast.lin).post(address("bim_compare_pair", twins), said).status_code == 302
    page = of(cast.lin).get(address("bim_compare", twins))
    assert page.context["counts"]["by"] == {"PERSON": 1} and len(page.context["pairings"]) == 1
    refused = of(cast.lin).post(address("bim_compare_pair", twins), said)
    assert refused.status_code == 422 and said["old_guid"] in refused.content.decode()
    gone = {"old_guid": guids(twins[0])[1], "new_guid": "none"}
    assert of(cast.lin).post(address("bim_compare_pair", twins), gone).status_code == 302
    made = ElementPairing.objects.get(new_guid="")
    assert of(cast.lin).post(address("bim_compare_unpair", twins, made.pk)).status_code == 302
    assert ElementPairing.objects.count() == 1


def test_the_rows_as_a_file_are_traced(cast, school):
    compare.start(school[0].pk, school[1].pk, actor=cast.lin)
    file = of(cast.lin).post(address("bim_compare_file", school, "csv"), {"state": "DIFFERENT"})
    text = file.content.decode("utf-8-sig")
    assert file.status_code == 200 and "防火门" in text and "外墙-24" in text and "外墙-11" not in text
    assert TraceEntry.objects.filter(verb="bim.comparison.exported", project_id=school[0].project_id).count() == 1
    assert of(cast.lin).post(address("bim_compare_file", school, "xlsx")).content[:2] == b"PK"
    assert of(cast.lin).post(address("bim_compare_file", school, "exe")).status_code == 404


def many(cast, project, count: int, seed: str) -> BimModel:
    house = IfcBuilder(seed=seed)
    ground = house.storey("一层")
    for n in range(count):
        house.element("IfcWall", f"墙{n}", ground, tag=str(n), type_name=f"型{seed}", size=None)
    return handed_in.hand_in(cast.lin, project, house.bytes())


def test_a_page_costs_the_same_however_many_elements_changed(cast):
    costs = []
    for count in (5, 45):
        project = lives.a_project(cast, name=f"工程{count}", code="")
        pair = (many(cast, project, count, "a"), many(cast, project, count, "b"))
        compare.start(pair[0].pk, pair[1].pk, actor=cast.lin)
        client = of(cast.lin)
        client.get(address("bim_compare", pair))
        with CaptureQueriesContext(connection) as seen:
            page = client.get(address("bim_compare", pair))
        assert len(page.context["rows"]) == count
        costs.append(len(seen))
    assert costs[0] == costs[1] <= 45


# Cost lines and links by hand


@pytest.fixture
def estimate(cast):
    """The walls of the school feed line 1.1; version 2 has one more wall of 8 m³."""
    item = measured.an_item(cast)
    pair = (
        measured.its_model(cast, item),
        measured.its_model(cast, item, handed_in.a_school(version=2)),
    )
    measured.walls(item, cast.wu)
    compare.start(pair[0].pk, pair[1].pk, actor=cast.wu)
    return item, pair


def test_the_effect_on_a_cost_line_is_its_quantity_before_and_after(cast, estimate):
    _item, pair = estimate
    page = of(cast.wu).get(address("bim_compare", pair))
    line = page.context["effects"][0]["effect"].lines[0]
    before, after = Decimal(2 * (4 + 5 + 6 + 7)), Decimal(2 * (4 + 5 + 6 + 7) + 8)
    assert (line.line.code, line.old, line.new) == ("1.1", before, after)
    assert line.amount == (Decimal(8) * Decimal(500000) / Decimal(43)).quantize(Decimal("0.01"))
    assert of(cast.sun).get(address("bim_compare", pair)).status_code == 404


def test_links_by_hand_follow_elements_under_new_global_ids(cast):
    item = measured.an_item(cast)
    pair = []
    for seed, volume in (("a", 3.0), ("b", 5.0)):
        house = IfcBuilder(seed=seed)
        ground = house.storey("一层")
        for name in ("甲", "乙", "乙"):
            house.element(
                "IfcWall", name, ground, quantities={"Qto_WallBaseQuantities": {"NetVolume": ("volume", volume)}}
            )  # fmt: skip
        pair.append(measured.its_model(cast, item, house))
    sure = BimElement.objects.get(model=pair[0], name="甲")
    doubtful = BimElement.objects.filter(model=pair[0], name="乙").first()
    # Links are made to the newest model; these were made before it came.
    BimModel.objects.filter(pk=pair[1].pk).update(status="QUEUED")
    link_elements(item.pk, ClaimSaid("1.1", "NetVolume"), [sure.guid, doubtful.guid], actor=cast.wu)
    BimModel.objects.filter(pk=pair[1].pk).update(status="ACCEPTED")
    compare.start(pair[0].pk, pair[1].pk, actor=cast.wu)
    effect = of(cast.wu).get(address("bim_compare", pair)).context["effects"][0]["effect"]
    successor = BimElement.objects.get(model=pair[1], name="甲").guid
    assert effect.follows == {sure.guid: successor}
    assert [link.guid for link in effect.waiting] == [doubtful.guid]
    assert (effect.lines[0].old, effect.lines[0].new) == (Decimal(6), Decimal(5))
    address_of = address("bim_compare_follow", pair, item.pk)
    assert of(cast.lin).post(address_of).status_code == 403
    assert of(cast.wu).post(address_of).status_code == 302
    assert set(item.element_links.values_list("guid", flat=True)) == {successor, doubtful.guid}
    assert TraceEntry.objects.filter(verb="approvals.item.elements_followed").count() == 1
    assert of(cast.wu).post(address_of).status_code == 422
