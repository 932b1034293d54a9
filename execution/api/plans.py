"""The annual plan over HTTP. Moves of a plan and of its items are made at `execution/plan/…` and `execution/plan-item/…`."""

from collections.abc import Callable
from typing import Any

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.actor import Actor
from accounts.api.views import ActorView
from core.api import Body, CursorPage, read_body
from execution import contracting, planning
from execution.api.plan_shapes import (
    AdjustInputSerializer,
    BalanceInputSerializer,
    CallAmendSerializer,
    CallInputSerializer,
    EnvelopesInputSerializer,
    FundReleaseSerializer,
    GiveBackInputSerializer,
    NewRequestInputSerializer,
    PlanItemRowSerializer,
    PlanItemSerializer,
    PlanRowSerializer,
    PlanSerializer,
    ReleaseInputSerializer,
    RequestInputSerializer,
    amounts_of,
    by_source,
    rows_shown,
)
from execution.machines import PLAN_ITEMS, PLANS
from execution.services import plan_funds, plan_requests
from execution.services import plans as plan_service
from execution.states import PlanItemState

CREATED = status.HTTP_201_CREATED
FIELDS = plan_requests.FIELDS


def _plan(pk: int, actor: Actor) -> dict[str, Any]:
    row = planning.plan_of(actor, pk)
    return PlanSerializer(row, context={"actor": actor, "offers": PLANS.offers(row, actor)}).data


def _item(pk: int, actor: Actor) -> dict[str, Any]:
    row = planning.item_of(actor, pk)
    return PlanItemSerializer(row, context={"offers": PLAN_ITEMS.offers(row, actor)}).data


def _values(said: dict[str, Any]) -> dict[str, Any]:
    return {name: said[name] for name in FIELDS if name in said}


class PlansView(ActorView):
    @extend_schema(responses=PlanRowSerializer(many=True), operation_id="plans_list", summary="The years of the plan")
    def get(self, request: Request) -> Response:
        """Newest first, in pages."""
        pages = CursorPage()
        rows = pages.paginate_queryset(planning.years(self.actor).order_by("-pk"), request, view=self)
        return pages.get_paginated_response(PlanRowSerializer(rows, many=True).data)

    @extend_schema(
        request=CallInputSerializer, responses={201: PlanSerializer}, operation_id="plans_call",
        summary="Call a plan year",
    )  # fmt: skip
    def post(self, request: Request) -> Response:
        """For the plan officer. The units are told."""
        body = read_body(CallInputSerializer(data=request.data))
        said = body.values
        row = self.refused_at_once(
            body,
            lambda: plan_service.call(
                said.get("year"), actor=self.actor, requests_until=said.get("requests_until"),
                note=said.get("note", ""), envelopes=by_source(said.get("envelopes")), faults=body.faults,
            ),
        )  # fmt: skip
        return Response(_plan(row.pk, self.actor), status=CREATED)


class PlanView(ActorView):
    @extend_schema(responses=PlanSerializer, operation_id="plans_retrieve", summary="One year's plan")
    def get(self, request: Request, pk: int) -> Response:
        """Envelopes by source, sums by category, moves. Units see the sums of their own items."""
        return Response(_plan(pk, self.actor))

    @extend_schema(
        request=CallAmendSerializer, responses=PlanSerializer, operation_id="plans_amend_call",
        summary="Change deadline and notice of a call",
    )  # fmt: skip
    def patch(self, request: Request, pk: int) -> Response:
        body = read_body(CallAmendSerializer(data=request.data))
        said = body.values
        self.refused_at_once(
            body,
            lambda: plan_service.amend_call(
                pk, actor=self.actor, requests_until=said.get("requests_until"), note=said.get("note", ""),
                expected_version=said.get("version"), faults=body.faults,
            ),
        )  # fmt: skip
        return Response(_plan(pk, self.actor))


