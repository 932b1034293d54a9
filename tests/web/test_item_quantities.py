"""The page of model quantities: what it says, who reads it, who writes, and what a refusal leaves standing."""

from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from approvals.models import ApprovalItem
from bim.models import BimElement
from core import clock
from tests.support import handed_in, lives, measured
from tests.support.cast import make_cast
from tests.support.ifc_builder import IfcBuilder
from tests.support.readonly import no_writes

pytestmark = pytest.mark.django_db
MONDAY = date(2026, 3, 2)


@pytest.fixture(autouse=True)
def on_monday() -> Any:
    with clock.at(MONDAY):
        yield


@pytest.fixture
def cast(db: None) -> Any:
    return make_cast()


@pytest.fixture
def item(cast: Any) -> ApprovalItem:
    return measured.an_item(cast)


def as_(actor: Any) -> Client:
    client = Client()
    client.force_login(actor.user)
    return client


def page(actor: Any, item: ApprovalItem, **said: str) -> str:
    client = as_(actor)
    with no_writes():
        response = client.get(reverse("web:item_quantities", args=[item.pk]), said)
    assert response.status_code == 200
    return response.content.decode()


def act(actor: Any, item: ApprovalItem, name: str, expect: int = 303, **said: Any) -> str:
    response = as_(actor).post(reverse("web:item_quantities_act", args=[item.pk, name]), said)
    assert response.status_code == expect, response.content.decode()[:1500]
    return response.content.decode()


RULE = {
    "rule-line_code": "1.1",
    "rule-ifc_class": "IfcWall",
    "rule-quantity": "NetVolume",
    "rule-material_contains": "混凝土",
}


def test_a_reviewer_ties_walls_to_a_line_and_reads_the_light_in_words(cast: Any, item: ApprovalItem) -> None:
    measured.its_model(cast, item)
    before = page(cast.wu, item)
    assert "未关联模型" in before and "清单" in before and "相差 3 %（含）以内" in before
    act(cast.wu, item, "rule", **RULE)
    shown = page(cast.wu, item)
    assert "44" in shown and "2.33 %" in shown and "基本一致" in shown
    assert reverse("web:item_line_elements", args=[item.pk, "1.1"]) in shown
    grid = as_(cast.wu).get(reverse("web:item", args=[item.pk])).content.decode()
    assert f"{reverse('web:item_quantities', args=[item.pk])}#line-1.1" in grid and "基本一致" in grid
    rule = item.quantity_rules.get()
    act(cast.wu, item, "remove-rule", rule=rule.pk)
    assert not item.quantity_rules.exists()


def test_elements_without_lines_begin_a_rule_for_their_class(cast: Any, item: ApprovalItem) -> None:
    measured.its_model(cast, item)
    assert "class=IfcDoor#rule" in page(cast.wu, item)
    begun = page(cast.wu, item, **{"class": "IfcDoor"})
    assert 'value="IfcDoor"' in begun and 'value="COUNT"' in begun


def test_a_refused_rule_keeps_what_was_typed_and_tells_every_fault(cast: Any, item: ApprovalItem) -> None:
    measured.its_model(cast, item)
    said = {**RULE, "rule-ifc_class": "Mauer", "rule-factor": "0", "rule-material_contains": "<b>砖</b>"}
    shown = act(cast.wu, item, "rule", 422, **said)
    assert 'value="Mauer"' in shown and "&lt;b&gt;砖" in shown
    assert "IfcWall" in shown and "1,000,000" in shown
    assert not item.quantity_rules.exists()
    act(cast.wu, item, "models", 422, model=str(2**40))


def test_single_elements_are_tied_and_untied(cast: Any, item: ApprovalItem) -> None:
    model = measured.its_model(cast, item)
    guids = BimElement.objects.filter(model=model, ifc_class="IfcDoor").values_list("guid", flat=True)
    said = {"link-line_code": "1.2", "link-quantity": "COUNT", "link-guids": "\n".join(guids)}
    act(cast.wu, item, "link", **said)
    assert item.element_links.count() == 2 and guids[0] in page(cast.wu, item)
    assert "已计入" in act(cast.wu, item, "link", 422, **{**said, "link-line_code": "1.1"})
    act(cast.wu, item, "unlink", link=[link.pk for link in item.element_links.all()])
    assert not item.element_links.exists()


def test_the_shipped_rules_and_a_chosen_model(cast: Any, item: ApprovalItem) -> None:
    first = measured.its_model(cast, item)
    measured.its_model(cast, item, handed_in.a_school(2))
    act(cast.wu, item, "templates")
    assert item.quantity_rules.count() == 4
    act(cast.wu, item, "models", model=first.pk)
    assert item.compared_models.get().model == first


def test_the_page_is_part_of_the_review(cast: Any, item: ApprovalItem) -> None:
    measured.its_model(cast, item)
    address = reverse("web:item_quantities", args=[item.pk])
    for reader in (cast.xu, cast.zhao, cast.qian, cast.su):
        shown = page(reader, item)
        assert "新增规则" not in shown
    assert as_(cast.lin).get(address).status_code == 403
    for stranger in (cast.sun, cast.root, cast.he):
        assert as_(stranger).get(address).status_code == 404
    assert Client().get(address).status_code == 302
    assert as_(cast.xu).post(reverse("web:item_quantities_act", args=[item.pk, "templates"])).status_code == 403
    assert as_(cast.wu).post(reverse("web:item_quantities_act", args=[item.pk, "nothing"])).status_code == 404


def test_without_a_model_the_page_says_so(cast: Any, item: ApprovalItem) -> None:
    assert "没有可供比对的模型" in page(cast.wu, item)


def test_after_the_decision_the_unit_reads_it_too(cast: Any, item: ApprovalItem) -> None:
    measured.its_model(cast, item)
    measured.walls(item, cast.wu)
    item = lives.issued(cast, lives.in_determination(cast, lives.in_second_review(cast, lives.opinion_delivered(cast, lives.in_centre(cast, item)))))  # fmt: skip
    assert "基本一致" in page(cast.lin, item)


def test_the_page_costs_the_same_for_any_model(cast: Any, item: ApprovalItem) -> None:
    def queries() -> int:
        client = as_(cast.wu)
        with CaptureQueriesContext(connection) as ctx:
            assert client.get(reverse("web:item_quantities", args=[item.pk])).status_code == 200
        return len(ctx)

    measured.its_model(cast, item)
    measured.walls(item, cast.wu)
    few = queries()
    made = IfcBuilder()
    ground = made.storey("一层")
    for number in range(40):
        made.element("IfcWall", f"墙{number}", ground, quantities={"Q": {"NetVolume": ("volume", 1.0)}})
    measured.its_model(cast, item, made)
    assert abs(queries() - few) <= 1
    assert few <= 55
