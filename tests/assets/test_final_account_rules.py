"""The forms reckoned from plain books: every part adds up to its whole, every broken rule names its two cells."""

from dataclasses import replace
from decimal import ROUND_DOWN, Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from approvals.rules.investment import RuleRow
from assets.rules import approval
from assets.rules.cost_heads import DEFERRED_LINES, head_of
from assets.rules.forms_balance import EQUAL, imbalances, returned_by_source
from assets.rules.forms_books import AssetLine, Fund, Holdings, Tail, as_json, books_of, from_json, part_of
from assets.rules.forms_layout import FORMS
from assets.rules.forms_model import Ref, Row, Written
from assets.rules.forms_reckoning import Forms
from assets.rules.spread import Bearer, deferred_shares, spread

ZERO = Decimal("0.00")
yuan = st.decimals(0, 10**10, places=2)
TWENTIETH = RuleRow("R-FA-09", Decimal("0.05"))


@given(st.decimals(-(10**10), 10**12, places=2), st.lists(yuan, min_size=1, max_size=40))
def test_the_parts_are_the_whole_to_the_fen_and_none_turns_round(whole, weights):
    parts = spread(whole, weights)
    if sum(weights) == 0:
        assert not any(parts)
        return
    assert sum(parts) == whole
    assert all(part * whole >= 0 for part in parts)
    assert all(part == 0 for part, weight in zip(parts, weights, strict=True) if weight == 0)
    exact = [whole * weight / sum(weights) for weight in weights]
    for part, wanted in list(zip(parts, exact, strict=True))[:-1]:
        assert abs(part - wanted) < Decimal("0.01") * len(weights)


def test_only_works_and_equipment_that_is_installed_bear_deferred_costs():
    works = Bearer("STRUCTURE", "FIXED", Decimal(100), ZERO)
    installed = Bearer("EQUIPMENT", "FIXED", Decimal(80), Decimal(20))
    others = [
        Bearer("EQUIPMENT", "FIXED", Decimal(100), ZERO),
        Bearer("CURRENT", "CURRENT", Decimal(100), ZERO),
        Bearer("INTANGIBLE", "INTANGIBLE", Decimal(100), ZERO),
        Bearer("STRUCTURE", "WRITEOFF", Decimal(100), ZERO),
        Bearer("STRUCTURE", "FIXED", Decimal(100), ZERO, shares=False),
    ]
    assert deferred_shares(Decimal("0.03"), [works, installed, *others]) == [
        Decimal("0.02"), Decimal("0.01"), *[ZERO] * 5,
    ]  # fmt: skip


CLASSES = st.sampled_from(
    [("STRUCTURE", "FIXED"), ("STRUCTURE", "PUBLIC_INFRA"), ("EQUIPMENT", "FIXED"), ("OTHER_FIXED", "FIXED"),
     ("CURRENT", "CURRENT"), ("INTANGIBLE", "INTANGIBLE"), ("STRUCTURE", "TRANSFER_OUT"), ("STRUCTURE", "WRITEOFF")]
)  # fmt: skip


@st.composite
def books(draw):
    """A project whose assets are worth what it cost, with one building that bears the deferred costs."""
    cards = [AssetLine("asset-1", "主楼", "甲", "FIXED", "STRUCTURE", draw(yuan) + 1, ZERO, ZERO)]
    for number, (kind, asset_class) in enumerate(draw(st.lists(CLASSES, max_size=12)), 2):
        installation = draw(yuan) if kind == "EQUIPMENT" else ZERO
        single = draw(st.sampled_from(["甲", "乙", "丙"]))
        cards.append(
            AssetLine(f"asset-{number}", f"资产{number}", single, asset_class, kind, draw(yuan), installation, ZERO)
        )
    lines = draw(st.dictionaries(st.sampled_from(sorted(set(DEFERRED_LINES) - {38, 39})), yuan, max_size=6))
    if lines and draw(st.booleans()):
        lines[38] = -draw(st.decimals(0, sum(lines.values()), places=2))
    bearers = [Bearer(card.kind, card.asset_class, card.direct, card.installation) for card in cards]
    shares = deferred_shares(sum(lines.values(), ZERO), bearers)
    cards = [replace(card, deferred=share) for card, share in zip(cards, shares, strict=True)]
    works = sum((card.direct + card.installation for card in cards), ZERO)
    cost = works + sum(lines.values(), ZERO)
    funds = (
        Fund("4", "区级", "local", cost, draw(yuan)),
        Fund("1.1", "中央", "central", cost, draw(yuan)),
        Fund("8", "贷款", "loans", ZERO, draw(yuan)),
    )
    return Holdings(
        approved={"total": cost + 1}, spent={"works": works}, deferred=lines, paid=draw(yuan), funds=funds,
        assets=tuple(cards),
    )  # fmt: skip


