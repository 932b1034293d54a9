"""What the review pages ask for: the reviewed column, a comment at a material, what lists are narrowed to. Shape only."""

from collections.abc import Mapping
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
