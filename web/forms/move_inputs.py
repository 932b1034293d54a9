"""A form for what a person must say with a move, made from the move's own inputs."""

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from core.errors import Problem
from core.workflow import Input, Move

SEVERAL = frozenset({"choices", "users"})


class MoveForm(forms.Form):
    """Shows the inputs of one move and keeps what was typed; the service reads and judges the values."""

    version = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, move: Move, data: QueryDict | None = None, *, version: int | None = None) -> None:
        super().__init__(data, initial={"version": version}, auto_id=f"id_{move.name}_%s")
        self.move = move
        for wanted in move.inputs:
            self.fields[wanted.name] = _field(wanted)

    def refuse(self, problems: Iterable[Problem]) -> None:
        """Puts each problem at its input; what belongs to none stands on top."""
        self.full_clean()
        for problem in problems:
            self.add_error(problem.field if problem.field in self.fields else None, str(problem.message))

    @property
    def shown(self) -> list[forms.BoundField]:
        return [self[wanted.name] for wanted in self.move.inputs]


def spoken(move: Move, data: QueryDict) -> dict[str, Any]:
    """What was said, by input name, as the services take it."""
    return {
        wanted.name: data.getlist(wanted.name) if wanted.kind in SEVERAL else data.get(wanted.name, "")
        for wanted in move.inputs
    }


def version_seen(data: Mapping[str, Any]) -> int | None:
    """The version of the row the person looked at, if the page told."""
    text = str(data.get("version", ""))
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None


def _field(wanted: Input) -> forms.Field:
    """The control for one input. Whether it may be empty is only marked here: the service decides."""
    common = {"label": wanted.label, "required": False, "help_text": wanted.help}
    kinds: dict[str, Any] = {
        "date": lambda: forms.CharField(widget=forms.DateInput(attrs={"type": "date"}), **common),
        "days": lambda: forms.CharField(widget=forms.NumberInput(attrs={"min": 1, "max": 1000}), **common),
        "money": lambda: forms.CharField(
            widget=forms.TextInput(attrs={"inputmode": "decimal", "class": "num"}), **common
        ),
        "choice": lambda: forms.ChoiceField(choices=[("", _("Please choose")), *wanted.choices], **common),
        "choices": lambda: forms.MultipleChoiceField(
            choices=wanted.choices, widget=forms.CheckboxSelectMultiple, **common
        ),
        "flag": lambda: forms.BooleanField(**common),
        "line": lambda: forms.CharField(widget=forms.TextInput(attrs={"maxlength": 100}), **common),
    }
    make = kinds.get(wanted.kind, lambda: forms.CharField(widget=forms.Textarea(attrs={"rows": 3}), **common))
    field: forms.Field = make()
    field.required = wanted.required
    return field
