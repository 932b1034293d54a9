"""The items of one project, with what their lights, desks and documents need."""

from django.db.models import Prefetch

from accounts.actor import Actor
from approvals.models import ApprovalItem, Task
from projects.models import Project


def items_of(project: Project, actor: Actor, *also: str) -> list[ApprovalItem]:
    """The project's items this actor may see, newest first, with open tasks and pauses; `also`: relations to fetch."""
    desks = Prefetch("tasks", Task.objects.filter(left_at__isnull=True).select_related("organisation"))
    rows = ApprovalItem.objects.visible_to(actor).filter(project=project).select_related("authority", "owner_unit")
    items = list(rows.prefetch_related("pauses", desks, *also).order_by("-pk"))
    for item in items:
        item.project = project
    return items
