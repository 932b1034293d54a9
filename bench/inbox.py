"""The inbox page of a reviewer with 200 items in the system, and with 200,000."""

from collections.abc import Iterator

from django.test import Client

from approvals.models import ApprovalItem, Task
from bench import rows
from bench.measure import Line, best
from tests.support.cast import Cast

FEW, MANY, DESKS = 200, 200_000, 1_000
START = 1_000_000


def run(cast: Cast, item: ApprovalItem) -> Iterator[Line]:
    """200 of the items lie on the desk that is opened; with 200,000, the rest on others."""
    client = Client()
    client.force_login(cast.wu.user)
    task = Task.objects.get(item=item, kind="STEP", left_at__isnull=True)
    seed(item, task, range(START, START + FEW))
    few = best(lambda: page(client), 10)
    seed(item, task, range(START + FEW, START + MANY), other=cast.wei.user.pk)
    yield Line(
        "inbox page", f"of {MANY:,} items, {FEW} of them mine", f"of {FEW} items", best(lambda: page(client), 10), few
    )
    Task.objects.filter(user=cast.wei.user).update(user=cast.wu.user)
    rows.settle()
    yield Line(
        "inbox page", f"of {MANY:,} items, all of them mine", f"of {FEW} items", best(lambda: page(client), 5), few
    )


def seed(item: ApprovalItem, task: Task, numbers: range, other: int | None = None) -> None:
    """A project, an item and its task for every number."""
    rows.copies(item.project, numbers, {"name": "'工程' || n", "code": "'B-' || n"})
    rows.copies(item, numbers, {"project_id": "n", "no": "'IN-' || n"})
    desk = {} if other is None else {"user_id": str(other)}
    rows.copies(task, numbers, {"item_id": "n", **desk})
    rows.settle()


def page(client: Client) -> None:
    response = client.get("/inbox/")
    assert response.status_code == 200, response.status_code
