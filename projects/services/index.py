"""Keeps the search index of a project in step with its texts."""

from projects import search
from projects.models import Project, SearchGram, SearchText


def reindex(project: Project) -> None:
    """Rewrites the rows for name and code; document numbers stay."""
    project.search_texts.filter(kind__in=("name", "code")).delete()
    _add(project, "name", project.name)
    if project.code:
        _add(project, "code", project.code)
    _refresh_grams(project)


def add_document_no(project: Project, document_no: str) -> None:
    _add(project, "document", document_no)
    _refresh_grams(project)


def _add(project: Project, kind: str, text: str) -> None:
    SearchText.objects.get_or_create(project=project, kind=kind, text=search.fold(text)[:200])


def _refresh_grams(project: Project) -> None:
    wanted = {gram for row in project.search_texts.all() for gram in search.grams(row.text)}
    present = set(SearchGram.objects.filter(project=project).values_list("gram", flat=True))
    SearchGram.objects.filter(project=project, gram__in=present - wanted).delete()
    SearchGram.objects.bulk_create(
        (SearchGram(gram=gram, project=project) for gram in sorted(wanted - present)), ignore_conflicts=True
    )
