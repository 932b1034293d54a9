"""Big reports are made in the background: the file waits on the job's page until somebody fetches it."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.actor import Actor, actor_for
from core import jobs
from core.errors import NotPermitted, Problem
from core.models import Job
from reports import services
from reports.filters import Filters

# From so many rows on, a file takes longer than somebody would watch an empty page for.
BIG = {"csv": 20_000, "json": 20_000, "xlsx": 5_000, "pdf": 1_000}
STEPS = 3


@jobs.kind(gettext_lazy("Export of a report"))
def export(run: jobs.Run) -> jobs.Outcome:
    """Makes the file as the person would have got it, in the post they held when they asked, if they still hold it."""
    params = run.params
    actor = actor_for(run.user, params["as"]) if run.user else None
    if actor is None or actor.key != params["as"]:
        raise NotPermitted(Problem("post.ended", _("You no longer hold the post in which you asked for this.")))
    run.progress(0, STEPS, _("Collecting rows"))
    filters = Filters.parse(params["filters"], tuple(params["by"]))
    made = services.produce(params["report"], filters, params["format"], actor)
    run.progress(2, STEPS, _("Keeping the file"))
    stored = services.keep(made, actor)
    return jobs.Outcome(
        file=stored,
        result={"report": params["report"], "rows": made.rows},
        message=_("%(count)s rows") % {"count": made.rows},
    )


def start(code: str, filters: Filters, format_name: str, dimensions: tuple[str, ...], actor: Actor) -> Job:
    """Queues the export for this person in this post."""
    params: dict[str, Any] = {
        "report": code,
        "filters": filters.query(),
        "format": format_name,
        "by": list(dimensions),
        "as": actor.key,
    }
    return jobs.start(export, params, actor.user)


def is_big(n_rows: int, format_name: str) -> bool:
    return n_rows >= BIG.get(format_name, 0)
