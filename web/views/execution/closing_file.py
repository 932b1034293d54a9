"""The papers and photos of acceptance and audit, for whoever sees the row they belong to."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_GET

from execution import closing
from web.access import signed_in
from web.file_answer import answer_with


@require_GET
@signed_in
@cache_control(private=True, no_cache=True)
def closing_file(request: HttpRequest, kind: str, pk: int) -> HttpResponse:
    """`kind`: opinion, paper, defect, finding."""
    return answer_with(closing.file_of(kind, pk, request.actor), request)
