"""The viewer's page, what it fetches, and the same facts as lists and pages."""

import json
import re
from urllib.parse import quote

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from assets.models import Asset, AssetElement
from bim import reasons
from bim.models import BimModel
from tests.support import lives, measured
from tests.support.cast import Cast, make_cast
from tests.support.drawn_models import a_drawn_model, an_accepted_model, guid
from tests.support.readonly import no_writes

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    return make_cast()


@pytest.fixture
def model(cast: Cast) -> BimModel:
    return a_drawn_model(cast, lives.a_project_in_proposal(cast), count=12)


def of(actor) -> Client:
    client = Client()
    client.force_login(actor.user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def address(name: str, model: BimModel, *more: str) -> str:
    return reverse(f"web:{name}", args=[model.pk, *more])


ALL = ("bim_viewer", "bim_model_tree", "bim_geometry", "bim_elements")


@pytest.mark.parametrize("name", ALL)
def test_whoever_does_not_see_the_project_finds_no_model(cast, model, name):
    for stranger in (cast.sun, cast.root):
        assert of(stranger).get(address(name, model)).status_code == 404
    assert of(cast.lin).get(address(name, model)).status_code == 200
    assert Client().get(address(name, model)).status_code == 302


def test_the_viewer_shows_the_status_like_the_page_of_the_model(cast, model):
    chips = [
        re.search(r'<span class="chip [^>]*>.*?</span>', of(cast.wu).get(address(name, model)).content.decode())
        for name in ("bim_model", "bim_viewer")
    ]
    assert chips[0] and chips[1] and chips[0].group() == chips[1].group()


def test_the_facts_of_an_element_stay_within_the_project_too(cast, model):
    assert of(cast.sun).get(address("bim_element", model, guid(1))).status_code == 404


def test_the_tree_names_every_place_and_element_once(cast, model):
    tree = json.loads(of(cast.wu).get(address("bim_model_tree", model)).content)
    assert [(node[2], node[3], node[4]) for node in tree["nodes"]] == [
        ("样板工程", -1, None),
        ("1 层", 0, 0.0),
        ("2 层", 0, 3.0),
    ]
    assert [row[0] for row in tree["elements"]] == [guid(n) for n in range(12)]
    named = {
        row[4]: (tree["classes"][row[1]], tree["nodes"][row[2]][2], tree["types"][row[3]]) for row in tree["elements"]
    }
    assert named["窗-003"] == (["IfcWindow", "窗"], "2 层", "C1")
    assert named["墙-004"] == (["IfcWall", "墙"], "1 层", "外墙 240")


def test_the_tree_costs_the_same_however_many_elements_there_are(cast, model):
    other = a_drawn_model(cast, lives.a_project(cast, name="另一个工程", code="2611-440399-04-01-000872"), count=200)

    def queries(one: BimModel) -> int:
        client = of(cast.wu)
        client.get(address("bim_model_tree", one))
        with CaptureQueriesContext(connection) as seen:
            client.get(address("bim_model_tree", one))
        return len(seen)

    assert queries(model) == queries(other) <= 9


def test_the_geometry_is_sent_once_and_then_only_confirmed(cast, model):
    client = of(cast.wu)
    first = client.get(address("bim_geometry", model))
    assert b"".join(first.streaming_content)[:4] == b"glTF"
    assert first["Content-Type"] == "model/gltf-binary"
    assert int(first["Content-Length"]) == model.geometry.size
    assert "private" in first["Cache-Control"] and "no-cache" in first["Cache-Control"]
    again = client.get(address("bim_geometry", model), headers={"if-none-match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    other = client.get(address("bim_geometry", model), headers={"if-none-match": '"somethingelse"'})
    assert other.status_code == 200
    b"".join(other.streaming_content)


def test_the_address_on_the_page_names_the_bytes_and_may_be_kept_for_good(cast, model):
    client = of(cast.wu)
    page = client.get(address("bim_viewer", model)).content.decode()
    versioned = f"{address('bim_geometry', model)}?v={model.geometry.sha256[:16]}"
    assert f'data-pt-bim="{versioned}"' in page
    answer = client.get(versioned)
    assert "immutable" in answer["Cache-Control"] and "private" in answer["Cache-Control"]
    assert "Cookie" in answer["Vary"]
    b"".join(answer.streaming_content)
    stale = client.get(f"{address('bim_geometry', model)}?v=0123456789abcdef")
    assert "immutable" not in stale["Cache-Control"]
    b"".join(stale.streaming_content)


def test_a_confirmation_is_asked_of_those_who_may_see_it_only(cast, model):
    etag = f'"{model.geometry.sha256}"'
    answer = of(cast.sun).get(address("bim_geometry", model), headers={"if-none-match": etag})
    assert answer.status_code == 404


def test_a_model_without_geometry_shows_its_trees_all_the_same(cast):
    model = an_accepted_model(cast, lives.a_project_in_proposal(cast))
    client = of(cast.wu)
    assert 'data-pt-bim=""' in client.get(address("bim_viewer", model)).content.decode()
    assert client.get(address("bim_geometry", model)).status_code == 404


def test_why_there_are_no_shapes_stands_on_the_viewer_and_on_the_model(cast):
    model = an_accepted_model(cast, lives.a_project_in_proposal(cast))
    client = of(cast.wu)
    why = [{"code": "limit.time", "facts": {"seconds": 600}}]
    model.geometry_status, model.geometry_reasons = "FAILED", why
    model.save(update_fields=["geometry_status", "geometry_reasons"])
    for name in ("bim_viewer", "bim_model"):
        assert reasons.said(why[0]) in client.get(address(name, model)).content.decode()
    model.geometry_status = "NONE"
    model.save(update_fields=["geometry_status"])
    assert "未能生成" not in client.get(address("bim_viewer", model)).content.decode()


def test_what_cannot_be_shown_is_named_with_the_reason(cast, model):
    page = of(cast.wu).get(address("bim_viewer", model)).content.decode()
    assert "1 个构件无法显示" in page
    assert "窗-011" in page and "图形为空" in page


def test_the_panel_tells_properties_quantities_class_and_place(cast, model):
    panel = of(cast.wu).get(address("bim_element", model, guid(0)), {"part": "panel"}).content.decode()
    assert "<html" not in panel
    for said in ("墙-000", "外墙 240", "混凝土 C30", "Nummer", "NetVolume", "1.25", "m³", "14-10.20", "1 层", guid(0)):
        assert said in panel, said


def test_the_facts_come_as_json_too(cast, model):
    facts = of(cast.wu).get(address("bim_element", model, guid(3)), {"format": "json"}).json()
    assert (facts["class"], facts["class_name"], facts["name"]) == ("IfcWindow", "窗", "窗-003")
    assert facts["quantities"] == {"Qto_Wall": [{"name": "NetVolume", "value": "1.25", "unit": "m³"}]}
    assert facts["properties"]["Pset"] == [{"name": "Nummer", "value": "3", "unit": ""}]
    assert [node["name"] for node in facts["place"]] == ["样板工程", "2 层"]


def test_a_storey_has_a_page_like_an_element(cast, model):
    page = of(cast.wu).get(address("bim_element", model, guid(900003))).content.decode()
    assert "2 层" in page and "3.000 m" in page


def test_an_unknown_element_is_not_found(cast, model):
    for unknown in ("nothing", "nul\0byte"):
        assert of(cast.wu).get(address("bim_element", model, unknown)).status_code == 404


NARROWED = [
    ({}, [f"{'窗' if n % 4 == 3 else '墙'}-{n:03d}" for n in range(12)]),
    ({"kind": "IfcWindow"}, ["窗-003", "窗-007", "窗-011"]),
    ({"place": guid(900002)}, [f"墙-{n:03d}" for n in range(0, 12, 2)]),
    ({"place": guid(900001), "kind": "IfcWindow"}, ["窗-003", "窗-007", "窗-011"]),
    ({"q": "墙-01"}, ["墙-010"]),
    ({"q": guid(5)}, ["墙-005"]),
    ({"place": "nowhere"}, []),
]


def test_the_list_narrows_by_place_class_and_text(cast, model):
    client = of(cast.wu)
    for asked, named in NARROWED:
        with no_writes():
            page = client.get(address("bim_elements", model), asked)
        assert sorted(row.name for row in page.context["page"].rows) == sorted(named), asked


def test_the_list_counts_what_each_place_holds_with_all_below(cast, model):
    page = of(cast.wu).get(address("bim_elements", model))
    assert [(place.name, place.depth, place.count) for place in page.context["places"]] == [
        ("样板工程", 0, 12),
        ("1 层", 1, 6),
        ("2 层", 1, 6),
    ]


def test_the_list_costs_as_many_queries_for_fifty_rows_as_for_five(cast, model):
    other = a_drawn_model(cast, lives.a_project(cast, name="另一个工程", code="2611-440399-04-01-000872"), count=120)

    def queries(one: BimModel) -> int:
        client = of(cast.wu)
        client.get(address("bim_elements", one))
        with CaptureQueriesContext(connection) as seen:
            client.get(address("bim_elements", one))
        return len(seen)

    assert queries(other) <= queries(model) <= 16


def test_every_element_of_a_list_can_be_reached_by_its_link(cast, model):
    client = of(cast.wu)
    page = client.get(address("bim_elements", model)).content.decode()
    link = address("bim_element", model, guid(7))
    assert f'href="{link}"' in page
    shown = client.get(link).content.decode()
    assert f"{address('bim_viewer', model)}?select={quote(guid(7))}" in shown


def test_the_item_page_offers_the_project_s_models_folded(cast, model):
    item = lives.accepted(cast, lives.submitted(cast, lives.a_draft(cast, model.project)))
    page = of(cast.wu).get(reverse("web:item", args=[item.pk])).content.decode()
    fold = page.index("<details", page.index('id="models-title"'))
    assert f'data-bim-pk="{model.pk}"' in page[fold : page.index("</details>", fold)]
    assert "<details open" not in page[fold : fold + 40]


def test_a_model_that_was_never_accepted_is_not_offered_for_review(cast, model):
    model.status = "REJECTED"
    model.save()
    item = lives.accepted(cast, lives.submitted(cast, lives.a_draft(cast, model.project)))
    assert "models-title" not in of(cast.wu).get(reverse("web:item", args=[item.pk])).content.decode()


def test_the_cost_lines_and_the_assets_of_an_element_stand_in_its_panel(cast):
    item = measured.an_item(cast)
    model = a_drawn_model(cast, item.project, count=8, stage="CONCEPT")
    measured.walls(item, cast.wu)
    asset = Asset.objects.create(
        project=item.project,
        no="ZC-0001",
        name="教学楼",
        asset_class="FIXED",
        kind="STRUCTURE",
        created_by=cast.lin.user,
    )
    AssetElement.objects.create(asset=asset, project=item.project, guid=guid(0))
    wall = of(cast.wu).get(address("bim_element", model, guid(0)), {"format": "json"}).json()["links"]
    assert [(one["name"], one["url"]) for one in wall["cost_lines"]] == [
        ("1.1 混凝土墙", f"{reverse('web:item', args=[item.pk])}#field-line.1.1")
    ]
    assert [(one["name"], one["note"]) for one in wall["assets"]] == [("教学楼", "ZC-0001")]
    window = of(cast.wu).get(address("bim_element", model, guid(3)), {"format": "json"}).json()["links"]
    assert window == {"cost_lines": [], "assets": []}
    panel = of(cast.wu).get(address("bim_element", model, guid(0)), {"part": "panel"}).content.decode()
    assert "混凝土墙" in panel and "教学楼" in panel


def test_a_cost_line_names_the_elements_that_feed_it(cast):
    item = measured.an_item(cast)
    model = a_drawn_model(cast, item.project, count=8, stage="CONCEPT")
    client = of(cast.wu)
    link = reverse("web:item_line_elements", args=[item.pk, "1.1"])
    item_page = reverse("web:item", args=[item.pk])
    assert link not in client.get(item_page).content.decode()
    measured.walls(item, cast.wu)
    assert f'data-pt-bim-select="{link}?format=json"' in client.get(item_page).content.decode()
    walls = [guid(n) for n in range(8) if n % 4 != 3]
    assert client.get(link, {"format": "json"}).json() == {"guids": walls, "models": {str(model.pk): walls}}
    listed = client.get(link).content.decode()
    assert "墙-000" in listed and "窗-003" not in listed
    assert of(cast.sun).get(link).status_code == 404
    assert client.get(reverse("web:item_line_elements", args=[item.pk, "9.9"])).status_code == 404
