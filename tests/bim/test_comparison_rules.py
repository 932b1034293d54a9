"""Which element of the older version became which of the newer, by pure rules."""

import random
from dataclasses import replace
from time import perf_counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bim.rules.comparison import Element, Geometry, Kind, Measure, Shape, difference
from bim.rules.pairing import By, Pairing, pair

BOX = Shape((0.0, 0.0, 0.0), 10.0, 2.0, (1.0, 0.1, 0.5, 0.0, 0.0, 0.0))


def wall(guid: str, **facts) -> Element:
    return Element(guid, "IfcWall", **({"name": "墙", "type_name": "外墙200"} | facts))


def said(pairing: Pairing) -> set[tuple[str, str]]:
    return {(one.old.guid, one.new.guid) for one in pairing.pairs}


# Any two versions: few names, tags and places, so that much of it is doubtful.

elements = st.builds(
    Element,
    guid=st.integers(0, 40).map(str),
    ifc_class=st.sampled_from(["IfcWall", "IfcWallStandardCase", "IfcDoor"]),
    name=st.sampled_from(["", "a", "b"]),
    tag=st.sampled_from(["", "1", "2"]),
    type_name=st.sampled_from(["", "t"]),
    storey=st.sampled_from(["", "1F"]),
    at=st.none() | st.tuples(*[st.integers(-30, 30).map(lambda tenth: tenth / 10)] * 3),
    quantities=st.dictionaries(st.just("Q.Length"), st.builds(Measure, st.integers(0, 3).map(float)), max_size=1),
)
models = st.lists(elements, max_size=25, unique_by=lambda one: one.guid)


@given(models, models)
def test_every_element_is_in_one_place_and_pairs_are_one_to_one(old, new):
    found = pair(old, new)
    for side, waiting, alone, whole in (
        ("old", found.waiting_old, found.removed, old),
        ("new", found.waiting_new, found.added, new),
    ):
        paired = [getattr(one, side).guid for one in found.pairs]
        everything = paired + [one.guid for one, _maybe in waiting] + [one.guid for one in alone]
        assert sorted(everything) == sorted(one.guid for one in whole)
    assert all(one.old.family == one.new.family for one in found.pairs)


@given(models, models)
def test_the_other_way_round_pairs_the_same_elements(old, new):
    forth, back = pair(old, new), pair(new, old)
    assert said(forth) == {(one, other) for other, one in said(back)}
    assert {one.guid for one, _maybe in forth.waiting_old} == {one.guid for one, _maybe in back.waiting_new}
    assert {one.guid for one in forth.removed} == {one.guid for one in back.added}


@given(models, models, st.randoms())
def test_the_order_of_the_elements_does_not_matter(old, new, chance):
    forth = pair(old, new)
    again = pair(chance.sample(old, len(old)), chance.sample(new, len(new)))
    assert said(forth) == said(again)
    assert sorted(forth.waiting_old, key=repr) == sorted(again.waiting_old, key=repr)


@given(models)
def test_a_model_beside_itself_has_nothing_changed(model):
    found = pair(model, model)
    assert said(found) == {(one.guid, one.guid) for one in model}
    assert all(difference(one.old, one.new, found.shift).changes == [] for one in found.pairs)


@given(models, models)
def test_whoever_waits_is_told_whom_it_may_be(old, new):
    found = pair(old, new)
    free_old = {one.guid for one, _maybe in found.waiting_old} | {one.guid for one in found.removed}
    free_new = {one.guid for one, _maybe in found.waiting_new} | {one.guid for one in found.added}
    for waiting, others in ((found.waiting_old, free_new), (found.waiting_new, free_old)):
        assert all(maybe and set(maybe) <= others for _one, maybe in waiting)


distinct = st.lists(
    st.tuples(st.integers(-50, 50), st.integers(-50, 50), st.sampled_from(["a", "b"])), unique=True, max_size=30
)


@given(distinct)
def test_other_global_ids_alone_lose_no_element(spots):
    """Names repeat, but no two things of a name stand in one spot."""
    old = [wall(f"o{n}", name=name, at=(x * 1.0, y * 1.0, 0.0)) for n, (x, y, name) in enumerate(spots)]
    new = [replace(one, guid=one.guid.replace("o", "n")) for one in old]
    found = pair(old, new)
    assert said(found) == {(one.guid, one.guid.replace("o", "n")) for one in old}
    assert not found.waiting_old and not found.added


