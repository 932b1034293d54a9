"""What a new version of the model means for the elements of assets over HTTP: which follow, which need a person."""

from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.actor import Actor
from accounts.api.views import ActorView
from accounts.policies import insist
from assets.handover_policies import may_read_assets
from assets.services import elements_follow
from assets.services.elements_follow import AssetsEffect
from bim import comparing
from core.errors import Problem, require


class AssetElementSerializer(serializers.Serializer):
    """An element of an asset by its GlobalId in the older version."""

    asset = serializers.IntegerField(source="asset_id")
    name = serializers.CharField(source="asset.name")
    guid = serializers.CharField()


class AssetsEffectSerializer(serializers.Serializer):
    """`follows`: old → new GlobalId; `waiting`: not paired yet; `gone`: without a counterpart."""

    follows = serializers.DictField(child=serializers.CharField())
    waiting = AssetElementSerializer(many=True)
    gone = AssetElementSerializer(many=True)


class FollowedSerializer(serializers.Serializer):
    count = serializers.IntegerField()


class AssetElementsFollowView(ActorView):
    @extend_schema(
        responses=AssetsEffectSerializer, operation_id="models_compare_assets", summary="Assets and the new version"
    )
    def get(self, request: Request, pk: int, other: int) -> Response:
        """What the finished comparison of two versions means for the asset cards of the project."""
        return Response(AssetsEffectSerializer(_effect(self.actor, pk, other)).data)

    @extend_schema(
        request=None, responses=FollowedSerializer, operation_id="models_compare_assets_follow",
        summary="Let the elements of assets follow",
    )  # fmt: skip
    def post(self, request: Request, pk: int, other: int) -> Response:
        """For the clerk of the project's own unit: cards know their elements by the GlobalIds of the newer version."""
        count = elements_follow.follow(pk, other, actor=self.actor)
        return Response(FollowedSerializer({"count": count}).data)


def _effect(actor: Actor, one: int, other: int) -> AssetsEffect:
    insist(may_read_assets, actor)
    pair = comparing.versions(actor, one, other)
    became = comparing.counterparts(pair)
    if became is None:
        require([Problem("compare.missing", _("Compare the two versions first."))])
        return AssetsEffect()
    return elements_follow.effect(actor, pair, became)
