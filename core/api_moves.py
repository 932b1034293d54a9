"""Moves as JSON: what a person may do next, what it asks for, and why it is off."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import gettext as _
from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail

from core.api import unknown_names
from core.errors import NotFound, Problem
from core.workflow import Input, Move, Offer, Workflow

LONGEST_TEXT = 20_000


class ChoiceSerializer(serializers.Serializer):
    value = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]


class InputSerializer(serializers.Serializer):
    """One thing to say with the move. `kind` tells how it is read: text, line, lines, date, days, money, user …"""

    name = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]
    kind = serializers.CharField()
    is_required = serializers.BooleanField(source="required")
    help = serializers.CharField(allow_blank=True)
    choices = serializers.SerializerMethodField()

    def get_choices(self, wanted: Input) -> list[dict[str, str]]:
        return [{"value": str(value), "label": str(label)} for value, label in wanted.choices]


class OfferSerializer(serializers.Serializer):
    """A move as this person sees it now: possible when there are no problems."""

    name = serializers.CharField(source="move.name")
    number = serializers.CharField(source="move.number")
    label = serializers.CharField(source="move.label")  # type: ignore[assignment]
    possible = serializers.BooleanField()
    primary = serializers.BooleanField(source="move.primary")
    irreversible = serializers.BooleanField(source="move.irreversible")
    bulk = serializers.BooleanField(source="move.bulk")
    inputs = InputSerializer(source="move.inputs", many=True)
    problems = serializers.SerializerMethodField()

    def get_problems(self, offer: Offer) -> list[dict[str, str]]:
        return [problem.as_dict() for problem in offer.problems]


class CandidateSerializer(serializers.Serializer):
    """A person an input of the move may name."""

    input = serializers.CharField()
    id = serializers.IntegerField()
    full_name = serializers.CharField()


class OfferWithCandidatesSerializer(OfferSerializer):
    """An offer with the people its inputs may name."""

    candidates = CandidateSerializer(many=True)


def known_move(workflow: Workflow, name: str) -> Move:
    """The move of that name, or NotFound."""
    if name not in workflow:
        raise NotFound(Problem("unknown_move", _("There is no such move.")))
    return workflow[name]


def move_inputs(move: Move, data: Mapping[str, Any]) -> tuple[dict[str, Any], int | None]:
    """What was said with the move, and the version the caller last saw. Unknown names and odd shapes are refused."""
    inputs = {name: value for name, value in data.items() if name != "version"}
    shape = ErrorDetail(_("This has the wrong shape."), code="shape")
    faults: dict[str, Any] = unknown_names(inputs, {wanted.name for wanted in move.inputs})
    faults |= {wanted.name: [shape] for wanted in move.inputs if not _fits(wanted, inputs)}
    version, field = None, serializers.IntegerField(min_value=0, max_value=2**31 - 1, allow_null=True, required=False)
    try:
        version = None if data.get("version") is None else field.run_validation(data["version"])
    except serializers.ValidationError as error:
        faults["version"] = error.detail
    if faults:
        raise serializers.ValidationError(faults)
    return inputs, version


def _fits(wanted: Input, inputs: Mapping[str, Any]) -> bool:
    value = inputs.get(wanted.name)
    if value is None:
        return True
    if isinstance(value, list):
        many = wanted.kind in ("lines", "users", "choices", "json")
        return many and len(value) <= 500 and all(_is_scalar(part) for part in value)
    return wanted.kind == "json" or (_is_scalar(value) and (wanted.kind == "flag" or not isinstance(value, bool)))


def _is_scalar(value: Any) -> bool:
    return not isinstance(value, dict | list) and len(str(value)) <= LONGEST_TEXT


def schema_of_inputs(moves: Iterable[Move]) -> dict[str, Any]:
    """JSON schema of a move's body: every input any of the moves knows, and `version`."""
    types = {"flag": "boolean", "days": "integer", "user": "integer"}
    properties: dict[str, Any] = {"version": {"type": "integer", "minimum": 0}}
    for wanted in (wanted for move in moves for wanted in move.inputs):
        if wanted.kind in ("lines", "users", "choices"):
            part = {"type": "integer" if wanted.kind == "users" else "string"}
            properties[wanted.name] = {"type": "array", "items": part}
        else:
            properties.setdefault(wanted.name, {"type": types.get(wanted.kind, "string")})
    return {"type": "object", "properties": properties, "additionalProperties": False}
