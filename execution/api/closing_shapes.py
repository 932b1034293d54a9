"""Acceptance, settlement and audit findings as JSON, and the shapes in which they are entered."""

from decimal import Decimal
from typing import Any

from rest_framework import serializers

from core.api import ExactModelSerializer, ProblemSerializer, StrictSerializer, VersionSerializer, YuanField, yuan_input
from execution.api.contract_shapes import LARGEST_KEY, WithMoves
from execution.models import (
    AcceptanceDefect,
    AcceptanceRound,
    AuditFinding,
    PartyOpinion,
    Settlement,
    SpecialAcceptance,
)
from execution.services.evidence import Upload

MOST_CONTRACTS = 1000


class EvidenceField(serializers.DictField):
    """A kept file: its name and its hash. Null where there is none."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(child=serializers.CharField(), read_only=True, allow_null=True, **kwargs)

    def to_representation(self, value: Any) -> dict[str, str]:
        return {"name": value.name, "sha256": value.sha256}


class PartyOpinionSerializer(ExactModelSerializer):
    party = serializers.CharField(read_only=True)
    party_label = serializers.CharField(source="get_party_display", read_only=True)
    file = EvidenceField()

    class Meta:
        model = PartyOpinion
        fields = ("id", "party", "party_label", "organisation", "person", "agrees", "opinion", "signed_on", "file")
        read_only_fields = fields


class AcceptanceDefectSerializer(ExactModelSerializer):
    """Open until somebody else than who reported the mending has checked it."""

    round = serializers.IntegerField(source="round.number", read_only=True)
    fixed_by = serializers.CharField(source="fixed_by.full_name", default=None, read_only=True)
    checked_by = serializers.CharField(source="checked_by.full_name", default=None, read_only=True)
    evidence = EvidenceField()
    is_open = serializers.BooleanField(read_only=True)

    class Meta:
        model = AcceptanceDefect
        fields = (
            "id", "round", "text", "place", "due_on", "fixed_on", "fixed_note", "fixed_by", "evidence", "checked_on",
            "checked_by", "returned_note", "is_open",
        )  # fmt: skip
        read_only_fields = fields


class AcceptanceRoundSerializer(ExactModelSerializer):
    """`passed` is null while the round is open."""

    opinions = PartyOpinionSerializer(many=True, read_only=True)
    defects = AcceptanceDefectSerializer(many=True, read_only=True)

    class Meta:
        model = AcceptanceRound
        fields = ("id", "number", "held_on", "passed", "conclusion", "closed_at", "opinions", "defects", "version")
        read_only_fields = fields


class AcceptancePaperSerializer(ExactModelSerializer):
    kind = serializers.CharField(read_only=True)
    kind_label = serializers.CharField(source="get_kind_display", read_only=True)
    file = EvidenceField()

    class Meta:
        model = SpecialAcceptance
        fields = ("id", "kind", "kind_label", "authority", "document_no", "issued_on", "not_needed", "file")
        read_only_fields = fields


class AcceptanceFilingSerializer(serializers.Serializer):
    """Fifteen days from the last signature or check; `days_left` is negative once they are over."""

    passed_on = serializers.DateField()
    due_on = serializers.DateField()
    filed_on = serializers.DateField(allow_null=True)
    days_left = serializers.IntegerField()
    light = serializers.CharField()


class AcceptanceSerializer(serializers.Serializer):
    """A project's acceptance. `wants`: everything that keeps the open round from passing."""

    rounds = AcceptanceRoundSerializer(many=True)
    papers = AcceptancePaperSerializer(many=True)
    papers_missing = serializers.ListField(child=serializers.CharField())
    wants = ProblemSerializer(many=True)
    filing = AcceptanceFilingSerializer(allow_null=True)


class _WithFile(StrictSerializer):
    """A body that may carry a file (`multipart/form-data`); without one it may be JSON."""

    file = serializers.FileField(required=False, allow_empty_file=True)

    @staticmethod
    def upload(said: dict[str, Any]) -> Upload | None:
        file = said.get("file")
        return Upload(file.file, file.name) if file is not None else None


def _text(**kwargs: Any) -> serializers.CharField:
    return serializers.CharField(max_length=5000, required=False, allow_blank=True, default="", **kwargs)


def _line(length: int) -> serializers.CharField:
    return serializers.CharField(max_length=length, required=False, allow_blank=True, default="")


def _day() -> serializers.DateField:
    return serializers.DateField(required=False, allow_null=True, default=None)


def _key() -> serializers.IntegerField:
    return serializers.IntegerField(min_value=1, max_value=LARGEST_KEY, required=False, allow_null=True, default=None)


class AcceptanceRoundInputSerializer(StrictSerializer):
    held_on = _day()


class PartyOpinionInputSerializer(_WithFile):
    """What a party signed. Said anew while the round is open it replaces what was said; its file may then stay."""

    organisation = _line(200)
    person = _line(60)
    agrees = serializers.BooleanField(required=False, allow_null=True, default=None)
    signed_on = _day()
    opinion = _text()


class AcceptancePaperInputSerializer(_WithFile):
    """A paper that was issued, or why the project needs none (`not_needed`)."""

    authority = _line(200)
    document_no = _line(60)
    issued_on = _day()
    not_needed = _line(300)


class AcceptanceDefectInputSerializer(StrictSerializer):
    text = _text()
    place = _line(200)
    due_on = _day()


class DefectMendInputSerializer(_WithFile):
    fixed_on = _day()
    note = _text()


class DefectCheckInputSerializer(StrictSerializer):
    accepted = serializers.BooleanField(required=False, allow_null=True, default=None)
    note = _text()


class AcceptanceResultInputSerializer(VersionSerializer):
    conclusion = _text()


