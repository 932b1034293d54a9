"""Project codes: shape, schemes and the check digit of §5."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from projects.rules.project_code import CodeScheme, check_digit, generate, parse, read

GENUINE = (
    "2308-440113-04-01-941363",
    "2310-440113-04-01-884150",
    "2301-440113-04-01-997802",
    "2304-440113-04-01-357555",
    "2408-440114-18-01-407940",
)
DEMO = ("2611-440399-04-01-000016", "2611-440399-04-01-000024", "2611-440399-04-01-000872")


def digits(length):
    return st.text("0123456789", min_size=length, max_size=length)


months = st.builds(lambda year, month: f"{year:02d}{month:02d}", st.integers(21, 99), st.integers(1, 12))
new_codes = st.builds(generate, months, digits(6), digits(2), digits(2), digits(5))


@pytest.mark.parametrize("text", GENUINE + DEMO)
def test_genuine_codes_read_without_a_warning(text):
    reading = read(text)
    assert reading.problems == () and reading.warnings == ()
    assert reading.code.scheme is CodeScheme.GBT40058
    assert reading.code.text == text and len(text) == 24


@pytest.mark.parametrize("text", GENUINE + DEMO)
def test_a_genuine_code_is_made_again_from_its_groups(text):
    period, region, third, kind, serial = text.split("-")
    assert generate(period, region, third, kind, serial[:5]) == text


def test_the_groups_are_told_apart():
    code = read("2408-440114-18-01-407940").code
    assert (code.period, code.region, code.third, code.kind, code.serial) == ("2408", "440114", "18", "01", "407940")


def test_parsing_gives_the_code_or_nothing():
    assert parse("2308-440113-04-01-941364").scheme is CodeScheme.GBT40058
    assert parse("2308-440113") is None


def test_a_wrong_check_digit_only_warns_and_can_be_switched_off():
    wrong = "2308-440113-04-01-941364"
    assert read(wrong).code is not None and read(wrong).problems == ()
    assert read(wrong).warnings == ("project_code.check_digit",)
    assert read(wrong, verify_check_digit=False).warnings == ()


@pytest.mark.parametrize("text", ["2016-440399-05-01-000012", "2015-440303-78-01-100234", "2020-440307-48-03-01234"])
def test_legacy_codes_are_accepted_without_a_check_digit(text):
    reading = read(text)
    assert reading.code.scheme is CodeScheme.LEGACY2016
    assert reading.problems == () and reading.warnings == ()


@pytest.mark.parametrize(
    ("period", "scheme"),
    [
        ("2011", CodeScheme.GBT40058),  # November 2020, not the year 2011
        ("2012", CodeScheme.GBT40058),
        ("2101", CodeScheme.GBT40058),
        ("2015", CodeScheme.LEGACY2016),
        ("2020", CodeScheme.LEGACY2016),
        ("2014", CodeScheme.LOCAL),
        ("2021", CodeScheme.LOCAL),
        ("2300", CodeScheme.LOCAL),
        ("1916", CodeScheme.LOCAL),
    ],
)
def test_the_first_group_decides_the_scheme(period, scheme):
    assert read(f"{period}-440399-04-01-000016").code.scheme is scheme


def test_a_local_code_is_kept_with_a_warning():
    assert read("2300-440399-04-01-000016").warnings == ("project_code.scheme_unknown",)


def test_a_month_before_november_2020_is_doubted():
    assert "project_code.before_scheme" in read("2010-440399-04-01-000016").warnings
    assert "project_code.before_scheme" not in read("2011-440399-04-01-000016").warnings


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2308-440113-04-01-94136",  # the new scheme has no five-digit form
        "2308-440113-04-01-9413633",
        "2308-44011-04-01-941363",
        "23084401130401941363",
        "2308-440113-04-01-94136X",
        "2308_440113_04_01_941363",
        "٢٣٠٨-440113-04-01-941363",
        "2308-440113-04-01-941363\n2308",
    ],
)
def test_anything_else_is_not_a_project_code(text):
    reading = read(text)
    assert reading.code is None and reading.problems == ("project_code.format",)


@pytest.mark.parametrize(
    "text",
    [" 2308-440113-04-01-941363 ", "２３０８－４４０１１３－０４－０１－９４１３６３", "2308—440113—04—01—941363"],
)
def test_full_width_digits_and_other_dashes_are_understood(text):
    assert read(text).code.text == "2308-440113-04-01-941363"


@pytest.mark.parametrize(
    "groups",
    [
        ("2613", "440399", "04", "01", "00001"),
        ("261", "440399", "04", "01", "00001"),
        ("2611", "440399", "4", "01", "00001"),
        ("2611", "440399", "04", "01", "000016"),
        ("2611", "44039x", "04", "01", "00001"),
    ],
)
def test_a_code_is_not_made_from_impossible_groups(groups):
    with pytest.raises(ValueError):
        generate(*groups)


@given(new_codes)
def test_every_made_code_reads_back_without_a_warning(text):
    reading = read(text)
    assert reading.code.text == text and reading.warnings == ()


@given(new_codes, st.integers(0, 19), st.integers(1, 9))
def test_any_single_wrong_digit_is_noticed(text, position, shift):
    plain = list(text.replace("-", ""))
    plain[position] = str((int(plain[position]) + shift) % 10)
    assert check_digit("".join(plain[:-1])) != plain[-1]