class PlanEnvelopesView(ActorView):
    @extend_schema(
        request=EnvelopesInputSerializer, responses=PlanSerializer, operation_id="plans_set_envelopes",
        summary="Set what each source can give",
    )  # fmt: skip
    def put(self, request: Request, pk: int) -> Response:
        """Never below what is planned already."""
        body = read_body(EnvelopesInputSerializer(data=request.data))
        said = body.values
        self.refused_at_once(
            body,
            lambda: plan_service.set_envelopes(
                pk, actor=self.actor, envelopes=by_source(said.get("envelopes")),
                document_no=said.get("document_no", ""), expected_version=said.get("version"), faults=body.faults,
            ),
        )  # fmt: skip
        return Response(_plan(pk, self.actor))


class PlanItemsView(ActorView):
    @extend_schema(
        responses=PlanItemRowSerializer(many=True), operation_id="plan_items_list", summary="The projects of a plan",
        parameters=[OpenApiParameter("state", str, enum=PlanItemState.values), OpenApiParameter("category", str)],
    )  # fmt: skip
    def get(self, request: Request, pk: int) -> Response:
        """Newest first, in pages; units find their own."""
        rows = planning.items_of(self.actor, planning.plan_of(self.actor, pk))
        for name in ("state", "category"):
            if value := request.query_params.get(name, "").replace("\0", ""):
                rows = rows.filter(**{name: value})
        pages = CursorPage()
        found = pages.paginate_queryset(rows, request, view=self)
        return pages.get_paginated_response(rows_shown(found).data)

    @extend_schema(
        request=NewRequestInputSerializer, responses={201: PlanItemSerializer}, operation_id="plan_items_request",
        summary="Draft a request for the plan",
    )  # fmt: skip
    def post(self, request: Request, pk: int) -> Response:
        """For the clerk of the project's own unit; its lead reports it by the move `report`."""
        body = read_body(NewRequestInputSerializer(data=request.data))
        said = body.values
        row = self.refused_at_once(
            body,
            lambda: plan_requests.request(
                pk, said.get("project_id", 0), actor=self.actor, values=_values(said),
                funding=by_source(said.get("funding")), faults=body.faults,
            ),
        )  # fmt: skip
        return Response(_item(row.pk, self.actor), status=CREATED)


class PlanItemView(ActorView):
    @extend_schema(responses=PlanItemSerializer, operation_id="plan_items_retrieve", summary="One project in one plan")
    def get(self, request: Request, pk: int) -> Response:
        """With adjustments, funds released, and moves."""
        return Response(_item(pk, self.actor))

    @extend_schema(
        request=RequestInputSerializer, responses=PlanItemSerializer, operation_id="plan_items_amend",
        summary="Correct a request that is not reported",
    )  # fmt: skip
    def patch(self, request: Request, pk: int) -> Response:
        """Fields that are not sent stay; `funding`, where sent, is all of it."""
        body = read_body(RequestInputSerializer(data=request.data, partial=True))
        said = body.values
        funding = by_source(said["funding"]) if "funding" in said else None
        self.refused_at_once(
            body,
            lambda: plan_requests.amend_request(
                pk, actor=self.actor, values=_values(said), funding=funding, expected_version=said.get("version"),
                faults=body.faults,
            ),
        )  # fmt: skip
        return Response(_item(pk, self.actor))

    @extend_schema(responses={204: None}, operation_id="plan_items_discard", summary="Take a draft request back")
    def delete(self, request: Request, pk: int) -> Response:
        plan_requests.discard(pk, actor=self.actor)
        return Response(status=status.HTTP_204_NO_CONTENT)


class ProjectPlanView(ActorView):
    @extend_schema(
        responses=PlanItemRowSerializer(many=True), operation_id="project_plan", summary="A project in all plans"
    )
    def get(self, request: Request, pk: int) -> Response:
        """Newest year first."""
        project = contracting.project_of(self.actor, pk)
        rows = planning.items_of_project(self.actor, project).select_related("plan", "project")
        return Response(rows_shown(rows).data)


