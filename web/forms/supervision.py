"""Shape of proposals about rules and posts; what is allowed is decided by the services."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation, User
from accounts.roles import Role

DAY = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})


class AmendmentForm(forms.Form):
    """`rules`: (code|item type|step, words) of every row that may be changed."""

    rule = forms.ChoiceField(label=_("Rule"))
    value = forms.DecimalField(
        label=_("New value"),
        max_digits=20,
        decimal_places=4,
        help_text=_("Days as a whole number; a share as a decimal, 1.10 for 110 %; amounts in yuan."),
    )
    effective_from = forms.DateField(label=_("Effective from"), widget=DAY)
    basis = forms.CharField(label=_("Basis"), max_length=300, help_text=_("The text it rests on, with its number."))

    def __init__(self, *args: Any, rules: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["rule"].choices = rules  # type: ignore[attr-defined]


class PostForm(forms.Form):
    user = forms.ModelChoiceField(
        label=_("Person"), queryset=User.objects.filter(is_active=True).order_by("full_name"), empty_label=""
    )
    organisation = forms.ModelChoiceField(
        label=_("Organisation"), queryset=Organisation.objects.filter(is_active=True).order_by("name"), empty_label=""
    )
    role = forms.ChoiceField(label=_("Role"), choices=Role.choices)
    section = forms.CharField(label=_("Section"), max_length=50, required=False)
    held_from = forms.DateField(label=_("From"), widget=DAY)
