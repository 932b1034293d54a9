"""How figures, days, lights and states are written on the pages."""

from datetime import UTC, date, datetime
from decimal import Decimal
from types import SimpleNamespace

import pytest
from django import forms
from django.core.paginator import Paginator
from django.template import Context, Template
from django.test import RequestFactory
from django.utils import translation

from accounts.roles import Role
from web.templatetags import bim_ui, ui


def rendered(source: str, path: str = "/", **context) -> str:
    return Template("{% load ui %}" + source).render(Context({"request": RequestFactory().get(path), **context}))


@pytest.mark.parametrize(
    ("yuan", "written"),
    [
        ("1234.56", "1,234.56"),
        ("0", "0.00"),
        ("-54400", "-54,400.00"),
        ("0.005", "0.01"),
        ("2659190000", "2,659,190,000.00"),
    ],
)
def test_money_is_written_in_yuan_with_separators_and_two_decimals(yuan, written):
    assert ui.money(Decimal(yuan)) == written


@pytest.mark.parametrize(
    ("yuan", "written"),
    [
        ("68232600.00", "6,823.26"),
        ("50.00", "0.01"),
        ("49.99", "0.00"),
        ("-150.00", "-0.02"),
        ("2659190000", "265,919.00"),
    ],
)
def test_ten_thousands_round_half_up_at_the_second_decimal(yuan, written):
    assert ui.wan(Decimal(yuan)) == written


@pytest.mark.parametrize(
    ("ratio", "written"), [("0.2516", "25.16 %"), ("0.25165", "25.17 %"), ("-0.0038", "-0.38 %"), ("0", "0.00 %")]
)
def test_a_ratio_is_written_in_percent_with_two_decimals(ratio, written):
    assert ui.percent(Decimal(ratio)) == written


@pytest.mark.parametrize("write", [ui.money, ui.wan, ui.percent, ui.day])
def test_what_is_not_known_is_a_dash(write):
    assert write(None) == "—"


@pytest.mark.parametrize("write", [ui.money, ui.wan, ui.percent])
def test_a_binary_fraction_is_refused(write):
    with pytest.raises(TypeError):
        write(0.1)


def test_a_number_keeps_the_decimals_it_came_with():
    assert [ui.grouped("18620.00"), ui.grouped(1234567), ui.grouped("甲")] == ["18,620.00", "1,234,567", "甲"]


def test_a_day_is_the_local_day_of_a_moment():
    late = datetime(2026, 11, 22, 16, 30, tzinfo=UTC)  # 00:30 the next day in Shanghai
    assert ui.day(date(2026, 11, 23)) == "2026-11-23"
    assert ui.moment(late) == "2026-11-23 00:30"


@pytest.mark.parametrize(
    ("code", "colour", "mark"),
    [
        ("GREEN", "green", "●"),
        ("YELLOW", "yellow", "▲"),
        ("RED", "red", "■"),
        ("PAUSED", "blue", "‖"),
        (None, "grey", "○"),
    ],
)
def test_a_light_carries_its_shape_as_well_as_its_colour(code, colour, mark):
    html = rendered("{% light code %}", code=code)
    assert f"light-{colour}" in html
    assert f'aria-hidden="true">{mark}<' in html


def test_a_light_speaks_its_own_words_where_given():
    assert "剩余 2 个工作日" in rendered('{% light "YELLOW" "剩余 2 个工作日" %}')


def test_a_light_has_a_word_in_chinese():
    with translation.override("zh-hans"):
        assert "超期" in rendered('{% light "RED" %}')


def test_a_state_chip_shows_the_given_label_escaped():
    html = rendered("{% state code label %}", code="ISSUED", label="<批复>")
    assert html == '<span class="chip chip-success">&lt;批复&gt;</span>'


def test_a_state_chip_takes_the_label_of_an_enumeration_member():
    html = rendered("{% state member %}", member=SimpleNamespace(value="SUPPLEMENT", label="补充资料"))
    assert html == '<span class="chip chip-stopped">补充资料</span>'


def test_a_query_replaces_and_removes_parameters_and_keeps_the_others():
    assert rendered("{% query page=3 kind=None %}", path="/?q=a&page=2&kind=EST") == "?q=a&amp;page=3"


def test_a_sorted_column_says_so_and_its_link_turns_the_order():
    ascending = rendered('{% sort_head "due" "期限" %}', path="/?sort=due&page=4")
    assert 'aria-sort="ascending"' in ascending
    assert 'href="?sort=-due"' in ascending
    assert "aria-sort" not in rendered('{% sort_head "due" "期限" %}', path="/?sort=name")


class AmountForm(forms.Form):
    amount = forms.CharField(label="金额", help_text="到分", required=True)


def test_a_field_links_its_label_help_and_error():
    html = rendered("{% field form.amount unit='元' %}", form=AmountForm({"amount": ""}))
    assert 'for="id_amount"' in html
    assert 'aria-invalid="true"' in html
    for described in ("id_amount_helptext", "id_amount_error"):
        assert f'id="{described}"' in html
        assert described in html.split("aria-describedby")[1]
    assert "<span>元</span>" in html


def test_a_move_that_is_not_possible_stays_visible_with_its_reasons():
    problem = SimpleNamespace(message="缺勘察报告")
    html = rendered('{% move_button "送评审" "/go/" reasons=reasons %}', reasons=[problem, "未签字"])
    assert "送评审" in html
    assert 'aria-disabled="true"' in html
    assert html.index("缺勘察报告") < html.index("未签字")
    assert "<form" not in html


def test_a_possible_move_posts_with_a_token_and_asks_first():
    html = rendered(
        '{% move_button "批复" "/go/" confirm="批复" confirm_project=name confirm_amount="6,823.26 万元" %}',
        name="葵湾中心小学",
        csrf_token="token-1",
    )
    assert 'method="post" action="/go/"' in html
    assert "token-1" in html
    assert 'data-pt-confirm-project="葵湾中心小学"' in html
    assert 'data-pt-confirm-amount="6,823.26 万元"' in html


def test_page_numbers_show_gaps_as_none():
    assert ui.page_numbers(Paginator(range(873), 20).page(7)) == [1, None, 5, 6, 7, 8, 9, None, 44]


def test_remaining_days_are_words():
    with translation.override("zh-hans"):
        assert [ui.days_left(6), ui.days_left(0), ui.days_left(-2)] == [
            "剩余 6 个工作日",
            "今日到期",
            "超期 2 个工作日",
        ]


def test_a_role_is_written_by_its_name():
    assert ui.role("WINDOW") == str(Role.WINDOW.label)
    assert ui.role("UNKNOWN") == "UNKNOWN"


def test_a_chart_carries_its_figures_in_a_table():
    data = {"labels": ["概算"], "series": [{"name": "申报", "values": ["126340.80"]}]}
    html = rendered(
        '{% include "web/components/chart.html" with kind="bar" id="c" title="T" data=data only %}', data=data
    )
    assert "126,340.80" in html
    assert '<script id="c" type="application/json">' in html


@pytest.mark.parametrize(("value", "written"), [(1234.5, "1,234.5"), (-1.25, "-1.25"), (-0.0, "0"), (-0.0004, "0")])
def test_a_measure_never_shows_a_negative_nothing(value, written):
    assert bim_ui.measure(value) == written