# One rule each.


def test_the_same_global_id_in_another_class_waits():
    found = pair([Element("g", "IfcWall", "a")], [Element("g", "IfcDoor", "a")])
    assert not found.pairs and found.waiting_old[0][1] == ["g"]


def test_a_standard_case_is_still_a_wall_and_the_class_is_said_to_differ():
    found = pair([Element("g", "IfcWallStandardCase", "a")], [Element("g", "IfcWall", "a")])
    assert found.pairs[0].by == By.GUID
    assert difference(found.pairs[0].old, found.pairs[0].new).kinds == [Kind.CLASS]


def test_a_name_and_tag_that_occur_once_on_both_sides_pair_wherever_they_stand():
    found = pair([wall("1", tag="7", at=(0, 0, 0))], [wall("2", tag="7", at=(90.0, 0, 0))])
    assert (found.pairs[0].by, said(found)) == (By.NAME, {("1", "2")})
    assert difference(found.pairs[0].old, found.pairs[0].new).changes[0].delta == pytest.approx(90)


def test_two_that_stand_in_one_spot_wait_for_a_person():
    old = [wall("1", at=(0, 0, 0)), wall("2", at=(0, 0, 0))]
    new = [wall("3", at=(0, 0, 0)), wall("4", at=(0, 0, 0))]
    found = pair(old, new)
    assert not found.pairs and {one.guid: maybe for one, maybe in found.waiting_old} == {
        "1": ["3", "4"],
        "2": ["3", "4"],
    }
    decided = pair(old, new, [("1", "4"), ("2", "")])
    assert said(decided) == {("1", "4")} and decided.pairs[0].by == By.PERSON
    assert [one.guid for one in decided.removed] == ["2"]


def test_namesakes_without_a_place_wait_and_are_not_called_removed():
    found = pair([wall("1"), wall("2")], [wall("3")])
    assert not found.pairs and not found.removed and len(found.waiting_old) == 2


def test_what_stands_between_two_is_neither_of_them():
    found = pair([wall("1", at=(0.5, 0, 0))], [wall("2", at=(0, 0, 0)), wall("3", at=(0.9, 0, 0))])
    assert not found.pairs and found.waiting_old[0][1] == ["3", "2"]


def test_far_from_any_namesake_is_removed_and_added():
    found = pair(
        [wall("1", at=(0, 0, 0)), wall("2", at=(9, 0, 0))], [wall("3", at=(0, 0, 0)), wall("4", at=(50, 0, 0))]
    )
    assert said(found) == {("1", "3")}
    assert ([one.guid for one in found.removed], [one.guid for one in found.added]) == (["2"], ["4"])


def test_a_renamed_thing_is_known_by_type_storey_quantities_and_place():
    facts = {"storey": "1F", "at": (3, 4, 0), "quantities": {"Q.Length": Measure(6.0, "m")}}
    found = pair([wall("1", name="旧", **facts)], [wall("2", name="新", **facts)])
    assert found.pairs[0].by == By.CONTENT
    assert difference(found.pairs[0].old, found.pairs[0].new).kinds == [Kind.NAME]


def test_a_model_that_was_shifted_as_a_whole_has_no_element_moved():
    old = [wall(f"o{n}", tag=str(n), at=(n * 3.0, 0, 0)) for n in range(20)] + [wall("x", at=(1.5, 0, 0), name="柱")]
    new = [replace(one, guid=f"n{one.guid}", at=(one.at[0] + 1000, one.at[1], 0)) for one in old]
    twin = [wall("y", at=(1.5, 5, 0), name="柱"), wall("ny", at=(1001.5, 5, 0), name="柱")]
    found = pair([*old, twin[0]], [*new, twin[1]])
    assert found.shift == pytest.approx((1000, 0, 0)) and len(found.pairs) == 22
    assert all(not difference(one.old, one.new, found.shift).changes for one in found.pairs)


