"""The search over the elements of all models over HTTP."""

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.views import ActorView
from bim import search
from bim.api.serializers import FindPageSerializer, FindSerializer, SearchQuestion


class ModelSearchView(ActorView):
    @extend_schema(
        parameters=[SearchQuestion],
        responses=FindPageSerializer,
        operation_id="models_search",
        summary="Search the elements of all models",
    )
    def get(self, request: Request) -> Response:
        """Elements of accepted models one may see; of each stage and discipline the newest, unless told otherwise.

        A page may be short, even empty, and still have a next one: where conditions hardly ever meet, each request
        looks through a part of the base only.
        """
        question = SearchQuestion(data=request.query_params.dict())
        question.is_valid(raise_exception=True)
        said = dict(question.validated_data)
        after, size = said.pop("after", ""), said.pop("page_size")
        found = search.search(self.actor, search.Question(**said), after, size)
        results = FindSerializer(found.rows, many=True).data
        return Response({"next": self._next(found.after), "complete": found.complete, "results": results})

    def _next(self, after: str | None) -> str | None:
        if after is None:
            return None
        wanted = self.request.query_params.copy()
        wanted["after"] = after
        return self.request.build_absolute_uri(f"{self.request.path}?{wanted.urlencode()}")
