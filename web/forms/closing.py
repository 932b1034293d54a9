"""The shapes of acceptance, settlement and audit findings: what is typed, in which control."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy, pgettext_lazy

from core.files import KINDS as FILE_KINDS
from execution.models import AuditFinding, PartyOpinion, Settlement, SpecialAcceptance
from execution.services.acceptance import ALWAYS_NEEDED
from execution.services.evidence import KINDS, Upload
from projects.states import AuditMode
from web.forms.contracts import YuanField
from web.forms.project import DateField

ACCEPT = ",".join(extension for code in KINDS for extension in FILE_KINDS[code].extensions)
YES_NO = (
    ("", "—"),
    ("yes", pgettext_lazy("a party of the acceptance", "Agrees")),
    ("no", gettext_lazy("Does not agree")),
)
GOOD_BAD = (("", "—"), ("yes", gettext_lazy("Mended")), ("no", gettext_lazy("Not mended, back to work")))


def _long(label: Any, rows: int = 3, *, required: bool = True, help_text: Any = "") -> forms.CharField:
    area = forms.Textarea(attrs={"rows": rows})
    return forms.CharField(label=label, required=required, max_length=5000, widget=area, help_text=help_text)


def _verdict(label: Any, choices: Iterable[Any]) -> forms.TypedChoiceField:
    """Yes or no; nothing is chosen beforehand."""
    return forms.TypedChoiceField(label=label, choices=choices, coerce=lambda said: said == "yes", empty_value=None)


class DayField(DateField):
    """A day that has to be said."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.required = True


class EvidenceForm(forms.Form):
    """A form with a paper or photo. Fields are judged by the service, everything at once."""

    file = forms.FileField(
        label=gettext_lazy("Signed paper or photo (PDF, OFD, JPEG, PNG)"), required=False,
        widget=forms.FileInput(attrs={"accept": ACCEPT}),
    )  # fmt: skip

    def asks_for_a_file(self) -> "EvidenceForm":
        """Shown as needed; whether one is there already is judged by the service."""
        self.fields["file"].required = True
        return self

    def upload(self) -> Upload | None:
        chosen = self.cleaned_data.get("file")
        return Upload(chosen.file, chosen.name) if chosen else None


class RoundForm(forms.Form):
    held_on = DayField(label=gettext_lazy("Day of the acceptance meeting"))


class OpinionForm(EvidenceForm):
    organisation = forms.CharField(label=gettext_lazy("Organisation"), max_length=200)
    person = forms.CharField(label=gettext_lazy("Person in charge"), max_length=60)
    agrees = _verdict(gettext_lazy("Verdict of the party"), YES_NO)
    signed_on = DayField(label=gettext_lazy("Signed on"))
    opinion = _long(gettext_lazy("Opinion"), required=False)
    field_order = ["organisation", "person", "agrees", "signed_on", "opinion", "file"]

    @staticmethod
    def initial_of(row: PartyOpinion | None, organisation: str) -> dict[str, Any]:
        if row is None:
            return {"organisation": organisation}
        verdict = {True: "yes", False: "no"}.get(row.agrees, "")  # type: ignore[call-overload]
        return {
            "organisation": row.organisation, "person": row.person, "agrees": verdict, "signed_on": row.signed_on,
            "opinion": row.opinion,
        }  # fmt: skip


