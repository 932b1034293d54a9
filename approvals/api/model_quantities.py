"""Quantities of the model against the estimate over HTTP: the table, rules, links by hand, the models compared with."""

from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.actor import Actor
from accounts.api.views import ActorView
from approvals.api.rows import visible_item
from approvals.model_quantities import LineRow, compare
from approvals.models import ApprovalItem, ElementLink, QuantityRule
from approvals.quantity_wording import light_words
from approvals.rules.quantities import QuantityLight
from approvals.services import model_links
from approvals.services.model_links import MOST_ELEMENTS, ClaimSaid, RuleSaid
from approvals.services.moves import situation
from approvals.sight import sight_of
from approvals.unit_indices import indices_of
from core.api import LARGEST_ID, ExactModelSerializer, StrictSerializer
from core.errors import NotPermitted, Problem

RATIO = {"max_digits": 24, "decimal_places": 4, "allow_null": True}
QUANTITY = {"max_digits": 24, "decimal_places": 4, "allow_null": True}


class ClaimSerializer(StrictSerializer):
    """Which quantity (COUNT: the elements themselves) × share × factor feeds which line."""

    line_code = serializers.CharField(max_length=30)
    quantity = serializers.CharField(max_length=255)
    set_name = serializers.CharField(max_length=255, allow_blank=True, required=False)
    factor = serializers.DecimalField(14, 6, required=False)
    share = serializers.DecimalField(7, 6, required=False)


class RuleSaidSerializer(ClaimSerializer):
    """A rule; conditions left out do not matter."""

    ifc_class = serializers.CharField(max_length=60)
    type_contains = serializers.CharField(max_length=255, allow_blank=True, required=False)
    classification_prefix = serializers.CharField(max_length=255, allow_blank=True, required=False)
    material_contains = serializers.CharField(max_length=255, allow_blank=True, required=False)
    material_lacks = serializers.CharField(max_length=255, allow_blank=True, required=False)
    storey = serializers.CharField(max_length=255, allow_blank=True, required=False)
    discipline = serializers.CharField(max_length=20, allow_blank=True, required=False)


class LinksSaidSerializer(ClaimSerializer):
    guids = serializers.ListField(child=serializers.CharField(max_length=22), max_length=MOST_ELEMENTS)


class ModelsSaidSerializer(StrictSerializer):
    models = serializers.ListField(child=serializers.IntegerField(min_value=1, max_value=LARGEST_ID), max_length=50)


class QuantityRuleSerializer(ExactModelSerializer):
    class Meta:
        model = QuantityRule
        fields = (
            "id", "line_code", "ifc_class", "quantity", "set_name", "factor", "share", "type_contains",
            "classification_prefix", "material_contains", "material_lacks", "storey", "discipline", "template",
        )  # fmt: skip
        read_only_fields = fields


class ElementLinkSerializer(ExactModelSerializer):
    class Meta:
        model = ElementLink
        fields = ("id", "line_code", "guid", "model_id", "quantity", "set_name", "factor", "share")
        read_only_fields = fields


class QuantityLineSerializer(serializers.Serializer):
    """A line beside the model. `difference` is a ratio of the declared quantity, `why_none` why there is no light."""

    code = serializers.CharField(source="line.code")
    name = serializers.CharField(source="line.name")
    unit = serializers.CharField(source="line.unit", allow_blank=True)
    declared = serializers.DecimalField(source="line.quantity", **QUANTITY)
    model = serializers.DecimalField(**QUANTITY)
    difference = serializers.SerializerMethodField()
    light = serializers.ChoiceField([light.value for light in QuantityLight])
    why_none = serializers.CharField(allow_blank=True)
    words = serializers.SerializerMethodField()
    elements = serializers.IntegerField(source="n_elements")
    without_quantity = serializers.SerializerMethodField()
    counted_elsewhere = serializers.SerializerMethodField()

    def get_difference(self, row: LineRow) -> str | None:
        return None if row.difference is None else str(row.difference.quantize(Decimal("0.0001")))

    def get_words(self, row: LineRow) -> str:
        return light_words(row)

    def get_without_quantity(self, row: LineRow) -> int:
        return row.measured.n_without if row.measured else 0

    def get_counted_elsewhere(self, row: LineRow) -> int:
        return row.measured.n_elsewhere if row.measured else 0


class UnlinkedSerializer(serializers.Serializer):
    ifc_class = serializers.CharField()
    count = serializers.IntegerField()


class IndexSerializer(serializers.Serializer):
    """`own` per m² of gross floor area; the others of similar decided projects, null for fewer than three."""

    kind = serializers.CharField()
    unit = serializers.CharField()
    own = serializers.DecimalField(**QUANTITY)
    projects = serializers.IntegerField(source="similar.n")
    least = serializers.DecimalField(source="similar.least", **QUANTITY)
    median = serializers.DecimalField(source="similar.middle", **QUANTITY)
    most = serializers.DecimalField(source="similar.most", **QUANTITY)


