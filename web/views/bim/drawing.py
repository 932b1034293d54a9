"""What web/bim/_viewer.html needs to know of a model; every page that shows one asks here."""

from dataclasses import dataclass

from django.urls import reverse

from accounts.actor import Actor
from bim import reasons
from bim.models import BimModel
from bim.selectors import accepted_of
from bim.states import GeometryStatus, ModelStage
from projects.models import Project

STAGES = {stage: place for place, stage in enumerate(ModelStage.values)}


@dataclass(frozen=True)
class Drawing:
    """Addresses for the viewer. `geometry` is empty where there is nothing to draw (yet); `element` has _ for the GlobalId;
    `failures` says why the shapes could not be worked out."""

    pk: int
    name: str
    geometry: str
    tree: str
    element: str
    elements: str
    page: str
    is_pending: bool
    failures: tuple[str, ...] = ()


def drawing_of(model: BimModel) -> Drawing:
    at = [model.pk]
    version = geometry_version(model)
    return Drawing(
        pk=model.pk,
        name=str(model),
        geometry=f"{reverse('web:bim_geometry', args=at)}?v={version}" if version else "",
        tree=reverse("web:bim_model_tree", args=at),
        element=reverse("web:bim_element", args=[model.pk, "_"]),
        elements=reverse("web:bim_elements", args=at),
        page=reverse("web:bim_viewer", args=at),
        failures=failures_of(model),
        is_pending=not version and model.geometry_status in (GeometryStatus.NONE, GeometryStatus.RUNNING),
    )


def failures_of(model: BimModel) -> tuple[str, ...]:
    """In words; empty where nothing failed."""
    failed = model.geometry_status == GeometryStatus.FAILED
    return tuple(reasons.said(reason) for reason in model.geometry_reasons) if failed else ()


def geometry_version(model: BimModel) -> str:
    """A name for the geometry as it is now; "" without one."""
    return model.geometry.sha256[:16] if model.geometry else ""


def drawings_of(actor: Actor, project: Project) -> list[Drawing]:
    """The project's accepted models that can be drawn, of each stage and discipline the newest; the latest stage first."""
    models = (
        accepted_of(actor, project=project).filter(geometry__isnull=False).select_related("geometry").order_by("pk")
    )
    return [drawing_of(model) for model in sorted(models, key=lambda model: -STAGES[model.stage])]
