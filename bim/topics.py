"""Reads of topics: the list of a project, one topic with everything on its page, what filters may ask for."""

from collections.abc import Mapping
from typing import Any

from django.db.models import Count, OuterRef, Prefetch, Q, QuerySet, Subquery

from accounts.actor import Actor
from bim.models import BcfComment, BcfTopic, BcfViewpoint, BimModel
from bim.states import GeometryStatus, ModelStatus
from bim.topic_wording import CLOSED
from core.locks import found
from projects.models import Project

UNSETTLED = "unsettled"


def rows_of(actor: Actor, project: Project, filters: Mapping[str, Any]) -> QuerySet:
    """The topics of a project, newest first, each with `n_comments` and `picture_id`, its first viewpoint with a picture.

    `filters`: status (a value or "unsettled"), assigned_to (a part), model (key), topic_type.
    """
    rows = BcfTopic.objects.visible_to(actor).filter(project=project)
    status = filters.get("status")
    if status == UNSETTLED:
        rows = rows.exclude(topic_status=CLOSED)
    elif status:
        rows = rows.filter(topic_status=status)
    if filters.get("assigned_to"):
        rows = rows.filter(assigned_to__icontains=filters["assigned_to"])
    for name in ("model", "topic_type"):
        if filters.get(name):
            rows = rows.filter(**{name: filters[name]})
    pictures = BcfViewpoint.objects.filter(topic=OuterRef("pk"), snapshot__isnull=False).order_by("position", "pk")
    counted = BcfComment.objects.filter(topic=OuterRef("pk")).order_by().values("topic").annotate(n=Count("pk"))
    return (
        rows.select_related("model", "author_house")
        .annotate(n_comments=Subquery(counted.values("n")), picture_id=Subquery(pictures.values("pk")[:1]))
        .order_by("-pk")
    )


def detailed(actor: Actor, pk: int) -> BcfTopic:
    """One topic with its comments and viewpoints. Raises NotFound."""
    rows = (
        BcfTopic.objects.visible_to(actor)
        .select_related("project__owner_unit", "model__project", "author_house")
        .prefetch_related(
            Prefetch("viewpoints", BcfViewpoint.objects.select_related("snapshot").order_by("position", "pk")),
            Prefetch(
                "comments",
                BcfComment.objects.select_related("author_house", "viewpoint").order_by("created_at", "pk"),
            ),
        )
    )
    return found(rows, pk=pk)


def viewpoint_of(actor: Actor, pk: int) -> BcfViewpoint:
    rows = BcfViewpoint.objects.filter(topic__in=BcfTopic.objects.visible_to(actor))
    return found(rows.select_related("snapshot", "topic"), pk=pk)


def used_statuses(project: Project) -> list[str]:
    return list(BcfTopic.objects.filter(project=project).order_by().values_list("topic_status", flat=True).distinct())


def models_to_choose(project: Project) -> list[BimModel]:
    """The accepted models of the project, the newest first."""
    return list(BimModel.objects.accepted().filter(project=project).order_by("-pk")[:200])


def model_to_show(topic: BcfTopic) -> BimModel | None:
    """The model a viewpoint is shown in: the topic's own, else the newest one of the project that can be drawn."""
    if topic.model is not None and topic.model.status == ModelStatus.ACCEPTED:
        return topic.model
    drawn = Q(geometry_status=GeometryStatus.READY)
    return BimModel.objects.accepted().filter(drawn, project_id=topic.project_id).order_by("-pk").first()
