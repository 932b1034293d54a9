"""The shapes of the topics' forms. The service says what is wrong; the form only reads."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from bim import topic_wording
from bim.bcf.records import VERSIONS
from bim.models import BcfTopic, BimModel
from bim.services.topics import LONGEST, LONGEST_COMMENT
from bim.topics import UNSETTLED

EVERY = ("", _("All"))


def is_key(text: str) -> bool:
    """Whether the text is a number the database can look for."""
    return text.isascii() and text.isdigit() and len(text) < 19


class TopicFilter(forms.Form):
    """What the list of topics may be narrowed by."""

    status = forms.ChoiceField(label=_("Status"), required=False)
    topic_type = forms.ChoiceField(label=_("Kind"), required=False)
    assigned_to = forms.CharField(label=_("Assigned to"), required=False, max_length=255)
    model = forms.ChoiceField(label=_("Model"), required=False)

    def __init__(self, data: Any, *, statuses: Iterable[str], models: Iterable[BimModel]) -> None:
        super().__init__(data)
        unsettled = (UNSETTLED, _("All that are not closed"))
        self.fields["status"].choices = [EVERY, unsettled, *topic_wording.choices("topic_status", *statuses)]
        self.fields["topic_type"].choices = [EVERY, *topic_wording.choices("topic_type")]
        self.fields["model"].choices = [EVERY, *((str(model.pk), str(model)) for model in models)]

    def filters(self) -> dict[str, Any]:
        """What cannot be read does not narrow."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}


class TopicForm(forms.Form):
    """A topic, new or to be changed. `topic`: whose values are kept among the choices."""

    title = forms.CharField(label=_("Title"), max_length=LONGEST["title"])
    description = forms.CharField(
        label=_("Description"),
        required=False,
        max_length=LONGEST["description"],
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    topic_type = forms.ChoiceField(label=_("Kind"), initial="Issue")
    topic_status = forms.ChoiceField(label=_("Status"), initial=topic_wording.OPEN)
    priority = forms.ChoiceField(label=pgettext_lazy("of a topic", "Priority"), initial="Normal")
    assigned_to = forms.CharField(
        label=_("Assigned to"),
        required=False,
        max_length=LONGEST["assigned_to"],
        help_text=_("A house or a person; everybody who reads the topic sees it."),
    )
    due_on = forms.DateField(
        label=pgettext_lazy("of a topic", "Due"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    labels = forms.CharField(label=_("Labels"), required=False, max_length=3000, help_text=_("Separated by commas."))
    model = forms.ChoiceField(label=_("Model"), required=False)

    def __init__(self, *args: Any, models: Iterable[BimModel], topic: BcfTopic | None = None, **kwargs: Any) -> None:
        super().__init__(*args, use_required_attribute=False, **kwargs)
        for name in topic_wording.LABELS:
            self.fields[name].choices = topic_wording.choices(name, getattr(topic, name) if topic else "")
            self.fields[name].required = topic is None or bool(getattr(topic, name))
            if topic is not None and not getattr(topic, name):
                self.fields[name].choices = [("", "—"), *self.fields[name].choices]
        rows = list(models)
        if topic is not None and topic.model is not None and topic.model not in rows:
            rows.append(topic.model)
        self.fields["model"].choices = [("", _("No particular model")), *((str(row.pk), str(row)) for row in rows)]

    def said(self) -> dict[str, Any]:
        """What could be read, as the service takes it."""
        said = dict(self.cleaned_data)
        if "model" in said:
            said["model"] = int(said["model"]) if said["model"] else None
        return said


class CommentForm(forms.Form):
    """What somebody says to a topic, and perhaps its new status."""

    text = forms.CharField(
        label=pgettext_lazy("of a topic", "Comment"),
        max_length=LONGEST_COMMENT,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    status = forms.ChoiceField(label=_("Status"))

    def __init__(self, *args: Any, topic: BcfTopic, **kwargs: Any) -> None:
        super().__init__(*args, use_required_attribute=False, **kwargs)
        self.fields["status"].choices = topic_wording.choices("topic_status", topic.topic_status)
        self.fields["status"].initial = topic.topic_status
        if not topic.topic_status:
            self.fields["status"].required = False
            self.fields["status"].choices = [("", "—"), *self.fields["status"].choices]


class ExportForm(forms.Form):
    """Which version, and which topics; none named: all of the project."""

    version = forms.ChoiceField(label=_("Version"), choices=[(one, f"BCF {one}") for one in VERSIONS], initial="3.0")
    topics = forms.TypedMultipleChoiceField(required=False, coerce=int)

    def __init__(self, data: Any = None) -> None:
        super().__init__(data)
        said = data.getlist("topics") if data else []
        self.fields["topics"].choices = [(key, key) for key in said if is_key(key)]
