"""The review centre: commission, two reviewers, experts, signatures, the opinion."""

from decimal import Decimal

from django.utils.translation import gettext as _

from accounts.models import Appointment, User
from accounts.roles import Role
from approvals import policies
from approvals.documents.kinds import DocumentKind
from approvals.models import ApprovalItem, ExpertInvitation
from approvals.rules import deadlines
from approvals.services import desk, documents, signatures
from approvals.services.assign import free_to_review, grant_access
from approvals.services.desk import Desk
from approvals.services.engine import Case, after, before
from core.errors import Problem, require


@before("send_to_center")
def commission(case: Case) -> None:
    case.item.sent_to_center_on = case.on


@after("send_to_center")
def open_the_file_to_the_centre(case: Case) -> None:
    grant_access(case.item, organisation=case.item.center)
    documents.issue(case, DocumentKind.COMMISSION_LETTER)


@before("assign_center")
def choose_two(case: Case) -> None:
    item = case.item
    free = {u.pk: u for u in free_to_review(item, Role.CENTER_REVIEWER, item.center, case.on)}
    chosen = [case.data["first"], case.data["second"]]
    problems = [
        Problem("assign.not_eligible", _("This person cannot review the item."), name)
        for name, pk in zip(("first", "second"), chosen, strict=True)
        if pk not in free
    ]
    if chosen[0] == chosen[1]:
        problems.append(Problem("assign.same", _("The two reviewers must be two people."), "second"))
    require(problems)
    item.center_first, item.center_second = free[chosen[0]], free[chosen[1]]
    case.facts["reviewers"] = [item.center_first.full_name, item.center_second.full_name]


@after("assign_center")
def ask_for_their_signatures(case: Case) -> None:
    item = case.item
    signatures.void(item, "CENTER", case.at, "reassigned")
    desk.close(item, "SIGN_OPINION", case)
    for person in (item.center_first, item.center_second):
        desk.put(case, "SIGN_OPINION", Desk(Role.CENTER_REVIEWER, item.center, person))


@after("sign_opinion")
def keep_signature(case: Case) -> None:
    signatures.sign(case, "CENTER", case.data["opinion"])
    desk.close(case.item, "SIGN_OPINION", case, user=case.holder)


@before("deliver_opinion")
def fix_reviewed_amount(case: Case) -> None:
    """A20: the reviewed amount is the sum of the reviewed lines, and stays."""
    item = case.item
    if item.type.money:
        item.reviewed_amount = reviewed_total(item)
    item.opinion_delivered_on = case.on
    item.recompile_recommended = False
    case.facts["reviewed"] = item.reviewed_amount


def reviewed_total(item: ApprovalItem) -> Decimal:
    lines = item.cost_lines.filter(is_leaf=True)
    return sum((line.reviewed or Decimal("0.00") for line in lines), Decimal("0.00"))


@before("recommend_return")
def tag_for_recompiling(case: Case) -> None:
    case.item.recompile_recommended = True
    case.item.opinion_delivered_on = case.on


@after("deliver_opinion", "recommend_return")
def keep_the_lead_signature(case: Case) -> None:
    conclusion = "RECOMPILE" if case.move == "recommend_return" else ""
    signatures.sign(case, "CENTER", case.data["opinion"], conclusion=conclusion)


@before("convene_experts", "invite_more_experts")
def check_experts(case: Case) -> None:
    ids = case.data["experts"]
    held = set(Appointment.objects.on(case.on).filter(role=Role.EXPERT, user__in=ids).values_list("user_id", flat=True))
    problems = []
    standing = case.item.experts.filter(recused_at__isnull=True)
    filed_at = dict(standing.values_list("expert_id", "filed_at"))
    for user in User.objects.filter(pk__in=ids):
        if user.pk in filed_at:
            filed = _("%(name)s has already filed an opinion.")
            message = filed if filed_at[user.pk] else _("%(name)s has already been invited.")
            problems.append(Problem("expert.filed", message % {"name": user}, "experts"))
        if user.pk not in held:
            message = _("%(name)s is not on the list of experts.")
            problems.append(Problem("expert.not_expert", message % {"name": user}, "experts"))
        problems += [Problem(p.code, p.message, "experts") for p in policies.interest_problems({user.pk}, case.item)]
        if user.pk in policies.applicants_of(case.item):
            problems.append(Problem("R-SOD-01", _("Whoever applied may not review."), "experts"))
    if len(set(ids)) != User.objects.filter(pk__in=ids).count():
        problems.append(Problem("expert.unknown", _("Unknown person."), "experts"))
    require(problems)


@after("convene_experts", "invite_more_experts")
def invite(case: Case) -> None:
    """The unit is told in writing how long the clock stands still (A15, R-TL-05)."""
    for user in User.objects.filter(pk__in=case.data["experts"]):
        ExpertInvitation.objects.get_or_create(item=case.item, expert=user)
        grant_access(case.item, user=user)
        desk.put(case, "EXPERT_OPINION", Desk(Role.EXPERT, None, user), limit=case.data["expected_days"])
    if case.move == "invite_more_experts":
        _lengthen_the_pause(case)
    documents.issue(case, DocumentKind.SUPPLEMENT_LETTER)


def _lengthen_the_pause(case: Case) -> None:
    """What the unit is told of the end of the pause is counted anew from the further invitation."""
    pause = case.item.pauses.filter(began_on__isnull=False, ended_on__isnull=True).last()
    if pause is not None:
        pause.expected_days = case.data["expected_days"]
        pause.expected_end_on = deadlines.due(case.on, case.data["expected_days"], (), case.now.works).on
        pause.save()


@after("file_expert_opinion")
def keep_expert_opinion(case: Case) -> None:
    invitation = case.item.experts.get(expert=case.holder, filed_at__isnull=True, recused_at__isnull=True)
    score = case.data.get("score", "")
    if score and not (score.isdigit() and int(score) <= 100):
        case.refuse("expert.score", _("The score is a whole number from 0 to 100."), "score")
    invitation.opinion, invitation.filed_at = case.data["opinion"], case.at
    invitation.score = int(score) if score else None
    invitation.save()
    desk.close(case.item, "EXPERT_OPINION", case, user=invitation.expert)


@after("close_expert_review")
def keep_group_opinion(case: Case) -> None:
    signatures.sign(case, "EXPERT_GROUP", case.data["opinion"])
