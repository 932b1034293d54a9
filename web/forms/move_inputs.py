"""A form for what a person must say with a move, made from the move's own inputs."""

from collections.abc import Callable, Mapping
from typing import Any

from django import forms

from core.errors import Problem
from core.workflow import Input, Move

Choices = list[tuple[Any, Any]]


class MoveForm(forms.Form):
    """The inputs of one move, as typed. What is missing or unreadable is told by the service, all reasons at once.

    `people` are the candidates for inputs that name somebody. Every name begins with the move's, because a page may
    show several moves.
    """

    def __init__(
        self, move: Move, data: Mapping[str, Any] | None = None, people: Mapping[str, Choices] | None = None
    ) -> None:
        super().__init__(data, prefix=move.name, use_required_attribute=False)
        self.move = move
        for wanted in move.inputs:
            self.fields[wanted.name] = FIELDS[wanted.kind](wanted, (people or {}).get(wanted.name, []))

    @property
    def shown(self) -> list[forms.BoundField]:
        return [self[name] for name in self.fields]

    @property
    def main(self) -> list[forms.BoundField]:
        """What most people fill in: everything required, and the first two of what is not."""
        rest = set(self._optional()[2:])
        return [self[name] for name in self.fields if name not in rest]

    @property
    def more(self) -> list[forms.BoundField]:
        return [self[name] for name in self._optional()[2:]]

    def _optional(self) -> list[str]:
        return [name for name, field in self.fields.items() if not field.required]

    def said(self) -> dict[str, Any]:
        """The inputs as the service takes them: lists for several choices, texts for the rest."""
        return {
            wanted.name: self.data.getlist(f"{self.move.name}-{wanted.name}")
            if wanted.kind in ("choices", "users")
            else self.data.get(f"{self.move.name}-{wanted.name}", "")
            for wanted in self.move.inputs
        }

    def note(self, problems: tuple[Problem, ...]) -> tuple[Problem, ...]:
        """Puts each problem at its field; returns those that belong to none of them."""
        self.is_valid()
        self.errors.clear()
        elsewhere = []
        for problem in problems:
            if problem.field in self.fields:
                self.add_error(problem.field, str(problem.message))
            else:
                elsewhere.append(problem)
        return tuple(elsewhere)

    def refuse(self, problems: tuple[Problem, ...]) -> None:
        """Puts each problem at its field; what belongs to none stands on top."""
        for problem in self.note(problems):
            self.add_error(None, str(problem.message))


def _field(kind: type[forms.Field], wanted: Input, widget: forms.Widget, **more: Any) -> forms.Field:
    return kind(label=wanted.label, required=wanted.required, help_text=wanted.help, widget=widget, **more)


def _lines(rows: int) -> Callable[[Input, Choices], forms.Field]:
    return lambda wanted, people: _field(forms.CharField, wanted, forms.Textarea(attrs={"rows": rows}))


def _text(css: str = "", **attrs: str) -> Callable[[Input, Choices], forms.Field]:
    return lambda wanted, people: _field(forms.CharField, wanted, forms.TextInput(attrs={"class": css, **attrs}))


def _one_of(wanted: Input, people: Choices) -> forms.Field:
    """Nothing is chosen beforehand."""
    return _field(forms.ChoiceField, wanted, forms.Select(), choices=[("", "—"), *(people or wanted.choices)])


def _some_of(wanted: Input, people: Choices) -> forms.Field:
    boxes = forms.CheckboxSelectMultiple(attrs={"class": "checks"})
    return _field(forms.MultipleChoiceField, wanted, boxes, choices=people or wanted.choices)


FIELDS: dict[str, Callable[[Input, Choices], forms.Field]] = {
    "text": _lines(4),
    "lines": _lines(5),
    "json": _lines(5),  # has a page of its own; here so that a forged post is refused in words
    "line": _text(),
    "date": _text(type="date"),
    "days": _text("num", inputmode="numeric"),
    "money": _text("num", inputmode="decimal", autocomplete="off"),
    "signed_money": _text("num", autocomplete="off"),
    "choice": _one_of,
    "choices": _some_of,
    "user": _one_of,
    "users": _some_of,
    "flag": lambda wanted, people: _field(forms.BooleanField, wanted, forms.CheckboxInput()),
}


def version_seen(data: Mapping[str, Any]) -> int | None:
    """The version of the row the person looked at, if the page told."""
    text = str(data.get("version", ""))
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None
