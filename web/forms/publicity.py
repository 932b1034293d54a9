"""What the public and the officers say about an item under publicity. Shape only; the service says what is wrong."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from approvals.services.publicity import LONGEST, LONGEST_ANSWER, Objection

UPHELD = (("no", _("The objection is not upheld")), ("yes", _("The objection is upheld")))


class ObjectionForm(forms.Form):
    """An objection, as anybody lodges it."""

    text = forms.CharField(
        label=_("Objection and reasons"),
        max_length=LONGEST["text"],
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("State what is wrong and why. At most 2,000 characters."),
    )
    name = forms.CharField(
        label=_("Your name"), max_length=LONGEST["name"], widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    contact = forms.CharField(
        label=_("Telephone or address"),
        max_length=LONGEST["contact"],
        help_text=_("Only the officers who handle the item see your name and how to reach you."),
    )
    unit = forms.CharField(label=_("Organisation"), max_length=LONGEST["unit"], required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, use_required_attribute=False, **kwargs)

    def objection(self) -> Objection:
        return Objection(**{name: self.cleaned_data[name] for name in LONGEST})


class PaperForm(ObjectionForm):
    """An objection that came on paper, as an officer records it."""

    received_on = forms.DateField(
        label=_("Received on"), widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    )
    field_order = ("received_on", "name", "contact", "unit", "text")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, prefix="objection", **kwargs)
        self.fields["name"].label = _("Name of the objector")
        self.fields["name"].widget.attrs.pop("autocomplete", None)
        self.fields["contact"].help_text = ""
        self.fields["text"].help_text = ""


class AnswerForm(forms.Form):
    """The answer to one objection."""

    upheld = forms.ChoiceField(label=_("Conclusion"), choices=UPHELD, widget=forms.RadioSelect)
    answer = forms.CharField(
        label=_("Answer to the objection"), max_length=LONGEST_ANSWER, widget=forms.Textarea(attrs={"rows": 4})
    )

    def __init__(self, data: Any = None, *, objection: int) -> None:
        super().__init__(data, prefix=f"answer-{objection}", use_required_attribute=False)
        self.objection = objection
