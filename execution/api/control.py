"""The cost control table of a project over HTTP."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.views import ActorView
from core.api import YuanField
from execution import contracting, control
from execution.rules.curve import Curve


class ControlAmountsSerializer(serializers.Serializer):
    """Yuan. `difference` is forecast less estimate; `ratio` its share of the estimate, null without one."""

    estimate = YuanField()
    budget = YuanField()
    contract = YuanField()
    change = YuanField()
    settlement = YuanField()
    paid = YuanField()
    forecast = YuanField()
    difference = YuanField()
    ratio = serializers.DecimalField(max_digits=20, decimal_places=4, allow_null=True)


class ControlLineSerializer(serializers.Serializer):
    """One line of the tree with all below it. `light`: GREEN, YELLOW, RED, GREY (nothing bought yet), or null."""

    code = serializers.CharField()
    name = serializers.CharField()
    level = serializers.IntegerField()
    is_heading = serializers.BooleanField()
    light = serializers.CharField(allow_null=True)
    is_short = serializers.BooleanField(help_text="The forecast is below what the contracts of the line are worth.")
    amounts = ControlAmountsSerializer()


class ControlMonthSerializer(serializers.Serializer):
    """The S-curve at the end of one month, cumulative yuan; null where nothing is known (yet)."""

    month = serializers.DateField()
    planned = YuanField(allow_null=True)
    done = YuanField(allow_null=True)
    released = YuanField(allow_null=True)
    paid = YuanField(allow_null=True)


class ControlAdjustmentSerializer(serializers.Serializer):
    """`share`: forecast to original estimate; `needs_audit`: above R-INV-06 the audit comes first."""

    is_open = serializers.BooleanField()
    reason = serializers.CharField()
    opened_on = serializers.DateField(allow_null=True)
    item = serializers.IntegerField(allow_null=True)
    share = serializers.DecimalField(max_digits=20, decimal_places=4, allow_null=True)
    needs_audit = serializers.BooleanField()


class ControlSerializer(serializers.Serializer):
    """概算执行表. The total is the sum of the lines of level 0. `is_partial`: the estimate is not broken down."""

    project = serializers.IntegerField()
    light = serializers.CharField(allow_null=True)
    is_partial = serializers.BooleanField()
    lines = ControlLineSerializer(many=True)
    total = ControlAmountsSerializer()
    curve = ControlMonthSerializer(many=True)
    adjustment = ControlAdjustmentSerializer()


class ControlView(ActorView):
    @extend_schema(
        responses=ControlSerializer, operation_id="control_retrieve", summary="The cost control table of a project"
    )
    def get(self, request: Request, pk: int) -> Response:
        """Every cost line from the approved estimate to the forecast at completion, with the lights of R-INV-04."""
        shown = control.control_of(contracting.books_of(self.actor, pk))
        adjustment = control.adjustment_of(shown, self.actor)
        answer = {
            "project": shown.project.pk,
            "light": shown.sheet.lamp,
            "is_partial": shown.sheet.is_partial,
            "lines": [
                {
                    "code": line.code,
                    "name": shown.names.get(line.code, line.code),
                    "level": line.level,
                    "is_heading": line.is_heading,
                    "light": line.lamp,
                    "is_short": line.is_short,
                    "amounts": line.sums,
                }
                for line in shown.sheet.lines
            ],
            "total": shown.sheet.total,
            "curve": _months(control.curve_of(shown)),
            "adjustment": {
                "is_open": adjustment.is_open,
                "reason": adjustment.reason,
                "opened_on": adjustment.opened_on,
                "item": adjustment.item.pk if adjustment.item else None,
                "share": adjustment.share,
                "needs_audit": adjustment.needs_audit,
            },
        }
        return Response(ControlSerializer(answer).data)


def _months(curve: Curve) -> list[dict[str, Any]]:
    columns = (curve.months, curve.planned, curve.done, curve.released, curve.paid)
    names = ("month", "planned", "done", "released", "paid")
    return [dict(zip(names, values, strict=True)) for values in zip(*columns, strict=True)]
