"""The shapes of asset cards, handover batches, papers and archive packages."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import Organisation
from assets import registering
from assets.models import Asset, HandoverBatch
from assets.services import batches, cards
from assets.states import AssetClass, AssetKind, BatchKind
from web.forms.contracts import ShapeForm, YuanField
from web.forms.project import DateField

Kind = Organisation.Kind


def _figure(label: Any, *, decimal_places: int, required: bool = False, **kwargs: Any) -> forms.DecimalField:
    widget = forms.TextInput(attrs={"inputmode": "decimal", "class": "num"})
    return forms.DecimalField(
        label=label,
        required=required,
        max_digits=14,
        decimal_places=decimal_places,
        min_value=0,
        widget=widget,
        **kwargs,
    )


def _text(label: Any, longest: int, **kwargs: Any) -> forms.CharField:
    return forms.CharField(label=label, max_length=longest, required=False, **kwargs)


class CardForm(ShapeForm):
    """One asset card; the elements of the model as GlobalIds, one a line."""

    no = _text(_("Asset number"), 40, help_text=_("Left empty, the next free number is taken."))
    name = forms.CharField(label=pgettext_lazy("of a card", "Asset name"), max_length=200)
    single_project = _text(_("Single project"), 100)
    asset_class = forms.ChoiceField(label=_("Asset class"), choices=AssetClass.choices)
    kind = forms.ChoiceField(label=_("Kind of asset"), choices=AssetKind.choices)
    gb_code = _text(_("GB/T 14885 code"), 20)
    specification = _text(_("Specification"), 200)
    structure = _text(_("Structure"), 60)
    unit = _text(pgettext_lazy("of a quantity", "Unit"), 20)
    quantity = _figure(_("Quantity"), decimal_places=4, initial=1, required=True)
    area = _figure(_("Area (m²)"), decimal_places=2)
    location = _text(_("Location"), 200)
    in_service_on = DateField(label=_("In service since"))
    warranty_until = DateField(label=_("Warranty until"))
    direct = YuanField(label=_("Direct cost"), initial="0.00")
    installation = YuanField(label=_("Installation"), initial="0.00")
    shares_deferred = forms.BooleanField(
        label=_("Takes part in the allocation of deferred costs"), required=False, initial=True
    )
    is_real_estate = forms.BooleanField(
        label=_("Real estate"), required=False, help_text=_("A title is registered for it after the handover.")
    )
    receiver = forms.ModelChoiceField(
        Organisation.objects.none(), label=_("Receiving unit"), required=False, empty_label="—"
    )
    custodian = _text(_("Custodian"), 100)
    maintenance_unit = _text(
        _("Maintenance unit"), 200, help_text=_("Public infrastructure is not handed over without one.")
    )
    guids = forms.CharField(
        label=_("Elements of the model"), required=False, max_length=1_200_000,
        widget=forms.Textarea(attrs={"rows": 4, "class": "code"}),
        help_text=_("GlobalIds, one a line. An element belongs to one asset."),
    )  # fmt: skip

    GROUPS = (
        (_("The asset"), ("no", "name", "single_project", "asset_class", "kind", "gb_code")),
        (_("Particulars"), ("specification", "structure", "unit", "quantity", "area", "location", "in_service_on", "warranty_until")),
        (_("Asset value"), ("direct", "installation", "shares_deferred")),
        (_("Use and upkeep"), ("is_real_estate", "receiver", "custodian", "maintenance_unit")),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["receiver"].queryset = registering.receivers()

    def groups(self) -> list[tuple[Any, list[forms.BoundField]]]:
        return [(title, [self[name] for name in names]) for title, names in self.GROUPS]

    def values(self) -> dict[str, Any]:
        """What could be read; the number only where one was given."""
        values = {name: value for name, value in super().values().items() if name in cards.FIELDS}
        return {name: value for name, value in values.items() if name != "no" or value}

    def guids_said(self) -> list[str]:
        return self.cleaned_data.get("guids", "").split()

    @staticmethod
    def initial_of(asset: Asset) -> dict[str, Any]:
        values = {name: getattr(asset, name) for name in cards.FIELDS}
        money = {name: f"{values[name]:,.2f}" for name in ("direct", "installation")}
        quantity = {"quantity": f"{asset.quantity.normalize():f}"}
        return {
            **values,
            **money,
            **quantity,
            "guids": "\n".join(registering.guids_of(asset)),
            "version": asset.version,
        }


class RemoveForm(forms.Form):
    reason = forms.CharField(label=_("Reason"), max_length=300)


class BatchForm(ShapeForm):
    """A batch: for whom, of which kind, on which day, and which assets of the list."""

    kind = forms.ChoiceField(label=_("Kind of handover"), choices=BatchKind.choices)
    to_unit = forms.ModelChoiceField(Organisation.objects.none(), label=_("Receiving unit"), empty_label="—")
    handed_on = DateField(label=_("Handed over on"), required=True)
    remark = _text(_("Remark"), 300)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["to_unit"].queryset = registering.receivers()

    def values(self) -> dict[str, Any]:
        return {name: value for name, value in super().values().items() if name in batches.FIELDS}

    @staticmethod
    def initial_of(batch: HandoverBatch) -> dict[str, Any]:
        return {name: getattr(batch, name) for name in batches.FIELDS} | {"version": batch.version}


class FileForm(forms.Form):
    """One file to attach or to read."""

    file = forms.FileField(label=_("File"), error_messages={"required": _("Choose a file first.")})


class ArchiveForm(forms.Form):
    gaps_reason = forms.CharField(
        label=_("Why the package is made although something is missing"), max_length=300, required=False
    )
