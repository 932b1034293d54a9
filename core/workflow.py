"""One table of moves is the source of the machine, the buttons, the API, the documents and the tests."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _
from django_fsm import RETURN_VALUE, ConcurrentTransitionMixin, FSMFieldMixin, transition

from core.calendar import WorkCalendar
from core.errors import Problem, RuleViolation
from core.rulebook import Rulebook

Guard = Callable[[Any, "Situation"], Iterable[Problem]]


@dataclass(frozen=True)
class Situation:
    """What a guard may look at beside the row itself: the day, the calendar, the rules in force."""

    on: date
    works: WorkCalendar
    rules: Rulebook


@dataclass(frozen=True)
class Input:
    """One thing a person must or may say with a move. `kind`: text, line, date, days, money, signed_money, choice, user, users, flag.

    `longest`: characters of a text (or of one of several lines) that can be kept; 0 for what its kind keeps.
    """

    name: str
    label: Any
    kind: str = "text"
    required: bool = True
    choices: tuple[tuple[str, Any], ...] = ()
    help: Any = ""
    longest: int = 0


@dataclass(frozen=True)
class Move:
    """One arrow: its number in the specification, its name, from where, to where, by whom, on what conditions.

    `target` None stays in the state; several targets mean the service chooses one of them.
    """

    number: str
    name: str
    label: Any
    sources: tuple[str, ...]
    target: str | tuple[str, ...] | None
    roles: tuple[str, ...] = ()
    guards: tuple[Guard, ...] = ()
    inputs: tuple[Input, ...] = ()
    primary: bool = False
    irreversible: bool = False
    bulk: bool = False

    @property
    def targets(self) -> tuple[str, ...]:
        if self.target is None:
            return ()
        return (self.target,) if isinstance(self.target, str) else tuple(self.target)

    @property
    def by_system(self) -> bool:
        return not self.roles


@dataclass(frozen=True)
class Offer:
    """A move as one person sees it now: possible when there are no problems."""

    move: Move
    problems: tuple[Problem, ...] = field(default=())

    @property
    def possible(self) -> bool:
        return not self.problems


class Workflow:
    """A machine on one state field."""

    def __init__(self, field_name: str, verb_prefix: str, *moves: Move) -> None:
        self.field_name = field_name
        self.verb_prefix = verb_prefix
        self.moves = {move.name: move for move in moves}
        if len(self.moves) != len(moves):
            raise ValueError("two moves share a name")

    def __iter__(self) -> Iterator[Move]:
        return iter(self.moves.values())

    def __getitem__(self, name: str) -> Move:
        return self.moves[name]

    def __contains__(self, name: object) -> bool:
        return name in self.moves

    def verb(self, name: str) -> str:
        return f"{self.verb_prefix}.{name}"

    def steps(self) -> type:
        """A base class with one django-fsm transition per move."""
        abstract = type("Meta", (), {"abstract": True})  # so that no migration names it as a base
        body = {"__module__": __name__, "Meta": abstract, "workflow": self} | {
            move.name: self._step(move) for move in self
        }
        return type("Steps", (models.Model,), body)

    def _step(self, move: Move) -> Callable[..., Any]:
        def step(row: Any, target: str | None = None) -> str | None:
            return target

        step.__name__ = move.name
        several = len(move.targets) > 1
        goal: Any = RETURN_VALUE(*move.targets) if several else move.target
        return transition(field=self.field_name, source=list(move.sources), target=goal)(step)

    def problems(self, row: Any, name: str, situation: Situation) -> list[Problem]:
        """Everything that keeps this move from happening now, whoever asks."""
        move = self.moves[name]
        state = getattr(row, self.field_name)
        if state not in move.sources:
            label = getattr(row, f"get_{self.field_name}_display")()
            return [Problem("wrong_state", _("Not possible in the state “%(state)s”.") % {"state": label})]
        return [problem for guard in move.guards for problem in guard(row, situation)]

    def require(self, row: Any, name: str, situation: Situation) -> None:
        found = self.problems(row, name, situation)
        if found:
            raise RuleViolation(found)

    def from_state(self, state: str) -> list[Move]:
        return [move for move in self if state in move.sources]


class StateMachine(ConcurrentTransitionMixin, models.Model):
    """Base of every model with a protected state.

    django-fsm-2 4.2.4 lifts the protection on the shared field object while it refreshes, and never restores it
    when the row is gone: one refresh would unprotect the whole process. Here refreshing drops the value from this
    instance only.
    """

    class Meta:
        abstract = True

    @classmethod
    def protected_fields(cls) -> list[FSMFieldMixin]:
        return [f for f in cls._meta.fields if isinstance(f, FSMFieldMixin) and f.protected]

    def refresh_from_db(self, *args: Any, **kwargs: Any) -> None:
        kept = {f.attname: self.__dict__.pop(f.attname) for f in self.protected_fields() if f.attname in self.__dict__}
        try:
            models.Model.refresh_from_db(self, *args, **kwargs)
        except BaseException:
            self.__dict__.update(kept)
            raise
        self.__dict__.update({name: value for name, value in kept.items() if name not in self.__dict__})
        self._update_initial_state()

    def clean_fields(self, exclude: Iterable[str] | None = None) -> None:
        """Leaves the protected state out of field cleaning only: the row's constraints must still see it."""
        protected = {f.name for f in self.protected_fields()}
        super().clean_fields(exclude={*(exclude or ()), *protected})
        for f in self.protected_fields():
            if f.choices and f.value_from_object(self) not in dict(f.flatchoices):
                raise ValidationError({f.name: _("Unknown state.")})
