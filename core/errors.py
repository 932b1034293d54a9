"""How the system says no: every refusal carries all of its reasons at once."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Problem:
    """One reason for a refusal: a stable `code`, a `message` for the reader, the input `field` it belongs to if any."""

    code: str
    message: Any
    field: str = ""

    def as_dict(self) -> dict[str, str]:
        return {"code": self.code, "message": str(self.message), "field": self.field}


class DomainError(Exception):
    """Base of all refusals. `http_status` is what web and API answer with."""

    http_status = 400

    def __init__(self, *problems: Problem) -> None:
        self.problems: tuple[Problem, ...] = problems
        super().__init__(*problems)

    def __str__(self) -> str:
        return "; ".join(str(problem.message) for problem in self.problems)

    @property
    def code(self) -> str:
        return self.problems[0].code if self.problems else "refused"


class RuleViolation(DomainError):
    """The request is understood, but a rule forbids it now."""

    http_status = 422

    def __init__(self, problems: Iterable[Problem]) -> None:
        super().__init__(*problems)


class NotPermitted(DomainError):
    """This person may not do this."""

    http_status = 403


class NotFound(DomainError):
    """There is no such thing, or this person may not know of it."""

    http_status = 404


class StaleState(DomainError):
    """Somebody else changed the thing since this person last saw it."""

    http_status = 409


class Unreadable(RuleViolation):
    """What was sent cannot be read; the rules broken by what could be read are named as well."""

    http_status = 400

    @property
    def code(self) -> str:
        return "invalid"


def together(faults: Iterable[Problem], problems: Iterable[Problem]) -> list[Problem]:
    """Faults of form and of rule as one list, so that nobody is refused twice. What cannot be read is not judged."""
    found = list(faults)
    unread = {fault.field for fault in found if fault.field}
    return [*found, *(problem for problem in problems if problem.field not in unread)]


def require(problems: Iterable[Problem]) -> None:
    """Raises RuleViolation with all the problems, if there are any."""
    found = list(problems)
    if found:
        raise RuleViolation(found)
