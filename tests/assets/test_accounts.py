"""The final account: filled from the books, balanced, submitted, approved with reduction."""

import io
import subprocess
from datetime import timedelta
from decimal import Decimal

import openpyxl
import pytest
from django.core.management import CommandError, call_command
from django.db import transaction

from approvals.services import costs, materials, moves
from approvals.services.costs import ReviewedLine
from assets import accounting, deadlines, findings, holdings
from assets.machines import FINAL_ACCOUNTS
from assets.models import FinalAccount
from assets.rules.forms_layout import FORMS
from assets.rules.forms_model import Ref
from assets.services import accounts, book, declaring
from assets.services.accounts import CellEntry, DeferredRow, TailRow
from core import clock, rulebook
from core.errors import NotFound, NotPermitted, RuleViolation
from core.models import TraceEntry
from execution.services.machine import situation
from projects.models import Project
from projects.services import moves as project_moves
from projects.services.gates import Ruling, open_gate
from projects.states import Gate
from tests.support import account as closing
from tests.support import books, lives, works
from tests.support.cast import make_cast
from tests.support.lives import PDF

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast():
    return make_cast()


def found(account):
    return findings.balance_findings(account, rulebook.on(clock.today()))


def pdf_text(content):
    return subprocess.run(
        ["pdftotext", "-layout", "-", "-"], input=content, capture_output=True, check=True
    ).stdout.decode()


def test_an_account_is_filled_from_contracts_releases_and_assets(cast):
    account = closing.an_account(cast)
    forms = holdings.forms_of(account)
    assert forms.amount("01.works.actual") == Decimal("8600000.00")
    assert forms.amount("01.total.approved") == Decimal("12000000.00")
    assert forms.amount("03.total.received") == Decimal("9000000.00")
    assert forms.amount("04.total.total") == forms.amount("05.total.amount") == Decimal("8600000.00")
    assert forms.amount("02.cash.amount") == Decimal("9000000.00")
    assert forms.amount("02.payables.amount") == Decimal("8600000.00")
    assert found(account) == []


@pytest.mark.parametrize("is_ended", [True, False])
def test_what_is_paid_or_settled_below_the_contract_takes_from_every_head_its_share(cast, is_ended):
    project = closing.closing(cast)
    contract = project.contracts.get()
    contract.lines.update(amount=Decimal("6000000.00"))
    contract.lines.create(position=2, name="电梯", cost_code="1.1.3", amount=Decimal("2600000.00"))
    if is_ended:
        works.do(contract, "terminate", cast.lei, reason="解除")
        books.a_payment(cast, contract, "860000.00")
    else:
        books.settled(cast, contract, "860000.00")
    forms = holdings.forms_of(accounts.open_account(project.pk, actor=cast.lin))
    assert forms.amount("01.works.actual") == Decimal("600000.00")
    assert forms.amount("01.equipment.actual") == Decimal("260000.00")
    assert forms.amount("01.total.actual") == Decimal("860000.00")


def test_a_wrong_asset_names_the_two_cells_and_keeps_the_account_from_being_compiled(cast):
    account = closing.imbalanced(cast)
    told = {(row.rule, row.left.ref, row.right.ref): row.imbalance for row in found(account)}
    broken = told["R-FA-02", ("01", "total", "actual"), ("02", "formed", "amount")]
    assert (broken.left_amount, broken.right_amount) == (Decimal("8600000.00"), Decimal("8500000.00"))
    assert {rule for rule, _left, _right in told} == {"R-FA-01", "R-FA-02", "R-FA-05"}
    with pytest.raises(RuleViolation) as refusal:
        closing.do(account, "compile", cast.lin)
    assert len(refusal.value.problems) == len(told), "all at once"
    assert "100,000.00" in str(refusal.value)
    accounts.write_cells(
        account.pk, actor=cast.lin, form="01", entries=[CellEntry("works", "actual", "8,500,000")], reason="体育馆核减"
    )
    assert closing.do(account, "compile", cast.lin).state == "COMPILED"