class QuantitySheetSerializer(serializers.Serializer):
    models = serializers.ListField(child=serializers.IntegerField())
    lines = QuantityLineSerializer(many=True)
    unlinked = UnlinkedSerializer(many=True)
    lost_links = serializers.ListField(child=serializers.CharField())
    rules = QuantityRuleSerializer(many=True)
    links = ElementLinkSerializer(many=True)
    area = serializers.DecimalField(**QUANTITY)
    indices = IndexSerializer(many=True)


class TakenSerializer(serializers.Serializer):
    count = serializers.IntegerField()


def sheet_of(item: ApprovalItem, actor: Actor) -> dict[str, Any]:
    """The whole table, for those who read the reviewed column of the item."""
    if not sight_of(actor, item).reviewed:
        raise NotPermitted(Problem("review.hidden", _("The comparison with the model is part of the review.")))
    compared = compare(item, situation().rules)
    indices = indices_of(item, actor, compared.models) if compared.models else None
    return QuantitySheetSerializer(
        {
            "models": [model.pk for model in compared.models],
            "lines": compared.rows,
            "unlinked": [{"ifc_class": name, "count": count} for name, count in compared.unlinked],
            "lost_links": [link.guid for link in compared.lost],
            "rules": compared.rules,
            "links": compared.links,
            "area": indices.area if indices else None,
            "indices": indices.rows if indices else [],
        }
    ).data


class QuantitiesView(ActorView):
    @extend_schema(
        responses=QuantitySheetSerializer, operation_id="items_quantities", summary="Quantities by the model"
    )
    def get(self, request: Request, pk: int) -> Response:
        """Declared beside the model's quantity, line by line, with the light; advice only, no amount ever follows it."""
        return Response(sheet_of(visible_item(pk, self.actor), self.actor))


class QuantityRulesView(ActorView):
    @extend_schema(
        request=RuleSaidSerializer,
        responses={201: QuantityRuleSerializer},
        operation_id="items_add_quantity_rule",
        summary="Tie elements to a line by a rule",
    )
    def post(self, request: Request, pk: int) -> Response:
        """For the reviewers of the item while they review. An element's quantity goes to the first rule that asks."""
        said = RuleSaid(**self.checked(RuleSaidSerializer))
        rule = model_links.add_rule(pk, said, actor=self.actor)
        return Response(QuantityRuleSerializer(rule).data, status=status.HTTP_201_CREATED)


class QuantityRuleView(ActorView):
    @extend_schema(
        request=None, responses={204: None}, operation_id="items_remove_quantity_rule", summary="Take a rule away"
    )
    def delete(self, request: Request, pk: int, rule: int) -> Response:
        """The elements it reached feed no line any more, or the next rule that asks."""
        model_links.remove_rule(pk, rule, actor=self.actor)
        return Response(status=status.HTTP_204_NO_CONTENT)


class QuantityTemplatesView(ActorView):
    @extend_schema(
        request=None,
        responses=QuantityRuleSerializer(many=True),
        operation_id="items_take_shipped_rules",
        summary="Take the shipped rules",
        filters=False,
    )
    def post(self, request: Request, pk: int) -> Response:
        """For lines no rule feeds yet, by their name and unit; answers with the new rules."""
        made = model_links.apply_templates(pk, actor=self.actor)
        return Response(QuantityRuleSerializer(made, many=True).data)


class ElementLinksView(ActorView):
    @extend_schema(
        request=LinksSaidSerializer,
        responses={201: ElementLinkSerializer(many=True)},
        operation_id="items_link_elements",
        summary="Tie elements to a line by hand",
    )
    def post(self, request: Request, pk: int) -> Response:
        """All or none: one unknown or already counted element refuses the whole."""
        said = self.checked(LinksSaidSerializer)
        guids = said.pop("guids")
        links = model_links.link_elements(pk, ClaimSaid(**said), guids, actor=self.actor)
        return Response(ElementLinkSerializer(links, many=True).data, status=status.HTTP_201_CREATED)


class ElementLinkView(ActorView):
    @extend_schema(
        request=None, responses=TakenSerializer, operation_id="items_unlink_element", summary="Untie an element"
    )
    def delete(self, request: Request, pk: int, link: int) -> Response:
        """Answers how many ties were taken away: 1, or 0 when there was none."""
        return Response({"count": model_links.unlink(pk, [link], actor=self.actor)})


class ComparedModelsView(ActorView):
    @extend_schema(
        request=ModelsSaidSerializer,
        responses=QuantitySheetSerializer,
        operation_id="items_choose_models",
        summary="Choose the models to compare with",
    )
    def put(self, request: Request, pk: int) -> Response:
        """Accepted models of the project; an empty list means the newest of the stage of the item."""
        model_links.choose_models(pk, self.checked(ModelsSaidSerializer)["models"], actor=self.actor)
        return Response(sheet_of(visible_item(pk, self.actor), self.actor))
