"""The asset draft of an as-built model over HTTP."""

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.views import ActorView
from bim import asset_draft, guards, selectors
from core.errors import require


class ProposedAssetSerializer(serializers.Serializer):
    """One proposed asset (DOMAIN §7.3): one asset may hold many elements, an element is of one asset."""

    key = serializers.CharField()
    code = serializers.CharField(allow_blank=True)
    name = serializers.CharField(allow_blank=True)
    kind = serializers.CharField(help_text="STRUCTURE, EQUIPMENT or OTHER_FIXED.")
    accounting_class = serializers.CharField(help_text="FIXED or PUBLIC_INFRA.")
    gbt14885 = serializers.CharField(allow_blank=True)
    specification = serializers.CharField(allow_blank=True)
    maker = serializers.CharField(allow_blank=True)
    serials = serializers.CharField(allow_blank=True)
    quantity = serializers.IntegerField()
    unit = serializers.CharField()
    area = serializers.FloatField(allow_null=True, help_text="m²")
    place = serializers.CharField(allow_blank=True)
    in_service = serializers.CharField(allow_blank=True)
    warranty_end = serializers.CharField(allow_blank=True)
    parts = serializers.IntegerField(help_text="Elements of the structure that are not listed one by one.")
    guids = serializers.ListField(child=serializers.CharField())


class FloorSerializer(serializers.Serializer):
    guid = serializers.CharField()
    name = serializers.CharField(allow_blank=True)
    facility = serializers.CharField(allow_blank=True)
    elevation = serializers.FloatField(allow_null=True)


class SpaceSerializer(serializers.Serializer):
    guid = serializers.CharField()
    number = serializers.CharField(allow_blank=True)
    function = serializers.CharField(allow_blank=True)
    floor = serializers.CharField(allow_blank=True)
    area = serializers.FloatField(allow_null=True)


class KindSerializer(serializers.Serializer):
    guid = serializers.CharField(allow_blank=True)
    ifc_class = serializers.CharField()
    name = serializers.CharField()
    maker = serializers.CharField(allow_blank=True)
    model = serializers.CharField(allow_blank=True)
    count = serializers.IntegerField()


class ComponentSerializer(serializers.Serializer):
    guid = serializers.CharField()
    ifc_class = serializers.CharField()
    name = serializers.CharField(allow_blank=True)
    type_name = serializers.CharField(allow_blank=True)
    type_guid = serializers.CharField(allow_blank=True)
    facility = serializers.CharField(allow_blank=True)
    floor = serializers.CharField(allow_blank=True)
    space = serializers.CharField(allow_blank=True)
    said = serializers.DictField(child=serializers.CharField())


class AssetDraftSerializer(serializers.Serializer):
    """The whole draft; facilities are the first of the assets."""

    assets = ProposedAssetSerializer(many=True)
    floors = FloorSerializer(many=True)
    spaces = SpaceSerializer(many=True)
    types = KindSerializer(many=True, source="kinds")
    components = ComponentSerializer(many=True)


class AssetDraftView(ActorView):
    @extend_schema(responses=AssetDraftSerializer, operation_id="models_assets", summary="The asset draft")
    def get(self, request: Request, pk: int) -> Response:
        """COBie-like, from an accepted as-built model; 422 for any other."""
        model = selectors.detailed(self.actor, pk)
        require(guards.asset_problems(model))
        return Response(AssetDraftSerializer(asset_draft.draft(model)).data)
