"""Tenders, contracts and change orders as JSON, and the shapes in which they are entered."""

from decimal import Decimal
from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from core.api import MOST_YUAN, ExactModelSerializer, StrictSerializer, VersionSerializer, YuanField, yuan_input
from core.api_moves import OfferSerializer
from execution import contracting, facts
from execution.models import (
    ChangeLine,
    ChangeOrder,
    Contract,
    ContractLine,
    Supplement,
    Tender,
    TenderObjection,
)
from execution.services.changes import Line as ChangedLine
from execution.services.contracts import Line
from execution.states import ChangeKind, ContractKind, PriceType, TenderMethod

MOST_LINES = 3000
LARGEST_KEY = 2**62
MOST_QUANTITY = Decimal(10) ** 12


def signed_yuan(**kwargs: Any) -> YuanField:
    """An amount that may take something away."""
    return YuanField(min_value=-MOST_YUAN, max_value=MOST_YUAN, **kwargs)


def _quantity(*, signed: bool = False, **kwargs: Any) -> serializers.DecimalField:
    least = -MOST_QUANTITY if signed else Decimal(0)
    return serializers.DecimalField(max_digits=18, decimal_places=4, min_value=least, max_value=MOST_QUANTITY, **kwargs)


class WithMoves(ExactModelSerializer):
    """A row with what this person may do with it."""

    state = serializers.CharField(read_only=True)
    state_label = serializers.CharField(source="get_state_display", read_only=True)
    moves = serializers.SerializerMethodField()

    @extend_schema_field(OfferSerializer(many=True))
    def get_moves(self, row: Any) -> list[dict[str, Any]]:
        return OfferSerializer(self.context.get("offers", []), many=True).data


class TenderObjectionSerializer(ExactModelSerializer):
    class Meta:
        model = TenderObjection
        fields = ("id", "objector", "text", "received_on", "answer", "answered_on", "upheld")
        read_only_fields = fields


class ContractClockSerializer(serializers.Serializer):
    """How long there is to sign after the notice of award; `days_left` is negative once the limit is over."""

    due_on = serializers.DateField()
    days_left = serializers.IntegerField()
    light = serializers.CharField()


class TenderRowSerializer(ExactModelSerializer):
    """The context holds the `rules` of the day."""

    state = serializers.CharField(read_only=True)
    state_label = serializers.CharField(source="get_state_display", read_only=True)
    method = serializers.CharField(read_only=True)
    kind = serializers.CharField(read_only=True)
    contract_clock = serializers.SerializerMethodField()

    class Meta:
        model = Tender
        fields = (
            "id", "name", "kind", "method", "state", "state_label", "ceiling", "announced_on", "closes_on", "opened_on",
            "reported_on", "publicity_from", "publicity_until", "bidders", "candidates", "winner", "award", "notified_on",
            "document_no", "failure_reason", "contract_clock", "version",
        )  # fmt: skip
        read_only_fields = fields

    @extend_schema_field(ContractClockSerializer(allow_null=True))
    def get_contract_clock(self, row: Tender) -> dict[str, Any] | None:
        clock = contracting.contract_clock(row, self.context["rules"])
        return ContractClockSerializer(clock).data if clock else None


class TenderSerializer(TenderRowSerializer, WithMoves):
    objections = TenderObjectionSerializer(many=True, read_only=True)

    class Meta(TenderRowSerializer.Meta):
        fields = ("project_id", *TenderRowSerializer.Meta.fields, "objections", "moves")
        read_only_fields = fields


class TenderInputSerializer(VersionSerializer):
    """What is put out to tender. `ceiling` in yuan."""

    name = serializers.CharField(max_length=200)
    kind = serializers.ChoiceField(ContractKind.choices)
    method = serializers.ChoiceField(TenderMethod.choices)
    ceiling = yuan_input()


class TenderObjectionInputSerializer(StrictSerializer):
    objector = serializers.CharField(max_length=200)
    text = serializers.CharField(max_length=5000)
    received_on = serializers.DateField()


class TenderAnswerInputSerializer(StrictSerializer):
    answer = serializers.CharField(max_length=5000)
    upheld = serializers.BooleanField(default=False)


