"""What the page of model quantities asks for: a rule, a link by hand. Shape only."""

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from approvals.model_quantities import Comparison
from approvals.services.model_links import ClaimSaid, RuleSaid
from bim.states import Discipline

CLAIM = ("line_code", "quantity", "set_name", "factor", "share")
CONDITIONS = ("type_contains", "material_contains", "material_lacks", "classification_prefix", "storey", "discipline")


class ClaimForm(forms.Form):
    """Which quantity feeds which line."""

    line_code = forms.ChoiceField(label=_("Cost line"))
    quantity = forms.CharField(
        label=_("Quantity"),
        max_length=255,
        help_text=_("The name in the model, such as NetVolume; COUNT counts the elements."),
        widget=forms.TextInput(attrs={"list": "quantity-names"}),
    )
    set_name = forms.CharField(label=_("Quantity set"), max_length=255, required=False)
    factor = forms.DecimalField(label=_("Factor"), max_digits=14, decimal_places=6, initial=1, required=False)
    share = forms.DecimalField(
        label=_("Share"),
        max_digits=7,
        decimal_places=6,
        initial=1,
        required=False,
        help_text=_("Below 1 where several lines divide one quantity."),
    )

    def __init__(self, *args: Any, comparison: Comparison, **kwargs: Any) -> None:
        super().__init__(*args, use_required_attribute=False, **kwargs)
        leaves = [row.line for row in comparison.rows if row.line.is_leaf]
        self.fields["line_code"].choices = [(line.code, f"{line.code} {line.name}") for line in leaves]

    def claim(self) -> dict[str, Any]:
        said = {name: self.cleaned_data[name] for name in CLAIM}
        return {name: Decimal(1) if value is None else value for name, value in said.items()}


class RuleForm(ClaimForm):
    """All elements of a class that fit every other condition named."""

    ifc_class = forms.CharField(
        label=_("Class"), max_length=60, widget=forms.TextInput(attrs={"list": "element-classes"})
    )
    type_contains = forms.CharField(label=_("Type contains"), max_length=255, required=False)
    material_contains = forms.CharField(label=_("Material contains"), max_length=255, required=False)
    material_lacks = forms.CharField(label=_("Material does not contain"), max_length=255, required=False)
    classification_prefix = forms.CharField(label=_("Classification begins with"), max_length=255, required=False)
    storey = forms.ChoiceField(label=_("Storey"), required=False)
    discipline = forms.ChoiceField(label=_("Discipline"), required=False, choices=[("", _("All")), *Discipline.choices])
    field_order = ("line_code", "ifc_class", "quantity", "factor", *CONDITIONS, "set_name", "share")

    def __init__(self, *args: Any, comparison: Comparison, **kwargs: Any) -> None:
        super().__init__(*args, comparison=comparison, **kwargs)
        self.fields["storey"].choices = [("", _("All")), *((name, name) for name in comparison.storeys)]

    def said(self) -> RuleSaid:
        conditions = {name: self.cleaned_data[name] for name in CONDITIONS}
        return RuleSaid(**self.claim(), **conditions, ifc_class=self.cleaned_data["ifc_class"])


class LinkForm(ClaimForm):
    """Single elements by their GlobalIds."""

    guids = forms.CharField(
        label=_("GlobalIds of the elements"),
        max_length=60_000,
        help_text=_("Separated by spaces, commas or lines; what is chosen in the model is filled in by itself."),
        widget=forms.Textarea(attrs={"rows": 2, "data-pt-bim-selection": ""}),
    )
    field_order = ("line_code", "guids", "quantity", "factor", "set_name", "share")

    def said(self) -> ClaimSaid:
        return ClaimSaid(**self.claim())

    def elements(self) -> list[str]:
        return self.cleaned_data["guids"].replace(",", " ").split()
