"""What the review pages ask for: the inputs of a move, the reviewed column, a comment at a material. Shape only."""

from collections.abc import Callable, Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from approvals.catalog import ITEM_TYPE_CHOICES
from approvals.costing.amounts import AmountRefused, Unit, parse_amount
from approvals.costing.wording import say
from approvals.models import ApprovalItem, CostLine, MaterialComment, Task
from approvals.services.costs import ReviewedLine
from core.errors import Problem
from core.workflow import Input, Move

Choices = list[tuple[Any, Any]]


class MoveForm(forms.Form):
    """The inputs of one move. What is missing or unreadable is told by the service, all reasons at once."""

    def __init__(
        self, move: Move, data: Mapping[str, Any] | None = None, people: Mapping[str, Choices] | None = None
    ) -> None:
        super().__init__(data, prefix=move.name, use_required_attribute=False)
        self.move = move
        for wanted in move.inputs:
            self.fields[wanted.name] = FIELDS[wanted.kind](wanted, (people or {}).get(wanted.name, []))

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
    "line": _text(),
    "date": _text(type="date"),
    "days": _text("num", inputmode="numeric"),
    "money": _text("num", inputmode="decimal", autocomplete="off"),
    "choice": _one_of,
    "choices": _some_of,
    "user": _one_of,
    "users": _some_of,
    "flag": lambda wanted, people: _field(forms.BooleanField, wanted, forms.CheckboxInput()),
}


def unit_of(item: ApprovalItem) -> Unit:
    """The unit the type's figures are entered in: 万元 for estimates, 元 for budgets, settlements and final accounts."""
    return Unit.WAN if item.type.printed_in == "wan" else Unit.YUAN


def read_review(item: ApprovalItem, data: Mapping[str, str]) -> tuple[list[ReviewedLine], list[Problem]]:
    """The reviewed column of the posted grid in yuan. Lines that were not posted are left out."""
    unit, lines, problems = unit_of(item), [], []
    for row in item.cost_lines.all():
        if not row.is_leaf or f"reviewed-{row.pk}" not in data:
            continue
        try:
            amount = _amount(data[f"reviewed-{row.pk}"], unit)
        except AmountRefused as refused:
            problems.append(Problem(refused.code, _at_line(row, say(refused.code, refused.params)), f"line.{row.code}"))
            continue
        reason = data.get(f"reason-{row.pk}", "").strip()[:300]
        lines.append(ReviewedLine(row.code, amount, reason, data.get(f"class-{row.pk}", "")))
    return lines, problems


def _amount(text: str, unit: Unit) -> Any:
    return parse_amount(text, unit) if text.strip() else None


def _at_line(row: CostLine, words: str) -> str:
    return _("%(line)s: %(problem)s") % {"line": f"{row.code} {row.name}", "problem": words}


class CommentForm(forms.Form):
    verdict = forms.ChoiceField(label=gettext_lazy("Verdict"), choices=MaterialComment.Verdict.choices)
    page = forms.IntegerField(label=gettext_lazy("Page"), required=False, min_value=1, max_value=99999)
    text = forms.CharField(
        label=gettext_lazy("Comment"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 2})
    )


class NarrowingForm(forms.Form):
    """What lists are narrowed to; unreadable values narrow nothing."""

    q = forms.CharField(
        label=gettext_lazy("Number or project"),
        required=False,
        max_length=60,
        widget=forms.TextInput(attrs={"type": "search"}),
    )
    type = forms.ChoiceField(label=gettext_lazy("Item type"), required=False)
    kind = forms.ChoiceField(label=gettext_lazy("Task"), required=False)

    def __init__(self, data: Mapping[str, Any]) -> None:
        super().__init__(data, auto_id="filter_%s")
        everything = ("", gettext_lazy("All"))
        self.fields["type"].choices = [everything, *ITEM_TYPE_CHOICES]
        self.fields["kind"].choices = [everything, *Task.Kind.choices]
        self.is_valid()

    def said(self, name: str) -> str:
        return self.cleaned_data.get(name) or ""
