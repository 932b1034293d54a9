"""The shapes of the model base's forms: what is typed, in which control."""

from dataclasses import fields
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from bim import often_asked
from bim.class_names import class_name
from bim.search import Question
from bim.states import Discipline, ModelStage, ModelStatus

LARGEST_KEY = 2**62
SCHEMAS = ("IFC2X3", "IFC4", "IFC4X3")
EVERY = ("", _("All"))


class ModelFilter(forms.Form):
    """What the register may be narrowed by."""

    project = forms.IntegerField(required=False, min_value=1, max_value=LARGEST_KEY, widget=forms.HiddenInput)
    stage = forms.ChoiceField(label=_("Model stage"), required=False, choices=[EVERY, *ModelStage.choices])
    discipline = forms.ChoiceField(label=_("Discipline"), required=False, choices=[EVERY, *Discipline.choices])
    status = forms.ChoiceField(label=_("Status"), required=False, choices=[EVERY, *ModelStatus.choices])
    schema = forms.ChoiceField(label=_("IFC version"), required=False, choices=[EVERY, *((s, s) for s in SCHEMAS)])

    def filters(self) -> dict[str, Any]:
        """Conditions on BimModel; what cannot be read does not narrow."""
        said = self.cleaned_data if self.is_valid() else getattr(self, "cleaned_data", {})
        found = {name: said[name] for name in ("project", "stage", "discipline", "status") if said.get(name)}
        schema = said.get("schema")
        if schema == "IFC4":
            return found | {"ifc_schema__startswith": schema, "ifc_schema__lt": "IFC4X"}
        return found | ({"ifc_schema__startswith": schema} if schema else {})


class ModelSearchForm(forms.Form):
    """A question to the model base."""

    ifc_class = forms.ChoiceField(label=_("Element class"), required=False)
    type_name = forms.CharField(label=_("Type name (part)"), required=False, max_length=100)
    code = forms.CharField(label=_("Classification code (beginning)"), required=False, max_length=60)
    material = forms.CharField(label=_("Material (part)"), required=False, max_length=100)
    property_name = forms.CharField(label=_("Property name"), required=False, max_length=255)
    property_value = forms.CharField(label=_("Property value"), required=False, max_length=255)
    quantity_name = forms.CharField(label=_("Quantity name"), required=False, max_length=255)
    least = forms.FloatField(label=pgettext_lazy("of a quantity", "at least"), required=False)
    most = forms.FloatField(label=pgettext_lazy("of a quantity", "at most"), required=False)
    stage = forms.ChoiceField(label=_("Model stage"), required=False, choices=[EVERY, *ModelStage.choices])
    discipline = forms.ChoiceField(label=_("Discipline"), required=False, choices=[EVERY, *Discipline.choices])
    project = forms.IntegerField(required=False, min_value=1, max_value=LARGEST_KEY, widget=forms.HiddenInput)
    model = forms.IntegerField(required=False, min_value=1, max_value=LARGEST_KEY, widget=forms.HiddenInput)
    guid = forms.CharField(label="GlobalId", required=False, max_length=22)
    all_versions = forms.BooleanField(label=_("Earlier versions too"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        asked = self.data.get("ifc_class", "")
        offered = [
            *often_asked.CLASSES,
            *([asked] if asked.isidentifier() and asked not in often_asked.CLASSES else []),
        ]
        names = [(name, f"{class_name(name)} {name}" if class_name(name) != name else name) for name in offered]
        self.fields["ifc_class"].choices = [EVERY, *names]

    def question(self) -> Question:
        """What was asked; only for a valid form."""
        said = self.cleaned_data
        return Question(
            **{one.name: said[one.name] for one in fields(Question) if said.get(one.name) not in (None, "")}
        )


class ModelUploadForm(forms.Form):
    """Where a model belongs. The file itself travels by the upload."""

    stage = forms.ChoiceField(label=_("Model stage"), choices=ModelStage.choices)
    discipline = forms.ChoiceField(label=_("Discipline"), choices=Discipline.choices)
    remark = forms.CharField(label=_("Remark"), required=False, max_length=200)