def broken(held, written=None, **more):
    return list(imbalances(Forms(books_of(held), written), TWENTIETH, **more))


@given(books())
def test_forms_filled_from_agreeing_books_always_balance(held):
    assert broken(held) == []
    forms = Forms(books_of(held))
    assert forms.amount("01.total.actual") == held.cost == forms.amount("02.formed.amount")
    assert forms.amount("02.sources_total.amount") == forms.amount("02.uses_total.amount")


@given(books())
def test_what_was_submitted_is_read_again_as_it_was(held):
    assert from_json(as_json(held)) == held


@given(books(), st.data())
def test_every_written_cell_that_breaks_a_rule_is_named_with_both_amounts(held, data):
    rule, left, right = data.draw(st.sampled_from(EQUAL))
    forms = Forms(books_of(held))
    sides = [Ref.of(path) for path in (left, right) if forms.is_open(Ref.of(path))]
    if not sides:
        return
    wrong = {sides[0]: Written(forms.amount(sides[0]) + Decimal("0.01"), "错")}
    named = {(row.rule, row.left, row.right): row for row in broken(held, wrong)}
    row = named[rule, Ref.of(left), Ref.of(right)]
    assert abs(row.left_amount - row.right_amount) == Decimal("0.01")


@given(books(), st.data())
def test_whatever_is_cut_the_assets_and_the_rest_are_what_was_approved(held, data):
    lines = approval.declared(Forms(books_of(held)), held)
    assert sum((line.amount for line in lines), ZERO) == held.cost
    assert all(line.amount > 0 for line in lines)
    reviewed = {
        line.code: data.draw(st.decimals(0, line.amount, places=2)) for line in lines if data.draw(st.booleans())
    }
    total = sum((reviewed.get(line.code, line.amount) for line in lines), ZERO)
    values = approval.approved_values(held, lines, reviewed, total)
    alone = sum((reviewed.get(line.code, line.amount) for line in lines if line.branch == "3" and not line.asset), ZERO)
    bears = any(
        Bearer(card.kind, card.asset_class, values[card.key].direct, values[card.key].installation).weight
        for card in held.assets
    )
    booked = sum((row.direct + row.installation + row.deferred for row in values.values()), ZERO)
    deferred = sum((reviewed.get(line.code, line.amount) for line in lines if line.branch == "2"), ZERO)
    assert booked + alone == total - (ZERO if bears else deferred)


@given(books())
def test_the_parts_of_the_single_projects_are_the_whole_project(held):
    singles = sorted({card.single for card in held.assets})
    parts = [part_of(held, single) for single in singles]
    assert sum((part.cost for part in parts), ZERO) == held.cost
    assert sum((part.received for part in parts), ZERO) == held.received
    assert sum((part.paid for part in parts), ZERO) == held.paid
    assert [card for part in parts for card in part.assets] == sorted(held.assets, key=lambda card: card.single)


@given(books(), st.lists(yuan, min_size=2, max_size=2))
def test_a_single_project_costs_what_its_assets_cost_whatever_heads_it_was_booked_under(held, cuts):
    works = held.spent["works"]
    equipment, other = (min(cut, works / 3).quantize(Decimal("0.01"), ROUND_DOWN) for cut in cuts)
    spent = {"works": works - equipment - other, "equipment": equipment, "other": other}
    held = replace(held, spent=spent)
    parts = [part_of(held, single) for single in sorted({card.single for card in held.assets})]
    for part in parts:
        assert sum(part.spent.values(), ZERO) == sum((card.direct + card.installation for card in part.assets), ZERO)
        bearing = any(
            Bearer(card.kind, card.asset_class, card.direct, card.installation).weight for card in part.assets
        )
        assert bearing or not any(part.deferred.values()), "no asset would take them"
    for head, amount in spent.items():
        assert sum((part.spent[head] for part in parts), ZERO) == amount


@given(st.decimals(0, 10**10, places=2), st.dictionaries(st.text("1234.", min_size=1, max_size=3), yuan, min_size=1))
def test_a_reduction_goes_back_to_those_who_paid_it(reduction, received):
    back = returned_by_source(reduction, received)
    assert set(back) == set(received)
    assert sum(back.values()) == (reduction if sum(received.values()) else 0)


