"""Shape of what people enter about themselves; what is allowed is decided by the services."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from accounts.actor import Actor
from accounts.models import User
from approvals.catalog import ITEM_TYPE_CHOICES

DAY = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})


class PreferencesForm(forms.Form):
    mail_choice = forms.ChoiceField(label=_("E-mail"), choices=User.MailChoice.choices)
    email = forms.EmailField(label=_("E-mail address"), required=False)
    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES)


class PasswordForm(forms.Form):
    old = forms.CharField(
        label=_("Old password"), widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}), strip=False
    )
    new = forms.CharField(
        label=_("New password"), widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}), strip=False
    )
    again = forms.CharField(
        label=_("New password again"), widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}), strip=False
    )


class DelegationForm(forms.Form):
    """`actor` is the holder of the post; substitutes are offered from the same organisation."""

    substitute = forms.ModelChoiceField(label=_("Substitute"), queryset=User.objects.none(), empty_label="")
    valid_from = forms.DateField(label=_("From"), widget=DAY)
    valid_to = forms.DateField(label=_("To"), widget=DAY)
    item_types = forms.MultipleChoiceField(
        label=_("Only for these kinds of items"),
        choices=ITEM_TYPE_CHOICES,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("None chosen: all kinds."),
    )
    reason = forms.CharField(label=_("Reason"), max_length=200)

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        colleagues = User.objects.filter(appointments__organisation=actor.organisation, is_active=True)
        others = colleagues.exclude(pk=actor.user.pk).distinct().order_by("full_name")
        self.fields["substitute"].queryset = others  # type: ignore[attr-defined]
