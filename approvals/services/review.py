"""First and second review, sending back, countersignatures."""

from django.utils.translation import gettext as _

from accounts.models import Appointment, User
from accounts.roles import Role
from approvals import policies
from approvals.models import Countersign
from approvals.rules import deadlines
from approvals.services import desk, signatures
from approvals.services.assign import step_after
from approvals.services.centre import reviewed_total
from approvals.services.desk import Desk
from approvals.services.engine import Case, after, before
from approvals.states import ItemState, Step
from core.errors import require


@before("pass_first")
def fix_amount_and_choose_next(case: Case) -> None:
    item = case.item
    if item.type.money and item.opinion_delivered_on is None:
        item.reviewed_amount = reviewed_total(item)
    case.target = step_after(item, Step.FIRST, case.now.rules)
    case.facts["reviewed"] = item.reviewed_amount


@after("pass_first")
def keep_first_opinion(case: Case) -> None:
    signatures.sign(case, "FIRST", case.data["opinion"])


@before("pass_second")
def choose_next(case: Case) -> None:
    item = case.item
    case.target = step_after(item, Step.SECOND, case.now.rules)
    if case.target == ItemState.PUBLICITY:
        days = case.now.rules.days("limit.publicity", item.item_type)
        item.publicity_began_on = case.on
        item.publicity_ends_on = deadlines.due(case.on, days, (), case.now.works).on


@after("pass_second")
def keep_second_opinion(case: Case) -> None:
    signatures.sign(case, "SECOND", case.data["opinion"])


@before("send_back")
def choose_where(case: Case) -> None:
    wanted = case.data.get("to") or (ItemState.SECOND_REVIEW if Step.SECOND in case.item.type.steps else "")
    if not wanted or Step.FIRST not in case.item.type.steps:
        case.refuse("send_back.nowhere", _("This kind of item has no step to send it back to."))
    case.target = str(wanted)


@after("send_back", "send_back_second")
def keep_the_reason(case: Case) -> None:
    """Sending back does not reset the clock; the opinions of the steps to be done again are voided and kept."""
    signatures.sign(case, "SEND_BACK", case.data["reason"])
    if case.item.state == ItemState.FIRST_REVIEW:
        signatures.void(case.item, "FIRST", case.at, "sent back")
    signatures.void(case.item, "SECOND", case.at, "sent back")
    case.item.objections.filter(closed_at__isnull=True).update(closed_at=case.at)


@before("ask_countersign")
def check_the_person(case: Case) -> None:
    person = User.objects.filter(pk=case.data["person"], is_active=True).first()
    posts = Appointment.objects.on(case.on).filter(user=case.data["person"])
    if person is None or not posts.exclude(role__in=(Role.APPLICANT_CLERK, Role.APPLICANT_LEAD)).exists():
        case.refuse("countersign.person", _("This person cannot countersign."), "person")
    if case.item.countersigns.filter(asked_of=person, answered_at__isnull=True, voided_at__isnull=True).exists():
        case.refuse("countersign.asked", _("This person has already been asked."), "person")
    require(policies.interest_problems({person.pk}, case.item))
    if person.pk in policies.applicants_of(case.item):
        case.refuse("R-SOD-01", _("Whoever applied may not review."), "person")
    if person in (case.user, case.actor.principal):
        case.refuse("countersign.self", _("Ask somebody else."), "person")


@after("ask_countersign")
def ask(case: Case) -> None:
    person = User.objects.get(pk=case.data["person"])
    posts = Appointment.objects.on(case.on).filter(user=person)
    post = posts.exclude(role__in=(Role.APPLICANT_CLERK, Role.APPLICANT_LEAD)).first()
    Countersign.objects.create(
        item=case.item,
        kind=case.data["kind"],
        state=case.item.state,
        asked_by=case.user,
        asked_of=person,
        question=case.data["question"],
        asked_at=case.at,
    )
    desk.put(case, "COUNTERSIGN", Desk(post.role, post.organisation, person))


@after("answer_countersign")
def keep_answer(case: Case) -> None:
    row = case.item.countersigns.filter(asked_of=case.holder, answered_at__isnull=True, voided_at__isnull=True).latest(
        "pk"
    )
    row.answer, row.agrees, row.answered_at = case.data["answer"], bool(case.data.get("agrees")), case.at
    row.signed_content = signatures.content_hash(case.item)
    row.save()
    desk.close(case.item, "COUNTERSIGN", case, user=row.asked_of)
