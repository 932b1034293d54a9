"""The shape of the project form: what is typed, in which control. What it means is checked by the services."""

from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation
from approvals.costing.amounts import AmountRefused, Unit, in_unit, parse_amount
from approvals.costing.wording import say
from core import clock
from projects import codes
from projects.models import Project
from projects.services.register import BASICS, TakenOverFigure
from projects.states import MAIN_LINE, AuditMode, FigureKind, Stage

Kind = Organisation.Kind
OPTIONAL_TABLES = {"sector": _("Sector"), "plan_category": _("Plan category"), "subdistrict": _("Subdistrict")}
FUNDING = "funding-"
FIGURE = "figure-"
TAKEN_OVER_KINDS = (
    FigureKind.ROUGH, FigureKind.FEASIBILITY, FigureKind.ESTIMATE, FigureKind.BUDGET, FigureKind.AWARD, FigureKind.SETTLEMENT,
)  # fmt: skip


class WanField(forms.CharField):
    """万元 as typed, exactly; the cleaned value is Decimal yuan, or None where nothing was typed."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.TextInput(attrs={"inputmode": "decimal", "class": "num"})
        super().__init__(required=False, max_length=40, widget=widget, **kwargs)

    def clean(self, value: Any) -> Decimal | None:  # type: ignore[override]
        text = super().clean(value)
        if not text:
            return None
        try:
            return parse_amount(text, Unit.WAN)
        except AmountRefused as refused:
            raise ValidationError(say(refused.code, refused.params)) from refused


class DateField(forms.DateField):
    """A day, chosen or typed as 2026-11-23."""

    def __init__(self, *, required: bool = False, **kwargs: Any) -> None:
        widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
        super().__init__(required=required, widget=widget, **kwargs)


class OrganisationField(forms.ModelChoiceField):
    """An active organisation, or none."""

    def __init__(self, *kinds: str, **kwargs: Any) -> None:
        houses = Organisation.objects.filter(is_active=True, kind__in=kinds)
        super().__init__(houses, required=False, empty_label="—", **kwargs)


class ProjectForm(forms.Form):
    """The basics of a project. A new one may be taken over at a later stage."""

    name = forms.CharField(label=_("Project name"), max_length=200)
    code = forms.CharField(
        label=_("Project code"), max_length=40, required=False, help_text=_("YYMM-RRRRRR-DD-TT-NNNNNN, 20 digits.")
    )
    content_scale = forms.CharField(
        label=_("Content and scale"), required=False, widget=forms.Textarea(attrs={"rows": 4})
    )
    project_class = forms.ChoiceField(label=_("Project class"))
    construction_nature = forms.ChoiceField(label=_("Construction nature"))
    investment_mode = forms.ChoiceField(label=_("Investment mode"))
    industry = forms.ChoiceField(label=_("Industry"))
    sector = forms.ChoiceField(label=_("Sector"), required=False)
    plan_category = forms.ChoiceField(label=_("Plan category"), required=False)
    urgency = forms.ChoiceField(label=_("Urgency"), initial="NORMAL")
    secrecy = forms.ChoiceField(
        label=_("Secrecy"), initial="OPEN", help_text=_("Secret projects must not be entered into this system.")
    )
    construction_unit = OrganisationField(Kind.PROJECT_UNIT, label=_("Construction unit"))
    user_unit = OrganisationField(Kind.PROJECT_UNIT, Kind.ASSET, Kind.COMPETENT_DEPT, label=_("User unit"))
    agent_builder = OrganisationField(Kind.PROJECT_UNIT, label=_("Agent builder"))
    competent_dept = OrganisationField(Kind.COMPETENT_DEPT, label=_("Competent department"))
    subdistrict = forms.ChoiceField(label=_("Subdistrict"), required=False)
    address = forms.CharField(label=_("Detailed address"), max_length=200, required=False)
    longitude = forms.DecimalField(
        label=_("Longitude"), required=False, min_value=-180, max_value=180, max_digits=10, decimal_places=6
    )
    latitude = forms.DecimalField(
        label=_("Latitude"), required=False, min_value=-90, max_value=90, max_digits=9, decimal_places=6
    )
    crs = forms.ChoiceField(
        label=_("Coordinate system"),
        required=False,
        choices=(("", "—"), ("CGCS2000", "CGCS2000"), ("WGS84", "WGS 84"), ("GCJ02", "GCJ-02")),
    )
    rough_investment = WanField(label=_("Rough investment"))
    meeting_minute = forms.CharField(label=_("Meeting minute"), max_length=100, required=False)
    planned_start = DateField(label=_("Planned start"))
    planned_completion = DateField(label=_("Planned completion"))
    audit_mode = forms.ChoiceField(label=_("Audit mode"), choices=AuditMode.choices, initial=AuditMode.GOV_AUDIT)
    operating = forms.BooleanField(label=_("Operating project"), required=False)
    is_major = forms.BooleanField(label=_("Major project"), required=False)
    needs_title = forms.BooleanField(label=_("Has real-estate assets that need a title"), required=False, initial=True)
    taken_over_at = forms.ChoiceField(
        label=_("Stage the project has reached"),
        required=False,
        help_text=_("Only for a project that is already running: its earlier stages are marked as waived."),
    )
    taken_over_reason = forms.CharField(
        label=_("Decisions made before the take-over"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Name the documents, for example the approvals of proposal and feasibility study."),
    )
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    GROUPS = (
        (_("What is being built"), ("name", "code", "content_scale")),
        (
            _("Classification"),
            ("project_class", "construction_nature", "investment_mode", "industry", "sector", "plan_category", "urgency",
             "secrecy"),
        ),
        (_("Who takes part"), ("construction_unit", "user_unit", "agent_builder", "competent_dept")),
        (_("Where"), ("subdistrict", "address", "longitude", "latitude", "crs")),
        (
            _("Investment and time"),
            ("rough_investment", "meeting_minute", "planned_start", "planned_completion", "audit_mode"),
        ),
        (_("Particulars"), ("operating", "is_major", "needs_title")),
        (_("Taking over a running project"), ("taken_over_at", "taken_over_reason")),
    )  # fmt: skip

    def __init__(self, *args: Any, project: Project | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        today = clock.today()
        for name, table in codes.TABLE_OF_FIELD.items():
            entries = codes.choices(table, today)
            if name == "secrecy":
                entries = [entry for entry in entries if entry[0] in ("OPEN", "INTERNAL")]
            chosen_already = name in ("urgency", "secrecy")
            optional = not self.fields[name].required
            kept = _retired(project, name, table, entries)
            self.fields[name].choices = [*_empty(optional, chosen_already), *entries, *kept]
        self.fields["taken_over_at"].choices = [("", "—"), *((stage, Stage(stage).label) for stage in MAIN_LINE[1:])]
        self.sources = codes.choices("funding_source", today)
        for code, label in self.sources:
            self.fields[f"{FUNDING}{code}"] = WanField(label=label)
        self.figure_kinds = TAKEN_OVER_KINDS if project is None else ()
        for kind in self.figure_kinds:
            self.fields[f"{FIGURE}{kind}"] = WanField(label=kind.label)
            self.fields[f"{FIGURE}{kind}-on"] = DateField(label=_("Approved on"))
            self.fields[f"{FIGURE}{kind}-no"] = forms.CharField(
                label=_("Document number"), max_length=60, required=False
            )
        if project is not None:
            del self.fields["taken_over_at"], self.fields["taken_over_reason"]
            if project.code:
                self.fields["code"].disabled = True
                self.fields["code"].help_text = _("A project code, once issued, may not be changed.")

    def groups(self) -> list[tuple[Any, list[forms.BoundField]]]:
        """(heading, fields) in the order of the page."""
        shown = [(title, [self[name] for name in names if name in self.fields]) for title, names in self.GROUPS]
        return [(title, fields) for title, fields in shown if fields]

    def funding_fields(self) -> list[tuple[str, forms.BoundField]]:
        return [(code, self[f"{FUNDING}{code}"]) for code, _label in self.sources]

    def figure_rows(self) -> list[tuple[Any, list[forms.BoundField]]]:
        """(kind, [amount, date, document number]) of the amounts approved before a take-over."""
        return [
            (kind.label, [self[f"{FIGURE}{kind}"], self[f"{FIGURE}{kind}-on"], self[f"{FIGURE}{kind}-no"]])
            for kind in self.figure_kinds
        ]

    def clean(self) -> dict[str, Any]:
        """An approved amount is worth nothing without its date and document."""
        said = super().clean() or self.cleaned_data
        for kind in self.figure_kinds:
            parts = [said.get(f"{FIGURE}{kind}{part}") for part in ("", "-on", "-no")]
            if any(parts) and not all(part is not None and part != "" for part in parts):
                self.add_error(f"{FIGURE}{kind}", _("The date and the document number are needed as well."))
        return said

    def taken_over_figures(self) -> list[TakenOverFigure]:
        """What was approved before, in yuan."""
        said = self.cleaned_data
        return [
            TakenOverFigure(kind, amount, day, said.get(f"{FIGURE}{kind}-no", ""))
            for kind in self.figure_kinds
            if (amount := said.get(f"{FIGURE}{kind}")) is not None and (day := said.get(f"{FIGURE}{kind}-on"))
        ]

    def basics(self) -> dict[str, Any]:
        """What the services take: fields of BASICS."""
        return {name: self.cleaned_data[name] for name in BASICS if name in self.cleaned_data}

    def funding(self) -> dict[str, Decimal]:
        """Yuan by source, only where an amount was typed."""
        typed = {code: self.cleaned_data.get(f"{FUNDING}{code}") for code, _label in self.sources}
        return {code: amount for code, amount in typed.items() if amount is not None}


def _empty(optional: bool, chosen_already: bool) -> list[tuple[str, Any]]:
    """A table one must choose from begins with nothing chosen, so that nobody takes the first entry by accident."""
    if chosen_already:
        return []
    return [("", "—" if optional else _("Please choose"))]


def _retired(project: Project | None, name: str, table: str, entries: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """A code the project has but that is no longer given out stays choosable for it."""
    held = getattr(project, name) if project else ""
    return [(held, codes.labels(table).get(held, held))] if held and held not in dict(entries) else []


def initial_of(project: Project) -> dict[str, Any]:
    """What the form shows of a project that exists; amounts in 万元."""
    values = {name: getattr(project, name) for name in BASICS}
    if project.rough_investment is not None:
        values["rough_investment"] = f"{in_unit(project.rough_investment, Unit.WAN):f}"
    for row in project.funding.all():
        values[f"{FUNDING}{row.source}"] = f"{in_unit(row.amount, Unit.WAN):f}"
    return values | {"version": project.version}


class RegisterFilter(forms.Form):
    """What the register may be narrowed by."""

    q = forms.CharField(label=_("Search"), required=False, max_length=100)
    stage = forms.ChoiceField(label=_("Stage"), required=False)
    project_class = forms.ChoiceField(label=_("Project class"), required=False)
    subdistrict = forms.ChoiceField(label=_("Subdistrict"), required=False)
    owner_unit = forms.ModelChoiceField(
        Organisation.objects.filter(kind=Kind.PROJECT_UNIT),
        label=_("Project unit"),
        required=False,
        empty_label=_("All"),
    )
    after = forms.IntegerField(required=False, min_value=0, max_value=2**62, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        every = ("", _("All"))
        self.fields["stage"].choices = [every, *Stage.choices]
        for name in ("project_class", "subdistrict"):
            self.fields[name].choices = [every, *codes.labels(name).items()]

    def filters(self) -> dict[str, Any]:
        """Fields of Project and the value each must have; what cannot be read does not narrow."""
        said = self.cleaned_data if self.is_valid() else getattr(self, "cleaned_data", {})
        names = ("stage", "project_class", "subdistrict", "owner_unit")
        return {name: said[name] for name in names if said.get(name)}
