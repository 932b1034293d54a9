"""The desk of contracts, works and assets over HTTP."""

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.views import ActorView
from core.api import LARGEST_ID
from reports import waiting
from reports.api.life import WaitingSerializer
from reports.waiting import Narrowing
from reports.waiting.sources import SOURCES


class WaitingQuestion(serializers.Serializer):
    """How the list is narrowed; `q` is part of the project's name."""

    kind = serializers.ChoiceField([(source.kind, source.label) for source in SOURCES], required=False)
    q = serializers.CharField(max_length=60, required=False)
    after = serializers.IntegerField(min_value=0, max_value=LARGEST_ID, default=0, help_text="From `next`.")
    page_size = serializers.IntegerField(min_value=1, max_value=200, default=50)


class WaitingPageSerializer(serializers.Serializer):
    """One page, the earliest due first; `after` is where the following one begins, null at the end."""

    count = serializers.IntegerField()
    after = serializers.IntegerField(allow_null=True)
    results = WaitingSerializer(many=True)


class WaitingView(ActorView):
    @extend_schema(
        parameters=[WaitingQuestion], responses=WaitingPageSerializer, operation_id="waiting_list",
        summary="What of contracts, works and assets waits for me",
    )  # fmt: skip
    def get(self, request: Request) -> Response:
        """Rows of tenders, contracts, changes, reports, payments, plans, defects, findings, accounts, handovers, titles."""
        question = WaitingQuestion(data=request.query_params.dict())
        question.is_valid(raise_exception=True)
        asked = question.validated_data
        narrowing = Narrowing(kind=asked.get("kind", ""), text=asked.get("q", ""))
        page = waiting.listed(self.actor, narrowing, after=asked["after"], size=asked["page_size"])
        shown = {"count": waiting.count(self.actor), "after": page.after, "results": page.rows}
        return Response(WaitingPageSerializer(shown).data)
