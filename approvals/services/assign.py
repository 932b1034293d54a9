"""Who reviews: assignment by the chief or by load, reassignment, stepping aside."""

from datetime import date

from django.db.models import Count
from django.utils.translation import gettext as _

from accounts.models import Appointment, Organisation, User
from accounts.roles import Role
from approvals import policies
from approvals.models import ApprovalItem, Recusal
from approvals.services import desk
from approvals.services.engine import Case, after, before
from approvals.states import STATE_OF_STEP, UNDER_REVIEW, ItemState, Step
from core.errors import require
from core.rulebook import Rulebook
from projects.models import ProjectAccess


def step_after(item: ApprovalItem, step: str | None, rules: Rulebook) -> str:
    """The state of the next step switched on for the item; centre and experts are visited on demand."""
    order = (Step.FIRST, Step.SECOND, Step.PUBLICITY, Step.DETERMINATION)
    rest = order if step is None else order[order.index(Step(step)) + 1 :]
    return next(STATE_OF_STEP[s] for s in rest if _is_on(s, item, rules))


def _is_on(step: Step, item: ApprovalItem, rules: Rulebook) -> bool:
    """A step of its type; publicity where the rulebook of the day asks for it and the project is open to the public."""
    if step is not Step.PUBLICITY:
        return step in item.type.steps
    if Step.SECOND not in item.type.steps or not item.project.is_open_to_public:
        return False
    return step in item.type.steps or bool(rules.value("publicity.required", item.item_type))


@before("assign")
def choose_reviewer(case: Case) -> None:
    case.target = step_after(case.item, None, case.now.rules)
    if case.target == ItemState.FIRST_REVIEW:
        case.item.first_reviewer = _officer(case, case.data.get("officer"))
        case.item.second_officer = _officer(case, case.data["second"]) if case.data.get("second") else None
        if case.item.second_officer == case.item.first_reviewer:
            case.refuse("assign.same", _("The two reviewers must be two people."), "second")
        case.facts["officer"] = case.item.first_reviewer.full_name


@before("reassign")
def choose_another(case: Case) -> None:
    previous = case.item.first_reviewer
    case.item.first_reviewer = _officer(case, case.data.get("officer"))
    case.facts.update(previous=str(previous), officer=case.item.first_reviewer.full_name)


@after("reassign")
def move_the_file(case: Case) -> None:
    desk.hand_over(case.item, case.item.first_reviewer)
    case.item.tasks.filter(kind="STEP", left_at__isnull=True).update(role=Role.CASE_OFFICER)


def _officer(case: Case, user_id: int | None) -> User:
    candidates = free_to_review(case.item, Role.CASE_OFFICER, case.item.authority, case.on)
    if user_id is not None:
        chosen = next((user for user in candidates if user.pk == user_id), None)
        if chosen is None:
            person = User.objects.filter(pk=user_id).first()
            require(policies.interest_problems({user_id}, case.item))
            case.refuse(
                "assign.not_eligible", _("%(name)s cannot review this item.") % {"name": person or user_id}, "officer"
            )
        return chosen
    if not candidates:
        case.refuse("assign.nobody", _("No case officer is free of conflicts for this item."), "officer")
    return candidates[0]


def free_to_review(item: ApprovalItem, role: str, organisation: Organisation, on: date) -> list[User]:
    """Everybody in the role there who has no conflict, the least loaded first (ties by id, so it is reproducible)."""
    posts = Appointment.objects.on(on).filter(role=role, organisation=organisation)
    users = User.objects.filter(pk__in=posts.values("user"), is_active=True)
    open_items = ApprovalItem.objects.filter(state__in=UNDER_REVIEW, first_reviewer__in=users)
    load = dict(open_items.order_by().values_list("first_reviewer").annotate(Count("pk")))
    busy = policies.applicants_of(item) | policies.determiners(item)
    free = [u for u in users if u.pk not in busy and not list(policies.interest_problems({u.pk}, item))]
    return sorted(free, key=lambda user: (load.get(user.pk, 0), user.pk))


@after("recuse")
def step_aside(case: Case) -> None:
    """R-SOD-03: opens reassignment, no penalty."""
    item, person = case.item, case.user
    Recusal.objects.get_or_create(item=item, person=person, defaults={"reason": case.data["reason"]})
    item.experts.filter(expert=person, filed_at__isnull=True).update(
        recused_at=case.at, recusal_reason=case.data["reason"][:200]
    )
    desk.close(item, "EXPERT_OPINION", case, user=person)
    desk.close(item, "SIGN_OPINION", case, user=person)
    if item.first_reviewer_id == person.pk and item.state == ItemState.FIRST_REVIEW:
        desk.hand_over(item, None)
        item.tasks.filter(kind="STEP", left_at__isnull=True).update(role=Role.SECTION_CHIEF)


def grant_access(item: ApprovalItem, *, user: User | None = None, organisation: Organisation | None = None) -> None:
    """Lets an assigned person or house see the project."""
    ProjectAccess.objects.get_or_create(project=item.project, user=user, organisation=organisation)
