"""The shape of handing in information requirements."""

from django import forms
from django.utils.translation import gettext_lazy as _

from bim.states import Discipline, ModelStage

EVERY = ("", _("All"))


class IdsUploadForm(forms.Form):
    """What the file is for. The file itself travels beside it."""

    stage = forms.ChoiceField(label=_("Model stage"), required=False, choices=[EVERY, *ModelStage.choices])
    discipline = forms.ChoiceField(label=_("Discipline"), required=False, choices=[EVERY, *Discipline.choices])
    required = forms.BooleanField(label=_("Required: a failure blocks acceptance"), required=False)