class SettlementSerializer(ExactModelSerializer):
    item_no = serializers.CharField(source="item.no", default=None, read_only=True)

    class Meta:
        model = Settlement
        fields = (
            "id", "contract_id", "item_id", "item_no", "submitted", "submitted_on", "reviewed", "reviewed_on",
            "document_no", "version",
        )  # fmt: skip
        read_only_fields = fields


class SettlementReviewClockSerializer(serializers.Serializer):
    due_on = serializers.DateField()
    days_left = serializers.IntegerField()
    light = serializers.CharField()


class SettlementLineSerializer(serializers.Serializer):
    """One contract; yuan. `reduction` and `rate` once it is reviewed; `flags`: ABOVE_VALUE, INCREASED, OVERPAID."""

    contract_id = serializers.IntegerField(source="contract.pk")
    no = serializers.CharField(source="contract.no")
    name = serializers.CharField(source="contract.name")
    state = serializers.CharField(source="contract.state")
    is_tail_works = serializers.BooleanField(source="contract.is_tail_works")
    value = YuanField()
    committed = YuanField()
    settlement = SettlementSerializer(allow_null=True)
    reduction = YuanField(source="reduction.amount", default=None)
    rate = serializers.DecimalField(max_digits=20, decimal_places=4, source="reduction.rate", default=None)
    flags = serializers.ListField(child=serializers.CharField())
    clock = SettlementReviewClockSerializer(allow_null=True)


class SettlementTableSerializer(serializers.Serializer):
    """`reduction` and `rate` add up the reviewed contracts, sums first; `unsettled` keeps T17 and T18 waiting."""

    lines = SettlementLineSerializer(many=True)
    value = YuanField()
    submitted = YuanField()
    reviewed = YuanField()
    reduction = YuanField(source="reduction.net")
    rate = serializers.DecimalField(max_digits=20, decimal_places=4, source="reduction.rate", allow_null=True)
    committed = YuanField()
    unsettled = serializers.IntegerField()


class SettlementInputSerializer(VersionSerializer):
    """`item_id` the settlement review (an item of type SET) it goes to."""

    submitted = yuan_input(required=False, allow_null=True, default=None)
    submitted_on = _day()
    item_id = _key()


class TailWorksInputSerializer(VersionSerializer):
    """`version` is the contract's."""

    is_tail_works = serializers.BooleanField()
    reason = _text()


class TailWorksSerializer(serializers.Serializer):
    is_tail_works = serializers.BooleanField()
    version = serializers.IntegerField()


class SettlementShareSerializer(StrictSerializer):
    settlement_id = serializers.IntegerField(min_value=1, max_value=LARGEST_KEY)
    amount = yuan_input()


class SettlementReviewInputSerializer(StrictSerializer):
    """What the review left each contract; may be left out where only one went to it."""

    shares = SettlementShareSerializer(many=True, required=False, max_length=MOST_CONTRACTS)

    @staticmethod
    def shares_of(said: dict[str, Any]) -> dict[int, Decimal]:
        return {row["settlement_id"]: row["amount"] for row in said.get("shares", [])}


class AuditFindingRowSerializer(ExactModelSerializer):
    state = serializers.CharField(read_only=True)
    state_label = serializers.CharField(source="get_state_display", read_only=True)
    mode = serializers.CharField(read_only=True)

    class Meta:
        model = AuditFinding
        fields = (
            "id", "project_id", "number", "mode", "item_id", "text", "amount", "found_on", "state", "state_label",
            "measure", "due_on", "rectified_on", "confirmed_on", "version",
        )  # fmt: skip
        read_only_fields = fields


class AuditFindingSerializer(AuditFindingRowSerializer, WithMoves):
    evidence = EvidenceField()
    recorded_by = serializers.CharField(source="recorded_by.full_name", read_only=True)
    rectified_by = serializers.CharField(source="rectified_by.full_name", default=None, read_only=True)
    confirmed_by = serializers.CharField(source="confirmed_by.full_name", default=None, read_only=True)

    class Meta(AuditFindingRowSerializer.Meta):
        fields = (
            *AuditFindingRowSerializer.Meta.fields, "note", "returned_note", "evidence", "recorded_by", "rectified_by",
            "confirmed_by", "moves",
        )  # fmt: skip
        read_only_fields = fields


class AuditFindingInputSerializer(VersionSerializer):
    text = _text()
    amount = yuan_input(required=False, allow_null=True, default=None)
    found_on = _day()
    item_id = _key()


class FindingEvidenceInputSerializer(_WithFile):
    """The evidence of a rectification, before it is reported by the move `rectify`."""


class AuditModeInputSerializer(VersionSerializer):
    """`mode`: GOV_AUDIT, COMMISSIONED, INTERNAL, EXEMPT; `version` is the project's."""

    mode = serializers.CharField(max_length=12)
    document_no = _line(60)


class AuditModeSerializer(serializers.Serializer):
    audit_mode = serializers.CharField()
    version = serializers.IntegerField()


class WaitingDefectSerializer(AcceptanceDefectSerializer):
    project_id = serializers.IntegerField(source="round.project_id", read_only=True)
    project_name = serializers.CharField(source="round.project.name", read_only=True)

    class Meta(AcceptanceDefectSerializer.Meta):
        fields = (*AcceptanceDefectSerializer.Meta.fields, "project_id", "project_name")
        read_only_fields = fields


class WaitingFindingSerializer(AuditFindingRowSerializer):
    project_name = serializers.CharField(source="project.name", read_only=True)

    class Meta(AuditFindingRowSerializer.Meta):
        fields = (*AuditFindingRowSerializer.Meta.fields, "project_name")
        read_only_fields = fields


class LateQuerySerializer(serializers.Serializer):
    """`late`: only those whose day is over."""

    late = serializers.BooleanField(required=False, default=False)
