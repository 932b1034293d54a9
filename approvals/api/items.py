"""Approval items over HTTP: list, one item, declare, amend, how its deadline comes about, what happened to it."""

from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.views import ActorView
from accounts.policies import has_role, insist
from accounts.roles import READS_TRACE
from approvals.api.item_serializers import ItemRowSerializer, ItemSerializer
from approvals.api.item_shapes import (
    DeadlineSerializer,
    DeclarationFormSerializer,
    ItemPageSerializer,
    ItemQuestion,
    NewItemOfProjectSerializer,
    NewItemSerializer,
    TraceEntrySerializer,
    TracePageSerializer,
)
from approvals.api.rows import shown, visible_item
from approvals.models import ApprovalItem
from approvals.rules.deadlines import Light
from approvals.selectors import deadline_explanation
from approvals.services import edit, moves
from approvals.services.create import create
from approvals.workload import light_filter, with_project
from core.api import CursorPage, read_body
from core.errors import NotFound, Problem
from core.models import TraceEntry

FILTERS = {
    "state": "state", "item_type": "item_type", "project": "project_id", "owner_unit": "owner_unit_id", "no": "no",
    "document_no": "document_no",
}  # fmt: skip


class ItemsView(ActorView):
    @extend_schema(
        parameters=[ItemQuestion],
        responses=ItemPageSerializer,
        operation_id="items_list",
        summary="The items I may see",
    )
    def get(self, request: Request) -> Response:
        """Newest first, in pages that cost the same however many there are."""
        question = ItemQuestion(data=request.query_params.dict())
        question.is_valid(raise_exception=True)
        asked, now = dict(question.validated_data), moves.situation()
        light = asked.pop("light", "")
        rows = ApprovalItem.objects.visible_to(self.actor)
        rows = rows.filter(**{FILTERS[name]: value for name, value in asked.items() if name in FILTERS})
        if light:
            rows = rows.filter(light_filter(Light(light), now))
        pages = CursorPage()
        page = pages.paginate_queryset(with_project(rows), request, view=self)
        context = {"actor": self.actor, "now": now}
        return pages.get_paginated_response(ItemRowSerializer(page, many=True, context=context).data)

    @extend_schema(
        request=NewItemSerializer, responses={201: ItemSerializer}, operation_id="items_create", summary="Open an item"
    )
    def post(self, request: Request) -> Response:
        """A01: a draft with its material list, for the clerk of the unit."""
        said = self.checked(NewItemSerializer)
        return self.opened(said.pop("project"), said)

    def opened(self, project_id: int, said: dict[str, Any]) -> Response:
        earlier = said.get("resubmission_of")
        item = create(
            project_id,
            said["item_type"],
            actor=self.actor,
            is_early_involvement=said.get("is_early_involvement", False),
            resubmission_of=visible_item(earlier, self.actor) if earlier else None,
        )
        return Response(shown(item.pk, self.actor), status=status.HTTP_201_CREATED)


class ItemsOfProjectView(ItemsView):
    http_method_names = ["post", "options"]

    @extend_schema(
        request=NewItemOfProjectSerializer,
        responses={201: ItemSerializer},
        operation_id="projects_items_create",
        summary="Open an item of a project",
    )
    def post(self, request: Request, pk: int) -> Response:
        """A01: a draft with its material list, for the clerk of the unit."""
        return self.opened(pk, self.checked(NewItemOfProjectSerializer))


class ItemView(ActorView):
    @extend_schema(responses=ItemSerializer, operation_id="items_retrieve", summary="One item")
    def get(self, request: Request, pk: int) -> Response:
        """Everything this person may read of it, and `moves`: what they may do now, what it asks for, why it is off."""
        return Response(shown(pk, self.actor))

    @extend_schema(
        request=DeclarationFormSerializer,
        responses=ItemSerializer,
        operation_id="items_amend",
        summary="Fill in the declaration",
    )
    def patch(self, request: Request, pk: int) -> Response:
        """Changes the fields given, while the declaration is with the unit. With `version`, a stale write is a 409."""
        body = read_body(DeclarationFormSerializer(data=request.data))
        said, version = body.values, body.values.pop("version", None)
        self.refused_at_once(
            body,
            lambda: edit.amend(pk, actor=self.actor, changes=said, expected_version=version, faults=body.faults),
        )
        return Response(shown(pk, self.actor))


class DeadlineView(ActorView):
    @extend_schema(responses=DeadlineSerializer, operation_id="items_deadline", summary="How the deadline comes about")
    def get(self, request: Request, pk: int) -> Response:
        """Every day from acceptance to the due date, counted or not and why; 404 before acceptance."""
        item = visible_item(pk, self.actor)
        explained = deadline_explanation(item, moves.situation())
        if explained is None:
            raise NotFound(Problem("clock.not_started", _("The item has not been accepted: no clock is running.")))
        return Response(DeadlineSerializer(explained).data)


class TraceView(ActorView):
    @extend_schema(responses=TracePageSerializer, operation_id="items_trace", summary="What happened to the item")
    def get(self, request: Request, pk: int) -> Response:
        """The hash-chained trace, newest first, for supervision and audit."""
        item = visible_item(pk, self.actor)
        insist(has_role, self.actor, *READS_TRACE)
        pages = CursorPage()
        page = pages.paginate_queryset(TraceEntry.objects.filter(item_id=item.pk), request, view=self)
        return pages.get_paginated_response(TraceEntrySerializer(page, many=True).data)
