"""Tells people what happened to their items and what waits for them."""

from accounts.models import Appointment, User
from accounts.services.notify import tell
from approvals.models import ApprovalItem, Task
from approvals.services.engine import Case

# Moves inside the house the unit is not told of (R-PERM-02 shows it the state only).
SILENT_FOR_UNIT = frozenset(
    {"present_for_signature", "assign", "reassign", "recuse", "assign_center", "sign_opinion", "ask_countersign",
     "answer_countersign", "propose_pause", "sign_pause_first", "sign_pause_second", "cancel_pause",
     "propose_deficiency", "file_expert_opinion", "decide_ten_percent", "explain_overdue", "nudge", "send_back",
     "send_back_second", "pass_first", "pass_second", "deliver_opinion", "recommend_return"}
)  # fmt: skip


# The file is taken off every desk without having been dealt with there.
TAKEN_AWAY = frozenset({"withdraw", "withdraw_with_project"})


def after_move(case: Case) -> None:
    """The unit hears of what concerns it; whoever now has the file, a new task, or the file no longer, hears of that."""
    item, link = case.item, case.item.get_absolute_url()
    facts = {
        "no": item.no,
        "project": item.project.name,
        "type": item.item_type,
        "move": case.move,
        "state": item.state,
    }
    if case.move not in SILENT_FOR_UNIT:
        for user in {item.applicant} - {case.actor.user}:
            tell(user, "item.moved", facts, link=link)
    if case.move in TAKEN_AWAY:
        had_it = {user for task in item.tasks.filter(left_at=case.at) for user in holders(task)}
        for user in had_it - {case.actor.user, item.applicant}:
            tell(user, "item.moved", facts, link=link)
    for task in item.tasks.filter(left_at__isnull=True, entered_at=case.at):
        for user in holders(task):
            if user != case.actor.user:
                tell(user, "task.waiting", {**facts, "kind": task.kind}, link=link, urgent=task.kind != "STEP")
    if case.move == "nudge":
        for task in item.tasks.filter(left_at__isnull=True, kind="STEP"):
            for user in holders(task):
                tell(user, "item.nudged", {**facts, "text": case.data.get("text", "")}, link=link, urgent=True)


def holders(task: Task) -> list[User]:
    """The people on whose desk a task lies: the named one, or everybody in the role there."""
    if task.user_id:
        return [task.user]
    posts = Appointment.objects.on(task.entered_on).filter(role=task.role)
    if task.organisation_id:
        posts = posts.filter(organisation=task.organisation_id)
    return list(User.objects.filter(pk__in=posts.values("user"), is_active=True))


def heads_of(item: ApprovalItem, role: str) -> list[User]:
    """Everybody who holds a leading role in the item's authority."""
    posts = Appointment.objects.filter(role=role, organisation=item.authority, held_to__isnull=True)
    return list(User.objects.filter(pk__in=posts.values("user"), is_active=True))