class PlanBalanceView(ActorView):
    @extend_schema(
        request=BalanceInputSerializer, responses=PlanSerializer, operation_id="plans_balance",
        summary="Balance requests against the envelopes",
    )  # fmt: skip
    def post(self, request: Request, pk: int) -> Response:
        """All or nothing: a hard stop at every envelope, R-INV-10 for every project. For the plan officer."""
        body = read_body(BalanceInputSerializer(data=request.data))
        said = body.values
        self.refused_at_once(
            body,
            lambda: plan_requests.balance_many(
                pk, actor=self.actor, planned=BalanceInputSerializer.planned_of(said),
                expected_version=said.get("version"), faults=body.faults,
            ),
        )  # fmt: skip
        return Response(_plan(pk, self.actor))


class _MoneyView(ActorView):
    """One decision about money under one document."""

    def decide(self, pk: int, body: Body, act: Callable[..., Any], **more: Any) -> Any:
        said = body.values
        return self.refused_at_once(
            body,
            lambda: act(
                pk, actor=self.actor, amounts=amounts_of(said), document_no=said.get("document_no", ""),
                expected_version=said.get("version"), faults=body.faults, **more,
            ),
        )  # fmt: skip


class PlanReleaseView(_MoneyView):
    @extend_schema(
        request=ReleaseInputSerializer, responses={201: FundReleaseSerializer(many=True)},
        operation_id="plans_release_funds", summary="Release funds to projects",
    )  # fmt: skip
    def post(self, request: Request, pk: int) -> Response:
        """Within the quota of each source, within the control figure over all years (R-INV-10). For the plan officer."""
        body = read_body(ReleaseInputSerializer(data=request.data))
        rows = self.decide(pk, body, plan_funds.release, released_on=body.values.get("decided_on"))
        return Response(FundReleaseSerializer(rows, many=True).data, status=CREATED)


class PlanAdjustView(_MoneyView):
    @extend_schema(
        request=AdjustInputSerializer, responses=PlanSerializer, operation_id="plans_adjust",
        summary="Adjust quotas in the year",
    )  # fmt: skip
    def post(self, request: Request, pk: int) -> Response:
        """For who approves the plan. Requests left out or reported later enter the plan with what they get."""
        body = read_body(AdjustInputSerializer(data=request.data))
        said = body.values
        more = {"reason": said.get("reason", ""), "decided_on": said.get("decided_on")}
        self.decide(pk, body, plan_funds.adjust, **more)
        return Response(_plan(pk, self.actor))


class PlanCarryOverView(_MoneyView):
    @extend_schema(
        request=GiveBackInputSerializer, responses=PlanSerializer, operation_id="plans_carry_over",
        summary="Carry unspent quotas over to the next year",
    )  # fmt: skip
    def post(self, request: Request, pk: int) -> Response:
        """First what was never released, then released funds no payment has used. Answers with the plan of this year."""
        body = read_body(GiveBackInputSerializer(data=request.data))
        said = body.values
        more = {"reason": said.get("reason", ""), "decided_on": said.get("decided_on")}
        self.decide(pk, body, plan_funds.carry_over, **more)
        return Response(_plan(pk, self.actor))


class PlanReclaimView(_MoneyView):
    @extend_schema(
        request=GiveBackInputSerializer, responses=PlanSerializer, operation_id="plans_reclaim",
        summary="Reclaim unspent quotas",
    )  # fmt: skip
    def post(self, request: Request, pk: int) -> Response:
        """They go back to the treasury; the envelope shrinks by them."""
        body = read_body(GiveBackInputSerializer(data=request.data))
        said = body.values
        more = {"reason": said.get("reason", ""), "decided_on": said.get("decided_on")}
        self.decide(pk, body, plan_funds.reclaim, **more)
        return Response(_plan(pk, self.actor))