def test_a_figure_of_the_system_is_written_over_only_with_a_reason(cast):
    account = closing.an_account(cast)
    entries = [
        CellEntry("works", "actual", "1.00"),
        CellEntry("total", "actual", "1.00"),
        CellEntry("other", "actual", "x"),
        CellEntry("equipment", "actual", "-0.01"),
    ]
    with pytest.raises(RuleViolation) as refusal:
        accounts.write_cells(account.pk, actor=cast.lin, form="01", entries=entries)
    assert [problem.code for problem in refusal.value.problems] == [
        "account.reason",
        "account.cell",
        "unreadable",
        "negative",
    ]
    assert not account.cells.exists()
    accounts.write_cells(account.pk, actor=cast.lin, form="00", entries=[CellEntry("legal_person", "value", "王立")])
    assert account.cells.get().text == "王立", "what only people know needs no reason"
    accounts.write_cells(account.pk, actor=cast.lin, form="00", entries=[CellEntry("legal_person", "value", "")])
    assert not account.cells.exists()


def test_deferred_costs_are_spread_over_the_assets_to_the_fen(cast):
    account = closing.an_account(cast)
    rows = [
        DeferredRow(19, "项目建设管理费", Decimal("100000.01"), "凭证1"),
        DeferredRow(38, "存款利息", Decimal("0.02"), "对账单"),
    ]
    accounts.keep_deferred(account.pk, actor=cast.lin, rows=rows)
    forms = holdings.forms_of(account)
    assert forms.amount("06.total.amount") == Decimal("99999.99")
    assert forms.amount("01.management.actual") == Decimal("100000.01")
    shares = list(account.project.assets.order_by("no").values_list("allocated", flat=True))
    assert shares == [Decimal("58139.53"), Decimal("41860.46")], "the last bears the rounding cent"
    assert found(account) == []


def test_tail_works_are_at_most_a_twentieth_of_the_estimate(cast):
    account = closing.an_account(cast)
    accounts.keep_tails(account.pk, actor=cast.lin, rows=[TailRow("绿化", to_do=Decimal("600000.00"))])
    assert found(account) == [], "exactly five percent"
    accounts.keep_tails(account.pk, actor=cast.lin, rows=[TailRow("绿化", to_do=Decimal("600000.01"))])
    row = found(account)[0]
    assert (row.rule, row.left.ref, row.right.ref) == (
        "R-FA-09", ("01", "tail_total", "to_do"), ("01", "total", "approved"),
    )  # fmt: skip


def declared(cast, account):
    """Compiled, declared with every material, submitted; the item is accepted and with its first reviewer."""
    closing.do(account, "compile", cast.lin)
    item = declaring.declare(account.pk, actor=cast.lin)
    for slot in item.slots.all():
        if slot.necessity == "M" and slot.requirement.needs_file and not slot.current:
            materials.upload(item.pk, slot.pk, io.BytesIO(PDF), name=f"{slot.code}.pdf", actor=cast.lin)
        elif slot.necessity == "C" or (slot.requirement.gates and not slot.linked):
            materials.mark_not_applicable(item.pk, slot.pk, actor=cast.lin, reason="本项目不涉及")
    return item


