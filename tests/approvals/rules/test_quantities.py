"""Which element feeds which line, and the light: counted again by hand, and Σ of parts = whole for any model."""

from collections import Counter
from dataclasses import dataclass
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from approvals.rules import quantities
from approvals.rules.investment import RuleRow
from approvals.rules.quantities import Amount, Facts, Group, QuantityLight, spread_of

YELLOW, RED = RuleRow("R-BIM-01.yellow", Decimal("0.03")), RuleRow("R-BIM-01.red", Decimal("0.10"))


@dataclass(frozen=True)
class A:
    """A rule, or with a guid a link by hand."""

    pk: int
    line_code: str
    quantity: str = "NetVolume"
    ifc_class: str = "IfcWall"
    set_name: str = ""
    factor: Decimal = Decimal(1)
    share: Decimal = Decimal(1)
    type_contains: str = ""
    classification_prefix: str = ""
    material_contains: str = ""
    material_lacks: str = ""
    storey: str = ""
    discipline: str = ""


@dataclass(frozen=True)
class ByHand(A):
    guid: str = ""


def walls(n: int, total: str, *, borne_by: int | None = None, guid: str = "", **facts: object) -> Group:
    said = Facts(**{"ifc_class": "IfcWall", **facts})
    return Group(said, n, {("", "NetVolume"): Amount(n if borne_by is None else borne_by, Decimal(total), "m3")}, guid)


@pytest.mark.parametrize(
    ("declared", "model", "light"),
    [
        ("100", "103", "GREEN"), ("100", "103.0001", "YELLOW"), ("100", "97", "GREEN"), ("100", "96.9999", "YELLOW"),
        ("100", "110", "YELLOW"), ("100", "110.0001", "RED"), ("100", "90", "YELLOW"), ("100", "89.9999", "RED"),
        ("100", "100", "GREEN"), ("100", "0", "RED"), ("0", "0", "GREEN"), ("0", "0.0001", "RED"),
    ],
)  # fmt: skip
def test_three_percent_is_still_green_and_ten_still_yellow(declared: str, model: str, light: str) -> None:
    assert quantities.light_of(Decimal(declared), Decimal(model), YELLOW, RED) == light


def test_nothing_to_compare_has_no_light_and_no_difference() -> None:
    assert quantities.light_of(None, Decimal(1), YELLOW, RED) == QuantityLight.NONE
    assert quantities.light_of(Decimal(1), None, YELLOW, RED) == QuantityLight.NONE
    assert quantities.difference(None, Decimal(1)) is None
    assert quantities.difference(Decimal(0), Decimal(1)) is None
    assert quantities.difference(Decimal(200), Decimal(150)) == Decimal("-0.25")


def test_binary_noise_moves_no_light() -> None:
    noisy = sum(0.1 for _ in range(1030))  # 102.99999999999999 or so
    sheet = quantities.measure([walls(1, repr(noisy))], [A(1, "1.1")], {})
    assert sheet.lines["1.1"].total == Decimal("103.0000")


def test_a_quantity_is_given_to_the_first_rule_that_asks() -> None:
    rules = [A(1, "1.1", material_contains="c30"), A(2, "1.2"), A(3, "1.3", quantity="COUNT")]
    sheet = quantities.measure([walls(3, "9", material="C30混凝土"), walls(2, "4")], rules, {})
    assert [sheet.lines[code].total for code in ("1.1", "1.2", "1.3")] == [9, 4, 5]
    assert sheet.lines["1.2"].n_elsewhere == 3
    assert (sheet.n_linked, sheet.unlinked) == (5, {})


def test_shares_split_one_quantity_and_never_exceed_it() -> None:
    rules = [A(1, "1.1", share=Decimal("0.6")), A(2, "1.2", share=Decimal("0.4")), A(3, "1.3", share=Decimal("0.1"))]
    sheet = quantities.measure([walls(10, "50")], rules, {})
    assert (sheet.lines["1.1"].total, sheet.lines["1.2"].total, sheet.lines["1.3"].n) == (30, 20, 0)
    assert sheet.lines["1.3"].total is None


def test_a_link_by_hand_comes_before_every_rule() -> None:
    link = ByHand(7, "1.9", guid="W1")
    sheet = quantities.measure([walls(1, "2", guid="W1"), walls(4, "8")], [A(1, "1.1")], {"W1": [link]})
    assert (sheet.lines["1.9"].total, sheet.lines["1.1"].total) == (2, 8)


