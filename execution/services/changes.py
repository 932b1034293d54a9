"""Change orders: proposed by the project unit, decided at the level of R-INV-14, felt by the forecast at once."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from accounts.actor import Actor
from accounts.models import Appointment, Organisation
from accounts.policies import insist
from accounts.roles import Role
from accounts.services.notify import tell
from core import clock, trace
from core.errors import Problem, RuleViolation, StaleState, require, together
from core.money import ZERO, quantise, size_problems
from core.row_problems import row_problems
from core.workflow import Situation
from execution import facts
from execution.machines import CHANGES, CONTRACTS
from execution.models import ChangeLine, ChangeOrder, Contract, ContractLine, Forecast
from execution.policies import may_keep_books
from execution.rules import changes as rules
from execution.services.contracts import IN_FORCE, cost_codes
from execution.services.machine import Step, situation
from execution.services.tenders import not_before, not_in_the_future
from execution.states import ChangeLevel, ChangeState, ContractState

FIELDS = ("no", "kind", "title", "reason", "is_substantive")
MOST_QUANTITY = Decimal(10) ** 13


@dataclass(frozen=True)
class Line:
    """One signed line: quantity and yuan. `line_id` is the contract line it changes, None for a new one."""

    name: str
    cost_code: str
    quantity: Decimal
    unit_price: Decimal
    amount: Decimal | None = None
    unit: str = ""
    line_id: int | None = None

    @property
    def value(self) -> Decimal:
        """Yuan; quantity × unit price where no amount is given."""
        return self.amount if self.amount is not None else quantise(self.quantity * self.unit_price)


@transaction.atomic
def propose(
    contract_id: int,
    *,
    actor: Actor,
    values: dict[str, Any],
    lines: Sequence[Line] = (),
    faults: Sequence[Problem] = (),
) -> ChangeOrder:
    """A change order on a contract in force. `values` holds fields of FIELDS. Raises RuleViolation with every reason."""
    contract = CONTRACTS.lock(contract_id, actor)
    insist(may_keep_books, actor, contract.project)
    change = ChangeOrder(contract=contract, proposed_by=actor.user, estimated=ZERO)
    return _keep(change, values, lines, actor, faults, "execution.change.proposed")


@transaction.atomic
def amend(
    pk: int,
    *,
    actor: Actor,
    values: dict[str, Any],
    lines: Sequence[Line] = (),
    expected_version: int | None = None,
    faults: Sequence[Problem] = (),
) -> ChangeOrder:
    """Corrects a change nobody has agreed to yet."""
    change = CHANGES.lock(pk, actor)
    insist(may_keep_books, actor, change.contract.project)
    if expected_version not in (None, change.version):
        raise StaleState(Problem("stale", _("Somebody else has changed this meanwhile. Please look at it again.")))
    if change.state != ChangeState.PROPOSED:
        raise RuleViolation([Problem("change.fixed", _("A change that somebody has agreed to is no longer changed."))])
    change.version += 1
    return _keep(change, values, lines, actor, faults, "execution.change.amended")


def _keep(
    change: ChangeOrder,
    values: dict[str, Any],
    lines: Sequence[Line],
    actor: Actor,
    faults: Sequence[Problem],
    verb: str,
) -> ChangeOrder:
    for name in FIELDS:
        if name in values:
            setattr(change, name, values[name])
    own = {line.pk: line for line in change.contract.lines.all()}
    change.estimated = sum((line.value for line in lines), ZERO)
    require(together(faults, [*_row_problems(change, faults), *_line_problems(change.contract, own, lines)]))
    judged = facts.judgement_of(change, situation().rules)
    change.level = judged.level
    change.save()
    change.lines.all().delete()
    ChangeLine.objects.bulk_create(_line_row(change, line, own) for line in lines)
    kept = {
        "no": change.no, "title": change.title, "amount": change.estimated, "level": change.level, "lines": len(lines),
    }  # fmt: skip
    trace.record(
        verb, actor=actor, target=change, project_id=change.contract.project_id, reason=change.reason, facts=kept
    )
    return change


def _line_row(change: ChangeOrder, line: Line, own: dict[int, ContractLine]) -> ChangeLine:
    tied = own.get(line.line_id) if line.line_id else None
    return ChangeLine(
        change=change, line=tied, name=line.name or (tied.name if tied else ""),
        cost_code=tied.cost_code if tied else line.cost_code, unit=tied.unit if tied else line.unit,
        quantity=line.quantity, unit_price=line.unit_price, amount=line.value,
    )  # fmt: skip


def _row_problems(change: ChangeOrder, faults: Sequence[Problem]) -> list[Problem]:
    unread = {fault.field for fault in faults}
    found = list(size_problems(change.estimated, "lines"))
    if change.contract.state != ContractState.EFFECTIVE:
        found.append(Problem("change.contract", _("The contract is not in force.")))
    try:
        change.full_clean(exclude={"contract", "proposed_by", "estimated", *unread}, validate_constraints=False)
    except ValidationError as error:
        found += row_problems(error)
    if change.no and change.contract.changes.filter(no=change.no).exclude(pk=change.pk).exists():
        found.append(Problem("change.twice", _("This contract already has a change order of this number."), "no"))
    return found


def _line_problems(contract: Contract, own: dict[int, ContractLine], lines: Sequence[Line]) -> Iterable[Problem]:
    if not lines:
        yield Problem("change.no_lines", _("The change has no lines."), "lines")
    tied = [line.line_id for line in lines if line.line_id is not None]
    if set(tied) - set(own):
        yield Problem("change.foreign_line", _("A line belongs to another contract."), "lines")
    if len(tied) != len(set(tied)):
        yield Problem("change.line_twice", _("A line of the contract is changed twice in one change order."), "lines")
    known = cost_codes(contract.project)
    unknown = {line.cost_code for line in lines if line.line_id is None and line.cost_code not in known}
    if known and unknown:
        words = _("Not in the approved cost tree of the project: %(codes)s.") % {"codes": "、".join(sorted(unknown))}
        yield Problem("change.cost_code", words, "lines")
    for line in lines:
        if line.line_id is None and not (line.name.strip() and line.cost_code.strip()):
            yield Problem("change.line_name", _("A new line needs a name and a cost line."), "lines")
        if line.line_id is None and line.quantity < 0:
            yield Problem("change.nothing_to_take", _("A new line cannot take anything away."), "lines")
        if abs(line.quantity) >= MOST_QUANTITY or abs(line.unit_price) >= MOST_QUANTITY:
            yield Problem("change.too_large", _("A quantity or unit price is too large."), "lines")
        elif line.amount is not None and line.unit_price and line.amount != quantise(line.quantity * line.unit_price):
            words = _("%(line)s: quantity times unit price is not the amount.") % {"line": line.name}
            yield Problem("change.product", words, "lines")
        tied_line = own.get(line.line_id) if line.line_id else None
        if tied_line and facts.quantity_of(tied_line) + line.quantity < 0:
            words = _("%(line)s: more is taken away than there is.") % {"line": tied_line.name}
            yield Problem("change.below_nothing", words, "lines")


@CHANGES.check("supervision_agrees")
@CHANGES.check("designer_agrees")
def signature_problems(change: ChangeOrder, said: dict[str, Any], now: Situation) -> Iterable[Problem]:
    yield from not_in_the_future(said, ("signed_on",), now.on)
    proposed = clock.date_of(change.proposed_at)
    yield from not_before(said, "signed_on", proposed, _("The change was proposed on %(day)s."))


@CHANGES.check("carry_out")
def execution_problems(change: ChangeOrder, said: dict[str, Any], now: Situation) -> Iterable[Problem]:
    yield from not_in_the_future(said, ("done_on",), now.on)
    yield from not_before(said, "done_on", change.approved_on, _("The change was approved on %(day)s."))


@CHANGES.check("price")
def price_problems(change: ChangeOrder, said: dict[str, Any], now: Situation) -> Iterable[Problem]:
    """A price cannot lift a change above the level that approved it; the rest is a change order of its own."""
    if "priced" not in said:
        return
    priced = said["priced"]
    judged = facts.judgement_of(change, now.rules, priced)
    if abs(priced) > abs(change.estimated) and rules.is_above(judged.level, change.level):
        words = _(
            "At this price the change would need: %(level)s. Propose what exceeds the estimate as a change of its own."
        )
        yield Problem("change.priced_above", words % {"level": ChangeLevel(judged.level).label}, "priced")
    value = facts.contract_value(change.contract) - facts.value_of_change(change) + priced
    done = facts.committed(change.contract.payments.all())
    if value < done:
        words = _("%(done)s yuan are paid or approved already; the contract would be worth %(left)s yuan.")
        yield Problem("contract.below_paid", words % {"left": f"{value:,.2f}", "done": f"{done:,.2f}"}, "priced")


@CHANGES.before("supervision_agrees")
@CHANGES.before("designer_agrees")
def keep_signature(step: Step) -> None:
    said = trace.plain({name: step.data.get(name, "") for name in ("signed_by", "signed_on", "opinion")})
    step.row.signatures = [*step.row.signatures, {"move": step.move.name, **said}]


@CHANGES.before("owner_agrees")
@CHANGES.before("send_to_authority")
def judge_again(step: Step) -> None:
    """Other changes may have been approved since it was proposed."""
    judged = facts.judgement_of(step.row, step.now.rules)
    step.row.level = judged.level
    step.facts |= {"level": judged.level, "share": judged.share}


@CHANGES.before("approve_by_owner")
@CHANGES.before("approve")
@CHANGES.before("approve_by_leader")
def keep_approval(step: Step) -> None:
    """The level that stands is that of the one who approved."""
    change = step.row
    change.approved_on, change.document_no = step.on, step.data.get("document_no", "")
    change.level = {
        "approve_by_owner": ChangeLevel.OWNER, "approve": ChangeLevel.SECTION, "approve_by_leader": ChangeLevel.BUREAU,
    }[step.move.name]  # fmt: skip
    step.facts |= {"no": change.no, "amount": change.estimated, "level": change.level}


@CHANGES.after("send_to_authority")
def tell_who_decides(step: Step) -> None:
    """The chiefs, or the leaders, of the investment authority find it among their messages."""
    change = step.row
    role = Role.SECTION_CHIEF if change.level == ChangeLevel.SECTION else Role.DETERMINER
    posts = Appointment.objects.on(step.on).filter(
        role=role, organisation__kind=Organisation.Kind.INVESTMENT_AUTHORITY, organisation__is_active=True
    )
    for post in posts.select_related("user"):
        tell(post.user, "change.waiting", _about(change), link=change.get_absolute_url())


@CHANGES.after("refuse")
def tell_the_unit(step: Step) -> None:
    change = step.row
    facts_told = {**_about(change), "state": change.state}
    tell(change.proposed_by, "change.decided", facts_told, link=change.get_absolute_url())


def _about(change: ChangeOrder) -> dict[str, str]:
    return {"project": change.contract.project.name, "no": change.no, "title": change.title}


@CHANGES.before("carry_out")
@CHANGES.before("price")
def keep_what_was_said(step: Step) -> None:
    for name, value in step.data.items():
        setattr(step.row, name, value)


@CHANGES.before("reject")
@CHANGES.before("refuse")
def keep_why(step: Step) -> None:
    step.row.rejection = step.data["reason"]


@CHANGES.after("approve_by_owner")
@CHANGES.after("approve")
@CHANGES.after("approve_by_leader")
def enter_the_books(step: Step) -> None:
    """New lines become lines of the contract that can be measured; the forecast at completion follows."""
    change = step.row
    _add_new_lines(change)
    _forecast(change, facts.changed_by_code(change), step)
    if step.source == ChangeState.AUTHORITY:
        tell_the_unit(step)


@CHANGES.after("price")
def follow_the_price(step: Step) -> None:
    """What the pricing added or took away, line by line of the cost tree."""
    change = step.row
    priced = facts.changed_by_code(change)
    approved = facts.changed_by_code_as_estimated(change)
    _forecast(change, {code: priced[code] - approved.get(code, ZERO) for code in priced}, step)


def _add_new_lines(change: ChangeOrder) -> None:
    last = change.contract.lines.aggregate(last=Max("position"))["last"] or 0
    for position, line in enumerate(change.lines.filter(line__isnull=True), last + 1):
        line.line = ContractLine.objects.create(
            contract=change.contract, position=position, name=line.name, cost_code=line.cost_code, unit=line.unit,
            quantity=Decimal(0), unit_price=line.unit_price, amount=ZERO,
        )  # fmt: skip
        line.save()


def _forecast(change: ChangeOrder, moved: dict[str, Decimal], step: Step) -> None:
    """The newest forecast of each line moves by the change; without one it begins with what is contracted."""
    project = change.contract.project
    latest: dict[str, Decimal] = {row.cost_code: row.amount for row in project.forecasts.order_by("pk")}
    contracted: dict[str, Decimal] = {}
    for contract in project.contracts.filter(state__in=IN_FORCE).prefetch_related(
        "lines", "supplements", "changes__lines"
    ):
        for code, amount in facts.contracted_by_code(contract).items():
            contracted[code] = contracted.get(code, ZERO) + amount
    for code, amount in moved.items():
        if amount and code:
            # What is contracted already includes the change.
            after = rules.forecast_after(latest.get(code), contracted.get(code, ZERO) - amount, amount)
            Forecast.objects.create(
                project=project, cost_code=code, amount=max(after, ZERO), made_on=step.on,
                reason=f"{change.no} {change.title}"[:300], made_by=step.actor.user,
            )  # fmt: skip
    step.facts["forecast"] = {code: amount for code, amount in moved.items() if amount}