def test_finance_approves_with_reduction_and_the_assets_are_booked_at_what_was_approved(cast):
    account = closing.an_account(cast)
    rows = [DeferredRow(19, "项目建设管理费", Decimal("100000.00"), "凭证1")]
    accounts.keep_deferred(account.pk, actor=cast.lin, rows=rows)
    item = declared(cast, account)
    assert item.declared_amount == Decimal("8700000.00")
    assert item.slots.get(code="I01").current.file.name.endswith(".pdf"), "the book is its statements"
    releases = [row.document_no for row in account.project.releases.all()]
    assert [link["document_no"] for link in item.slots.get(code="I04").linked] == releases != []
    with pytest.raises(RuleViolation) as refusal:
        moves.perform(item.pk, "submit", actor=cast.lei)
    assert refusal.value.code == "account.not_submitted"
    account = closing.do(account, "submit", cast.lei)
    moves.perform(item.pk, "submit", actor=cast.lei)
    moves.perform(item.pk, "accept", actor=cast.chen)
    moves.perform(item.pk, "assign", actor=cast.fxu, data={"officer": cast.fwu.user.pk})
    reviewed = {"1.1": "4900000.00", "2.19": "90000.00"}
    lines = [
        ReviewedLine(line.code, Decimal(reviewed.get(line.code, line.declared)), "多计", "UNIT_PRICE")
        for line in item.cost_lines.filter(is_leaf=True)
    ]
    costs.review_lines(item.pk, actor=cast.fwu, lines=lines)
    moves.perform(item.pk, "pass_first", actor=cast.fwu, data={"opinion": "拟同意"})
    moves.perform(item.pk, "pass_second", actor=cast.fxu, data={"opinion": "复核同意"})
    item = moves.perform(item.pk, "approve", actor=cast.fzhao)
    account.refresh_from_db()
    assert (account.state, account.approved_total) == ("APPROVED", Decimal("8590000.00"))
    assert account.document_no == item.document_no
    table = {row.code: row for row in accounting.Shown(account).reviewed}
    assert [row.declared for row in (table["1"], table["2.19"], table[""])] == [8600000, 100000, 8700000]
    assert [row.reviewed for row in (table["1"], table["2"], table[""])] == [8500000, 90000, 8590000]
    figure = account.project.latest_figure("ESTIMATE", "ADJUSTED").amount
    assert (table[""].estimate, table[""].above_estimate) == (figure, 8590000 - figure)
    assert table["1.1"].estimate is None, "the estimate knows no single asset"
    assets = list(account.project.assets.order_by("no"))
    assert [asset.direct for asset in assets] == [Decimal("4900000.00"), Decimal("3600000.00")]
    assert sum(asset.value for asset in assets) == account.approved_total
    project = Project.objects.get(pk=account.project_id)
    assert project.stage == "ASSET_HANDOVER"
    with pytest.raises(RuleViolation) as refusal:
        closing.do(account, "take_up_again", cast.lin, reason="复查")
    assert refusal.value.code == "account.stands"
    with transaction.atomic():
        FINAL_ACCOUNTS.perform_by_system(FinalAccount.objects.get(pk=account.pk), "release", actor=cast.fang, data={})
        costs_again = [asset.direct for asset in account.project.assets.order_by("no")]
        assert costs_again == [Decimal("5000000.00"), Decimal("3600000.00")], "no approval, no cut"
        assert found(FinalAccount.objects.get(pk=account.pk)) == []
        transaction.set_rollback(True)
    Project.objects.filter(pk=project.pk).update(stage="FINAL_ACCOUNT")
    project.gate_openings.update(closed_on=clock.today())
    account = closing.do(account, "take_up_again", cast.lin, reason="项目重新打开")
    assert (account.state, account.item, account.approved_total) == ("DRAFT", None, None)


def test_the_audit_report_is_held_where_the_audit_was_decided_here_or_the_project_is_exempt(cast):
    audited = works.taken_over(cast, "FINAL_ACCOUNT")
    open_gate(audited, Gate.AUDITED, Ruling(1, "鹏审〔2026〕7号", clock.today()), actor=cast.qian)
    report = lives.a_draft(cast, audited, "FA").slots.get(code="I02")
    assert (report.necessity, report.linked[0]["document_no"]) == ("M", "鹏审〔2026〕7号")
    exempt = works.taken_over(cast, "FINAL_ACCOUNT")
    exempt.stages.filter(stage="FINAL_AUDIT").update(status="SKIPPED_BY_RULE", reason="免审")
    assert lives.a_draft(cast, exempt, "FA").slots.get(code="I02").linked[0]["waived"] == "免审"
    elsewhere = lives.a_draft(cast, works.taken_over(cast, "FINAL_ACCOUNT"), "FA").slots.get(code="I02")
    assert elsewhere.linked == [], "taken over: uploaded, or said why not"


def test_an_item_that_ends_gives_the_account_back(cast):
    account = closing.an_account(cast)
    item = declared(cast, account)
    closing.do(account, "submit", cast.lei)
    moves.perform(item.pk, "submit", actor=cast.lei)
    moves.perform(item.pk, "withdraw", actor=cast.lei, data={"reason": "重新编制"})
    account.refresh_from_db()
    assert (account.state, account.item, account.holdings) == ("DRAFT", None, None)


def test_what_is_paid_after_the_compilation_changes_nothing(cast):
    account = closing.an_account(cast)
    closing.do(account, "compile", cast.lin)
    contract = account.project.contracts.get()
    contract.price += 1
    contract.save()
    account.refresh_from_db()
    assert holdings.forms_of(account).amount("01.works.actual") == closing.WORKS
    closing.do(account, "reopen", cast.lin)
    account.refresh_from_db()
    assert holdings.forms_of(account).amount("01.works.actual") == closing.WORKS + 1


