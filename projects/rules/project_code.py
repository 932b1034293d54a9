"""Reading and making project codes 项目代码 (§5, R-CODE-02, R-CODE-03, R-CODE-04)."""

import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum

SHAPE = re.compile(r"(\d{4})-(\d{6})-(\d{2})-(\d{2})-(\d{5,6})", re.ASCII)
DASHES = str.maketrans(dict.fromkeys("‐‑‒–—―−﹣－", "-"))
NEW_SCHEME_STARTS = "2011"
LEGACY_YEARS = range(2015, 2021)


class CodeScheme(StrEnum):
    """Which rule book a code was issued under."""

    GBT40058 = "GBT40058"
    LEGACY2016 = "LEGACY2016"
    LOCAL = "LOCAL"


@dataclass(frozen=True)
class ProjectCode:
    """A code taken apart. `third` is the guidance department, or the industry in a legacy code."""

    text: str
    scheme: CodeScheme
    period: str
    region: str
    third: str
    kind: str
    serial: str


@dataclass(frozen=True)
class CodeReading:
    """What a text says: the code if it has the shape of one, what forbids it, and what only deserves a look.

    `problems` and `warnings` hold stable codes such as `project_code.check_digit`.
    """

    code: ProjectCode | None
    problems: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()


def check_digit(digits: str) -> str:
    """The ISO 7064 MOD 11,10 check digit of a run of digits (R-CODE-03)."""
    product = 10
    for digit in digits:
        product = (product + int(digit)) % 10 or 10
        product = product * 2 % 11
    return str((11 - product) % 10)


def read(text: str, *, verify_check_digit: bool = True) -> CodeReading:
    """Reads what a person typed or pasted: full-width digits and any kind of dash are understood.

    Problems: `project_code.format`. Warnings: `project_code.check_digit` (switchable, R-CODE-03),
    `project_code.before_scheme` (a month before November 2020), `project_code.scheme_unknown`.
    """
    plain = unicodedata.normalize("NFKC", text.translate(DASHES)).strip()
    match = SHAPE.fullmatch(plain)
    if match is None:
        return CodeReading(None, problems=("project_code.format",))
    period, region, third, kind, serial = match.groups()
    scheme = scheme_of(period)
    if scheme is CodeScheme.GBT40058 and len(serial) != 6:
        return CodeReading(None, problems=("project_code.format",))
    code = ProjectCode(plain, scheme, period, region, third, kind, serial)
    return CodeReading(code, warnings=tuple(_warnings(code, verify_check_digit)))


def parse(text: str) -> ProjectCode | None:
    """The code, warnings aside; None where the text does not have the form of one."""
    return read(text).code


def scheme_of(period: str) -> CodeScheme:
    """Tells the schemes apart by the first group: a month in digits 3–4, or a year 2015–2020 (R-CODE-04)."""
    if 1 <= int(period[2:]) <= 12:
        return CodeScheme.GBT40058
    if int(period) in LEGACY_YEARS:
        return CodeScheme.LEGACY2016
    return CodeScheme.LOCAL


def _warnings(code: ProjectCode, verify_check_digit: bool) -> list[str]:
    if code.scheme is CodeScheme.LOCAL:
        return ["project_code.scheme_unknown"]
    if code.scheme is CodeScheme.LEGACY2016:
        return []
    found = []
    if code.period < NEW_SCHEME_STARTS:
        found.append("project_code.before_scheme")
    digits = code.text.replace("-", "")
    if verify_check_digit and check_digit(digits[:-1]) != digits[-1]:
        found.append("project_code.check_digit")
    return found


def generate(yymm: str, region: str, department: str, kind: str, serial: str) -> str:
    """A code of the present scheme from its groups; `serial` has five digits, the sixth is the check digit.

    ValueError if a group has the wrong length or is not made of digits, or if `yymm` names no month.
    """
    for group, length in ((yymm, 4), (region, 6), (department, 2), (kind, 2), (serial, 5)):
        if not re.fullmatch(rf"\d{{{length}}}", group, re.ASCII):
            raise ValueError(f"{group!r} is not {length} digits")
    if scheme_of(yymm) is not CodeScheme.GBT40058:
        raise ValueError(f"{yymm!r} is not a year and a month")
    last = check_digit(yymm + region + department + kind + serial)
    return f"{yymm}-{region}-{department}-{kind}-{serial}{last}"
