"""One recipe for every move of the smaller machines: fetch and lock, may this person, may it now, move, follow, trace."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, models, transaction
from django.utils.translation import gettext as _
from django_fsm import ConcurrentTransition

from accounts.actor import Actor
from accounts.policies import has_role
from accounts.roles import APPLICANTS
from core import calendars, clock, locks, rulebook, trace
from core.errors import NotPermitted, Problem, RuleViolation, StaleState, require
from core.inputs import clean_inputs
from core.trace import Who
from core.workflow import Move, Offer, Situation, Workflow
from projects.models import Project
from projects.policies import covers_projects, is_own

Handler = Callable[["Step"], None]
Check = Callable[[Any, dict[str, Any], Situation], Iterable[Problem]]
Policy = Callable[[Actor, Any, Move], Problem | None]
Rows = Callable[[Actor], "models.QuerySet[Any]"]


@dataclass
class Step:
    """One move being made on one row."""

    row: Any
    move: Move
    actor: Who
    data: dict[str, Any]
    now: Situation
    at: datetime
    source: str
    target: str | None = None
    facts: dict[str, Any] = field(default_factory=dict)

    @property
    def on(self) -> date:
        return self.now.on


class Machine:
    """A flow bound to its table. `project_of` names the way to the project (None: the row belongs to no project).

    `policy` says what else keeps this person from this move, where the role alone does not decide it.
    """

    def __init__(
        self,
        model: type[models.Model],
        flow: Workflow,
        visible: Rows,
        project_of: str = "project",
        policy: Policy | None = None,
    ) -> None:
        self.model, self.flow, self.visible, self.project_of, self.policy = model, flow, visible, project_of, policy
        self._before: dict[str, Handler] = {}
        self._after: dict[str, Handler] = {}
        self._checks: dict[str, Check] = {}

    def before(self, name: str) -> Callable[[Handler], Handler]:
        return self._register(self._before, name)

    def after(self, name: str) -> Callable[[Handler], Handler]:
        return self._register(self._after, name)

    def check(self, name: str) -> Callable[[Check], Check]:
        """What must hold of the things said with the move; refused together with the guards, all reasons at once.

        The check finds only the inputs that could be read.
        """
        return self._register(self._checks, name)

    def _register(self, registry: dict[str, Any], name: str) -> Callable[[Any], Any]:
        if name not in self.flow or name in registry:
            raise ValueError(f"{name}: unknown move, or handled twice")

        def keep(handler: Any) -> Any:
            registry[name] = handler
            return handler

        return keep

    def project(self, row: Any) -> Project | None:
        for name in self.project_of.split(".") if self.project_of else ():
            row = getattr(row, name)
        return row if self.project_of else None

    def refusal(self, actor: Actor, row: Any, move: Move) -> Problem | None:
        """The roles of the table; a unit's roles only on its own projects."""
        if move.by_system:
            return Problem("system_only", _("This happens by itself when its conditions are met."))
        refused = has_role(actor, *move.roles) or covers_projects(actor)
        project = self.project(row)
        if refused is None and actor.role in APPLICANTS and project is not None and not is_own(actor, project):
            return Problem("not_own", _("Only the project's own unit may do this."))
        if refused is None and self.policy is not None:
            return self.policy(actor, row, move)
        return refused

    def offers(self, row: Any, actor: Actor, now: Situation | None = None) -> list[Offer]:
        """The moves this person's role has from the row's state, each with the reasons why it is off now."""
        now = now or situation()
        found = []
        for move in self.flow.from_state(getattr(row, self.flow.field_name)):
            if actor.role in move.roles:
                refused = self.refusal(actor, row, move)
                problems = ([refused] if refused else []) + self.flow.problems(row, move.name, now)
                found.append(Offer(move, tuple(problems)))
        return found

    @transaction.atomic
    def perform(
        self,
        pk: int,
        name: str,
        *,
        actor: Actor,
        data: dict[str, Any] | None = None,
        expected_version: int | None = None,
    ) -> Any:
        """Makes one move for a person. Raises NotFound, NotPermitted, RuleViolation (all reasons), StaleState."""
        row = self.lock(pk, actor)
        if name not in self.flow:
            raise RuleViolation([Problem("unknown_move", _("There is no such move."))])
        if expected_version is not None and expected_version != row.version:
            raise StaleState(Problem("stale", _("Somebody else has changed this meanwhile. Please look at it again.")))
        move = self.flow[name]
        refused = self.refusal(actor, row, move)
        if refused:
            raise NotPermitted(refused)
        values, problems = clean_inputs(move, data or {})
        now = situation()
        require([*problems, *self.flow.problems(row, name, now), *self.said_wrongly(row, move, values, now)])
        return self.make(Step(row, move, actor, values, now, clock.now(), getattr(row, self.flow.field_name)))

    def said_wrongly(self, row: Any, move: Move, values: dict[str, Any], now: Situation) -> Iterable[Problem]:
        """What the move's check finds, where the move is possible from this state at all."""
        fits = move.name in self._checks and getattr(row, self.flow.field_name) in move.sources
        return self._checks[move.name](row, values, now) if fits else ()

    def perform_by_system(
        self, row: Any, name: str, *, actor: Who = trace.SYSTEM, data: dict[str, Any] | None = None
    ) -> Any:
        """A consequence nobody asks for; the caller holds the project's lock."""
        now = situation()
        require(self.flow.problems(row, name, now))
        return self.make(
            Step(row, self.flow[name], actor, data or {}, now, clock.now(), getattr(row, self.flow.field_name))
        )

    def lock(self, pk: int, actor: Actor) -> Any:
        """The row, its project locked before it, always in this order."""
        row = locks.found(self.visible(actor), pk=pk)
        project = self.project(row)
        if project is not None:
            locks.locked(Project.objects.all(), project.pk)
        return locks.locked(self.visible(actor), pk)

    def make(self, step: Step) -> Any:
        row, name = step.row, step.move.name
        if name in self._before:
            self._before[name](step)
        method = getattr(row, name)
        method(step.target) if step.target else method()
        row.version += 1
        try:
            with transaction.atomic():
                row.save()
        except ConcurrentTransition as error:
            raise StaleState(Problem("stale", _("Somebody else has changed this meanwhile."))) from error
        except IntegrityError:
            row.validate_constraints()
            raise
        if name in self._after:
            self._after[name](step)
        project = self.project(row)
        trace.record(
            self.flow.verb(name),
            actor=step.actor,
            target=row,
            project_id=project.pk if project else None,
            at=step.at,
            reason=str(step.data.get("reason", "")),
            facts={"from": step.source, "to": getattr(row, self.flow.field_name), **step.data, **step.facts},
        )
        return row


def situation(on: date | None = None) -> Situation:
    day = on or clock.today()
    return Situation(on=day, works=calendars.current(), rules=rulebook.on(day))
