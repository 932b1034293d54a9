"""What web/bim/_viewer.html needs to know of a model; every page that shows one asks here."""

from dataclasses import dataclass

from django.urls import reverse

from bim.models import BimModel
from bim.states import GeometryStatus


@dataclass(frozen=True)
class Drawing:
    """Addresses for the viewer. `geometry` is empty where there is nothing to draw (yet); `element` has _ for the GlobalId."""

    pk: int
    name: str
    geometry: str
    tree: str
    element: str
    elements: str
    page: str
    is_pending: bool


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
        is_pending=not version and model.geometry_status in (GeometryStatus.NONE, GeometryStatus.RUNNING),
    )


def geometry_version(model: BimModel) -> str:
    """A name for the geometry as it is now; "" without one."""
    return model.geometry.sha256[:16] if model.geometry else ""
