"""The final account: opened, filled in cell by cell, deferred costs spread over the assets, moved, approved with reduction."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.actor import Actor
from accounts.policies import insist
from assets import deadlines, holdings
from assets.machines import FINAL_ACCOUNTS
from assets.models import AccountCell, DeferredCost, FinalAccount, TailWorks
from assets.policies import may_compile
from assets.rules.cost_heads import DEFERRED_LINES, TAKEN_OFF
from assets.rules.forms_model import Kind, Ref
from assets.rules.forms_reckoning import Cell
from assets.services.spreading import spread_costs
from assets.states import AccountState
from core import clock, locks, trace
from core.errors import Problem, RuleViolation, StaleState, require, together
from core.money import LARGEST, ZERO, size_problems
from execution.services.machine import situation
from projects.models import Project
from projects.states import MAIN_LINE, Stage

FIELDS = ("cut_off_on", "completed_on")
NARRATIVE = ("overview", "accounting", "surplus", "differences", "audit", "tail", "experience")
# Costs, funds and write-offs; balances, surplus and what is taken off deferred costs may be below nothing.
NEVER_NEGATIVE = frozenset({"01", "03", "07"})
LONGEST_TEXT = 500
LONGEST_NARRATIVE = 20_000


@dataclass(frozen=True)
class CellEntry:
    """What somebody typed into one cell; empty takes the writing back."""

    row: str
    column: str
    text: str


@dataclass(frozen=True)
class DeferredRow:
    """A deferred cost no contract holds: a line of form 06, what it is, yuan (38 and 39 are entered as they are taken
    off: positive), and the voucher or document it rests on."""

    line: int
    name: str
    amount: Decimal | None
    source: str = ""
    cost_code: str = ""


@dataclass(frozen=True)
class TailRow:
    name: str
    approved: Decimal | None = ZERO
    done: Decimal | None = ZERO
    to_do: Decimal | None = ZERO
    due_on: date | None = None


@transaction.atomic
def open_account(
    project_id: int,
    *,
    actor: Actor,
    cut_off_on: date | None = None,
    completed_on: date | None = None,
    part: str = "",
    faults: Sequence[Problem] = (),
) -> FinalAccount:
    """A final account being compiled, of the project or of one single project (`part`, R-FA-08). `completed_on` is the day
    the works were completed, the acceptance where nothing else is said. Raises RuleViolation with every reason."""
    project = locks.locked(Project.objects.visible_to(actor), project_id)
    insist(may_compile, actor, project)
    account = FinalAccount(
        project=project, part=part.strip(), cut_off_on=cut_off_on or clock.today(),
        completed_on=completed_on or project.accepted_on, created_by=actor.user, created_at=clock.now(),
    )  # fmt: skip
    require(together(faults, [*_opening_problems(account), *_date_problems(account)]))
    account.due_on = deadlines.term_of(account, situation()).due_on
    account.save()
    _record(account, "opened", actor, {"part": account.part, "on": account.cut_off_on})
    spread_costs(account)
    return account


def _opening_problems(account: FinalAccount) -> Iterable[Problem]:
    project = account.project
    earliest = Stage.CONSTRUCTION if account.part else Stage.ACCEPTANCE
    running = project.stage in MAIN_LINE and MAIN_LINE.index(project.stage) >= MAIN_LINE.index(earliest)
    if not running and project.stage != Stage.TERMINATED:
        message = _("The project is in “%(stage)s”: it is too early for a final account.")
        yield Problem("account.too_early", message % {"stage": project.get_stage_display()})
    if project.final_accounts.filter(part=account.part).exists():
        yield Problem("account.twice", _("This final account has been opened already."), "part")
    done = (AccountState.SUBMITTED, AccountState.APPROVED)
    if account.part and project.final_accounts.filter(part="", state__in=done).exists():
        yield Problem("account.whole_submitted", _("The account of the whole project is submitted already."), "part")
    if account.part and not project.is_major:
        words = _("Only large projects with long construction file final accounts of single projects.")
        yield Problem("account.part_not_major", words, "part")
    if account.part and not project.assets.filter(single_project=account.part).exists():
        yield Problem("account.part_unknown", _("No asset belongs to this single project."), "part")


def _date_problems(account: FinalAccount) -> Iterable[Problem]:
    if account.cut_off_on is None:
        yield Problem("required", _("The cut-off date is missing."), "cut_off_on")
        return
    if account.cut_off_on > clock.today():
        yield Problem("account.future", _("The cut-off date lies in the future."), "cut_off_on")
    if account.completed_on and account.completed_on > account.cut_off_on:
        yield Problem("account.completed_later", _("The works were completed after the cut-off date."), "completed_on")


@transaction.atomic
def amend(
    pk: int,
    *,
    actor: Actor,
    values: dict[str, Any],
    expected_version: int | None = None,
    faults: Sequence[Problem] = (),
) -> FinalAccount:
    """Corrects `cut_off_on`, `completed_on` and `narrative` (a text for each of NARRATIVE) while it is compiled."""
    account = _editable(pk, actor, expected_version)
    for name in FIELDS:
        if name in values:
            setattr(account, name, values[name])
    told = values.get("narrative", {})
    problems = [*_date_problems(account), *_narrative_problems(told)]
    require(together(faults, problems))
    account.narrative = {**account.narrative, **{name: text.strip() for name, text in told.items()}}
    account.due_on = deadlines.term_of(account, situation()).due_on
    _save(account)
    _record(account, "amended", actor, {**{name: values[name] for name in FIELDS if name in values}, "n": len(told)})
    return account


def _narrative_problems(told: Mapping[str, str]) -> Iterable[Problem]:
    for name, text in told.items():
        if name not in NARRATIVE:
            yield Problem("account.narrative", _("The narrative has no such part."), name)
        elif len(text) > LONGEST_NARRATIVE:
            yield Problem("too_long", _("At most %(n)s characters.") % {"n": LONGEST_NARRATIVE}, name)


@transaction.atomic
def write_cells(
    pk: int,
    *,
    actor: Actor,
    form: str,
    entries: Sequence[CellEntry],
    reason: str = "",
    expected_version: int | None = None,
    faults: Sequence[Problem] = (),
) -> FinalAccount:
    """Writes over cells of one form; an empty text gives a cell back to the system. What the system holds is written over
    only with a reason. Raises RuleViolation with every fault; `field` is `row.column`."""
    account = _editable(pk, actor, expected_version)
    before = holdings.forms_of(account)
    kept = {(cell.row, cell.column): cell for cell in account.cells.filter(form=form)}
    problems: list[Problem] = []
    changes: list[list[Any]] = []
    for entry in entries:
        ref = Ref(form, entry.row, entry.column)
        if not before.is_open(ref):
            problems.append(Problem("account.cell", _("This cell cannot be written."), f"{ref.row}.{ref.column}"))
            continue
        cell = before.cell(ref)
        value, unread = _read(cell, entry.text)
        problems += unread
        if unread or value == (cell.written.value if cell.written else None):
            continue
        if value is None or (value == cell.computed and not cell.is_typed):
            kept[entry.row, entry.column].delete() if (entry.row, entry.column) in kept else None
            if cell.written:
                changes.append([".".join(ref), cell.written.value, None])
            continue
        if cell.needs_reason and not reason.strip():
            words = _("“%(row)s”: say why the figure of the system does not hold.")
            problems.append(Problem("account.reason", words % {"row": before.label_of(ref).zh}, "reason"))
            continue
        _keep_cell(account, ref, value, reason.strip() if cell.needs_reason else "", actor)
        changes.append([".".join(ref), cell.value, value])
    if len(reason) > 300:
        problems.append(Problem("too_long", _("At most 300 characters."), "reason"))
    require(together(faults, problems))
    if changes:
        _save(account)
        _record(account, "written", actor, {"form": form, "changes": changes}, reason)
        spread_costs(account)
    return account


def _keep_cell(account: FinalAccount, ref: Ref, value: Decimal | str, reason: str, actor: Actor) -> None:
    amount, text = (value, "") if isinstance(value, Decimal) else (None, value)
    AccountCell.objects.update_or_create(
        account=account, form=ref.form, row=ref.row, column=ref.column,
        defaults={
            "amount": amount, "text": text, "reason": reason,
            "written_by": actor.user, "written_at": clock.now(),
        },
    )  # fmt: skip


def _read(cell: Cell, text: str) -> tuple[Decimal | str | None, list[Problem]]:
    """What was typed, by the kind of the column: yuan to the fen, other figures with at most two decimals, texts."""
    where = f"{cell.ref.row}.{cell.ref.column}"
    said = text.strip()
    if not said:
        return None, []
    if cell.column.kind is Kind.TEXT:
        if len(said) > LONGEST_TEXT:
            return None, [Problem("too_long", _("At most %(n)s characters.") % {"n": LONGEST_TEXT}, where)]
        return said, []
    try:
        amount = Decimal(said.replace(",", "").replace("，", "").replace("−", "-"))
        if not amount.is_finite() or abs(amount) > LARGEST or amount != amount.quantize(Decimal("0.01")):
            raise ValueError
    except (ArithmeticError, ValueError):
        words = _("“%(text)s” is not an amount in yuan with at most two decimals.") % {"text": said[:40]}
        return None, [Problem("unreadable", words, where)]
    if amount < 0 and cell.ref.form in NEVER_NEGATIVE:
        return None, [Problem("negative", _("An amount cannot be negative."), where)]
    return amount.quantize(Decimal("0.01")), []


@transaction.atomic
def keep_deferred(
    pk: int,
    *,
    actor: Actor,
    rows: Sequence[DeferredRow],
    expected_version: int | None = None,
    faults: Sequence[Problem] = (),
) -> FinalAccount:
    """Replaces the deferred costs that no contract holds (form 06), and spreads the whole over the assets anew."""
    account = _editable(pk, actor, expected_version)
    require(together(faults, [problem for row in rows for problem in _deferred_problems(row)]))
    account.deferred_costs.all().delete()
    DeferredCost.objects.bulk_create(
        DeferredCost(
            account=account, line=row.line, name=row.name.strip(), cost_code=row.cost_code, source=row.source.strip(),
            amount=-row.amount if row.line in TAKEN_OFF else row.amount,  # type: ignore[operator]
        )
        for row in rows
    )  # fmt: skip
    _save(account)
    total = sum((row.amount for row in account.deferred_costs.all()), ZERO)
    _record(account, "deferred", actor, {"n": len(rows), "amount": total})
    spread_costs(account)
    return account


def _deferred_problems(row: DeferredRow) -> Iterable[Problem]:
    if row.line not in DEFERRED_LINES:
        yield Problem("account.line", _("Form 06 has no line %(line)s.") % {"line": row.line}, "deferred")
    if not row.name.strip():
        yield Problem("account.unnamed", _("Every deferred cost needs a name."), "deferred")
    if row.amount is None or row.amount < 0:
        yield Problem("account.amount", _("Every deferred cost needs an amount of at least zero."), "deferred")
    if len(row.name) > 100 or len(row.source) > 200 or len(row.cost_code) > 30:
        yield Problem("too_long", _("A name or a source is too long."), "deferred")
    yield from size_problems(row.amount, "deferred")


@transaction.atomic
def keep_tails(
    pk: int,
    *,
    actor: Actor,
    rows: Sequence[TailRow],
    expected_version: int | None = None,
    faults: Sequence[Problem] = (),
) -> FinalAccount:
    """Replaces the tail works of form 01 (R-FA-09 is judged with the other balancing rules)."""
    account = _editable(pk, actor, expected_version)
    require(together(faults, [problem for row in rows for problem in _tail_problems(row)]))
    account.tail_works.all().delete()
    TailWorks.objects.bulk_create(
        TailWorks(
            account=account, name=row.name.strip(), approved=row.approved or ZERO, done=row.done or ZERO,
            to_do=row.to_do or ZERO, due_on=row.due_on,
        )
        for row in rows
    )  # fmt: skip
    _save(account)
    _record(account, "tails", actor, {"n": len(rows), "amount": sum((row.to_do or ZERO for row in rows), ZERO)})
    return account


def _tail_problems(row: TailRow) -> Iterable[Problem]:
    if not row.name.strip() or len(row.name) > 200:
        yield Problem("account.tail_name", _("Tail works need a name of at most 200 characters."), "tails")
    for amount in (row.approved, row.done, row.to_do):
        if amount is not None and amount < 0:
            yield Problem("negative", _("An amount cannot be negative."), "tails")
        yield from size_problems(amount, "tails")


@transaction.atomic
def allocate(pk: int, *, actor: Actor) -> Decimal:
    """Spreads the deferred costs of form 06 over the assets as they are now (R-FA-04). Returns what was spread (yuan)."""
    account = _editable(pk, actor, None)
    whole = spread_costs(account)
    _save(account)
    _record(account, "allocated", actor, {"amount": whole})
    return whole


def _editable(pk: int, actor: Actor, expected_version: int | None) -> FinalAccount:
    """The account, its project locked before it, while it is being compiled by its own unit."""
    account = FINAL_ACCOUNTS.lock(pk, actor)
    insist(may_compile, actor, account.project)
    if expected_version not in (None, account.version):
        raise StaleState(Problem("stale", _("Somebody else has changed this meanwhile. Please look at it again.")))
    if account.state != AccountState.DRAFT:
        raise RuleViolation([Problem("account.fixed", _("Only an account being compiled can be changed."))])
    return account


def _save(account: FinalAccount) -> None:
    account.version += 1
    account.save()


def _record(account: FinalAccount, what: str, actor: Any, facts: dict[str, Any], reason: str = "") -> None:
    trace.record(
        f"assets.final_account.{what}", actor=actor, target=account, project_id=account.project_id, facts=facts,
        reason=reason,
    )  # fmt: skip