def test_few_elements_that_moved_alike_are_not_a_shift():
    found = pair([wall("1", at=(0, 0, 0))], [wall("1", at=(5, 0, 0))])
    assert found.shift is None
    assert difference(found.pairs[0].old, found.pairs[0].new).kinds == [Kind.MOVED]


# What is different in a pair.


def test_geometry_is_compared_only_where_both_shapes_are_known():
    solid = wall("1", has_shape=True, shape=BOX)
    assert difference(solid, solid).geometry == Geometry.SAME
    assert difference(solid, replace(solid, shape=None)).geometry == Geometry.NOT_COMPARED
    assert difference(wall("1"), wall("1")).geometry == Geometry.NONE


@pytest.mark.parametrize(
    ("shape", "expected"),
    [
        (replace(BOX, middle=(5.0, 0.0, 0.0)), [Kind.MOVED]),
        (replace(BOX, volume=2.1), [Kind.GEOMETRY]),
        (replace(BOX, area=10.1), [Kind.GEOMETRY]),
        (replace(BOX, spread=(1.0, 0.1, 0.5, 0.02, 0.0, 0.0)), [Kind.GEOMETRY]),
        (replace(BOX, volume=2.00000001, area=9.99999999), []),
    ],
)
def test_a_shape_is_the_same_whatever_the_last_digits_and_wherever_it_stands(shape, expected):
    assert difference(wall("1", has_shape=True, shape=BOX), wall("1", has_shape=True, shape=shape)).kinds == expected


def test_a_longer_wall_has_not_moved_though_its_middle_has():
    old = wall("1", at=(0, 0, 0), has_shape=True, shape=BOX)
    new = replace(old, shape=Shape((1.0, 0.0, 0.0), 14.0, 3.0, (2.0, 0.1, 0.5, 0.0, 0.0, 0.0)))
    assert difference(old, new).kinds == [Kind.GEOMETRY]


def test_a_quantity_says_by_how_much_and_a_new_unit_is_no_difference_in_figures():
    old = wall("1", quantities={"Q.V": Measure(4.0, "m3"), "Q.L": Measure(6.0, "m"), "Q.U": Measure(1.0, "m")})
    new = wall("1", quantities={"Q.V": Measure(5.0, "m3"), "Q.N": Measure(2.0, "m"), "Q.U": Measure(1.0, "m2")})
    changes = {one.name: one for one in difference(old, new).changes}
    assert (changes["Q.V"].old, changes["Q.V"].new, changes["Q.V"].delta, changes["Q.V"].percent) == ("4", "5", 1, 25)
    assert (changes["Q.L"].old, changes["Q.L"].new, changes["Q.L"].delta) == ("6", "", None)
    assert (changes["Q.N"].old, changes["Q.N"].new) == ("", "2")
    assert (changes["Q.U"].delta, changes["Q.U"].percent) == (None, None)


def test_properties_and_codes_say_what_was_and_what_is():
    old = wall("1", properties={"P.Fire": "2.0h", "P.Load": "1.50"}, codes=("14-10",))
    new = wall("1", properties={"P.Fire": "3.0h", "P.Load": "1.5"}, codes=("14-20", "14-10"))
    changes = difference(old, new).changes
    assert [(one.kind, one.name, one.old, one.new) for one in changes] == [
        (Kind.PROPERTY, "P.Fire", "2.0h", "3.0h"),
        (Kind.CLASSIFICATION, "", "", "14-20"),
    ]


def test_ten_thousand_elements_take_seconds_also_where_they_crowd():
    chance = random.Random(7)
    spread = [wall(f"o{n}", at=(chance.random() * 200, chance.random() * 200, n % 5 * 3.0)) for n in range(10_000)]
    crowded = [wall(f"c{n}", name="螺栓", at=(n % 100 / 200, n // 100 / 200, 0.0)) for n in range(10_000)]
    for old in (spread, crowded):
        new = [replace(one, guid=f"n{one.guid}") for one in chance.sample(old, len(old))]
        began = perf_counter()
        found = pair(old, new)
        assert perf_counter() - began < 15
        assert len(found.pairs) + len(found.waiting_old) + len(found.removed) == 10_000
        assert all(one.new.guid == f"n{one.old.guid}" for one in found.pairs)
