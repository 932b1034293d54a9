"""The rooms of a project, in the order of its life, and who finds which. Every page of a project shows them on top.

A room is one line: its label, the page it opens with (name of the address, taking the project's key), the other pages that
lie in it, and – where seeing the project is not enough – who may see it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import pgettext_lazy

from accounts.actor import Actor
from assets import handover_policies
from assets.policies import may_read_account
from execution import policies
from execution.plan_policies import reads_plans
from projects.models import Project


def everybody(actor: Actor, project: Project) -> bool:
    """Whoever sees the project."""
    return True


def reads_books(actor: Actor, project: Project) -> bool:
    """Only whose work the money is; the page itself answers whoever sees the project."""
    return policies.reads_books(actor)


def reads_assets(actor: Actor, project: Project) -> bool:
    """Whose work the assets are, and the houses that receive them."""
    return handover_policies.reads_assets(actor)


def reads_plan(actor: Actor, project: Project) -> bool:
    return reads_plans(actor)


def reads_accounts(actor: Actor, project: Project) -> bool:
    return may_read_account(actor) is None


@dataclass(frozen=True)
class Room:
    """One line of the table. `pages` are the names of further addresses that lie in the room."""

    label: Any
    url: str
    pages: tuple[str, ...] = ()
    may_see: Callable[[Actor, Project], bool] = everybody


ROOMS = (
    Room(pgettext_lazy("room of a project", "Project"), "project", ("project_move", "project_edit")),
    Room(pgettext_lazy("room of a project", "Whole life"), "stages"),
    Room(pgettext_lazy("room of a project", "Plan"), "project_plan",
         ("plan_item", "plan_item_edit", "plan_request"), reads_plan),
    Room(pgettext_lazy("room of a project", "Tenders and contracts"), "tenders",
         ("tender", "tender_new", "tender_edit", "tender_object", "tender_objection_answer",
          "contracts", "contract", "contract_new", "contract_edit", "contract_supplement", "contract_file_keep"),
         reads_books),
    Room(pgettext_lazy("room of a project", "Progress"), "progress",
         ("progress_report", "progress_new", "progress_edit", "progress_photo_add", "milestones", "forecasts"), reads_books),
    Room(pgettext_lazy("room of a project", "Changes"), "changes", ("change", "change_new", "change_edit"), reads_books),
    Room(pgettext_lazy("room of a project", "Payments"), "payments",
         ("payment", "payment_new", "payment_edit", "payment_split"), reads_books),
    Room(pgettext_lazy("room of a project", "Cost control"), "control", (), reads_books),
    Room(pgettext_lazy("room of a project", "Acceptance"), "acceptance",
         ("acceptance_round_new", "acceptance_opinion", "acceptance_paper", "acceptance_close", "defect_new", "defect_mend",
          "defect_check")),
    Room(pgettext_lazy("room of a project", "Settlement"), "settlements",
         ("settlement_new", "settlement_edit", "settlement_review"), reads_books),
    Room(pgettext_lazy("room of a project", "Audit"), "audit",
         ("finding", "finding_new", "finding_edit", "finding_rectify", "audit_mode"), reads_books),
    Room(pgettext_lazy("room of a project", "Final account"), "final_account",
         ("account_page", "account_form", "account_edit", "account_deferred", "account_tails", "account_allocate",
          "account_declare"), reads_accounts),
    Room(pgettext_lazy("room of a project", "Assets"), "assets",
         ("asset", "asset_new", "asset_edit", "asset_remove", "assets_draft", "assets_import"), reads_assets),
    Room(pgettext_lazy("room of a project", "Handover"), "handover",
         ("handover_batch", "handover_new", "handover_edit", "handover_attach"), reads_assets),
    Room(pgettext_lazy("room of a project", "Titles"), "titles", ("title", "title_attach"), reads_assets),
    Room(pgettext_lazy("room of a project", "Archive"), "archive",
         ("archive_make", "archive_package", "archive_verify"), reads_assets),
    Room(pgettext_lazy("room of a project", "Models"), "bim_project", ("bim_model", "bim_viewer")),
    Room(pgettext_lazy("room of a project", "Topics"), "bim_topics",
         ("bim_topic", "bim_topic_new", "bim_topic_edit", "bim_topic_comment", "bim_topics_import")),
)  # fmt: skip


# Where a move that was refused shows its row again.
ROOM_OF_MOVE = {
    "tender": "tenders",
    "contract": "contracts",
    "change": "changes",
    "progress": "progress",
    "payment": "payments",
    "plan-item": "project_plan",
    "finding": "audit",
    "final-account": "final_account",
    "handover": "handover",
    "title": "titles",
}


@dataclass(frozen=True)
class Door:
    """A room as the page shows it."""

    label: Any
    url: str
    is_here: bool


def is_in_a_room(page: str) -> bool:
    """Whether a page of this name belongs to a project."""
    return any(page in (room.url, *room.pages) for room in ROOMS)


def doors(actor: Actor, project: Project, page: str) -> list[Door]:
    """The rooms this person finds in the project; none where `page`, the name of the address, lies in no room."""
    if not is_in_a_room(page):
        return []
    return [
        Door(room.label, reverse(f"web:{room.url}", args=[project.pk]), page in (room.url, *room.pages))
        for room in ROOMS
        if room.may_see(actor, project)
    ]


def room_url(page: str, actor: Actor, project: Project) -> str:
    """The address of a page taking the project's key; empty where this person does not find it."""
    room = next((one for one in ROOMS if page in (one.url, *one.pages)), None)
    found = room is not None and room.may_see(actor, project)
    return reverse(f"web:{page}", args=[project.pk]) if found else ""