class ContractLineSerializer(ExactModelSerializer):
    """`quantity_now` and `amount_now` include approved change orders; `measured` is what the reports have so far."""

    quantity_now = serializers.SerializerMethodField()
    amount_now = serializers.SerializerMethodField()
    measured = serializers.SerializerMethodField()

    class Meta:
        model = ContractLine
        fields = (
            "id", "position", "code", "name", "cost_code", "unit", "quantity", "unit_price", "amount", "quantity_now",
            "amount_now", "measured",
        )  # fmt: skip
        read_only_fields = fields

    def get_quantity_now(self, line: ContractLine) -> str:
        return f"{facts.quantity_of(line):.4f}"

    def get_amount_now(self, line: ContractLine) -> str:
        return f"{facts.amount_of(line):.2f}"

    def get_measured(self, line: ContractLine) -> str:
        return f"{facts.measured_of(line):.4f}"


class SupplementSerializer(ExactModelSerializer):
    has_file = serializers.SerializerMethodField()

    class Meta:
        model = Supplement
        fields = ("id", "no", "amount", "signed_on", "reason", "cost_code", "has_file")
        read_only_fields = fields

    def get_has_file(self, row: Supplement) -> bool:
        return row.file_id is not None


class SignedFileSerializer(serializers.Serializer):
    """The signed paper: its bytes are at `…/file/`."""

    name = serializers.CharField()
    size = serializers.IntegerField()
    mime = serializers.CharField()
    sha256 = serializers.CharField()


class SignedFileInputSerializer(serializers.Serializer):
    file = serializers.FileField(help_text="PDF, OFD, JPEG or PNG")


class ContractValueSerializer(serializers.Serializer):
    """Yuan: price + supplements + approved changes = total; `committed` is paid or approved by finance."""

    price = YuanField()
    supplements = YuanField()
    changes = YuanField()
    total = YuanField()
    committed = YuanField()


class ContractRowSerializer(ExactModelSerializer):
    state = serializers.CharField(read_only=True)
    state_label = serializers.CharField(source="get_state_display", read_only=True)
    kind = serializers.CharField(read_only=True)
    price_type = serializers.CharField(read_only=True)
    value = serializers.SerializerMethodField()
    warnings = serializers.SerializerMethodField()

    class Meta:
        model = Contract
        fields = (
            "id", "no", "name", "kind", "state", "state_label", "tender_id", "contractor", "contractor_code",
            "price_type", "price", "retention_rate", "advance_rate", "no_prefinancing", "payment_terms", "signed_on",
            "starts_on", "ends_on", "completed_on", "warranty_until", "is_tail_works", "value", "warnings", "version",
        )  # fmt: skip
        read_only_fields = fields

    @extend_schema_field(ContractValueSerializer)
    def get_value(self, row: Contract) -> dict[str, Any]:
        return ContractValueSerializer(contracting.value_of(row)).data

    def get_warnings(self, row: Contract) -> list[str]:
        return contracting.contract_warnings(row, self.context["rules"])


class ContractSerializer(ContractRowSerializer, WithMoves):
    lines = ContractLineSerializer(many=True, read_only=True)
    supplements = SupplementSerializer(many=True, read_only=True)
    file = SignedFileSerializer(read_only=True, allow_null=True)

    class Meta(ContractRowSerializer.Meta):
        fields = ("project_id", *ContractRowSerializer.Meta.fields, "file", "lines", "supplements", "moves")
        read_only_fields = fields


class ContractLineInputSerializer(StrictSerializer):
    """A priced line. Without `amount`, quantity × unit price counts."""

    name = serializers.CharField(max_length=200)
    cost_code = serializers.CharField(max_length=30)
    code = serializers.CharField(max_length=30, required=False, allow_blank=True, default="")
    unit = serializers.CharField(max_length=20, required=False, allow_blank=True, default="")
    quantity = _quantity(required=False, default=Decimal(1))
    unit_price = _quantity(required=False, allow_null=True, default=None)
    amount = yuan_input(required=False, allow_null=True, default=None)