def test_what_lacks_the_quantity_is_told_and_not_computed() -> None:
    sheet = quantities.measure([walls(5, "6", borne_by=2)], [A(1, "1.1")], {})
    assert (sheet.lines["1.1"].total, sheet.lines["1.1"].n, sheet.lines["1.1"].n_without) == (6, 5, 3)
    none = quantities.measure([walls(5, "0", borne_by=0)], [A(1, "1.1")], {})
    assert none.lines["1.1"].total is None


def test_conditions_hold_together_and_variants_are_the_class() -> None:
    wall = Facts("IfcWallStandardCase", "外墙200", "C30混凝土", "一层", frozenset({"14-10"}), "STRUCTURE")
    fitting = {"type_contains": "外墙", "material_contains": "c30", "storey": "一层", "classification_prefix": "14-10",
               "discipline": "STRUCTURE"}  # fmt: skip
    assert quantities.fits(A(1, "1.1", **fitting), wall)
    wrong = {"type_contains": "内墙", "material_lacks": "混凝土", "material_contains": "C40", "storey": "二层", "classification_prefix": "14-20",
             "discipline": "ROAD", "ifc_class": "IfcSlab"}  # fmt: skip
    for name, value in wrong.items():
        assert not quantities.fits(A(1, "1.1", **{**fitting, name: value}), wall), name


def test_units_are_compared_unless_a_factor_converts() -> None:
    plain = quantities.measure([walls(1, "2")], [A(1, "1.1")], {}).lines["1.1"]
    assert quantities.units_agree("m³", plain) and quantities.units_agree("立方米", plain)
    assert not quantities.units_agree("m²", plain)
    assert quantities.units_agree("项", plain), "what nobody knows is not refused"
    converted = quantities.measure([walls(1, "2")], [A(1, "1.1", factor=Decimal("6.5"))], {}).lines["1.1"]
    assert quantities.units_agree("m²", converted) and converted.total == 13


CLASSES = ("IfcWall", "IfcSlab", "IfcDoor")
GROUPS = st.lists(
    st.builds(
        lambda ifc_class, material, n, cents: Group(
            Facts(ifc_class, material=material), n, {("", "NetVolume"): Amount(n, Decimal(cents) / 100, "m3")}
        ),
        st.sampled_from(CLASSES), st.sampled_from(("", "C25", "C30")), st.integers(1, 50), st.integers(0, 10**6),
    ),
    max_size=12,
)  # fmt: skip
RULES = st.lists(
    st.tuples(
        st.sampled_from(("1.1", "1.2", "1.3")), st.sampled_from(CLASSES), st.sampled_from(("", "C25", "C3")),
        st.sampled_from(("0.25", "0.5", "1")),
    ),
    max_size=8,
)  # fmt: skip


@given(groups=GROUPS, said=RULES)
def test_no_element_is_counted_twice_and_the_parts_are_the_whole(groups: list[Group], said: list[tuple]) -> None:
    rules = [
        A(n, line, ifc_class=ifc_class, material_contains=material, share=Decimal(share))
        for n, (line, ifc_class, material, share) in enumerate(said)
    ]
    sheet = quantities.measure(groups, rules, {})
    whole = sum((group.quantities["", "NetVolume"].total for group in groups), Decimal(0))
    given_out = sum((m.total or Decimal(0) for m in sheet.lines.values()), Decimal(0))
    assert given_out <= whole
    by_hand: Counter[str] = Counter()
    for group in groups:
        left = Decimal(1)
        for rule in rules:
            fits = rule.ifc_class == group.facts.ifc_class and rule.material_contains in group.facts.material
            if fits and left >= rule.share:
                left -= rule.share
                by_hand[rule.line_code] += rule.share * group.quantities["", "NetVolume"].total
    for code, measured in sheet.lines.items():
        assert (measured.total or 0) == by_hand[code].quantize(Decimal("0.0001")) if by_hand[code] else True
    assert sheet.n_linked + sum(sheet.unlinked.values()) == sum(group.n for group in groups)


def test_fewer_than_three_similar_projects_are_no_comparison() -> None:
    two = spread_of([Decimal(1), None, Decimal(3)])
    assert (two.n, two.middle, two.least) == (2, None, None)
    three = spread_of([Decimal(5), Decimal(1), None, Decimal(3)])
    assert (three.n, three.least, three.middle, three.most) == (3, 1, 3, 5)
    assert quantities.per_area(Decimal("1000"), Decimal("3")) == Decimal("333.33")
    assert quantities.per_area(Decimal("1000"), Decimal(0)) is None
