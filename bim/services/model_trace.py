"""How a model's history gets into the trace of its project."""

from bim.models import BimModel
from core import trace


def record(verb: str, model: BimModel, actor: trace.Who, **facts: object) -> None:
    """One entry in the project's trace, naming the version."""
    named = {"model_stage": model.stage, "discipline": model.discipline, "version": model.version, **facts}
    trace.record(verb, actor=actor, target=model, project_id=model.project_id, facts=named)
