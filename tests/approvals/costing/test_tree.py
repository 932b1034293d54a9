"""The cost tree: its seed, its sums and what is found wrong with lines (§3.3)."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from approvals.costing import tree
from approvals.costing.tree import BY_CODE, STANDARD_TREE, Basis, CostLine


def wan(text):
    return Decimal(text).scaleb(4)


def line(code, declared=None, reviewed=None, **more):
    amounts = {"declared": declared, "reviewed": reviewed}
    return CostLine(code, more.pop("name", f"费用 {code}"), **{k: v and wan(v) for k, v in amounts.items()}, **more)


def codes(lines):
    return [(fault.code, fault.index, fault.field) for fault in tree.faults(lines)]


def test_the_standard_tree_is_the_one_of_the_domain():
    assert len(STANDARD_TREE) == len(BY_CODE) == 37
    assert len({item.identifier for item in STANDARD_TREE}) == 37
    assert (BY_CODE["2.03"].name, BY_CODE["2.03"].identifier) == ("项目建设管理费", "project_management")
    assert [item.code for item in STANDARD_TREE if item.basis is Basis.CHILDREN] == ["1", "1.x", "2", "3"]


def test_the_standard_tree_has_no_faults_of_its_own():
    assert codes([CostLine(item.code.replace("x", "1"), item.name) for item in STANDARD_TREE]) == []


@pytest.mark.parametrize(
    ("code", "standard"),
    [("1.7", "1.x"), ("1.12.2", "1.x.2"), ("2.07", "2.07"), ("3.1", "3.1"), ("6", None), ("2.7", None)],
)
def test_a_code_finds_its_standard_item(code, standard):
    found = tree.standard_item(CostLine(code, ""))
    assert (found.code if found else None) == standard


def test_a_line_of_the_projects_own_is_mapped_to_the_standard_tree():
    assert tree.standard_item(CostLine("6", "征地拆迁", standard_code="2.01")).identifier == "land_resettlement"


def test_a_parent_is_the_sum_of_its_children_whatever_stands_beside_it():
    lines = [
        line("1", "999"),
        line("1.1", "888"),
        line("1.1.1", "60.5", "50"),
        line("1.1.2", "39.5", "30"),
        line("2", "7"),
    ]
    works, other = tree.build(lines)
    assert (works.declared, works.reviewed, other.declared) == (wan("100"), wan("80"), wan("7"))
    assert tree.summed([works, other]) == wan("107") and tree.summed([works, other], "reviewed") == wan("80")
    assert [found.code for found in tree.leaves(lines)] == ["1.1.1", "1.1.2", "2"]


def test_lines_are_ordered_by_number_and_not_by_text():
    built = tree.build([line("2"), line("2.10", "1"), line("2.2", "1"), line("1", "1")])
    assert [node.line.code for top in built for node in top.walk()] == ["1", "2", "2.2", "2.10"]


REAL = [
    (("21672.59", "1926.90", "1179.97", "257.98", "75.00"), "25112.44"),
    (("6474.75", "2199.47", "368.02"), "9042.24"),
    (("660.53", "127.03", "39.38", "72.00"), "898.94"),
    (("376.04", "107.19", "15.40"), "498.63"),
]


@pytest.mark.parametrize(("parts", "signed"), REAL)
def test_real_approvals_add_up_to_their_signed_total(parts, signed):
    lines = [line(str(number), part) for number, part in enumerate(parts, start=1)]
    assert tree.summed(tree.build(lines)) == wan(signed)
    assert tree.investment(tree.build(lines)).total == wan(signed)


def test_the_totals_of_an_estimate_are_built_up_in_order():
    lines = [
        line("1", "1000"), line("2"), line("2.01", "100"), line("2.07", "60"), line("3"), line("3.1", "48"),
        line("3.2", "5"), line("4", "7"), line("5", "11"), line("6", "13"),
    ]  # fmt: skip
    found = tree.investment(tree.build(lines))
    assert found.static_total == wan("1221")  # 1000 + 160 + 48 + 13
    assert found.dynamic_total == wan("1233")
    assert found.total == wan("1244") == tree.summed(tree.build(lines))


def test_the_contingency_of_a_real_approval_is_five_percent_without_the_land():
    lines = [line("1", "14100.48"), line("2"), line("2.01", "6644"), line("2.99", "1716.10"), line("3", "790.83")]
    base = tree.basic_contingency_base(tree.build(lines))
    assert base == wan("15816.58")
    assert (base * Decimal("0.05")).scaleb(-4).quantize(Decimal("0.01")) == Decimal("790.83")


def test_the_signed_total_that_is_off_by_three_hundredths_is_a_warning():
    lines = [line("1", "23251.38"), line("1.1", "14100.48"), line("1.2", "8360.10"), line("1.3", "790.83")]
    (fault,) = tree.faults(lines)
    assert (fault.code, fault.index, fault.field) == ("costs.parent_differs_slightly", 0, "declared")
    assert fault.is_warning and fault.params["difference"] == wan("0.03")


def test_a_parent_beyond_the_tolerance_is_refused_in_its_own_column():
    lines = [line("1", "10", "10.2"), line("1.1", "10.1", "10")]
    assert codes(lines) == [("costs.parent_differs_slightly", 0, "declared"), ("costs.parent_differs", 0, "reviewed")]
    assert [fault.is_warning for fault in tree.faults(lines)] == [True, False]


def test_a_parent_is_not_compared_with_children_nobody_has_filled_in():
    assert codes([line("1", "10", "8"), line("1.1", "10")]) == []


def test_every_fault_is_found_at_once_and_at_its_place():
    lines = [
        line("1", "10"),
        line("1", "10"),
        line("1.2.1", "10"),
        line("一", "10"),
        line("2", "-1", "-2", name=" "),
        line("7", "1"),
    ]
    assert sorted(codes(lines)) == sorted([
        ("costs.duplicate_code", 1, "code"),
        ("costs.parent_missing", 2, "code"),
        ("costs.code_format", 3, "code"),
        ("costs.name_missing", 4, "name"),
        ("costs.negative", 4, "declared"),
        ("costs.negative", 4, "reviewed"),
        ("costs.unknown_code", 5, "code"),
    ])  # fmt: skip


@pytest.mark.parametrize(
    "code", ["", "0", "01", "1.", ".1", "1..1", "1.1.1.1.1.1", "1.1234", "1-1", "x", "１", "1.1\n"]
)
def test_a_code_that_is_not_dotted_numbers_is_refused(code):
    assert ("costs.code_format", 0, "code") in codes([line(code, "1")])


@pytest.mark.parametrize(
    ("own", "is_foreign"),
    [
        (line("2.30", "1"), True),
        (line("2.30", "1", standard_code="2.99"), False),
        (line("2.30", "1", standard_code="9.99"), True),
        (line("2.07", "1"), False),
    ],
)
def test_a_line_outside_the_standard_tree_warns_until_it_is_mapped(own, is_foreign):
    assert (codes([line("2"), own]) == [("costs.unknown_code", 1, "code")]) is is_foreign


def test_splitting_a_standard_leaf_needs_no_mapping():
    assert codes([line("2"), line("2.07"), line("2.07.1", "1"), line("2.07.2", "2")]) == []


amounts = st.integers(0, 10**12).map(lambda fen: Decimal(fen).scaleb(-2))


@given(
    st.dictionaries(
        st.sampled_from([f"{a}.{b}.{c}" for a in "1236" for b in range(1, 4) for c in range(1, 4)]), amounts
    )
)
def test_the_top_is_the_sum_of_the_leaves_in_any_tree(by_code):
    parents = {code[:3] for code in by_code} | {code[0] for code in by_code}
    lines = [CostLine(code, "x", amount) for code, amount in by_code.items()] + [
        CostLine(code, "x") for code in parents
    ]
    tops = tree.build(lines)
    assert tree.summed(tops) == sum(by_code.values(), Decimal(0)) == tree.investment(tops).total
    assert not [fault for fault in tree.faults(lines) if not fault.is_warning]
