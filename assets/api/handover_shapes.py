"""Asset cards, handover batches, titles and archive packages as JSON, and the shapes in which they are entered."""

from decimal import Decimal
from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from accounts.api.serializers import OrganisationSerializer
from accounts.models import Organisation
from assets import registering
from assets.archive.required import Requirement
from assets.models import ArchivePackage, Asset, HandoverBatch, HandoverLine, TitleRecord
from assets.states import AssetClass, AssetKind, BatchKind
from core.api import ExactModelSerializer, StrictSerializer, VersionSerializer, YuanField, yuan_input
from core.api_moves import OfferSerializer

MOST_GUIDS = 50_000
LARGEST_KEY = 2**62


def _text(longest: int) -> serializers.CharField:
    return serializers.CharField(max_length=longest, required=False, allow_blank=True)


def _house(**kwargs: Any) -> serializers.PrimaryKeyRelatedField:
    return serializers.PrimaryKeyRelatedField(queryset=Organisation.objects.filter(is_active=True), **kwargs)


class AssetRowSerializer(ExactModelSerializer):
    """A card; `value` = direct + installation + allocated, yuan. `holding`: where it is – FINAL, PROVISIONAL, OPEN or empty."""

    asset_class = serializers.CharField(read_only=True)
    kind = serializers.CharField(read_only=True)
    receiver = OrganisationSerializer(allow_null=True, read_only=True)
    value = YuanField(read_only=True)
    holding = serializers.SerializerMethodField()

    class Meta:
        model = Asset
        fields = (
            "id", "project_id", "no", "name", "single_project", "asset_class", "kind", "gb_code", "specification",
            "structure", "unit", "quantity", "area", "location", "in_service_on", "direct", "installation", "allocated",
            "value", "shares_deferred", "is_real_estate", "receiver", "custodian", "maintenance_unit", "warranty_until",
            "holding", "version",
        )  # fmt: skip
        read_only_fields = fields

    def get_holding(self, row: Asset) -> str:
        return registering.holding_of(row)


class AssetSerializer(AssetRowSerializer):
    guids = serializers.SerializerMethodField()
    model_id = serializers.IntegerField(read_only=True, allow_null=True)

    class Meta(AssetRowSerializer.Meta):
        fields = (*AssetRowSerializer.Meta.fields, "model_id", "guids")
        read_only_fields = fields

    def get_guids(self, row: Asset) -> list[str]:
        return registering.guids_of(row)


class AssetInputSerializer(VersionSerializer):
    """Without `no` a new card gets the next number. `guids`: GlobalIds of the elements; an element is of one asset."""

    no = _text(40)
    name = serializers.CharField(max_length=200)
    single_project = _text(100)
    asset_class = serializers.ChoiceField(AssetClass.choices)
    kind = serializers.ChoiceField(AssetKind.choices)
    gb_code = _text(20)
    specification = _text(200)
    structure = _text(60)
    unit = _text(20)
    quantity = serializers.DecimalField(max_digits=16, decimal_places=4, min_value=Decimal(0), required=False)
    area = serializers.DecimalField(
        max_digits=14, decimal_places=2, min_value=Decimal(0), required=False, allow_null=True
    )
    location = _text(200)
    in_service_on = serializers.DateField(required=False, allow_null=True)
    direct = yuan_input(required=False)
    installation = yuan_input(required=False)
    shares_deferred = serializers.BooleanField(required=False)
    is_real_estate = serializers.BooleanField(required=False)
    receiver = _house(required=False, allow_null=True)
    custodian = _text(100)
    maintenance_unit = _text(200)
    warranty_until = serializers.DateField(required=False, allow_null=True)
    guids = serializers.ListField(
        child=serializers.CharField(max_length=22), required=False, max_length=MOST_GUIDS, allow_empty=True
    )


class AssetRemovalSerializer(StrictSerializer):
    reason = serializers.CharField(max_length=300)


class AssetDraftInputSerializer(StrictSerializer):
    """`keys` of the proposals to take; all where nothing is said."""

    model_id = serializers.IntegerField(min_value=1, max_value=LARGEST_KEY)
    keys = serializers.ListField(child=serializers.CharField(max_length=200), required=False, max_length=20_000)


class AssetsDraftedSerializer(serializers.Serializer):
    created = serializers.IntegerField()


class AssetsImportedSerializer(serializers.Serializer):
    created = serializers.IntegerField()
    corrected = serializers.IntegerField()


class AssetFileInputSerializer(serializers.Serializer):
    file = serializers.FileField()


class AssetClassSumSerializer(serializers.Serializer):
    """One accounting class; yuan."""

    asset_class = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]
    count = serializers.IntegerField()
    direct = YuanField()
    installation = YuanField()
    allocated = YuanField()
    value = YuanField()


class HandoverStandingSerializer(serializers.Serializer):
    """Yuan: what is to be delivered, what was handed over finally, what only provisionally, and what is left."""

    due = YuanField()
    final = YuanField()
    provisional = YuanField()
    undelivered = YuanField()
    classes = AssetClassSumSerializer(many=True)


class HandoverLineSerializer(ExactModelSerializer):
    """`difference` to the provisional value the line replaces; null where it replaces none."""

    asset_no = serializers.CharField(source="asset.no", read_only=True)
    asset_name = serializers.CharField(source="asset.name", read_only=True)
    provisional = YuanField(source="replaces.value", read_only=True, allow_null=True, default=None)
    difference = YuanField(read_only=True, allow_null=True)

    class Meta:
        model = HandoverLine
        fields = ("asset_id", "asset_no", "asset_name", "value", "provisional", "difference")
        read_only_fields = fields


