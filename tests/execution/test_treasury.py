"""Results of the treasury: each row books one payment or says why not; a file taken in twice changes nothing."""

import io
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse
from openpyxl import Workbook

from core import clock
from core.errors import NotPermitted, RuleViolation
from core.models import TraceEntry
from execution import treasury_file
from execution.models import Payment, TreasuryImport
from execution.services import treasury
from tests.support import building_site as site
from tests.support.api_client import Api, ok, refused
from tests.support.cast import Cast, make_cast

pytestmark = pytest.mark.django_db
HEAD = "支付编号,合同编号,金额（元）,国库支付编号,支付日期"


@pytest.fixture
def cast() -> Cast:
    return make_cast()


def approved(cast: Cast, amount: str = "100.00", **values: Any) -> Payment:
    return site.approved(cast, site.applied(cast, site.payable(cast), amount, **values))


def a_csv(*rows: str, head: str = HEAD, encoding: str = "utf-8") -> bytes:
    return "\r\n".join([head, *rows]).encode(encoding)


def take(cast: Cast, content: bytes, name: str = "结果.csv", actor: Any = None) -> TreasuryImport:
    return treasury.take_in(io.BytesIO(content), name=name, actor=actor or cast.fang)


def outcomes(done: TreasuryImport) -> list[str]:
    return [row["outcome"] for row in done.result]


def test_rows_that_fit_are_booked_and_all_others_say_why(cast: Cast) -> None:
    good, less, early = approved(cast), approved(cast), approved(cast)
    draft = site.applied(cast, site.payable(cast), "100.00")
    today, yesterday = clock.today(), clock.today() - timedelta(days=1)
    done = take(
        cast,
        a_csv(
            f"{good.no},{good.contract.no},100.00,GK-1,{today}",
            f"{less.no},,\"99.99\",GK-2,{today}",
            f"{early.no},,100,GK-3,{yesterday}",
            f"{draft.no},,100,GK-4,{today}",
            f"ZF-0000,,100,GK-5,{today}",
            f"{less.no},,100,GK-1,{today}",
            ",,viel,,bald",
        ),
    )  # fmt: skip
    assert outcomes(done) == ["PAID", "MISMATCH", "REFUSED", "REFUSED", "UNKNOWN", "REFUSED", "UNREADABLE"]
    assert [row["row"] for row in done.result] == [2, 3, 4, 5, 6, 7, 8]
    good.refresh_from_db()
    assert (good.state, good.treasury_no, good.paid_on) == ("PAID", "GK-1", today)
    assert set(Payment.objects.exclude(pk=good.pk).values_list("state", flat=True)) == {"FINANCE_APPROVED", "DRAFT"}
    words = [row["words"] for row in done.result]
    assert "99.99" in words[1]
    assert "100.00" in words[1]
    assert good.no in words[5], "the treasury number is taken"
    assert words[6].count("支付编号") == 2
    entry = TraceEntry.objects.get(verb="execution.payment.results_taken_in")
    assert (entry.facts["PAID"], entry.facts["REFUSED"], entry.facts["sha256"]) == (1, 3, done.file.sha256)


def test_a_file_taken_in_twice_books_nothing_twice(cast: Cast) -> None:
    payment = approved(cast)
    content = a_csv(f"{payment.no},,100.00,GK-1,{clock.today()}")
    assert outcomes(take(cast, content)) == ["PAID"]
    payment.refresh_from_db()
    version = payment.version
    assert outcomes(take(cast, content)) == ["KNOWN"]
    payment.refresh_from_db()
    assert payment.version == version
    other = a_csv(f"{payment.no},,100.00,GK-2,{clock.today()}", f"{payment.no},,100.01,GK-1,{clock.today()}")
    assert outcomes(take(cast, other)) == ["MISMATCH", "MISMATCH"]
    assert TreasuryImport.objects.count() == 3, "every file is kept with what came of it"


def test_one_number_under_two_contracts_needs_the_contract(cast: Cast) -> None:
    first, second = approved(cast, no="1"), approved(cast, no="1")
    done = take(
        cast, a_csv(f"1,,100.00,GK-1,{clock.today()}", f"1,{second.contract.no},100.00,GK-2,{clock.today()}")
    )  # fmt: skip
    assert outcomes(done) == ["UNKNOWN", "PAID"]
    assert Payment.objects.get(pk=first.pk).state == "FINANCE_APPROVED"


def a_book(*rows: tuple[Any, ...]) -> bytes:
    book = Workbook()
    sheet = book.active
    sheet.append(["国库集中支付结果"])
    sheet.append(["支付编号", "金额（元）", "国库支付编号", "支付日期", "备注"])
    for row in rows:
        sheet.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def test_a_workbook_is_read_with_its_own_dates_and_binary_fractions(cast: Cast) -> None:
    payment = approved(cast, "21672.59")
    content = a_book((payment.no, 21672.590000000004, 20261123001, clock.today(), "x"), (None,) * 5)
    done = take(cast, content, "结果.xlsx")
    assert outcomes(done) == ["PAID"]
    assert Payment.objects.get().treasury_no == "20261123001"


