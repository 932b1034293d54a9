"""Final accounts as JSON: the account, its forms cell by cell, what does not balance; and what is entered."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from assets.accounting import Shown
from assets.findings import CellName, Finding, said
from assets.models import FinalAccount
from assets.rules.forms_model import Form
from assets.rules.forms_reckoning import Cell, Forms
from assets.services.accounts import NARRATIVE, CellEntry, DeferredRow, TailRow
from core.api import ExactModelSerializer, StrictSerializer, VersionSerializer, YuanField, yuan_input
from core.api_moves import OfferSerializer

MOST_ROWS = 500
MOST_CELLS = 2000


class AccountTermSerializer(serializers.Serializer):
    """R-TL-09. `days_left` are calendar days, negative once the limit is over."""

    due_on = serializers.DateField(allow_null=True)
    cap_on = serializers.DateField(allow_null=True)
    is_provisional = serializers.BooleanField()
    days_left = serializers.IntegerField(allow_null=True)
    light = serializers.CharField()


class CellNameSerializer(serializers.Serializer):
    """A cell by its keys and by the names a reader knows. `account_id` may be the account of a single project."""

    account_id = serializers.IntegerField()
    form = serializers.CharField()
    row = serializers.CharField(source="ref.row")
    column = serializers.CharField(source="ref.column")
    row_label = serializers.CharField(source="row")
    column_label = serializers.CharField(source="column")


class ImbalanceSerializer(serializers.Serializer):
    """A broken rule: the two cells that disagree, and both amounts in yuan. `fault`: different, above, missing."""

    rule = serializers.CharField()
    fault = serializers.CharField(source="imbalance.fault")
    message = serializers.CharField(source="words")
    left = serializers.SerializerMethodField()
    left_amount = YuanField(source="imbalance.left_amount")
    right = serializers.SerializerMethodField()
    right_amount = YuanField(source="imbalance.right_amount")

    @extend_schema_field(CellNameSerializer)
    def get_left(self, finding: Finding) -> dict[str, Any]:
        return _cell_name(finding.left)

    @extend_schema_field(CellNameSerializer)
    def get_right(self, finding: Finding) -> dict[str, Any]:
        return _cell_name(finding.right)


def _cell_name(name: CellName) -> dict[str, Any]:
    return {
        "account_id": name.account_id, "form": name.form, "row": name.ref.row, "column": name.ref.column,
        "row_label": name.row, "column_label": name.column,
    }  # fmt: skip


class AccountRowSerializer(ExactModelSerializer):
    """`part` is empty for the whole project (R-FA-08)."""

    state = serializers.CharField(read_only=True)
    state_label = serializers.CharField(source="get_state_display", read_only=True)

    class Meta:
        model = FinalAccount
        fields = (
            "id", "project_id", "part", "state", "state_label", "cut_off_on", "completed_on", "extension_months",
            "submitted_on", "late_reason", "approved_on", "approved_total", "document_no", "item_id", "version",
        )  # fmt: skip
        read_only_fields = fields


class FinalAccountSerializer(AccountRowSerializer):
    """The context holds `shown` and `offers`. Amounts are yuan."""

    term = serializers.SerializerMethodField()
    total = serializers.SerializerMethodField()
    reduction = serializers.SerializerMethodField()
    imbalances = serializers.SerializerMethodField()
    narrative = serializers.DictField(child=serializers.CharField(), read_only=True)
    moves = serializers.SerializerMethodField()

    class Meta(AccountRowSerializer.Meta):
        fields = (
            *AccountRowSerializer.Meta.fields, "term", "total", "reduction", "narrative", "imbalances", "moves",
        )  # fmt: skip
        read_only_fields = fields

    @property
    def shown(self) -> Shown:
        return self.context["shown"]

    @extend_schema_field(AccountTermSerializer)
    def get_term(self, row: FinalAccount) -> dict[str, Any]:
        return AccountTermSerializer(self.shown.term).data

    @extend_schema_field(YuanField())
    def get_total(self, row: FinalAccount) -> str:
        return f"{self.shown.total:.2f}"

    @extend_schema_field(YuanField(allow_null=True))
    def get_reduction(self, row: FinalAccount) -> str | None:
        return f"{self.shown.reduction:.2f}" if self.shown.reduction is not None else None

    @extend_schema_field(ImbalanceSerializer(many=True))
    def get_imbalances(self, row: FinalAccount) -> list[dict[str, Any]]:
        return ImbalanceSerializer(self.shown.findings, many=True).data

    @extend_schema_field(OfferSerializer(many=True))
    def get_moves(self, row: FinalAccount) -> list[dict[str, Any]]:
        return OfferSerializer(self.context["offers"], many=True).data


class FormCellSerializer(serializers.Serializer):
    """`value` counts; `computed` is what the system says. Amounts as decimal texts."""

    column = serializers.CharField()
    value = serializers.CharField(allow_null=True)
    computed = serializers.CharField(allow_null=True)
    is_open = serializers.BooleanField()
    needs_reason = serializers.BooleanField()
    reason = serializers.CharField()


class FormRowSerializer(serializers.Serializer):
    row = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]
    cells = FormCellSerializer(many=True)


class FormColumnSerializer(serializers.Serializer):
    column = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]
    kind = serializers.CharField()


class FormSectionSerializer(serializers.Serializer):
    section = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]
    columns = FormColumnSerializer(many=True)
    rows = FormRowSerializer(many=True)


class AccountFormSerializer(serializers.Serializer):
    """One of the forms 00 (cover) to 08 as it stands."""

    form = serializers.CharField()
    code = serializers.CharField()
    title = serializers.CharField()
    sections = FormSectionSerializer(many=True)


def form_as_json(forms: Forms, form: Form) -> dict[str, Any]:
    return {
        "form": form.number,
        "code": form.code,
        "title": said(form.label),
        "sections": [
            {
                "section": section.key,
                "label": said(section.label),
                "columns": [
                    {"column": column.key, "label": said(column.label), "kind": str(column.kind)}
                    for column in section.columns
                ],
                "rows": [
                    {
                        "row": line.key,
                        "label": said(line.label),
                        "cells": [_cell(cell) for cell in line.cells if cell.exists],
                    }
                    for line in forms.lines(form, section)
                ],
            }
            for section in form.sections
        ],
    }


def _cell(cell: Cell) -> dict[str, Any]:
    return {
        "column": cell.ref.column,
        "value": None if cell.value is None else str(cell.value),
        "computed": None if cell.computed is None else str(cell.computed),
        "is_open": cell.is_open,
        "needs_reason": cell.needs_reason,
        "reason": cell.written.reason if cell.written else "",
    }


class AccountOpenSerializer(StrictSerializer):
    """Today and the day of acceptance where no day is given."""

    part = serializers.CharField(max_length=100, required=False, allow_blank=True, default="")
    cut_off_on = serializers.DateField(required=False, allow_null=True, default=None)
    completed_on = serializers.DateField(required=False, allow_null=True, default=None)


class NarrativeSerializer(StrictSerializer):
    """The parts of the narrative; what is left out stays."""

    overview = serializers.CharField(max_length=20_000, required=False, allow_blank=True)
    accounting = serializers.CharField(max_length=20_000, required=False, allow_blank=True)
    surplus = serializers.CharField(max_length=20_000, required=False, allow_blank=True)
    differences = serializers.CharField(max_length=20_000, required=False, allow_blank=True)
    audit = serializers.CharField(max_length=20_000, required=False, allow_blank=True)
    tail = serializers.CharField(max_length=20_000, required=False, allow_blank=True)
    experience = serializers.CharField(max_length=20_000, required=False, allow_blank=True)


assert tuple(NarrativeSerializer().fields) == NARRATIVE


class AccountAmendSerializer(VersionSerializer):
    cut_off_on = serializers.DateField(required=False)
    completed_on = serializers.DateField(required=False, allow_null=True)
    narrative = NarrativeSerializer(required=False)


class CellInputSerializer(StrictSerializer):
    """`text` as typed: yuan with at most two decimals, or words; empty gives the cell back to the system."""

    row = serializers.CharField(max_length=60)
    column = serializers.CharField(max_length=30)
    text = serializers.CharField(max_length=500, allow_blank=True)


class CellsInputSerializer(VersionSerializer):
    """Cells of one form, with one reason for those that write over figures of the system."""

    cells = CellInputSerializer(many=True, max_length=MOST_CELLS)
    reason = serializers.CharField(max_length=300, required=False, allow_blank=True, default="")

    @staticmethod
    def entries_of(said_: dict[str, Any]) -> list[CellEntry]:
        return [CellEntry(**row) for row in said_.get("cells", [])]


class DeferredRowSerializer(StrictSerializer):
    """`line` of form 06; 38 and 39 are entered as they are taken off: positive."""

    line = serializers.IntegerField(min_value=1, max_value=40)
    name = serializers.CharField(max_length=100)
    amount = yuan_input()
    source = serializers.CharField(max_length=200, required=False, allow_blank=True, default="")


class DeferredInputSerializer(VersionSerializer):
    rows = DeferredRowSerializer(many=True, max_length=MOST_ROWS)

    @staticmethod
    def rows_of(said_: dict[str, Any]) -> list[DeferredRow]:
        return [DeferredRow(**row) for row in said_.get("rows", [])]


class TailRowSerializer(StrictSerializer):
    name = serializers.CharField(max_length=200)
    approved = yuan_input(required=False, default=0)
    done = yuan_input(required=False, default=0)
    to_do = yuan_input(required=False, default=0)
    due_on = serializers.DateField(required=False, allow_null=True, default=None)


class TailsInputSerializer(VersionSerializer):
    rows = TailRowSerializer(many=True, max_length=MOST_ROWS)

    @staticmethod
    def rows_of(said_: dict[str, Any]) -> list[TailRow]:
        return [TailRow(**row) for row in said_.get("rows", [])]


class AllocatedSerializer(serializers.Serializer):
    """What was spread over the assets, in yuan."""

    allocated = YuanField()


class DeclaredSerializer(serializers.Serializer):
    """The FA item that now holds the account's lines and its book."""

    item_id = serializers.IntegerField()
    no = serializers.CharField()
