"""People, houses and posts as JSON."""

from rest_framework import serializers

from accounts.models import Organisation, User
from accounts.roles import Role
from core.api import StrictSerializer

ROLE_LABELS = dict(Role.choices)


class OrganisationSerializer(serializers.ModelSerializer):
    class Meta:
        model = Organisation
        fields = ("id", "name", "short_name")
        read_only_fields = fields


class PersonSerializer(serializers.ModelSerializer):
    class Meta:
        model = User
        fields = ("id", "username", "full_name")
        read_only_fields = fields


class CapacitySerializer(serializers.Serializer):
    """A post the person may act in; `principal` is the one they substitute for. `key` goes into X-Acting-As."""

    key = serializers.CharField()
    role = serializers.CharField()
    role_label = serializers.SerializerMethodField()
    organisation = OrganisationSerializer()
    principal = PersonSerializer(allow_null=True)
    item_types = serializers.ListField(child=serializers.CharField())

    def get_role_label(self, actor: object) -> str:
        return str(ROLE_LABELS.get(actor.role, actor.role))


class MeSerializer(serializers.Serializer):
    """The person, the post they act in now, and every post they may choose."""

    user = PersonSerializer()
    acting_as = serializers.CharField()
    capacities = CapacitySerializer(many=True)


class CredentialsSerializer(StrictSerializer):
    username = serializers.CharField(max_length=150)
    password = serializers.CharField(max_length=500, trim_whitespace=False)


class TokenSerializer(serializers.Serializer):
    """Goes into the header `Authorization: Token …`."""

    token = serializers.CharField()