@pytest.mark.parametrize("written", ["2026-11-23", "2026/11/23", "2026.11.23", "20261123", "2026年11月23日"])
def test_days_are_read_as_they_are_written_and_old_chinese_files_too(written: str) -> None:
    rows = treasury_file.read(a_csv(f'甲-1,,"1,000.50",GK-1,{written}', encoding="gb18030"))
    assert [(row.no, row.amount, str(row.paid_on), row.faults) for row in rows] == [
        ("甲-1", Decimal("1000.50"), "2026-11-23", ()),
    ]  # fmt: skip


HOSTILE = {
    "a.exe": (b"MZ", "file.kind"),
    "empty.csv": (b"", "file.empty"),
    "no_head.csv": (b"a,b\r\n1,2", "treasury.no_head"),
    "only_head.csv": (HEAD.encode(), "treasury.empty"),
    "binary.csv": (b"\x00\x01\x02\xff" * 9, "file.damaged"),
    "not.xlsx": (b"PK\x03\x04nonsense", "file.damaged"),
    "text.xlsx": (b"hello", "file.content"),
    "long.csv": (a_csv(*["1,,1,1,2026-01-01"] * 5001), "treasury.too_long"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_file_that_is_none_is_refused_as_a_whole(cast: Cast, name: str) -> None:
    content, code = HOSTILE[name]
    with pytest.raises(RuleViolation) as caught:
        take(cast, content, name)
    assert [problem.code for problem in caught.value.problems] == [code]
    assert not TreasuryImport.objects.exists()


@pytest.mark.parametrize(
    "cell", ["长" * 6000, "1e400", "-1", "9" * 5000, "=1+1", "²", "NaN", "9999-12-31", "0000-00-00"]
)
def test_hostile_cells_become_rows_with_a_reason(cast: Cast, cell: str) -> None:
    payment = approved(cast)
    good = [payment.no, payment.contract.no, "100.00", "GK-1", str(clock.today())]
    rows = [",".join([*good[:n], cell, *good[n + 1 :]]) for n in range(5)]
    done = take(cast, a_csv(*rows))
    assert len(done.result) == 5
    assert outcomes(done).count("PAID") <= 1, "only an odd treasury number may pass"
    assert all(row["words"] for row in done.result if row["outcome"] not in treasury.DONE)


def test_only_finance_takes_results_in(cast: Cast) -> None:
    for person in ("lin", "lei", "wu", "zhao", "qian", "su", "root"):
        with pytest.raises(NotPermitted):
            take(cast, a_csv("1,,1,1,2026-01-01"), actor=cast.actors[person])


def test_the_command_says_every_row_and_fails_where_one_is_open(cast: Cast, tmp_path: Path, capsys: Any) -> None:
    payment = approved(cast)
    file = tmp_path / "结果.csv"
    file.write_bytes(a_csv(f"{payment.no},,100.00,GK-1,{clock.today()}"))
    call_command("import_treasury", str(file), "--as", "fang")
    assert f"2: {payment.no} 100.00 PAID" in capsys.readouterr().out
    file.write_bytes(a_csv(f"ZF-0,,100.00,GK-1,{clock.today()}"))
    with pytest.raises(CommandError):
        call_command("import_treasury", str(file), "--as", "fang")
    assert "ZF-0 100.00 UNKNOWN" in capsys.readouterr().out
    for person in ("lin", "nobody"):
        with pytest.raises(CommandError):
            call_command("import_treasury", str(file), "--as", person)


def test_finance_takes_a_file_in_on_its_page(cast: Cast, client: Any) -> None:
    payment = approved(cast)
    client.force_login(cast.fang.user)
    url = reverse("web:treasury")
    assert payment.no in client.get(url).content.decode()
    assert client.post(url).status_code == 422
    wrong = io.BytesIO(b"MZ")
    wrong.name = "x.exe"
    assert client.post(url, {"file": wrong}).status_code == 422
    file = io.BytesIO(a_csv(f"{payment.no},,100.00,GK-1,{clock.today()}", f"ZF-0,,1,GK-2,{clock.today()}"))
    file.name = "结果.csv"
    answer = client.post(url, {"file": file})
    done = TreasuryImport.objects.get()
    assert answer.url == done.get_absolute_url()
    page = client.get(answer.url).content.decode()
    assert "ZF-0" in page
    assert payment.no in page
    listed = client.get(url).content.decode()
    assert done.file.name in listed
    assert client.get(reverse("web:treasury_template")).content.decode("utf-8-sig").strip() == HEAD
    client.force_login(cast.lin.user)
    for address in (url, done.get_absolute_url()):
        assert client.get(address).status_code == 403


def test_results_over_http(cast: Cast) -> None:
    payment = approved(cast)
    fang = Api(cast.fang)
    file = io.BytesIO(a_csv(f"{payment.no},,100.00,GK-1,{clock.today()}"))
    file.name = "r.csv"
    done = ok(fang.upload("treasury/imports/", file=file))
    assert [(row["outcome"], row["amount"], row["payment"]) for row in done["rows"]] == [("PAID", "100.00", payment.pk)]
    assert ok(fang.get(f"treasury/imports/{done['id']}/"))["counts"] == {"PAID": 1}
    assert [row["name"] for row in ok(fang.get("treasury/imports/"))["results"]] == ["r.csv"]
    for person in ("lin", "wu", "root"):
        refused(Api(cast.actors[person]).get("treasury/imports/"), 403)
        refused(Api(cast.actors[person]).get(f"treasury/imports/{done['id']}/"), 403)