class ContractInputSerializer(VersionSerializer):
    """A contract before it is in force, with all its lines. Rates are percent."""

    no = serializers.CharField(max_length=60)
    name = serializers.CharField(max_length=200)
    kind = serializers.ChoiceField(ContractKind.choices)
    tender_id = serializers.IntegerField(min_value=1, max_value=LARGEST_KEY, required=False, allow_null=True)
    contractor = serializers.CharField(max_length=200)
    contractor_code = serializers.CharField(max_length=18, required=False, allow_blank=True)
    price_type = serializers.ChoiceField(PriceType.choices)
    price = yuan_input()
    retention_rate = serializers.DecimalField(
        max_digits=5, decimal_places=2, min_value=0, max_value=100, required=False
    )
    advance_rate = serializers.DecimalField(max_digits=5, decimal_places=2, min_value=0, max_value=100, required=False)
    no_prefinancing = serializers.BooleanField(required=False)
    payment_terms = serializers.CharField(max_length=5000, required=False, allow_blank=True)
    signed_on = serializers.DateField(required=False, allow_null=True)
    starts_on = serializers.DateField(required=False, allow_null=True)
    ends_on = serializers.DateField(required=False, allow_null=True)
    warranty_until = serializers.DateField(required=False, allow_null=True)
    is_tail_works = serializers.BooleanField(required=False)
    lines = ContractLineInputSerializer(many=True, required=False, max_length=MOST_LINES)

    @staticmethod
    def lines_of(said: dict[str, Any]) -> list[Line]:
        return [
            Line(**{**row, "amount": contracting.product(row["quantity"], row["unit_price"], row["amount"])})
            for row in said.get("lines", [])
        ]


class SupplementInputSerializer(StrictSerializer):
    """`amount` is the signed change of the price in yuan."""

    no = serializers.CharField(max_length=60)
    amount = signed_yuan()
    signed_on = serializers.DateField()
    reason = serializers.CharField(max_length=300)
    cost_code = serializers.CharField(max_length=30, required=False, allow_blank=True, default="")


class ChangeLineSerializer(ExactModelSerializer):
    class Meta:
        model = ChangeLine
        fields = ("line_id", "name", "cost_code", "unit", "quantity", "unit_price", "amount")
        read_only_fields = fields


class ChangeRowSerializer(ExactModelSerializer):
    """`level` is who decides: OWNER, SECTION or BUREAU (R-INV-14)."""

    state = serializers.CharField(read_only=True)
    state_label = serializers.CharField(source="get_state_display", read_only=True)
    kind = serializers.CharField(read_only=True)
    level = serializers.CharField(read_only=True)

    class Meta:
        model = ChangeOrder
        fields = (
            "id", "contract_id", "no", "title", "kind", "state", "state_label", "level", "estimated", "priced",
            "approved_on", "document_no", "done_on", "version",
        )  # fmt: skip
        read_only_fields = fields


class ChangeSerializer(ChangeRowSerializer, WithMoves):
    lines = ChangeLineSerializer(many=True, read_only=True)

    class Meta(ChangeRowSerializer.Meta):
        fields = (
            *ChangeRowSerializer.Meta.fields, "reason", "is_substantive", "rejection", "signatures", "lines", "moves",
        )  # fmt: skip
        read_only_fields = fields


class ChangeLineInputSerializer(StrictSerializer):
    """A signed line: of a line of the contract (`line_id`), or a new one with its name and cost line."""

    line_id = serializers.IntegerField(
        min_value=1, max_value=LARGEST_KEY, required=False, allow_null=True, default=None
    )
    name = serializers.CharField(max_length=200, required=False, allow_blank=True, default="")
    cost_code = serializers.CharField(max_length=30, required=False, allow_blank=True, default="")
    unit = serializers.CharField(max_length=20, required=False, allow_blank=True, default="")
    quantity = _quantity(signed=True, required=False, default=Decimal(0))
    unit_price = _quantity(required=False, default=Decimal(0))
    amount = signed_yuan(required=False, allow_null=True, default=None)


class ChangeInputSerializer(VersionSerializer):
    """A change order nobody has agreed to yet, with all its lines."""

    no = serializers.CharField(max_length=60)
    kind = serializers.ChoiceField(ChangeKind.choices)
    title = serializers.CharField(max_length=200)
    reason = serializers.CharField(max_length=5000)
    is_substantive = serializers.BooleanField(required=False)
    lines = ChangeLineInputSerializer(many=True, max_length=MOST_LINES)

    @staticmethod
    def lines_of(said: dict[str, Any]) -> list[ChangedLine]:
        return [ChangedLine(**row) for row in said.get("lines", [])]