def test_a_late_account_is_explained_and_an_extension_moves_the_deadline(cast):
    late = clock.today() - timedelta(days=120)
    account = closing.an_account(cast, completed_on=late)
    term = deadlines.term_of(account, situation())
    assert (term.light, term.days_left < 0) == ("RED", True)
    declared(cast, account)
    with pytest.raises(RuleViolation) as refusal:
        closing.do(account, "submit", cast.lei)
    assert [problem.code for problem in refusal.value.problems] == ["account.late"]
    with pytest.raises(RuleViolation) as refusal:
        closing.do(account, "extend", cast.fang, months=3, document_no="财函1号", reason="结算滞后")
    assert [problem.code for problem in refusal.value.problems] == ["account.extension"]
    account = closing.do(account, "extend", cast.fang, months=2, document_no="财函1号", reason="结算滞后")
    moved = deadlines.term_of(account, situation())
    assert moved.due_on > term.due_on
    assert account.due_on == moved.due_on, "the desks sort by it"
    assert closing.do(account, "submit", cast.lei).state == "SUBMITTED"


def test_only_the_unit_compiles_and_only_finance_returns(cast):
    project = closing.closing(cast)
    for stranger in (cast.sun, cast.lei, cast.wu, cast.fang, cast.qian):
        with pytest.raises((NotPermitted, NotFound)):
            accounts.open_account(project.pk, actor=stranger)
    account = closing.an_account(cast, project)
    with pytest.raises(NotPermitted):
        closing.do(account, "compile", cast.lei)
    with pytest.raises(NotPermitted):
        accounts.write_cells(account.pk, actor=cast.fang, form="01", entries=[])


def test_the_book_has_every_form_on_numbered_pages_and_one_sheet_each(cast):
    account = closing.an_account(cast)
    made = book.export(account.pk, "pdf", actor=cast.qian)
    text = pdf_text(made.content)
    for form in list(FORMS.values())[1:]:
        assert form.label.zh in text.replace(" ", "")
        assert form.code in text
    assert "1 / " in text
    workbook = openpyxl.load_workbook(io.BytesIO(book.export(account.pk, "xlsx", actor=cast.qian).content))
    assert len(workbook.sheetnames) == 10, "cover, narrative and eight forms"
    amounts = [cell.value for row in workbook["01 项目概况表"].iter_rows() for cell in row]
    assert 8600000 in amounts
    assert TraceEntry.objects.filter(verb="assets.final_account.exported").count() == 2


def test_a_long_name_never_runs_into_the_page_number_and_seals_never_stand_alone(cast):
    project = closing.closing(cast, name="鹏" * 100)
    closing.an_asset(cast, project, "8600000.00")
    for number in range(40):
        closing.an_asset(cast, project, "0.00", name=f"桌椅{number}", kind="OTHER_FIXED", shares_deferred=False)
    account = accounts.open_account(project.pk, actor=cast.lin)
    text = pdf_text(book.pdf(account))
    sheets = [page for page in text.split("\f") if page.strip()]
    for number, page in enumerate(sheets, 1):
        foot = page.strip().splitlines()[-1]
        assert "…（编制中，未定稿）" in foot, foot
        assert foot.endswith(f"— {number} / {len(sheets)} —")
        assert "盖章" not in page or "合计" in page or number == 1, "the last row goes with the seals"
    assert "主管部门（盖章）" in sheets[0]


def test_every_figure_of_the_forms_stands_in_the_workbook_beside_its_row(cast):
    account = closing.an_account(cast)
    accounts.keep_deferred(account.pk, actor=cast.lin, rows=[DeferredRow(19, "管理费", Decimal("100000.01"), "凭证1")])
    account.refresh_from_db()
    forms, compared = holdings.forms_of(account), 0
    workbook = openpyxl.load_workbook(io.BytesIO(book.xlsx(account)))
    for form in list(FORMS.values())[1:]:
        sheet = workbook[f"{form.number} {form.label.zh}"]
        printed = [[cell.value for cell in row] for row in sheet.iter_rows()]
        for section in form.sections:
            for line in forms.lines(form, section):
                figures = [cell.value for cell in line.cells if cell.exists and isinstance(cell.value, Decimal)]
                rows = [row[row.index(line.label.zh) :] for row in printed if line.label.zh in row]
                if not any(figures):  # kinds of assets there are none of are not printed
                    continue
                found = [[Decimal(str(value)) for value in row if isinstance(value, int | float)] for row in rows]
                assert any(row[: len(figures)] == figures for row in found), (form.code, line.label.zh)
                compared += len(figures)
    assert compared > 40


