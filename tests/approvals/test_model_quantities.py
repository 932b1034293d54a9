"""Elements of a model tied to cost lines: what each line comes to, who may tie, and that no amount ever moves."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from approvals.model_quantities import Comparison, LineRow, compare, elements_of_line, models_of
from approvals.models import ApprovalItem, Opinion
from approvals.services import model_links, moves
from approvals.services.model_links import ClaimSaid, RuleSaid
from approvals.unit_indices import indices_of
from bim.models import BimElement
from core import clock, rulebook
from core.errors import NotFound, NotPermitted, RuleViolation
from core.models import TraceEntry
from tests.support import handed_in, lives, measured
from tests.support.cast import make_cast
from tests.support.ifc_builder import IfcBuilder

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


def table(item: ApprovalItem) -> Comparison:
    return compare(ApprovalItem.objects.get(pk=item.pk), rulebook.on(clock.today()))


def row(item: ApprovalItem, code: str) -> LineRow:
    return next(row for row in table(item).rows if row.line.code == code)


def rule(item: ApprovalItem, cast: Any, line: str, ifc_class: str, quantity: str, **said: Any) -> Any:
    return model_links.add_rule(item.pk, RuleSaid(line, quantity, ifc_class=ifc_class, **said), actor=cast.wu)


def wall_guids(model: Any, *names: str) -> list[str]:
    return list(BimElement.objects.filter(model=model, name__in=names).order_by("pk").values_list("guid", flat=True))


def test_a_rule_adds_up_what_the_model_says(cast: Any, item: ApprovalItem) -> None:
    measured.its_model(cast, item)
    measured.walls(item, cast.wu)
    found = row(item, "1.1")
    assert (found.model, found.light, found.n_elements) == (Decimal("44.0000"), "GREEN", 8)  # 44 / 43 = + 2.33 %
    assert round(found.difference, 4) == Decimal("0.0233")


def test_every_condition_narrows(cast: Any, item: ApprovalItem) -> None:
    measured.its_model(cast, item)
    for said, total in (
        ({"storey": "一层"}, 22), ({"material_contains": "岩棉"}, 24), ({"classification_prefix": "14-10.20.03"}, 14),
        ({"type_contains": "外墙200"}, 44), ({"type_contains": "内墙"}, None), ({"discipline": "STRUCTURE"}, None),
        ({"set_name": "Qto_WallBaseQuantities"}, 44), ({"set_name": "BaseQuantities"}, None),
        ({"storey": "二层", "classification_prefix": "14-10.20"}, 22), ({"factor": Decimal("2.5")}, 110),
    ):  # fmt: skip
        made = measured.walls(item, cast.wu, **said)
        assert row(item, "1.1").model == total, said
        model_links.remove_rule(item.pk, made.pk, actor=cast.wu)


def test_doors_are_counted_and_rooms_measured(cast: Any, item: ApprovalItem) -> None:
    measured.its_model(cast, item)
    rule(item, cast, "1.2", "IfcDoor", "COUNT")
    rule(item, cast, "1.3", "IfcSpace", "NetFloorArea", type_contains="教室")
    doors, floors = row(item, "1.2"), row(item, "1.3")
    assert (doors.model, doors.light) == (2, "GREEN")
    assert (floors.model, floors.light, floors.n_elements) == (127, "RED", 2)  # 127 of 150 m²


def test_what_the_model_does_not_author_is_not_computed(cast: Any, item: ApprovalItem) -> None:
    measured.its_model(cast, item)
    rule(item, cast, "1.4", "IfcSlab", "NetVolume")
    found = row(item, "1.4")
    assert (found.model, found.light, found.why_none, found.n_elements) == (None, "NONE", "not_authored", 2)
    assert [one.line.code for one in table(item).without_elements] == ["1.1", "1.2", "1.3"]


def test_other_units_have_no_light(cast: Any, item: ApprovalItem) -> None:
    measured.its_model(cast, item)
    rule(item, cast, "1.3", "IfcWall", "NetVolume")
    assert (row(item, "1.3").why_none, row(item, "1.3").light) == ("units", "NONE")


def test_the_same_quantity_in_two_sets_counts_once(cast: Any, item: ApprovalItem) -> None:
    made = IfcBuilder()
    sets = {"Qto_WallBaseQuantities": {"NetVolume": ("volume", 3.0)}, "自定义": {"NetVolume": ("volume", 3.5)}}
    made.element("IfcWall", "墙", made.storey("一层"), quantities=sets)
    measured.its_model(cast, item, made)
    any_set = measured.walls(item, cast.wu)
    assert row(item, "1.1").model in (3, Decimal("3.5")), "one of the two, never their sum"
    model_links.remove_rule(item.pk, any_set.pk, actor=cast.wu)
    measured.walls(item, cast.wu, set_name="自定义")
    assert row(item, "1.1").model == Decimal("3.5")


def test_links_by_hand_take_the_element_out_of_the_rules(cast: Any, item: ApprovalItem) -> None:
    model = measured.its_model(cast, item)
    measured.walls(item, cast.wu)
    guids = wall_guids(model, "外墙-10", "外墙-13")  # 4 and 7 m³
    model_links.link_elements(item.pk, ClaimSaid("1.4", "NetVolume"), guids, actor=cast.wu)
    assert (row(item, "1.1").model, row(item, "1.4").model) == (33, 11)
    assert [one.guid for one in elements_of_line(item, "1.4")] == guids
    assert len(elements_of_line(item, "1.1")) == 6
    with pytest.raises(RuleViolation) as caught:
        model_links.link_elements(item.pk, ClaimSaid("1.3", "NetVolume"), guids[:1], actor=cast.wu)
    assert [p.code for p in caught.value.problems] == ["elements.counted"]
    model_links.link_elements(item.pk, ClaimSaid("1.2", "COUNT"), guids[:1], actor=cast.wu)
    assert row(item, "1.2").model == 1, "another quantity of the same element may feed another line"
    assert model_links.unlink(item.pk, item.element_links.values_list("pk", flat=True), actor=cast.wu) == 3
    assert row(item, "1.1").model == 44


def test_elements_no_line_asks_for_are_told_by_class(cast: Any, item: ApprovalItem) -> None:
    measured.its_model(cast, item)
    measured.walls(item, cast.wu)
    found = table(item)
    assert (found.unlinked, found.n_linked) == ([("IfcDoor", 2), ("IfcSlab", 2)], 8)


def test_two_models_that_hold_the_same_element_count_it_once(cast: Any, item: ApprovalItem) -> None:
    measured.its_model(cast, item)
    measured.its_model(cast, item, discipline="STRUCTURE")
    measured.walls(item, cast.wu)
    assert len(table(item).models) == 2
    assert (row(item, "1.1").model, row(item, "1.1").n_elements) == (44, 8)


def test_the_newest_accepted_version_of_the_stage_counts_unless_another_is_chosen(
    cast: Any, item: ApprovalItem
) -> None:
    first = measured.its_model(cast, item)
    measured.its_model(cast, item, stage="PRELIMINARY")
    second = measured.its_model(cast, item, handed_in.a_school(2))
    measured.its_model(cast, item, IfcBuilder()).__class__.objects.filter(version=3).update(status="REJECTED")
    assert models_of(item) == [second]
    model_links.choose_models(item.pk, [first.pk], actor=cast.wu)
    assert models_of(item) == [first]
    model_links.choose_models(item.pk, [], actor=cast.wu)
    assert models_of(item) == [second]
    with pytest.raises(RuleViolation):
        model_links.choose_models(item.pk, [2**40], actor=cast.wu)


def test_ties_hold_in_the_next_version_and_follow_new_names(cast: Any, item: ApprovalItem) -> None:
    first = measured.its_model(cast, item)
    old = wall_guids(first, "外墙-10")
    model_links.link_elements(item.pk, ClaimSaid("1.1", "NetVolume"), old, actor=cast.wu)
    measured.its_model(cast, item, handed_in.a_school(2))
    assert row(item, "1.1").model == 4, "the same GlobalId is the same element"
    renamed = IfcBuilder(seed="another tool")
    quantity = {"Qto_WallBaseQuantities": {"NetVolume": ("volume", 4.5)}}
    renamed.element("IfcWall", "外墙-10", renamed.storey("一层"), quantities=quantity)
    third = measured.its_model(cast, item, renamed)
    found = table(item)
    assert [link.guid for link in found.lost] == old
    new = wall_guids(third, "外墙-10")[0]
    assert model_links.follow(item.pk, {old[0]: new}, third, actor=cast.wu) == 1
    assert (row(item, "1.1").model, table(item).lost) == (Decimal("4.5"), [])


def test_shipped_rules_give_reviewers_a_beginning(cast: Any, item: ApprovalItem) -> None:
    measured.its_model(cast, item)
    made = model_links.apply_templates(item.pk, actor=cast.wu)
    assert {rule.line_code: rule.template for rule in made} == {
        "1.1": "concrete.wall", "1.2": "door.count", "1.3": "floor.finish", "1.4": "concrete.slab",
    }  # fmt: skip
    assert (row(item, "1.1").model, row(item, "1.2").model, row(item, "1.3").model) == (44, 2, 127)
    assert model_links.apply_templates(item.pk, actor=cast.wu) == [], "lines that have a rule are left alone"


def test_the_model_never_moves_an_amount_a_version_or_a_signature(cast: Any, item: ApprovalItem) -> None:
    item = lives.in_second_review(cast, lives.opinion_delivered(cast, lives.in_centre(cast, item)))
    item = moves.perform(item.pk, "send_back_second", actor=cast.xu, data={"reason": "再核"})
    lines = list(item.cost_lines.values("code", "quantity", "declared", "reviewed", "reason"))
    before = ApprovalItem.objects.filter(pk=item.pk).values().get()
    standing = list(Opinion.objects.values("pk", "voided_at", "signed_content"))
    model = measured.its_model(cast, item)
    measured.walls(item, cast.wu)
    model_links.apply_templates(item.pk, actor=cast.wu)
    guids = wall_guids(model, "外墙-10")
    model_links.link_elements(item.pk, ClaimSaid("1.4", "NetVolume"), guids, actor=cast.wu)
    table(item)
    assert list(item.cost_lines.values("code", "quantity", "declared", "reviewed", "reason")) == lines
    assert ApprovalItem.objects.filter(pk=item.pk).values().get() == before
    assert list(Opinion.objects.values("pk", "voided_at", "signed_content")) == standing


def test_only_the_reviewers_of_the_item_tie_and_every_act_is_traced(cast: Any, item: ApprovalItem) -> None:
    measured.its_model(cast, item)
    for other in (cast.lin, cast.xu, cast.wei, cast.chen, cast.qian):
        with pytest.raises(NotPermitted):
            measured.walls(item, other)
    for stranger in (cast.root, cast.sun, cast.he):
        with pytest.raises(NotFound):
            measured.walls(item, stranger)
    made = measured.walls(item, cast.wu)
    model_links.remove_rule(item.pk, made.pk, actor=cast.wu)
    verbs = TraceEntry.objects.filter(item_id=item.pk, verb__contains="model_rule").values_list("verb", "actor_id")
    assert set(verbs) == {(f"approvals.item.model_rule_{act}", cast.wu.user.pk) for act in ("added", "removed")}
    lives.in_centre(cast, item)
    with pytest.raises(NotPermitted):
        measured.walls(item, cast.wu)
    assert measured.walls(item, cast.he).line_code == "1.1"


def test_a_wrong_rule_is_told_every_fault(cast: Any, item: ApprovalItem) -> None:
    wrong = RuleSaid("1", "", factor=Decimal(0), share=Decimal("1.1"), ifc_class="Wall", discipline="X")
    with pytest.raises(RuleViolation) as caught:
        model_links.add_rule(item.pk, wrong, actor=cast.wu)
    fields = {problem.field for problem in caught.value.problems}
    assert fields == {"line_code", "quantity", "factor", "share", "ifc_class", "discipline"}
    with pytest.raises(RuleViolation) as caught:
        model_links.link_elements(item.pk, ClaimSaid("1.1", "COUNT"), ["nobody"], actor=cast.wu)
    assert [p.code for p in caught.value.problems] == ["elements.unknown"]


def test_the_table_costs_the_same_for_any_model(cast: Any, item: ApprovalItem) -> None:
    def queries() -> int:
        with CaptureQueriesContext(
            connection,
        ) as ctx:
            table(item)
        return len(ctx)

    measured.its_model(cast, item)
    for said in ({"storey": "一层"}, {"classification_prefix": "14"}, {"quantity": "Length"}):
        measured.walls(item, cast.wu, **said)
    few = queries()
    made = IfcBuilder()
    for number in range(60):
        made.element(
            "IfcWall", f"墙{number}", made.storey(f"{number}层"), type_name=f"型{number}", material=f"C{number}",
            quantities={"Qto_WallBaseQuantities": {"NetVolume": ("volume", 1.0)}},
        )  # fmt: skip
    measured.its_model(cast, item, made)
    assert queries() == few <= 14


def a_measured_building(name: str, area: float, concrete: float, *, steel: float | None = None) -> IfcBuilder:
    made = IfcBuilder(project=name, seed=name)
    ground = made.storey("一层")
    floor = {"Qto_SpaceBaseQuantities": {"GrossFloorArea": ("area", area / 2)}}
    for number in (1, 2):
        made.space(f"10{number}", ground, quantities=floor)
    volumes = {"NetVolume": ("volume", concrete), "GrossVolume": ("volume", concrete + 5)}
    made.element("IfcWall", "墙", ground, material="C30混凝土", quantities={"Qto_WallBaseQuantities": volumes})
    if steel is not None:
        weight = {"NetWeight": ("weight", steel)}
        made.element("IfcMember", "檩条", ground, material="Q355钢", quantities={"Qto_MemberBaseQuantities": weight})
    return made


def a_decided_neighbour(cast: Any, number: int, area: float, concrete: float) -> ApprovalItem:
    code = f"2611-440399-04-01-{number + 300000:06d}"
    project = lives.a_project_in_proposal(cast, name=f"邻校{number}", code=code)
    item = lives.submitted(cast, lives.a_draft(cast, project), declared="8000000.00")
    measured.its_model(cast, item, a_measured_building(f"邻校{number}", area, concrete))
    item = lives.in_second_review(cast, lives.opinion_delivered(cast, lives.in_centre(cast, lives.in_first_review(cast, lives.accepted(cast, item)))))  # fmt: skip
    return lives.issued(cast, lives.in_determination(cast, item))


def test_indices_need_three_similar_projects_and_are_never_invented(cast: Any, item: ApprovalItem) -> None:
    measured.its_model(cast, item, a_measured_building("本校", 1000.0, 400.0, steel=52000.0))
    for number, area in enumerate((1000.0, 1500.0)):
        a_decided_neighbour(cast, number, area, 300.0)
    two = indices_of(lives.fresh(item), cast.wu)
    assert (two.area, two.area_of) == (1000, "IfcSpace")
    own = {row.kind: row.own for row in two.rows}
    assert own == {"total": 770, "works": 670, "concrete": Decimal("0.40"), "steel": 52}
    assert [(row.similar.n, row.similar.middle) for row in two.rows[:3]] == [(2, None)] * 3
    a_decided_neighbour(cast, 2, 2000.0, 300.0)
    three = {row.kind: row.similar for row in indices_of(lives.fresh(item), cast.wu).rows}
    # approved 6,000,000 (75 %) over 1000, 1500 and 2000 m²
    assert (three["total"].least, three["total"].middle, three["total"].most) == (3000, 4000, 6000)
    assert three["works"].middle == 3200 and three["concrete"].middle == Decimal("0.20")
    assert three["steel"].n == 0, "what no model says is not compared"


def test_a_model_without_areas_has_no_indices(cast: Any, item: ApprovalItem) -> None:
    measured.its_model(cast, item)
    found = indices_of(lives.fresh(item), cast.wu)
    assert found.area is None and [row.own for row in found.rows] == [None] * 4


def test_blocks_of_aerated_concrete_are_no_concrete(cast: Any, item: ApprovalItem) -> None:
    made = IfcBuilder()
    ground = made.storey("一层")
    for material, volume in (("C30混凝土", 40.0), ("蒸压加气混凝土砌块", 60.0)):
        quantity = {"Qto_WallBaseQuantities": {"NetVolume": ("volume", volume)}}
        made.element("IfcWall", material, ground, material=material, quantities=quantity)
    measured.its_model(cast, item, made)
    model_links.apply_templates(item.pk, actor=cast.wu)
    assert row(item, "1.1").model == 40
