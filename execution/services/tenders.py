"""Tenders: recorded by the project unit, held within the periods of the law, suspended by every objection."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.actor import Actor
from accounts.policies import insist
from core import clock, locks, trace
from core.errors import Problem, RuleViolation, StaleState, require, together
from core.row_problems import row_problems
from core.rulebook import Rulebook
from core.workflow import Situation
from execution import findings
from execution.flows.tender import ceiling_keeps_the_budget
from execution.machines import TENDERS, tenders
from execution.models import Tender, TenderObjection
from execution.policies import may_keep_books
from execution.rules import tender as rules
from execution.services.machine import Step, situation
from execution.states import TenderState
from projects.models import Project

FIELDS = ("name", "kind", "method", "ceiling")
DATED = (
    "announced_on", "closes_on", "opened_on", "reported_on", "publicity_from", "publicity_until", "notified_on",
)  # fmt: skip
RUNNING = (TenderState.ANNOUNCED, TenderState.OPENED, TenderState.PUBLICITY)
OPEN_TO_OBJECTIONS = (*RUNNING, TenderState.COMPLAINT)


@dataclass(frozen=True)
class Objection:
    """What somebody objects to."""

    objector: str
    text: str
    received_on: date | None


def periods_of(rulebook: Rulebook) -> rules.Periods:
    days = (rulebook.days(f"tender.{name}") for name in (
        "bid_days", "publicity_days", "publicity_start_days", "contract_days", "contract_yellow",
    ))  # fmt: skip
    return rules.Periods(*days)


@transaction.atomic
def record(project_id: int, *, actor: Actor, values: dict[str, Any], faults: Sequence[Problem] = ()) -> Tender:
    """A tender being planned. `values` holds fields of FIELDS. Raises RuleViolation with every reason."""
    project = locks.locked(Project.objects.visible_to(actor), project_id)
    insist(may_keep_books, actor, project)
    tender = Tender(project=project, created_by=actor.user)
    return _keep(tender, values, actor, faults, "execution.tender.recorded")


@transaction.atomic
def amend(
    pk: int,
    *,
    actor: Actor,
    values: dict[str, Any],
    expected_version: int | None = None,
    faults: Sequence[Problem] = (),
) -> Tender:
    """Corrects a tender that is not announced; one that failed may be planned anew."""
    tender = TENDERS.lock(pk, actor)
    insist(may_keep_books, actor, tender.project)
    if expected_version not in (None, tender.version):
        raise StaleState(Problem("stale", _("Somebody else has changed this meanwhile. Please look at it again.")))
    if tender.state not in (TenderState.PLANNED, TenderState.FAILED):
        raise RuleViolation([Problem("tender.fixed", _("A tender that is announced is no longer changed."))])
    tender.version += 1
    return _keep(tender, values, actor, faults, "execution.tender.amended")


@transaction.atomic
def discard(pk: int, *, actor: Actor) -> None:
    """Takes a tender back that nobody was told of: recorded by mistake or twice, it would hold its part of the budget."""
    tender = TENDERS.lock(pk, actor)
    insist(may_keep_books, actor, tender.project)
    if tender.state != TenderState.PLANNED:
        raise RuleViolation([Problem("tender.fixed", _("A tender that is announced is no longer changed."))])
    if tender.contracts.exists():
        raise RuleViolation([Problem("tender.has_contracts", _("Contracts have been drafted on this tender."))])
    kept = {"name": tender.name, "ceiling": tender.ceiling, "kind": tender.kind}
    trace.record("execution.tender.discarded", actor=actor, target=tender, project_id=tender.project_id, facts=kept)
    tender.delete()


def _keep(tender: Tender, values: dict[str, Any], actor: Actor, faults: Sequence[Problem], verb: str) -> Tender:
    for name in FIELDS:
        if name in values:
            setattr(tender, name, values[name])
    require(together(faults, _problems(tender, faults)))
    tender.save()
    kept = {"name": tender.name, "ceiling": tender.ceiling, "method": tender.method, "kind": tender.kind}
    trace.record(verb, actor=actor, target=tender, project_id=tender.project_id, facts=kept)
    return tender


def _problems(tender: Tender, faults: Sequence[Problem]) -> list[Problem]:
    unread, found = {fault.field for fault in faults}, []
    try:
        tender.full_clean(exclude={"project", "created_by", *unread}, validate_constraints=False)
    except ValidationError as error:
        found = row_problems(error)
    if "ceiling" in unread | {problem.field for problem in found}:
        return found
    if tender.ceiling <= 0:
        return [*found, Problem("tender.ceiling", _("The ceiling price is more than nothing."), "ceiling")]
    return [*found, *ceiling_keeps_the_budget(tender, situation())]


@TENDERS.check("announce")
def announcement_problems(tender: Tender, said: dict[str, Any], now: Situation) -> Iterable[Problem]:
    yield from not_in_the_future(said, ("announced_on",), now.on)
    if "announced_on" in said and "closes_on" in said:
        periods = periods_of(now.rules)
        yield from findings.period_problems(rules.bid_period(said["announced_on"], said["closes_on"], periods))


@TENDERS.check("open_bids")
def opening_problems(tender: Tender, said: dict[str, Any], now: Situation) -> Iterable[Problem]:
    yield from not_in_the_future(said, ("opened_on",), now.on)
    yield from not_before(said, "opened_on", tender.closes_on, _("Bids are not opened before they close on %(day)s."))
    row = now.rules.row("tender.min_bidders")
    if row and "bidders" in said and rules.too_few(said["bidders"], int(row.value)):
        yield findings.bidders_problem(int(row.value))


@TENDERS.check("publish_candidates")
def publicity_problems(tender: Tender, said: dict[str, Any], now: Situation) -> Iterable[Problem]:
    yield from not_in_the_future(said, ("reported_on", "publicity_from"), now.on)
    yield from not_before(
        said, "reported_on", tender.opened_on, _("The bids were opened on %(day)s; the report cannot be older.")
    )
    if all(name in said for name in ("reported_on", "publicity_from", "publicity_until")):
        found = rules.publicity(
            said["reported_on"], said["publicity_from"], said["publicity_until"], periods_of(now.rules)
        )
        yield from findings.period_problems(found)
    strangers = rules.strangers(said.get("candidates", ()), tender.bidders)
    if strangers:
        words = _("Not among the bidders: %(names)s.") % {"names": "、".join(strangers)}
        yield Problem("tender.not_a_bidder", words, "candidates")


@TENDERS.check("award_winner")
def award_problems(tender: Tender, said: dict[str, Any], now: Situation) -> Iterable[Problem]:
    """R-INV-09, second half; the winner is one of the published candidates."""
    yield from _price_problems(tender, said, now)
    if tender.publicity_until and "notified_on" in said and said["notified_on"] <= tender.publicity_until:
        words = _("The publicity lasts until %(day)s; the notice comes after it.")
        yield Problem("date.too_early", words % {"day": tender.publicity_until}, "notified_on")
    if "winner" in said and said["winner"] not in [" ".join(str(name).split()) for name in tender.candidates]:
        yield Problem("tender.not_a_candidate", _("The winner is not among the published candidates."), "winner")


@TENDERS.check("award_directly")
def direct_award_problems(tender: Tender, said: dict[str, Any], now: Situation) -> Iterable[Problem]:
    yield from _price_problems(tender, said, now)


def _price_problems(tender: Tender, said: dict[str, Any], now: Situation) -> Iterable[Problem]:
    yield from not_in_the_future(said, ("notified_on",), now.on)
    award, row = said.get("award"), now.rules.row("R-INV-09")
    if award is not None and award <= 0:
        yield Problem("tender.award", _("The award price is more than nothing."), "award")
    elif award is not None and row and rules.above_ceiling(award, tender.ceiling, row.value, row.comparison):
        yield findings.award_problem(award, tender.ceiling)


def not_in_the_future(said: dict[str, Any], names: Iterable[str], today: date) -> Iterable[Problem]:
    for name in names:
        if name in said and said[name] > today:
            yield Problem("date.future", _("This day lies in the future."), name)


def not_before(said: dict[str, Any], name: str, earliest: date | None, words: str) -> Iterable[Problem]:
    if earliest is not None and name in said and said[name] < earliest:
        yield Problem("date.too_early", words % {"day": earliest}, name)


@TENDERS.before("announce")
def begin_anew(step: Step) -> None:
    """A tender held again forgets how it went the first time; the trace does not."""
    for name in DATED:
        setattr(step.row, name, None)
    step.row.bidders, step.row.candidates, step.row.failure_reason = [], [], ""
    keep_what_was_said(step)


@TENDERS.before("open_bids")
@TENDERS.before("publish_candidates")
@TENDERS.before("award_winner")
@TENDERS.before("award_directly")
def keep_what_was_said(step: Step) -> None:
    for name, value in step.data.items():
        if name != "reason":
            setattr(step.row, name, value)


@TENDERS.before("fail")
def keep_why(step: Step) -> None:
    step.row.failure_reason = step.data["reason"][:300]


@TENDERS.before("suspend_by_complaint")
def remember_where(step: Step) -> None:
    step.row.resume_state = step.source


@TENDERS.before("resume")
def go_on(step: Step) -> None:
    """Where it stood; after an objection to the candidates was upheld, the bids are evaluated again."""
    tender = step.row
    step.target = tender.resume_state
    if tender.resume_state == TenderState.PUBLICITY and _candidates_fell(tender):
        step.target = TenderState.OPENED
        tender.reported_on = tender.publicity_from = tender.publicity_until = None
        tender.candidates = []
    tender.resume_state = ""


def _candidates_fell(tender: Tender) -> bool:
    return any(row.upheld and row.received_on >= tender.publicity_from for row in tender.objections.all())


@transaction.atomic
def object_to(pk: int, *, actor: Actor, objection: Objection, faults: Sequence[Problem] = ()) -> TenderObjection:
    """Records an objection. A tender that is running stands still from this moment until it is answered (B07)."""
    tender = TENDERS.lock(pk, actor)
    insist(may_keep_books, actor, tender.project)
    require(together(faults, _objection_problems(tender, objection)))
    row = TenderObjection.objects.create(
        tender=tender, objector=objection.objector.strip(), text=objection.text.strip(),
        received_on=objection.received_on, recorded_by=actor.user,
    )  # fmt: skip
    trace.record(
        "execution.tender.objection_recorded", actor=actor, target=tender, project_id=tender.project_id,
        reason=row.text, facts={"objector": row.objector, "received_on": row.received_on},
    )  # fmt: skip
    if tender.state in RUNNING:
        TENDERS.perform_by_system(tender, "suspend_by_complaint", actor=actor, data={"reason": row.text})
    return row


def _objection_problems(tender: Tender, objection: Objection) -> Iterable[Problem]:
    if tender.state not in OPEN_TO_OBJECTIONS:
        label = tender.get_state_display()
        yield Problem("wrong_state", _("Not possible in the state “%(state)s”.") % {"state": label})
    if not objection.objector.strip():
        yield Problem("required", _("This field is required."), "objector")
    if not objection.text.strip():
        yield Problem("required", _("This field is required."), "text")
    said = {
        "objector": objection.objector.strip(),
        "text": objection.text.strip(),
        "received_on": objection.received_on,
    }
    if all(said.values()) and tender.objections.filter(**said).exists():
        yield Problem("objection.twice", _("This objection is on record already."))
    if objection.received_on is None:
        yield Problem("required", _("This field is required."), "received_on")
    elif objection.received_on > clock.today():
        yield Problem("date.future", _("This day lies in the future."), "received_on")
    elif tender.announced_on and objection.received_on < tender.announced_on:
        words = _("The tender was announced on %(day)s.") % {"day": tender.announced_on}
        yield Problem("date.too_early", words, "received_on")


@transaction.atomic
def answer(pk: int, *, actor: Actor, text: str, upheld: bool, faults: Sequence[Problem] = ()) -> TenderObjection:
    """Answers one objection, once. Whoever resumes the tender does so by its move (B08)."""
    tender = locks.found(tenders(actor), objections__pk=pk)
    tender = TENDERS.lock(tender.pk, actor)
    insist(may_keep_books, actor, tender.project)
    row = locks.found(tender.objections.all(), pk=pk)
    problems = []
    if row.answered_on is not None:
        problems.append(Problem("objection.answered", _("This objection has been answered already.")))
    if not text.strip():
        problems.append(Problem("required", _("This field is required."), "answer"))
    require(together(faults, problems))
    row.answer, row.upheld, row.answered_on = text.strip(), upheld, clock.today()
    row.save()
    trace.record(
        "execution.tender.objection_answered", actor=actor, target=tender, project_id=tender.project_id,
        reason=row.answer, facts={"objector": row.objector, "upheld": upheld},
    )  # fmt: skip
    return row
