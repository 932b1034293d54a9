"""The whole life of a project over HTTP: stages, decisions, amounts, the chain of figures, what blocks and who must act."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.views import ActorView
from reports import whole_life


class Yuan(serializers.DecimalField):
    def __init__(self) -> None:
        super().__init__(max_digits=20, decimal_places=2, allow_null=True)


class LifeDecisionSerializer(serializers.Serializer):
    """A decision of a stage; `item_id` only where you may open the item."""

    label = serializers.CharField()  # type: ignore[assignment]
    document_no = serializers.CharField(allow_blank=True)
    on = serializers.DateField(allow_null=True)
    outcome = serializers.CharField(allow_blank=True)
    declared = Yuan()
    approved = Yuan()
    item_id = serializers.IntegerField(allow_null=True)
    stands = serializers.BooleanField()


class LifeSumSerializer(serializers.Serializer):
    """A figure of a stage: yuan, or words."""

    label = serializers.CharField()  # type: ignore[assignment]
    amount = Yuan()
    words = serializers.CharField(allow_blank=True)


class LifePaperSerializer(serializers.Serializer):
    """A file of a stage. `kind`: document, contract, archive."""

    title = serializers.CharField()
    kind = serializers.CharField()
    id = serializers.IntegerField(source="pk")
    number = serializers.CharField(allow_blank=True)
    on = serializers.DateField(allow_null=True)


class LifeStepSerializer(serializers.Serializer):
    """What has to happen before the next stage, and whose turn it is."""

    what = serializers.CharField()
    who = serializers.CharField(allow_blank=True)
    progress = serializers.CharField(allow_blank=True)
    done = serializers.BooleanField()
    item_id = serializers.IntegerField(source="item.pk", default=None, allow_null=True)
    declares = serializers.CharField(allow_blank=True, help_text="The kind of item to be declared.")
    problem = serializers.CharField(allow_blank=True, help_text="The code of what is missing.")
    move = serializers.CharField(allow_blank=True, help_text="The move of the project that is waited for.")


class LifeStageSerializer(serializers.Serializer):
    """One stage; `days` are calendar days, `steps` only of the present one."""

    code = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]
    status = serializers.CharField()
    entered_on = serializers.DateField(allow_null=True)
    left_on = serializers.DateField(allow_null=True)
    days = serializers.IntegerField(allow_null=True)
    is_here = serializers.BooleanField()
    ground = serializers.CharField(allow_blank=True)
    reason = serializers.CharField(allow_blank=True)
    decisions = LifeDecisionSerializer(many=True)
    sums = LifeSumSerializer(many=True)
    papers = LifePaperSerializer(many=True)
    steps = LifeStepSerializer(many=True)


class LifeLinkSerializer(serializers.Serializer):
    """One figure of the chain in yuan; `difference` and `ratio` against `base`. `overrun`: its flag in words."""

    kind = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]
    amount = Yuan()
    document_no = serializers.CharField(allow_blank=True)
    decided_on = serializers.DateField(allow_null=True)
    base = serializers.CharField(allow_blank=True)
    difference = Yuan()
    ratio = serializers.DecimalField(max_digits=12, decimal_places=4, allow_null=True)
    overrun = serializers.CharField(allow_blank=True)


class WaitingSerializer(serializers.Serializer):
    """A row of contracts, works or assets that waits: its kind and key, what is to be done, by which roles, until when."""

    kind = serializers.CharField()
    id = serializers.IntegerField(source="pk")
    title = serializers.CharField(allow_blank=True)
    move = serializers.CharField()
    what = serializers.CharField()
    roles = serializers.ListField(child=serializers.CharField())
    state = serializers.CharField(allow_blank=True)
    due_on = serializers.DateField(allow_null=True)
    project = serializers.IntegerField(source="project.pk", default=None, allow_null=True)
    project_name = serializers.CharField(source="project.name", default="")


class ReleaseSerializer(serializers.Serializer):
    year = serializers.IntegerField()
    amount = serializers.DecimalField(max_digits=20, decimal_places=2)
    document_no = serializers.CharField(allow_blank=True)
    on = serializers.DateField()


class TurnSerializer(serializers.Serializer):
    """A decision on the course of the project: suspended, resumed, terminated, revoked, reopened."""

    label = serializers.CharField()  # type: ignore[assignment]
    on = serializers.DateField()
    document_no = serializers.CharField(allow_blank=True)
    reason = serializers.CharField(allow_blank=True)


class LifeSerializer(serializers.Serializer):
    """`overruns`: over_estimate, over_budget, over_final (三超, R-INV-13)."""

    project = serializers.IntegerField(source="project.pk")
    stage = serializers.CharField(source="project.stage")
    stages = LifeStageSerializer(many=True)
    chain = LifeLinkSerializer(many=True)
    overruns = serializers.ListField(child=serializers.CharField())
    releases = ReleaseSerializer(many=True)
    waits = WaitingSerializer(many=True)
    turns = TurnSerializer(many=True)
    remains = LifeStepSerializer(many=True, help_text="What is left to do for a project that was terminated.")


class LifeView(ActorView):
    @extend_schema(responses=LifeSerializer, operation_id="projects_life", summary="The whole life of a project")
    def get(self, request: Request, pk: int) -> Response:
        """Every stage with dates, decisions, amounts and papers; what blocks the next one and who must act."""
        return Response(_shown(whole_life.life_of(self.actor, pk)))


def _shown(life: Any) -> dict[str, Any]:
    return LifeSerializer(life).data
