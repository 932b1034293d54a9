"""What the system holds of a project for its final account, read off contracts, settlements, payments, releases, assets.

Only relations of the row are followed, so that the table of moves may ask whether an account balances.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import replace
from decimal import Decimal
from typing import Any

from assets.rules import cost_heads, forms_books
from assets.rules.cost_heads import DEFERRED, Head, head_of
from assets.rules.forms_books import AssetLine, Books, Fund, Holdings, Tail
from assets.rules.forms_model import Ref, Written
from assets.rules.forms_reckoning import Forms
from assets.states import AccountState
from core.money import ZERO
from execution import facts
from execution.rules.changes import spread
from execution.rules.control import shared
from execution.states import ContractKind, ContractState, PaymentState
from projects import codes
from projects.states import Stage

COUNTED = (ContractState.EFFECTIVE, ContractState.COMPLETED, ContractState.SETTLED, ContractState.CLOSED)
SHOWN_NOTES = 4


def forms_of(account: Any) -> Forms:
    """The forms as they stand: reckoned, and what was written over them."""
    return Forms(books_of(account), written_of(account))


def books_of(account: Any) -> Books:
    return forms_books.books_of(holdings_of(account))


def written_of(account: Any) -> dict[Ref, Written]:
    return {
        Ref(cell.form, cell.row, cell.column): Written(
            cell.amount if cell.amount is not None else cell.text, cell.reason
        )
        for cell in account.cells.all()
    }


def holdings_of(account: Any) -> Holdings:
    """As kept when the account was submitted, else as things stand; of its part where it is a single project's."""
    if account.holdings is not None:
        return forms_books.from_json(account.holdings)
    held = _of_project(account)
    if account.part:
        return _with_rows(forms_books.part_of(held, account.part), account.deferred_costs.all())
    parts = list(account.project.final_accounts.exclude(part="").prefetch_related("deferred_costs"))
    held = _with_rows(held, [row for part in parts for row in part.deferred_costs.all()])
    for part in parts:
        if part.state == AccountState.APPROVED and part.holdings is not None:
            held = forms_books.without_cuts(held, forms_books.from_json(part.holdings), part.part)
    return held


def _common_rows(account: Any) -> Iterable[Any]:
    """Deferred costs without contract that all single projects bear: those of the whole project's account."""
    if not account.part:
        return account.deferred_costs.all()
    whole = account.project.final_accounts.filter(part="").first()
    return whole.deferred_costs.all() if whole else ()


def _with_rows(held: Holdings, rows: Iterable[Any]) -> Holdings:
    """What a single project entered of its own, on top."""
    deferred, notes = dict(held.deferred), dict(held.deferred_notes)
    for row in rows:
        deferred[row.line] = deferred.get(row.line, ZERO) + row.amount
        notes[row.line] = "、".join(filter(None, (notes.get(row.line, ""), row.source or row.name)))
    return replace(held, deferred=deferred, deferred_notes=notes)


def _of_project(account: Any) -> Holdings:
    """The whole project, with the deferred costs that are not one single project's own."""
    project = account.project
    standard = _standard_codes(project)
    contracts = list(
        project.contracts.select_related("settlement").prefetch_related(
            "lines", "supplements", "changes__lines", "payments"
        )
    )
    spent: dict[str, Decimal] = defaultdict(lambda: ZERO)
    deferred: dict[int, Decimal] = defaultdict(lambda: ZERO)
    notes: dict[int, list[str]] = defaultdict(list)
    for contract, head, amount in _booked(contracts, standard):
        if head.head == DEFERRED and head.line:
            deferred[head.line] += amount
            notes[head.line].append(contract.no)
        else:
            spent[head.head] += amount
    for row in _common_rows(account):
        deferred[row.line] += row.amount
        notes[row.line].append(row.source or row.name)
    return Holdings(
        texts=_texts(account, contracts) | {"total.note": _contingency_note(account, standard)},
        approved=_approved(project, standard),
        spent=dict(spent),
        deferred=dict(deferred),
        deferred_notes={line: _joined(found) for line, found in notes.items()},
        paid=sum(
            (pay.amount for contract in contracts for pay in contract.payments.all() if pay.state == PaymentState.PAID),
            ZERO,
        ),
        funds=tuple(_funds(project)),
        assets=tuple(_assets(project)),
        tails=tuple(
            Tail(f"tail-{row.pk}", row.name, row.approved, row.done, row.to_do, str(row.due_on or ""))
            for row in account.tail_works.all()
        ),
        is_terminated=project.stage == Stage.TERMINATED,
    )


def _booked(contracts: Iterable[Any], standard: dict[str, str]) -> Iterator[tuple[Any, Head, Decimal]]:
    """What every contract has cost, by line of the cost tree: as settled, else as it is worth now; one that was ended
    early what was paid on it. What differs from the value is split by its shares, as in the cost control table."""
    for contract in contracts:
        by_code = facts.contracted_by_code(contract)
        settled = facts.settled_value(contract)
        if contract.state == ContractState.TERMINATED:
            parts = shared(facts.committed(contract.payments.all()), by_code)
        elif contract.state not in COUNTED:
            continue
        elif settled is not None:
            parts = shared(settled, by_code)
        else:
            parts = spread(by_code, facts.contract_value(contract))
        for code, amount in parts.items():
            yield contract, head_of(_standard(code, standard), contract.kind), amount


def _decided(project: Any, *kinds: str) -> Any:
    """The newest approved item of these kinds."""
    rows = project.items.filter(item_type__in=kinds, state__in=("ISSUED", "ARCHIVED"))
    return rows.order_by("-decided_on", "-pk").prefetch_related("cost_lines").first()


