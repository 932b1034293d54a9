"""Payments, their ledger and the results of the treasury as JSON, and the shapes in which they are entered."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from core.api import ExactModelSerializer, StrictSerializer, VersionSerializer, YuanField, yuan_input
from execution import ledger
from execution.api.contract_shapes import LARGEST_KEY, WithMoves
from execution.models import Payment, PaymentFunding, TreasuryImport
from execution.services import treasury
from execution.services.payments import Part
from execution.states import PaymentKind, PaymentState

MOST_SOURCES = 30


class PaymentPartSerializer(ExactModelSerializer):
    """What one funding source carries."""

    class Meta:
        model = PaymentFunding
        fields = ("source", "amount")
        read_only_fields = fields


class PaymentRowSerializer(ExactModelSerializer):
    """`amount` is what is to be paid after all checks; `funding` adds up to it, to the fen."""

    state = serializers.CharField(read_only=True)
    state_label = serializers.CharField(source="get_state_display", read_only=True)
    kind = serializers.CharField(read_only=True)
    funding = PaymentPartSerializer(many=True, read_only=True)

    class Meta:
        model = Payment
        fields = (
            "id", "contract_id", "no", "kind", "state", "state_label", "report_id", "work_value", "applied", "certified",
            "checked", "amount", "funding", "invoice", "approved_on", "treasury_no", "paid_on", "remark", "version",
        )  # fmt: skip
        read_only_fields = fields


class PaymentLimitsSerializer(serializers.Serializer):
    """R-INV-11 without this payment, yuan: `cap` × `basis` = `limit` of the contract; what is left of it and of the releases."""

    released = YuanField()
    project_room = YuanField()
    basis = YuanField()
    cap = serializers.DecimalField(max_digits=7, decimal_places=4)
    limit = YuanField()
    contract_room = YuanField()
    room = YuanField()


class TrailEntrySerializer(serializers.Serializer):
    """What happened to the application, who recorded it, who signed the paper."""

    move = serializers.CharField()
    by = serializers.CharField()
    on = serializers.DateField()
    amount = YuanField(required=False)
    signed_by = serializers.CharField(required=False)
    signed_on = serializers.CharField(required=False)
    document = serializers.CharField(required=False)
    reason = serializers.CharField(required=False)


class PaymentSerializer(PaymentRowSerializer, WithMoves):
    """The context holds the `limits`."""

    trail = TrailEntrySerializer(many=True, read_only=True)
    limits = serializers.SerializerMethodField()

    class Meta(PaymentRowSerializer.Meta):
        fields = (*PaymentRowSerializer.Meta.fields, "trail", "limits", "moves")
        read_only_fields = fields

    @extend_schema_field(PaymentLimitsSerializer)
    def get_limits(self, row: Payment) -> dict[str, Any]:
        return PaymentLimitsSerializer(self.context["limits"]).data


class PaymentPartInputSerializer(StrictSerializer):
    source = serializers.CharField(max_length=10)
    amount = yuan_input()


class PaymentFundingInputSerializer(VersionSerializer):
    """Which sources carry the payment; together exactly its amount."""

    funding = PaymentPartInputSerializer(many=True, max_length=MOST_SOURCES)

    @staticmethod
    def parts_of(said: dict[str, Any]) -> list[Part]:
        return [Part(**row) for row in said.get("funding", []) if {"source", "amount"} <= set(row)]


class PaymentInputSerializer(PaymentFundingInputSerializer):
    """An application before it is certified. Without `no` it gets the next number of the contract."""

    no = serializers.CharField(max_length=60, required=False, allow_blank=True)
    kind = serializers.ChoiceField(PaymentKind.choices)
    report_id = serializers.IntegerField(min_value=1, max_value=LARGEST_KEY, required=False, allow_null=True)
    work_value = yuan_input(required=False, allow_null=True)
    applied = yuan_input()
    funding = PaymentPartInputSerializer(many=True, required=False, max_length=MOST_SOURCES)
    invoice = serializers.CharField(max_length=60, required=False, allow_blank=True)
    remark = serializers.CharField(max_length=300, required=False, allow_blank=True)


class SourceStandingSerializer(serializers.Serializer):
    source = serializers.CharField()
    label = serializers.CharField()
    released = YuanField()
    committed = YuanField()
    paid = YuanField()
    room = YuanField()


class ContractStandingSerializer(serializers.Serializer):
    """Yuan: `limit` = `cap` × `basis` is what of the contract may be paid by now; `committed` is paid or approved."""

    contract_id = serializers.IntegerField(source="contract.pk")
    no = serializers.CharField(source="contract.no")
    name = serializers.CharField(source="contract.name")
    basis = YuanField()
    cap = serializers.DecimalField(max_digits=7, decimal_places=4)
    limit = YuanField()
    committed = YuanField()
    paid = YuanField()
    room = YuanField()


class PaymentStandingSerializer(serializers.Serializer):
    """What was released to the project, what of it is spoken for and paid; yuan."""

    released = YuanField()
    committed = YuanField()
    paid = YuanField()
    room = YuanField()
    sources = SourceStandingSerializer(many=True)
    contracts = ContractStandingSerializer(many=True)


class LedgerRowSerializer(serializers.Serializer):
    """One row of the payments ledger."""

    id = serializers.IntegerField()
    project_id = serializers.IntegerField()
    project_code = serializers.CharField()
    project = serializers.CharField()
    contract_no = serializers.CharField()
    contract = serializers.CharField()
    contractor = serializers.CharField()
    no = serializers.CharField()
    kind = serializers.CharField()
    state = serializers.CharField()
    work_value = YuanField(allow_null=True)
    applied = YuanField()
    certified = YuanField(allow_null=True)
    checked = YuanField(allow_null=True)
    amount = YuanField()
    approved_on = serializers.DateField(allow_null=True)
    treasury_no = serializers.CharField()
    paid_on = serializers.DateField(allow_null=True)
    sources = serializers.DictField(child=YuanField())

    def to_representation(self, row: Payment) -> dict[str, Any]:
        return super().to_representation(ledger.row_of(row))


class LedgerQuerySerializer(serializers.Serializer):
    """What is looked for. The days bound the day of payment."""

    project = serializers.IntegerField(min_value=1, max_value=LARGEST_KEY, required=False)
    contract = serializers.IntegerField(min_value=1, max_value=LARGEST_KEY, required=False)
    kind = serializers.ChoiceField(PaymentKind.choices, required=False)
    state = serializers.MultipleChoiceField(choices=PaymentState.choices, required=False)
    source = serializers.CharField(max_length=10, required=False)
    since = serializers.DateField(required=False)
    until = serializers.DateField(required=False)
    words = serializers.CharField(max_length=60, required=False)


class TreasuryFileInputSerializer(serializers.Serializer):
    """XLSX or CSV with a head row: payment number, amount, treasury payment number, day of payment."""

    file = serializers.FileField()


class TreasuryRowSerializer(serializers.Serializer):
    """One row of the file. `outcome`: PAID, KNOWN, UNKNOWN, MISMATCH, REFUSED, UNREADABLE; `words` say why."""

    row = serializers.IntegerField()
    no = serializers.CharField()
    contract_no = serializers.CharField()
    treasury_no = serializers.CharField()
    amount = YuanField(allow_null=True)
    paid_on = serializers.DateField(allow_null=True)
    outcome = serializers.CharField()
    words = serializers.CharField()
    payment = serializers.IntegerField(allow_null=True)


class TreasuryImportRowSerializer(ExactModelSerializer):
    name = serializers.CharField(source="file.name", read_only=True)
    sha256 = serializers.CharField(source="file.sha256", read_only=True)
    counts = serializers.SerializerMethodField()

    class Meta:
        model = TreasuryImport
        fields = ("id", "name", "sha256", "imported_at", "counts")
        read_only_fields = fields

    def get_counts(self, row: TreasuryImport) -> dict[str, int]:
        return treasury.counts(row)


class TreasuryImportSerializer(TreasuryImportRowSerializer):
    rows = TreasuryRowSerializer(source="result", many=True, read_only=True)

    class Meta(TreasuryImportRowSerializer.Meta):
        fields = (*TreasuryImportRowSerializer.Meta.fields, "rows")
        read_only_fields = fields
