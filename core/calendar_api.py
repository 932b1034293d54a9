"""The public working-day calendar: the due date of a limit, and the days of a stretch of time."""

from datetime import timedelta
from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from core import calendars
from core.calendar import DayKind

MOST_DAYS = 5_000
LONGEST_STRETCH = 1_100


class DueQuestion(serializers.Serializer):
    """The n-th working day after `from`, which is day 0; a negative number goes back."""

    days = serializers.IntegerField(min_value=-MOST_DAYS, max_value=MOST_DAYS, help_text="Working days.")

    def get_fields(self) -> dict[str, Any]:
        return {"from": serializers.DateField(help_text="Day 0."), **super().get_fields()}


class DueAnswer(serializers.Serializer):
    """`provisional` is there, and true, only when the official calendar of a year it rests on is not published yet."""

    days = serializers.IntegerField()
    due = serializers.DateField()
    provisional = serializers.BooleanField(required=False)

    def get_fields(self) -> dict[str, Any]:
        return {"from": serializers.DateField(), **super().get_fields()}


class DaysQuestion(serializers.Serializer):
    """Both days are included."""

    to = serializers.DateField()

    def get_fields(self) -> dict[str, Any]:
        return {"from": serializers.DateField(), **super().get_fields()}

    def validate(self, said: dict[str, Any]) -> dict[str, Any]:
        if said["to"] < said["from"]:
            raise serializers.ValidationError({"to": [_("The last day lies before the first one.")]})
        if (said["to"] - said["from"]).days >= LONGEST_STRETCH:
            message = _("At most %(days)s days at once.") % {"days": LONGEST_STRETCH}
            raise serializers.ValidationError({"to": [message]})
        return said


class DaySerializer(serializers.Serializer):
    """One day: worked or not and why; `name` is the holiday it belongs to, also of a make-up day (调休)."""

    date = serializers.DateField()
    is_workday = serializers.BooleanField()
    kind = serializers.ChoiceField([kind.value for kind in DayKind])
    name = serializers.CharField(allow_blank=True)
    provisional = serializers.BooleanField()


class DaysAnswer(serializers.Serializer):
    """The days, how many of them are worked, and which notices say so (`calendar_version`)."""

    to = serializers.DateField()
    working_days = serializers.IntegerField()
    calendar_version = serializers.CharField()
    days = DaySerializer(many=True)

    def get_fields(self) -> dict[str, Any]:
        return {"from": serializers.DateField(), **super().get_fields()}


class PublicCalendarView(APIView):
    authentication_classes = ()
    permission_classes = (AllowAny,)

    def asked(self, shape: type[serializers.Serializer]) -> dict[str, Any]:
        question = shape(data=self.request.query_params.dict())
        question.is_valid(raise_exception=True)
        return question.validated_data


class DueView(PublicCalendarView):
    @extend_schema(parameters=[DueQuestion], responses=DueAnswer, summary="Due date", operation_id="calendar_due")
    def get(self, request: Request) -> Response:
        """The day on which a limit of working days ends. Public."""
        asked = self.asked(DueQuestion)
        works = calendars.current().provisional()
        due = works.add(asked["from"], asked["days"])
        answer = {"from": asked["from"].isoformat(), "days": asked["days"], "due": due.isoformat()}
        if works.is_provisional(max(due, asked["from"])):
            answer["provisional"] = True
        return Response(answer)


class DaysView(PublicCalendarView):
    @extend_schema(parameters=[DaysQuestion], responses=DaysAnswer, summary="Days", operation_id="calendar_days")
    def get(self, request: Request) -> Response:
        """Every day from–to, worked or not and why. Public."""
        asked = self.asked(DaysQuestion)
        works = calendars.current().provisional()
        count = (asked["to"] - asked["from"]).days + 1
        days = [works.day(asked["from"] + timedelta(days=n)) for n in range(count)]
        answer = {
            "from": asked["from"],
            "to": asked["to"],
            "working_days": sum(day.is_workday for day in days),
            "calendar_version": calendars.current().version,
            "days": days,
        }
        return Response(DaysAnswer(answer).data)