def _standard_codes(project: Any) -> dict[str, str]:
    """A project's own codes → the standard tree, where its estimate or budget says so."""
    items = [item for item in (_decided(project, "BUD"), _decided(project, "EST", "ADJ")) if item]
    return {line.code: line.standard_code for item in items for line in item.cost_lines.all() if line.standard_code}


def _standard(code: str, standard: dict[str, str]) -> str:
    """The standard code of a line, its own or what follows from the nearest line above it that has one."""
    parts = code.split(".")
    for length in range(len(parts), 0, -1):
        above = standard.get(".".join(parts[:length]))
        if above:
            return ".".join([above, *parts[length:]])
    return code


def _is_contingency(code: str) -> bool:
    """Branch 3 of the standard tree: approved, but no head of form 01 of its own."""
    return code.split(".")[0] == "3"


def _estimate_leaves(project: Any, standard: dict[str, str]) -> list[tuple[str, Decimal]]:
    """Standard code and agreed amount of every leaf of the newest estimate or adjustment."""
    item = _decided(project, "EST", "ADJ")
    lines = item.cost_lines.all() if item is not None else ()
    return [(_standard(line.code, standard), _agreed(line)) for line in lines if line.is_leaf]


def _approved(project: Any, standard: dict[str, str]) -> dict[str, Decimal]:
    """The approved estimate by head of form 01; the control figure itself is the total (R-INV-01)."""
    figure = project.latest_figure("ESTIMATE", "ADJUSTED")
    leaves = _estimate_leaves(project, standard)
    heads = [(head_of(code), amount) for code, amount in leaves if not _is_contingency(code)]
    found = forms_books.approved_by_head((head.head, head.line, amount) for head, amount in heads)
    if figure is not None:
        found["total"] = figure.amount
        if not leaves and figure.works_amount is not None:
            found[cost_heads.WORKS] = figure.works_amount
    return found


def estimated_by_line(project: Any) -> dict[int, Decimal]:
    """The approved estimate by line of form 06."""
    sums: dict[int, Decimal] = defaultdict(lambda: ZERO)
    for code, amount in _estimate_leaves(project, _standard_codes(project)):
        head = head_of(code)
        if head.head == DEFERRED and head.line and not _is_contingency(code):
            sums[head.line] += amount
    return dict(sums)


def _contingency_note(account: Any, standard: dict[str, str]) -> str:
    """Why the approved heads of form 01 come to less than their total: the contingency stands in none of them."""
    if account.part:
        return ""
    held = sum((amount for code, amount in _estimate_leaves(account.project, standard) if _is_contingency(code)), ZERO)
    return f"含预备费{held:,.2f}元" if held else ""


def _agreed(line: Any) -> Decimal:
    return line.reviewed if line.reviewed is not None else line.declared or ZERO


GROUP_OF_SOURCE = {"1": "central", "8": "loans", "9": "capital", "10": "self", "11": "other"}


def _funds(project: Any) -> Iterator[Fund]:
    """Form 03: what each source was to give, and what was made available of it."""
    labels = codes.labels("funding_source")
    planned = {row.source: row.amount for row in project.funding.all()}
    received: dict[str, Decimal] = defaultdict(lambda: ZERO)
    documents: dict[str, list[str]] = defaultdict(list)
    for row in project.releases.all():
        received[row.source] += row.amount
        documents[row.source].append(row.document_no)
    for source in sorted({*planned, *received}, key=lambda code: [int(part) for part in code.split(".")]):
        group = GROUP_OF_SOURCE.get(source.split(".")[0], "local")
        note = _joined(documents[source])
        yield Fund(source, labels.get(source, source), group, planned.get(source, ZERO), received[source], note)


def _assets(project: Any) -> Iterator[AssetLine]:
    for row in project.assets.select_related("receiver").order_by("no", "pk"):
        yield AssetLine(
            f"asset-{row.pk}", row.name, row.single_project, row.asset_class, row.kind, row.direct, row.installation,
            row.allocated, row.specification, row.structure, row.unit, row.quantity, row.area,
            row.receiver.name if row.receiver else "", row.shares_deferred,
        )  # fmt: skip


def _texts(account: Any, contracts: list[Any]) -> dict[str, str]:
    project = account.project

    def contractors(*kinds: str) -> str:
        rows = [contract for contract in contracts if contract.kind in kinds and contract.state != ContractState.DRAFT]
        return _joined(contract.contractor for contract in rows)

    figure = project.latest_figure("ESTIMATE", "ADJUSTED")
    named = account.part or project.name
    return {
        "project_name": named,
        "department": project.competent_dept.name if project.competent_dept else "",
        "nature": codes.labels("construction_nature").get(project.construction_nature, project.construction_nature),
        "unit": project.owner_unit.name,
        "compiled_on": str(account.cut_off_on),
        "name": named,
        "address": project.address,
        "designers": contractors(ContractKind.DESIGN),
        "builders": contractors(ContractKind.WORKS),
        "approval": figure.document_no if figure else "",
        "time.design": _from_to(project.planned_start, project.planned_completion),
        "time.actual": _from_to(project.started_on, account.completed_on or project.accepted_on),
        "extent.design": project.content_scale,
        "extent.actual": "",
    }


def _from_to(start: Any, end: Any) -> str:
    return f"{start or ''} — {end or ''}" if start or end else ""


def _joined(words: Iterable[str]) -> str:
    """Each once, the first few; that there are more is said."""
    found = list(dict.fromkeys(word for word in words if word))
    return "、".join(found[:SHOWN_NOTES]) + (" …" if len(found) > SHOWN_NOTES else "")
