"""Publicity over HTTP: what lies open to the public now, the objections to one item, recording and answering them."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.actor import Actor
from accounts.api.serializers import PersonSerializer
from accounts.api.views import ActorView, PublicView
from approvals import policies
from approvals.api.rows import visible_item
from approvals.models import ApprovalItem, PublicityObjection
from approvals.services import publicity
from approvals.services.publicity import LONGEST, LONGEST_ANSWER, Objection
from approvals.sight import sight_of
from core.api import CursorPage, ExactModelSerializer, StrictSerializer


class PublishedItemSerializer(ExactModelSerializer):
    """What anybody may know of an item under publicity. Amounts in yuan; both days belong to the period."""

    project = serializers.CharField(source="project.name")
    project_code = serializers.CharField(source="project.code")
    item_type = serializers.CharField()
    item_type_label = serializers.CharField(source="get_item_type_display")
    owner_unit = serializers.CharField(source="owner_unit.name")
    authority = serializers.CharField(source="authority.name")
    began_on = serializers.DateField(source="publicity_began_on")
    ends_on = serializers.DateField(source="publicity_ends_on")

    class Meta:
        model = ApprovalItem
        fields = (
            "id", "no", "project", "project_code", "item_type", "item_type_label", "owner_unit", "authority",
            "declared_amount", "reviewed_amount", "began_on", "ends_on",
        )  # fmt: skip
        read_only_fields = fields


class PublishedPageSerializer(serializers.Serializer):
    """One page; `next` is the address of the following one, null at the end."""

    next = serializers.CharField(allow_null=True)
    previous = serializers.CharField(allow_null=True)
    results = PublishedItemSerializer(many=True)


class PublishedQuestion(serializers.Serializer):
    cursor = serializers.CharField(max_length=200, required=False)
    page_size = serializers.IntegerField(min_value=1, max_value=200, default=50)


class ObjectionSerializer(serializers.ModelSerializer):
    """An objection and its answer. Who objects is null for whoever does not handle the item (context `objector`)."""

    channel = serializers.ChoiceField(PublicityObjection.Channel.choices, read_only=True)
    answered_by = PersonSerializer(allow_null=True)

    class Meta:
        model = PublicityObjection
        fields = (
            "id", "channel", "name", "unit", "contact", "text", "received_on", "recorded_at", "answer", "is_upheld",
            "answered_by", "answered_at", "closed_at",
        )  # fmt: skip
        read_only_fields = fields
        extra_kwargs = {name: {"allow_null": True} for name in ("name", "unit", "contact")}

    def to_representation(self, row: PublicityObjection) -> dict[str, Any]:
        shown = super().to_representation(row)
        if not self.context.get("objector"):
            shown |= {"name": None, "unit": None, "contact": None}
        if not self.context.get("names"):
            shown["answered_by"] = None
        return shown


class PaperObjectionSerializer(StrictSerializer):
    """An objection that came on paper; `received_on` is today if it is left out."""

    text = serializers.CharField(max_length=LONGEST["text"])
    name = serializers.CharField(max_length=LONGEST["name"])
    contact = serializers.CharField(max_length=LONGEST["contact"])
    unit = serializers.CharField(max_length=LONGEST["unit"], allow_blank=True, required=False)
    received_on = serializers.DateField(required=False)


class ObjectionAnswerSerializer(StrictSerializer):
    answer = serializers.CharField(max_length=LONGEST_ANSWER)
    is_upheld = serializers.BooleanField(help_text="Whether the objection is right.")


def shown_objection(row: PublicityObjection, actor: Actor) -> dict[str, Any]:
    return ObjectionSerializer(row, context=_context(actor, row.item)).data


def _context(actor: Actor, item: ApprovalItem) -> dict[str, Any]:
    return {"objector": policies.may_see_objector(actor, item), "names": sight_of(actor, item).names}


class PublicityView(PublicView):
    @extend_schema(
        parameters=[PublishedQuestion],
        responses=PublishedPageSerializer,
        operation_id="publicity_list",
        summary="What is under publicity",
    )
    def get(self, request: Request) -> Response:
        """Public. Only projects that are open to the public; objections are lodged on the page `/publicity/{id}/`."""
        question = PublishedQuestion(data=request.query_params.dict())
        question.is_valid(raise_exception=True)
        pages = CursorPage()
        page = pages.paginate_queryset(ApprovalItem.objects.under_publicity(), request, view=self)
        return pages.get_paginated_response(PublishedItemSerializer(page, many=True).data)


class ObjectionsView(ActorView):
    @extend_schema(
        responses=ObjectionSerializer(many=True),
        operation_id="items_objections",
        summary="Objections to an item",
        filters=False,
    )
    def get(self, request: Request, pk: int) -> Response:
        """Oldest first, with their answers."""
        item = visible_item(pk, self.actor)
        rows = item.objections.select_related("answered_by")
        return Response(ObjectionSerializer(rows, many=True, context=_context(self.actor, item)).data)

    @extend_schema(
        request=PaperObjectionSerializer,
        responses={201: ObjectionSerializer},
        operation_id="items_record_objection",
        summary="Record an objection received on paper",
    )
    def post(self, request: Request, pk: int) -> Response:
        """For the window and the reviewers of the authority; it must have come in within the period."""
        said = self.checked(PaperObjectionSerializer)
        received_on = said.pop("received_on", None)
        row = publicity.record(pk, Objection(**said), actor=self.actor, received_on=received_on)
        return Response(shown_objection(row, self.actor), status=status.HTTP_201_CREATED)


class ObjectionAnswerView(ActorView):
    @extend_schema(
        request=ObjectionAnswerSerializer,
        responses=ObjectionSerializer,
        operation_id="items_answer_objection",
        summary="Answer an objection",
    )
    def post(self, request: Request, pk: int, objection: int) -> Response:
        """Once. An upheld one keeps the item from being approved until it has been sent back and reviewed again."""
        said = self.checked(ObjectionAnswerSerializer)
        row = publicity.answer(pk, objection, actor=self.actor, **said)
        return Response(shown_objection(row, self.actor))
