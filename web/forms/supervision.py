"""Shape of proposals about rules and posts; what is allowed is decided by the services."""

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation, User
from accounts.roles import Role

MOST_BYTES = 200_000
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


class NoticeForm(forms.Form):
    """The holiday file of one year. What it must hold is told by the service, everything at once."""

    file = forms.FileField(
        label=_("Holiday file of one year (JSON)"),
        widget=forms.FileInput(attrs={"accept": ".json,application/json"}),
        error_messages={"required": _("Choose the holiday file of one year (JSON).")},
    )

    def clean_file(self) -> UploadedFile:
        file: UploadedFile = self.cleaned_data["file"]
        if file.size > MOST_BYTES:
            raise forms.ValidationError(_("The file is too large for a holiday file: a year takes a few kilobytes."))
        return file

    @property
    def file_name(self) -> str:
        """Of the file that was chosen: a browser does not keep it in the field."""
        chosen = self.files.get("file")
        return chosen.name if chosen else ""


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