def test_the_contingency_of_the_estimate_is_said_beside_its_total_and_own_branches_find_their_heads(cast):
    project = works.taken_over(cast, "FINAL_ACCOUNT")
    item = books.broken_down(cast, project, "EST", {"1": "600.00", "3.1": "250.00", "5": "150.00"}, {"3": "征地拆迁"})
    item.cost_lines.filter(code="3").update(standard_code="2.01")
    item.cost_lines.filter(code="5").update(standard_code="3")
    forms = holdings.forms_of(accounts.open_account(project.pk, actor=cast.lin))
    assert forms.amount("01.works.approved") == Decimal("600.00")
    assert forms.amount("01.deferred.approved") == Decimal("250.00"), "its own branch 3 is no contingency"
    assert forms.value(Ref.of("01.total.note")) == "含预备费150.00元"


def test_a_single_project_of_a_large_one_files_its_own_account_and_agrees_with_the_whole(cast):
    project = closing.closing(cast, is_major=True)
    whole = closing.an_account(cast, project)
    rows = [DeferredRow(19, "项目建设管理费", Decimal("100.01"), "凭证1")]
    accounts.keep_deferred(whole.pk, actor=cast.lin, rows=rows)
    part = accounts.open_account(project.pk, actor=cast.lin, part="体育馆")
    forms = holdings.forms_of(part)
    assert forms.amount("01.works.actual") == Decimal("3600000.00")
    assert forms.amount("06.total.amount") == Decimal("41.86"), "its share of what all bear"
    own = [DeferredRow(26, "工程检测费", Decimal("8.14"), "凭证2")]
    accounts.keep_deferred(part.pk, actor=cast.lin, rows=own)
    assert list(project.assets.order_by("no").values_list("allocated", flat=True)) == [
        Decimal("58.15"), Decimal("50.00"),
    ]  # fmt: skip
    assert holdings.forms_of(whole).amount("06.total.amount") == Decimal("108.15")
    assert found(whole) == found(part) == []
    part = closing.do(part, "compile", cast.lin)
    card = project.assets.get(single_project="体育馆")
    card.direct += 1
    card.save()
    told = next(row for row in found(whole) if row.rule == "R-FA-08")
    assert (told.left.account_id, told.right.account_id) == (whole.pk, part.pk)
    assert told.imbalance.left_amount - told.imbalance.right_amount == 1
    part = closing.do(part, "submit", cast.lei)
    part = closing.do(part, "approve_directly", cast.fang, approved_total="3600041.00", document_no="财决〔2026〕3号")
    assert part.state == "APPROVED"
    assert sum(asset.value for asset in project.assets.filter(single_project="体育馆")) == Decimal("3600041.00")


def test_what_is_cut_of_a_single_project_is_cut_of_the_whole_and_stays_when_the_whole_is_approved(cast):
    project = closing.closing(cast, is_major=True)
    whole = closing.an_account(cast, project)
    common = [DeferredRow(19, "项目建设管理费", Decimal("100.01"), "凭证1")]
    accounts.keep_deferred(whole.pk, actor=cast.lin, rows=common)
    part = accounts.open_account(project.pk, actor=cast.lin, part="体育馆")
    own = [DeferredRow(26, "工程检测费", Decimal("8000.14"), "凭证2")]
    accounts.keep_deferred(part.pk, actor=cast.lin, rows=own)
    closing.do(whole, "compile", cast.lin)
    with pytest.raises(RuleViolation) as refusal:
        closing.do(whole, "submit", cast.lei)
    assert "account.parts_open" in {problem.code for problem in refusal.value.problems}
    closing.do(whole, "reopen", cast.lin)
    closing.do(closing.do(part, "compile", cast.lin), "submit", cast.lei)
    closing.do(part, "approve_directly", cast.fang, approved_total="3500000.00", document_no="财决〔2026〕3号")
    whole.refresh_from_db()
    assert found(whole) == [], "it follows what was approved of its part"
    assert holdings.forms_of(whole).amount("01.total.actual") == Decimal("8500058.15")
    values = {asset.name: asset.value for asset in project.assets.all()}
    assert values == {"教学楼1": Decimal("5000058.15"), "体育馆": Decimal("3500000.00")}
    item = declared(cast, whole)
    closing.do(whole, "submit", cast.lei)
    moves.perform(item.pk, "submit", actor=cast.lei)
    moves.perform(item.pk, "accept", actor=cast.chen)
    moves.perform(item.pk, "assign", actor=cast.fxu, data={"officer": cast.fwu.user.pk})
    rows = item.cost_lines.filter(is_leaf=True)
    reviewed = [ReviewedLine(line.code, line.declared, "核对一致", "UNIT_PRICE") for line in rows]
    costs.review_lines(item.pk, actor=cast.fwu, lines=reviewed)
    moves.perform(item.pk, "pass_first", actor=cast.fwu, data={"opinion": "拟同意"})
    moves.perform(item.pk, "pass_second", actor=cast.fxu, data={"opinion": "复核同意"})
    moves.perform(item.pk, "approve", actor=cast.fzhao)
    assert {asset.name: asset.value for asset in project.assets.all()} == values, "nothing cut, nothing moved"