def test_the_account_of_a_single_project_agrees_with_its_row_in_the_whole():
    card = AssetLine("asset-1", "主楼", "甲", "FIXED", "STRUCTURE", Decimal(100), ZERO, ZERO)
    held = Holdings(spent={"works": Decimal(100)}, assets=(card,), approved={"total": Decimal(100)})
    ref = Ref("04", "single-甲", "total")
    assert broken(held, parts={"甲": (ref, Decimal(100))}) == []
    row = broken(held, parts={"甲": (ref, Decimal(99))})[0]
    assert (row.rule, row.left, row.left_amount, row.right_amount, row.part) == (
        "R-FA-08", ref, Decimal(100), Decimal(99), "甲",
    )  # fmt: skip


def test_a_terminated_project_writes_off_under_a_named_approval():
    held = Holdings(spent={"works": Decimal("70.00")}, deferred={24: Decimal("30.00")}, is_terminated=True)
    forms = Forms(books_of(held))
    assert forms.amount("07.total.amount") == Decimal("100.00")
    row = broken(held, terminated=True)[0]
    assert (row.rule, row.left, row.right_amount) == ("R-FA-06", Ref("07", "sunk", "approval"), Decimal("100.00"))
    written = {Ref("07", "sunk", "approval"): Written("鹏财〔2026〕9号")}
    assert broken(held, written, terminated=True) == []


def test_tail_works_may_be_a_twentieth_of_the_estimate_and_not_more():
    held = Holdings(approved={"total": Decimal("1000.00")})
    at = replace(held, tails=(Tail("tail-1", "绿化", ZERO, ZERO, Decimal("50.00")),))
    above = replace(held, tails=(Tail("tail-1", "绿化", ZERO, ZERO, Decimal("50.01")),))
    assert broken(at) == []
    assert [(row.rule, row.limit) for row in broken(above)] == [("R-FA-09", Decimal("50.00"))]


@pytest.mark.parametrize(
    ("code", "kind", "head", "line"),
    [
        ("1.1", "WORKS", "works", None), ("1.2.3", "WORKS", "equipment", None), ("1.1", "EQUIPMENT", "equipment", None),
        ("2.07", "DESIGN", "deferred", 2), ("2.7", "DESIGN", "deferred", 2), ("2.03.1", "OTHER", "deferred", 19),
        ("1.1", "SUPERVISION", "deferred", 5), ("", "LAND", "deferred", 6), ("2.21", "OTHER", "other", None),
        ("4", "OTHER", "deferred", 37), ("2.77", "OTHER", "deferred", 40),
    ],
)  # fmt: skip
def test_a_cost_finds_its_head(code, kind, head, line):
    found = head_of(code, kind)
    assert (found.head, found.line) == (head, line)


def test_every_cell_a_formula_names_exists():
    forms = Forms(books_of(Holdings()))
    for _rule, left, right in EQUAL:
        assert forms.has(Ref.of(left)), left
        assert forms.has(Ref.of(right)), right
    for form in FORMS.values():
        for section in form.sections:
            for row in section.rows:
                if isinstance(row, Row):
                    assert set(row.cells) <= {column.key for column in section.columns}
                    for column in row.cells:
                        forms.value(Ref(form.number, row.key, column))


def test_what_was_approved_is_compared_with_the_estimate_by_branch_line_and_whole():
    lines = [
        ("1.1", "主楼", Decimal("600.00"), Decimal("590.00"), "多计"),
        ("1.2", "电梯", Decimal("100.00"), None, ""),
        ("2.5", "监理费", Decimal("50.00"), Decimal("45.50"), "按费率"),
        ("2.19", "项目建设管理费", Decimal("9.00"), Decimal("9.00"), ""),
        ("4.1", "在建工程", Decimal("1.00"), Decimal("1.00"), ""),
    ]
    by_head = {"works": Decimal("580.00"), "equipment": Decimal("120.00"), "deferred": Decimal("60.00"),
               "total": Decimal("800.00")}  # fmt: skip
    rows = approval.compared(lines, by_head, {5: Decimal("40.00")})
    found = [(row.code, row.estimate, row.declared, row.reviewed, row.cut, row.above_estimate) for row in rows]
    assert found == [
        ("1", 700, 700, 690, 10, -10), ("1.1", None, 600, 590, 10, None), ("1.2", None, 100, 100, 0, None),
        ("2", 60, 59, Decimal("54.50"), Decimal("4.50"), Decimal("-5.50")),
        ("2.5", 40, 50, Decimal("45.50"), Decimal("4.50"), Decimal("5.50")), ("2.19", None, 9, 9, 0, None),
        ("4", None, 1, 1, 0, None), ("4.1", None, 1, 1, 0, None),
        ("", 800, 760, Decimal("745.50"), Decimal("14.50"), Decimal("-54.50")),
    ]  # fmt: skip
    assert [row.name for row in rows if row.is_sum] == ["资产直接投资", "待摊投资", "在建工程", ""]
    assert approval.compared([], by_head, {}) == []
