"""Reads of the model register: the list, one model, a project's models by stage and discipline, its storeys."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, QuerySet

from accounts.actor import Actor
from bim.models import BimElement, BimModel, SpatialNode
from bim.states import Discipline, ModelStage, ModelStatus
from core.locks import found
from projects.models import Project


@dataclass(frozen=True)
class Series:
    """All versions of one stage and discipline, the newest first."""

    stage: str
    discipline: str
    versions: list[BimModel] = field(default_factory=list)

    @property
    def stage_label(self) -> str:
        return str(ModelStage(self.stage).label)

    @property
    def discipline_label(self) -> str:
        return str(Discipline(self.discipline).label)

    @property
    def newest(self) -> BimModel:
        return self.versions[0]

    @property
    def accepted(self) -> BimModel | None:
        """The version that counts: the newest accepted one."""
        return next((model for model in self.versions if model.status == ModelStatus.ACCEPTED), None)


def register_rows(actor: Actor, filters: Mapping[str, Any] | None = None) -> QuerySet[BimModel]:
    """The models this actor may see, the newest first; no counting, no offset."""
    rows = BimModel.objects.visible_to(actor).filter(**(filters or {}))
    return rows.select_related("project", "file", "uploaded_by").order_by("-pk")


def detailed(actor: Actor, pk: int) -> BimModel:
    """One model with everything its page shows. Raises NotFound."""
    rows = BimModel.objects.visible_to(actor).select_related(
        "project__owner_unit", "file", "uploaded_by", "job", "geometry_job"
    )
    return found(rows, pk=pk)


def project_of(actor: Actor, pk: int) -> Project:
    """The project, if this actor may see it. Raises NotFound."""
    return found(Project.objects.visible_to(actor).select_related("owner_unit"), pk=pk)


def series_of(project: Project) -> list[Series]:
    """What the project holds, in the order of stages and disciplines."""
    by_place: dict[tuple[str, str], list[BimModel]] = {}
    rows = BimModel.objects.filter(project=project).select_related("file", "uploaded_by").order_by("-version")
    for model in rows:
        by_place.setdefault((model.stage, model.discipline), []).append(model)
    return [
        Series(stage, discipline, by_place[stage, discipline])
        for stage in ModelStage.values
        for discipline in Discipline.values
        if (stage, discipline) in by_place
    ]


def siblings_of(model: BimModel) -> list[BimModel]:
    """Every version of the same stage and discipline, the newest first."""
    rows = BimModel.objects.filter(project_id=model.project_id, stage=model.stage, discipline=model.discipline)
    return list(rows.select_related("uploaded_by").order_by("-version"))


def storeys_of(model: BimModel) -> list[SpatialNode]:
    """The storeys from the ground up, each with `n_elements`, the elements it holds."""
    storeys = SpatialNode.objects.filter(model=model, ifc_class="IfcBuildingStorey")
    counted = dict(
        BimElement.objects.filter(model=model, is_element=True, storey__isnull=False)
        .values_list("storey")
        .annotate(n=Count("pk"))
        .order_by()
    )
    rows = list(storeys.order_by(F("elevation").asc(nulls_last=True), "position"))
    for row in rows:
        row.n_elements = counted.get(row.pk, 0)
    return rows


def accepted_of(actor: Actor, *, only_newest: bool = True, **filters: Any) -> QuerySet[BimModel]:
    """The accepted models this actor may see; of each stage and discipline only the newest unless told otherwise."""
    rows = BimModel.objects.visible_to(actor).accepted().filter(**filters)
    return rows.filter(~_superseded()) if only_newest else rows


def _superseded() -> Exists:
    """A later version of the same project, stage and discipline has been accepted."""
    later = BimModel.objects.accepted().filter(
        project=OuterRef("project"),
        stage=OuterRef("stage"),
        discipline=OuterRef("discipline"),
        version__gt=OuterRef("version"),
    )
    return Exists(later)