def test_only_a_large_project_may_part_its_account(cast):
    project = closing.closing(cast)
    closing.an_asset(cast, project, "1.00")
    with pytest.raises(RuleViolation) as refusal:
        accounts.open_account(project.pk, actor=cast.lin, part="食堂")
    assert [problem.code for problem in refusal.value.problems] == ["account.part_not_major", "account.part_unknown"]


def test_what_a_terminated_project_spent_is_written_off_under_an_approval(cast):
    project = closing.closing(cast)
    project_moves.perform(project.pk, "terminate", actor=cast.dai, data={"reason": "停建", "document": "鹏府函1号"})
    account = accounts.open_account(project.pk, actor=cast.lin)
    assert holdings.forms_of(account).amount("07.sunk.amount") == closing.WORKS
    with pytest.raises(RuleViolation) as refusal:
        closing.do(account, "compile", cast.lin)
    assert [problem.code for problem in refusal.value.problems] == ["account.r_fa_06"]
    entries = [CellEntry("sunk", "approval", "鹏财函〔2026〕8号")]
    accounts.write_cells(account.pk, actor=cast.lin, form="07", entries=entries, reason="核销批复")
    closing.do(account, "compile", cast.lin)
    closing.do(account, "submit", cast.lei)
    with pytest.raises(RuleViolation) as refusal:
        closing.do(account, "approve_directly", cast.fang, approved_total="8600000.01", document_no="财决1号")
    assert [problem.code for problem in refusal.value.problems] == ["account.above_total"]
    account = closing.do(account, "approve_directly", cast.fang, approved_total="8600000.00", document_no="财决1号")
    assert (account.state, account.approved_on) == ("APPROVED", clock.today())


def test_finance_returns_an_account_and_it_is_compiled_again(cast):
    account = closing.an_account(cast)
    declared(cast, account)
    closing.do(account, "submit", cast.lei)
    account = closing.do(account, "return_account", cast.fang, reason="待摊投资依据不足")
    assert (account.state, account.holdings, account.submitted_on) == ("DRAFT", None, None)
    rows = [DeferredRow(19, "项目建设管理费", Decimal("10.00"), "凭证1")]
    accounts.keep_deferred(account.pk, actor=cast.lin, rows=rows)
    closing.do(account, "compile", cast.lin)
    with pytest.raises(RuleViolation) as refusal:
        closing.do(account, "submit", cast.lei)
    assert [problem.code for problem in refusal.value.problems] == ["account.item_amount"], "the item is declared anew"
    assert declaring.declare(account.pk, actor=cast.lin).pk == account.item_id
    assert closing.do(account, "submit", cast.lei).state == "SUBMITTED"


def test_the_book_is_written_from_the_command_line(cast, tmp_path):
    account = closing.an_account(cast)
    for ending, head in (("pdf", b"%PDF"), ("xlsx", b"PK")):
        target = tmp_path / f"book.{ending}"
        call_command("final_account_book", str(account.project_id), output=target)
        assert target.read_bytes().startswith(head)
    with pytest.raises(CommandError):
        call_command("final_account_book", "0", output=tmp_path / "book.pdf")
    with pytest.raises(CommandError):
        call_command("final_account_book", str(account.project_id), output=tmp_path / "book.doc")


def test_where_works_are_kept_here_an_item_without_an_account_is_refused(cast):
    project = closing.closing(cast)
    item = lives.fill_in(cast, lives.a_draft(cast, project, "FA"), "8600000.00")
    with pytest.raises(RuleViolation) as refusal:
        moves.perform(item.pk, "submit", actor=cast.lei)
    assert [problem.code for problem in refusal.value.problems] == ["account.missing"]
    elsewhere = lives.a_draft(cast, works.taken_over(cast, "FINAL_ACCOUNT"), "FA")
    assert moves.perform(lives.fill_in(cast, elsewhere).pk, "submit", actor=cast.lei).state == "SUBMITTED"