class HandoverBatchRowSerializer(ExactModelSerializer):
    state = serializers.CharField(read_only=True)
    state_label = serializers.CharField(source="get_state_display", read_only=True)
    kind = serializers.CharField(read_only=True)
    from_unit = OrganisationSerializer(read_only=True)
    to_unit = OrganisationSerializer(read_only=True)

    class Meta:
        model = HandoverBatch
        fields = (
            "id", "project_id", "number", "kind", "state", "state_label", "from_unit", "to_unit", "handed_on", "remark",
            "signed_over_at", "received_at", "confirmed_at", "version",
        )  # fmt: skip
        read_only_fields = fields


class HandoverFileSerializer(serializers.Serializer):
    id = serializers.IntegerField()
    name = serializers.CharField()
    size = serializers.IntegerField()
    mime = serializers.CharField()
    sha256 = serializers.CharField()


class HandoverBatchSerializer(HandoverBatchRowSerializer):
    """The context holds the `offers`."""

    signed_over_by = serializers.CharField(source="signed_over_by.full_name", read_only=True, default="")
    received_by = serializers.CharField(source="received_by.full_name", read_only=True, default="")
    confirmed_by = serializers.CharField(source="confirmed_by.full_name", read_only=True, default="")
    lines = HandoverLineSerializer(many=True, read_only=True)
    documents = HandoverFileSerializer(many=True, read_only=True)
    total = serializers.SerializerMethodField()
    moves = serializers.SerializerMethodField()

    class Meta(HandoverBatchRowSerializer.Meta):
        fields = (
            *HandoverBatchRowSerializer.Meta.fields, "signed_over_by", "received_by", "confirmed_by", "total", "lines",
            "documents", "moves",
        )  # fmt: skip
        read_only_fields = fields

    def get_total(self, row: HandoverBatch) -> str:
        return f"{registering.sum_of(row.lines.all()).value:.2f}"

    @extend_schema_field(OfferSerializer(many=True))
    def get_moves(self, row: HandoverBatch) -> list[dict[str, Any]]:
        return OfferSerializer(self.context.get("offers", []), many=True).data


class HandoverBatchInputSerializer(VersionSerializer):
    """A batch for one receiver; `assets` are keys of the project's cards."""

    kind = serializers.ChoiceField(BatchKind.choices)
    to_unit = _house()
    handed_on = serializers.DateField()
    remark = _text(300)
    assets = serializers.ListField(
        child=serializers.IntegerField(min_value=1, max_value=LARGEST_KEY), max_length=20_000, required=False
    )


class TitleRowSerializer(ExactModelSerializer):
    """The registration of one real-estate asset."""

    state = serializers.CharField(read_only=True)
    state_label = serializers.CharField(source="get_state_display", read_only=True)
    asset_no = serializers.CharField(source="asset.no", read_only=True)
    asset_name = serializers.CharField(source="asset.name", read_only=True)
    receiver = OrganisationSerializer(source="asset.receiver", read_only=True, allow_null=True)
    document = HandoverFileSerializer(read_only=True, allow_null=True)

    class Meta:
        model = TitleRecord
        fields = (
            "id", "asset_id", "asset_no", "asset_name", "receiver", "state", "state_label", "papers", "filed_on",
            "certificate_no", "registered_on", "blocked_reason", "document", "version",
        )  # fmt: skip
        read_only_fields = fields


class TitleSerializer(TitleRowSerializer):
    moves = serializers.SerializerMethodField()

    class Meta(TitleRowSerializer.Meta):
        fields = (*TitleRowSerializer.Meta.fields, "moves")
        read_only_fields = fields

    @extend_schema_field(OfferSerializer(many=True))
    def get_moves(self, row: TitleRecord) -> list[dict[str, Any]]:
        return OfferSerializer(self.context.get("offers", []), many=True).data


class ArchiveRequirementSerializer(serializers.Serializer):
    """One line of what a complete package needs: MET, MISSING or NOT_APPLICABLE."""

    code = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]
    state = serializers.SerializerMethodField()
    detail = serializers.CharField(allow_blank=True)

    def get_state(self, row: Requirement) -> str:
        return row.state.value


class ArchivePackageSerializer(ExactModelSerializer):
    sha256 = serializers.CharField(source="file.sha256", read_only=True)
    size = serializers.IntegerField(source="file.size", read_only=True)

    class Meta:
        model = ArchivePackage
        fields = (
            "id", "project_id", "no", "retention", "sha256", "size", "manifest_sha256", "entries", "trace_height", "gaps",
            "gaps_reason", "made_at",
        )  # fmt: skip
        read_only_fields = fields


class ArchiveSerializer(serializers.Serializer):
    requirements = ArchiveRequirementSerializer(many=True)
    packages = ArchivePackageSerializer(many=True)


class ArchiveInputSerializer(StrictSerializer):
    """`gaps_reason` only where something is missing."""

    gaps_reason = serializers.CharField(max_length=300, required=False, allow_blank=True, default="")


class ArchiveVerdictSerializer(serializers.Serializer):
    is_whole = serializers.BooleanField()
    faults = serializers.ListField(child=serializers.CharField())
    files = serializers.IntegerField()
    trace = serializers.IntegerField()
    manifest_sha256 = serializers.CharField(allow_blank=True)
