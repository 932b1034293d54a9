"""Large registers of projects, and what a plain look through them finds."""

from projects import selectors
from projects.models import Project, SearchGram, SearchText
from projects.search import fold, grams
from tests.support.lives import BASICS


def bulk_projects(cast, names):
    """Many projects with their index, faster than by the service; the rows are the same (a test below compares)."""
    rows = Project.objects.bulk_create(
        Project(
            name=name,
            code=f"2601-440399-04-01-{n:06d}",
            owner_unit=cast.houses["unit" if n % 3 else "other_unit"],
            district="鹏湾新区",
            registered_by=cast.lin.user,
            **{k: BASICS[k] for k in ("project_class", "construction_nature", "investment_mode", "industry")},
        )
        for n, name in enumerate(names)
    )
    texts = [
        SearchText(project=row, kind=kind, text=fold(getattr(row, kind))) for row in rows for kind in ("name", "code")
    ]
    SearchText.objects.bulk_create(texts, batch_size=2000)
    pairs = {(gram, text.project_id) for text in texts for gram in grams(text.text)}
    SearchGram.objects.bulk_create((SearchGram(gram=g, project_id=p) for g, p in sorted(pairs)), batch_size=2000)
    return rows


def all_pages(actor, text, limit):
    found, after = [], None
    while True:
        page = selectors.search(actor, text, after=after, limit=limit)
        found += [hit.project.pk for hit in page.rows]
        after = page.after
        if after is None:
            return found


def naive(rows, text):
    return [p.pk for p in sorted(rows, key=lambda p: -p.pk) if any(fold(text) in fold(t) for t in (p.name, p.code))]