class PaperForm(EvidenceForm):
    authority = forms.CharField(label=gettext_lazy("Issued by"), max_length=200, required=False)
    document_no = forms.CharField(label=gettext_lazy("Document number"), max_length=60, required=False)
    issued_on = DateField(label=gettext_lazy("Issued on"))
    not_needed = forms.CharField(label=gettext_lazy("Or why the project needs none"), max_length=300, required=False)
    field_order = ["authority", "document_no", "issued_on", "file", "not_needed"]

    def __init__(self, kind: str, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if kind in ALWAYS_NEEDED:
            del self.fields["not_needed"]
            for name in ("authority", "document_no", "issued_on"):
                self.fields[name].required = True

    @staticmethod
    def initial_of(row: SpecialAcceptance | None) -> dict[str, Any]:
        names = ("authority", "document_no", "issued_on", "not_needed")
        return {name: getattr(row, name) for name in names} if row else {}


class DefectForm(forms.Form):
    text = _long(gettext_lazy("Defect"))
    place = forms.CharField(label=gettext_lazy("Place"), max_length=200, required=False)
    due_on = DayField(label=gettext_lazy("To be mended by"))


class MendForm(EvidenceForm):
    fixed_on = DayField(label=gettext_lazy("Mended on"))
    note = _long(gettext_lazy("What was done"))
    field_order = ["fixed_on", "note", "file"]


class CheckForm(forms.Form):
    accepted = _verdict(gettext_lazy("Result of the check"), GOOD_BAD)
    note = _long(gettext_lazy("Remark"), 2, required=False)


class CloseForm(forms.Form):
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)
    conclusion = _long(gettext_lazy("Conclusion"), required=False)


class SettlementForm(forms.Form):
    """The settlement of one contract; the reviews it may go to are given."""

    version = forms.IntegerField(required=False, widget=forms.HiddenInput)
    submitted = YuanField(label=gettext_lazy("Submitted settlement"))
    submitted_on = DayField(label=gettext_lazy("Handed in on"))
    item_id = forms.TypedChoiceField(
        label=gettext_lazy("Settlement review it goes to"), required=False, coerce=int, empty_value=None
    )

    def __init__(self, reviews: Iterable[Any], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["item_id"].choices = [("", "—"), *((row.pk, row.no) for row in reviews)]

    @staticmethod
    def initial_of(row: Settlement) -> dict[str, Any]:
        return {
            "submitted": f"{row.submitted:,.2f}", "submitted_on": row.submitted_on, "item_id": row.item_id,
            "version": row.version,
        }  # fmt: skip


class TailWorksForm(forms.Form):
    """Why a contract is settled after the project, or no longer so."""

    version = forms.IntegerField(required=False, widget=forms.HiddenInput)
    is_tail_works = forms.BooleanField(required=False, widget=forms.HiddenInput)
    reason = _long(gettext_lazy("Reason"), 2)


class SharesForm(forms.Form):
    """What the review left each contract: one field for each settlement that went to it."""

    def __init__(self, settlements: Iterable[Settlement], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for row in settlements:
            self.fields[f"share-{row.pk}"] = YuanField(label=str(row.contract))

    def shares(self) -> dict[int, Decimal]:
        said = self.cleaned_data.items()
        return {int(name.removeprefix("share-")): amount for name, amount in said if amount is not None}


class FindingForm(forms.Form):
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)
    text = _long(gettext_lazy("Finding"), 4)
    amount = YuanField(label=gettext_lazy("Amount concerned"), required=False)
    found_on = DayField(label=gettext_lazy("Found on"))
    item_id = forms.TypedChoiceField(
        label=gettext_lazy("Audit it belongs to"), required=False, coerce=int, empty_value=None
    )

    def __init__(self, audits: Iterable[Any], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["item_id"].choices = [("", "—"), *((row.pk, row.no) for row in audits)]

    @staticmethod
    def initial_of(row: AuditFinding) -> dict[str, Any]:
        amount = f"{row.amount:,.2f}" if row.amount is not None else ""
        return {
            "text": row.text, "amount": amount, "found_on": row.found_on, "item_id": row.item_id, "version": row.version,
        }  # fmt: skip


class RectifyForm(EvidenceForm):
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)
    rectified_on = DayField(label=gettext_lazy("Rectified on"))
    note = _long(gettext_lazy("What was done"))
    field_order = ["rectified_on", "note", "file"]


class AuditModeForm(forms.Form):
    mode = forms.ChoiceField(label=gettext_lazy("Audit mode"), choices=AuditMode.choices)
    document_no = forms.CharField(label=gettext_lazy("Document number of the audit plan"), max_length=60)
