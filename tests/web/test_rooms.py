"""Every page of a project shows the way to its rooms, and which one this is."""

import re

import pytest
from django.urls import get_resolver, reverse

from tests.support import works
from tests.support.cast import make_cast
from web.rooms import ROOMS

pytestmark = pytest.mark.django_db
NAV = re.compile(r'<nav class="rooms.*?</nav>', re.DOTALL)
HERE = re.compile(r'aria-current="page">([^<]+)</a>')


@pytest.fixture
def rooms_of(client):
    """(person, address) → (the labels of the doors, the room one stands in)."""

    def look(actor, url):
        client.force_login(actor.user)
        page = client.get(url).content.decode()
        nav = "".join(NAV.findall(page))
        return re.findall(r">([^<>]+)</a>", nav), HERE.findall(nav)

    return look


def test_the_rooms_stand_on_every_page_of_a_project_with_the_present_one_marked(rooms_of):
    cast = make_cast()
    contract = works.contracted(cast)
    project = contract.project
    doors, here = rooms_of(cast.lin, reverse("web:project", args=[project.pk]))
    assert here == ["项目"]
    assert doors[:1] == ["项目"] and {"招标与合同", "变更", "模型", "协同"} <= set(doors)
    for name, key, room in (
        ("tenders", project.pk, "招标与合同"), ("contract", contract.pk, "招标与合同"), ("changes", project.pk, "变更"),
        ("bim_project", project.pk, "模型"), ("bim_topics", project.pk, "协同"),
    ):  # fmt: skip
        shown, marked = rooms_of(cast.lin, reverse(f"web:{name}", args=[key]))
        assert shown == doors, name
        assert marked == [room], name


def test_a_refused_move_shows_its_page_with_the_rooms(client):
    cast = make_cast()
    tender = works.a_tender(cast)
    client.force_login(cast.lin.user)
    refused = client.post(reverse("web:execution_move", args=["tender", tender.pk, "announce"]), {})
    assert refused.status_code == 422
    assert HERE.findall("".join(NAV.findall(refused.content.decode()))) == ["招标与合同"]


def test_a_page_outside_the_rooms_shows_none(rooms_of):
    cast = make_cast()
    assert rooms_of(cast.lin, reverse("web:projects")) == ([], [])


def test_the_window_finds_no_door_to_money(rooms_of):
    cast = make_cast()
    project = works.in_procurement(cast)
    doors, _ = rooms_of(cast.chen, reverse("web:project", args=[project.pk]))
    assert "项目" in doors and "模型" in doors
    assert not {"招标与合同", "变更", "支付", "概算执行"} & set(doors)


def test_each_page_lies_in_one_room_and_its_address_exists():
    built = {name for name in get_resolver("web.urls").reverse_dict if isinstance(name, str)}
    pages = [page for room in ROOMS for page in room.pages]
    assert len({*pages, *(room.url for room in ROOMS)}) == len(pages) + len(ROOMS), "no page lies in two rooms"
    assert not {*pages, *(room.url for room in ROOMS)} - built, "a page is named that does not exist"


def test_the_side_navigation_says_projects_in_every_room(client):
    cast = make_cast()
    contract = works.contracted(cast)
    client.force_login(cast.lin.user)
    for address, here in (
        (contract.get_absolute_url(), "/projects/"), (reverse("web:stages", args=[contract.project_id]), "/projects/"),
        (reverse("web:inbox"), "/inbox/"), (reverse("web:bim"), reverse("web:bim")),
    ):  # fmt: skip
        side = re.search(r'<nav class="side-nav.*?</nav>', client.get(address).content.decode(), re.DOTALL).group()
        assert re.findall(r'href="([^"]+)"[^>]*aria-current', side) == [here], address
