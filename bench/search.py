"""The search for Chinese substrings among 2,000 projects, and among 200,000."""

from collections.abc import Iterator
from itertools import islice, product

from bench import rows
from bench.inbox import START
from bench.measure import Line, best
from projects import search as spelling
from projects import selectors
from tests.support.cast import Cast

FEW, MANY = 2_000, 200_000
PLACES = (
    "葵湾",
    "鹏山",
    "南屿",
    "东屿",
    "石涧",
    "沙涌",
    "坝前",
    "环湾",
    "滨海",
    "龙岐",
    "官湖",
    "土洋",
    "水头",
    "王母",
    "布新",
)
KINDS = ("小学", "幼儿园", "医院门诊楼", "市政道路", "污水管网", "河道综合整治", "水库除险加固", "海堤修复", "公园", "消防站",
         "边坡治理", "垃圾转运站", "文体中心", "档案库房", "物资仓库", "雨污分流", "绿道", "照明提升", "监控系统", "停车楼")  # fmt: skip
ENDS = ("新建工程", "改造工程", "扩建工程", "装修工程", "提升工程")
# Found in every name, in one of a hundred, in one alone.
TERMS = {
    "two characters, everywhere": "工程",
    "two characters, in some": "葵湾",
    "a name": "石涧停车楼",
    "a number": "第1999号",
}


def run(cast: Cast) -> Iterator[Line]:
    seed(range(START, START + FEW))
    few = {words: best(lambda term=term: find(cast, term), 10) for words, term in TERMS.items()}
    seed(range(START + FEW, START + MANY))
    for words, term in TERMS.items():
        many = best(lambda term=term: find(cast, term), 10)
        yield Line("search", f"{words}, in {MANY:,} projects", f"in {FEW:,} projects", many, few[words])


def find(cast: Cast, term: str) -> None:
    assert selectors.search(cast.fang, term).rows


def seed(numbers: range) -> None:
    """Names and their pairs of characters for projects that are there already."""
    names = {n: spelling.fold(f"{stem}第{n - START}号") for n, stem in zip(numbers, stems(numbers), strict=True)}
    rows.insert("projects_searchtext", ("project_id", "kind", "text"), ((n, "name", name) for n, name in names.items()))
    grams = sorted((gram, n) for n, name in names.items() for gram in spelling.grams(name))
    rows.insert("projects_searchgram", ("gram", "project_id"), grams)
    rows.settle()


def stems(numbers: range) -> Iterator[str]:
    known = ["".join(parts) for parts in product(PLACES, KINDS, ENDS)]
    return islice((known[n % len(known)] for n in numbers), len(numbers))
