"""The project register over HTTP: thin shapes around selectors and services."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.actor import Actor
from accounts.api.views import ActorView
from core import clock
from core.api import LARGEST_ID, read_body
from projects import selectors
from projects.api.serializers import (
    ProjectAmendmentSerializer,
    ProjectRegistrationSerializer,
    ProjectRowSerializer,
    ProjectSerializer,
    basics_of,
)
from projects.services.amend import amend
from projects.services.moves import situation
from projects.services.register import register
from projects.states import Stage


class RegisterQuestion(serializers.Serializer):
    """How the list is narrowed. `q` finds names, codes and document numbers, from two characters on."""

    stage = serializers.ChoiceField(Stage.choices, required=False)
    project_class = serializers.CharField(max_length=20, required=False)
    owner_unit = serializers.IntegerField(min_value=1, max_value=LARGEST_ID, required=False)
    q = serializers.CharField(
        max_length=60, required=False, help_text=str(_("Part of a name, code or document number."))
    )
    after = serializers.IntegerField(min_value=0, max_value=LARGEST_ID, required=False, help_text="From `next`.")
    page_size = serializers.IntegerField(min_value=1, max_value=200, default=50)


class ProjectPageSerializer(serializers.Serializer):
    """One page, newest first; `next` is the address of the following one, null at the end."""

    next = serializers.CharField(allow_null=True)
    results = ProjectRowSerializer(many=True)


def shown(pk: int, actor: Actor) -> dict[str, Any]:
    """The project as it stands now, with the moves this person has."""
    project = selectors.detailed(actor, pk)
    offers = selectors.offers(project, actor, situation(clock.today()))
    return ProjectSerializer(project, context={"offers": offers}).data


class ProjectsView(ActorView):
    @extend_schema(
        parameters=[RegisterQuestion],
        responses=ProjectPageSerializer,
        operation_id="projects_list",
        summary="The projects I may see",
    )
    def get(self, request: Request) -> Response:
        """Newest first, in pages that cost the same however long the register is."""
        question = RegisterQuestion(data=request.query_params.dict())
        question.is_valid(raise_exception=True)
        asked = dict(question.validated_data)
        text, after, size = asked.pop("q", ""), asked.pop("after", None), asked.pop("page_size")
        if text:
            page = selectors.search(self.actor, text, after, size, asked)
            rows = [hit.project for hit in page.rows]
        else:
            page = selectors.listed(self.actor, asked, after, size)
            rows = page.rows
        return Response({"next": self._next(page.after), "results": ProjectRowSerializer(rows, many=True).data})

    def _next(self, after: int | None) -> str | None:
        if after is None:
            return None
        wanted = self.request.query_params.copy()
        wanted["after"] = str(after)
        return self.request.build_absolute_uri(f"{self.request.path}?{wanted.urlencode()}")

    @extend_schema(
        request=ProjectRegistrationSerializer,
        responses={201: ProjectSerializer},
        operation_id="projects_create",
        summary="Register a project",
    )
    def post(self, request: Request) -> Response:
        """For the clerk of a project unit. A running project is taken over with `taken_over_at` and the reason."""
        body = read_body(ProjectRegistrationSerializer(data=request.data))
        said = body.values
        project = self.refused_at_once(
            body,
            lambda: register(
                actor=self.actor,
                basics=basics_of(said),
                funding=said.get("funding"),
                taken_over_at=said.get("taken_over_at", ""),
                taken_over_reason=said.get("taken_over_reason", ""),
                faults=body.faults,
            ),
        )
        return Response(shown(project.pk, self.actor), status=status.HTTP_201_CREATED)


class ProjectView(ActorView):
    @extend_schema(responses=ProjectSerializer, operation_id="projects_retrieve", summary="One project")
    def get(self, request: Request, pk: int) -> Response:
        """Basics, stages, control figures, gates, funding, and the moves this person has with the reasons why not."""
        return Response(shown(pk, self.actor))

    @extend_schema(
        request=ProjectAmendmentSerializer,
        responses=ProjectSerializer,
        operation_id="projects_amend",
        summary="Correct a project",
    )
    def patch(self, request: Request, pk: int) -> Response:
        """Changes the fields given. With `version`, a change by somebody else meanwhile is a 409."""
        body = read_body(ProjectAmendmentSerializer(data=request.data, partial=True))
        said = body.values
        project = self.refused_at_once(
            body,
            lambda: amend(
                pk,
                actor=self.actor,
                basics=basics_of(said),
                funding=said.get("funding"),
                expected_version=said.get("version"),
                faults=body.faults,
            ),
        )
        return Response(shown(project.pk, self.actor))
