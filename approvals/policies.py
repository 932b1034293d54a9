"""Who may make which move on which item: role, own unit, assignment, separation of duties, recusal."""

from collections.abc import Iterable

from django.db.models import Q
from django.utils.translation import gettext as _

from accounts.actor import Actor
from accounts.models import Interest
from accounts.policies import has_role
from accounts.roles import APPLICANTS, CENTRE, Role
from approvals.models import ApprovalItem, Opinion, Recusal
from approvals.states import ItemState
from core import clock
from core.errors import Problem
from core.models import TraceEntry
from core.workflow import Move

AUTHORITY_ROLES = frozenset({Role.CASE_OFFICER, Role.SECTION_CHIEF, Role.DETERMINER, Role.DIRECTOR})
REVIEW_ROLES = frozenset({Role.CASE_OFFICER, Role.SECTION_CHIEF, Role.DETERMINER, *CENTRE, Role.EXPERT})

# Who accepts, extends or revokes handles the item as well: the applicant may not (R-SOD-01).
DUTY_ROLES = REVIEW_ROLES | {Role.WINDOW, Role.DIRECTOR}
DETERMINES = frozenset({"approve", "reject", "return_item", "send_back", "decide_ten_percent"})
REVIEWS = frozenset(
    {
        "pass_first",
        "pass_second",
        "send_back_second",
        "sign_opinion",
        "deliver_opinion",
        "recommend_return",
        "edit_review",
        "answer_objection",
    }
)

# The reason given to a substitute who would act on their own file in the other's name.
OWN_DESK = "own_desk"

PLACE_BOUND = frozenset({"propose_pause", "sign_pause_first", "cancel_pause", "request_supplement"})


def may_move(actor: Actor, item: ApprovalItem, move: Move) -> list[Problem]:
    """Every reason why this actor may not make this move; empty when permitted."""
    if move.by_system:
        return [Problem("system_only", _("This happens by itself when its conditions are met."))]
    refusal = has_role(actor, *move.roles)
    if refusal:
        return [refusal]
    return [p for check in CHECKS for p in check(actor, item, move)]


def _delegation_covers_the_type(actor: Actor, item: ApprovalItem, move: Move) -> Iterable[Problem]:
    if actor.item_types and item.item_type not in actor.item_types:
        yield Problem("delegation.scope", _("Your delegation does not cover this kind of item."))


def _in_own_house(actor: Actor, item: ApprovalItem, move: Move) -> Iterable[Problem]:
    if actor.role in APPLICANTS and item.owner_unit_id != actor.organisation_id:
        yield Problem("not_own", _("Only the project's own unit may do this."))
    if (
        actor.role in AUTHORITY_ROLES
        and item.authority_id != actor.organisation_id
        and move.name != "answer_countersign"
    ):
        yield Problem("other_authority", _("This item is decided by %(name)s.") % {"name": item.authority})
    if actor.role in CENTRE and item.center_id != actor.organisation_id:
        yield Problem("other_centre", _("This item is not with your review centre."))


def _acts_where_the_file_is(actor: Actor, item: ApprovalItem, move: Move) -> Iterable[Problem]:
    """In the centre the centre acts on pauses and figures, in the authority the authority."""
    if move.name not in PLACE_BOUND or item.state not in (ItemState.FIRST_REVIEW, ItemState.CENTER_REVIEW):
        return
    in_centre = item.state == ItemState.CENTER_REVIEW
    if actor.role != Role.DETERMINER and (actor.role in CENTRE) != in_centre:
        yield Problem("elsewhere", _("The file lies in another house now."))


def _is_the_assigned_person(actor: Actor, item: ApprovalItem, move: Move) -> Iterable[Problem]:
    """Only whoever holds the post: a substitute's own file is not moved in another's name (R-PERM-03)."""
    if move.name == "answer_countersign":
        open_rows = item.countersigns.filter(answered_at__isnull=True, voided_at__isnull=True)
        asked = open_rows.filter(asked_of=actor.holder)
        if not asked.exists():
            own = open_rows.filter(asked_of=actor.user).exists()
            yield _own_desk() if own else Problem("not_asked", _("You have not been asked to countersign."))
        elif actor.role not in REVIEW_ROLES:  # whoever countersigns reviews, in any role
            if actor.role not in DUTY_ROLES:
                yield from duty_conflicts(actor.persons, item, move.name)
            yield from interest_problems(actor.persons, item)
        if asked.filter(asked_by__in=actor.persons).exists():
            yield Problem("R-SOD-02", _("Whoever asked may not answer."))
    elif actor.role == Role.CASE_OFFICER and move.name != "return_pre_review":
        yield from _assigned_elsewhere(actor, {item.first_reviewer_id, item.second_officer_id})
    elif actor.role == Role.CENTER_REVIEWER:
        yield from _assigned_elsewhere(actor, {item.center_first_id, item.center_second_id})
    elif actor.role == Role.EXPERT:
        invited = item.experts.filter(filed_at__isnull=True, recused_at__isnull=True)
        invited_persons = set(invited.values_list("expert_id", flat=True))
        if actor.holder.pk not in invited_persons:
            own = actor.user.pk in invited_persons
            message = _("You are not invited, or have already filed your opinion.")
            yield _own_desk() if own else Problem("not_invited", message)


def _assigned_elsewhere(actor: Actor, assigned: set[int | None]) -> Iterable[Problem]:
    if actor.holder.pk in assigned:
        return
    own = actor.user.pk in assigned
    yield _own_desk() if own else Problem("not_assigned", _("This item is assigned to somebody else."))


def _own_desk() -> Problem:
    return Problem(OWN_DESK, _("This lies on your own desk, and you act for somebody else: switch to your own post."))


def _duties_are_separate(actor: Actor, item: ApprovalItem, move: Move) -> Iterable[Problem]:
    """R-SOD-01 and R-SOD-02, per person, across roles and delegations."""
    if actor.role not in DUTY_ROLES or move.name in ("recuse", "nudge"):
        return
    yield from duty_conflicts(actor.persons, item, move.name)


def duty_conflicts(persons: Iterable[int], item: ApprovalItem, move_name: str) -> Iterable[Problem]:
    """Why these persons may not do this review act on the item, because of what they did before."""
    persons = set(persons)
    if persons & applicants_of(item):
        yield Problem("R-SOD-01", _("Whoever applied may not review."))
    opinions = list(item.opinions.all())
    first, second, centre = (_signers(opinions, kind) for kind in ("FIRST", "SECOND", "CENTER"))
    if move_name in ("pass_second", "send_back_second") and persons & (first | {item.first_reviewer_id}):
        yield Problem("R-SOD-02", _("The first reviewer may not do the second review."))
    if move_name in DETERMINES and persons & (first | second | centre | {item.first_reviewer_id}):
        yield Problem("R-SOD-02", _("Whoever reviewed may not decide."))
    if move_name in DETERMINES and item.publicity_ends_on and persons & _answerers(item):
        yield Problem("R-SOD-02", _("Whoever answered an objection may not decide."))
    if move_name == "pass_first" and persons & second:
        yield Problem("R-SOD-02", _("The second reviewer may not do the first review."))
    if move_name in REVIEWS and persons & determiners(item):
        yield Problem("R-SOD-02", _("Whoever determined may not review."))
    if move_name == "sign_pause_second" and persons & _first_pause_signers(item):
        yield Problem("R-SOD-02", _("The two signatures must come from two people."))
    if move_name in ("sign_pause_first", "sign_pause_second") and persons & _pause_proposers(item):
        yield Problem("R-SOD-02", _("The proposer may not sign the pause."))
    if move_name == "accept_with_deficiency" and persons & signers(item, "DEFICIENCY"):
        yield Problem("R-SOD-02", _("The two signatures must come from two people."))
    if move_name == "sign_opinion" and item.state == ItemState.CENTER_REVIEW and persons & _centre_hands(item):
        yield Problem("centre.signed", _("The opinion already has this signature."))


def applicants_of(item: ApprovalItem) -> set[int]:
    """Who opened the item, who signed its submissions, and everybody they acted for."""
    return {item.applicant_id} | _people(item.rounds.values_list("signed_by_id", "signed_for_id"))


def signers(item: ApprovalItem, kind: str) -> set[int]:
    """Everybody who ever signed an opinion of this kind, and everybody they acted for.

    A voided signature counts as well: its author has done that step of this item.
    """
    return _signers(item.opinions.filter(kind=kind), kind)


def _signers(opinions: Iterable[Opinion], kind: str) -> set[int]:
    return _people((row.author_id, row.acting_for_id) for row in opinions if row.kind == kind)


def determiners(item: ApprovalItem) -> set[int]:
    """Who ever determined something in the item, by opinion or by the trace, and everybody they acted for.

    A decision on the excess over 10 % leaves no opinion: its author has determined all the same.
    """
    sent_back = item.opinions.filter(kind="SEND_BACK", state=ItemState.DETERMINATION)
    verbs = [f"approvals.item.{name}" for name in DETERMINES]
    traced = TraceEntry.objects.filter(item_id=item.pk, verb__in=verbs)
    return _people(sent_back.values_list("author_id", "acting_for_id")) | _people(
        traced.values_list("actor_id", "acting_for_id")
    )


def _answerers(item: ApprovalItem) -> set[int]:
    """Who answered objections from the public, and everybody they acted for."""
    return _people(item.objections.values_list("answered_by_id", "answered_for_id"))


def _first_pause_signers(item: ApprovalItem) -> set[int]:
    rows = item.pauses.filter(began_on__isnull=True, cancelled_at__isnull=True)
    return _people(rows.values_list("first_signed_by_id", "first_signed_for_id"))


def _pause_proposers(item: ApprovalItem) -> set[int]:
    rows = item.pauses.filter(began_on__isnull=True, cancelled_at__isnull=True)
    return _people(rows.values_list("proposed_by_id", "proposed_for_id"))


def _centre_hands(item: ApprovalItem) -> set[int]:
    """Who has put a hand to the opinion that stands, for themselves or for another."""
    return _people(
        item.opinions.filter(kind="CENTER", voided_at__isnull=True).values_list("author_id", "acting_for_id")
    )


def _people(rows: Iterable[tuple[int | None, ...]]) -> set[int]:
    return {person for row in rows for person in row if person}


def _keeps_out_of_own_interest(actor: Actor, item: ApprovalItem, move: Move) -> Iterable[Problem]:
    if actor.role in REVIEW_ROLES and move.name != "recuse":
        yield from interest_problems(actor.persons, item)


def interest_problems(persons: Iterable[int], item: ApprovalItem) -> Iterable[Problem]:
    """R-SOD-03: an interest in the unit, or a recusal declared in this item."""
    persons = set(persons)
    parties = [
        item.owner_unit_id,
        item.project.owner_unit_id,
        item.project.construction_unit_id,
        item.project.agent_builder_id,
    ]
    interests = Interest.objects.filter(user__in=persons, organisation__in=[p for p in parties if p])
    if interests.filter(Q(until__isnull=True) | Q(until__gte=clock.today())).exists():
        yield Problem("R-SOD-03", _("You have declared an interest in this unit and must step aside."))
    if Recusal.objects.filter(item=item, person__in=persons).exists():
        yield Problem("R-SOD-03", _("You have stepped aside from this item."))


def may_open(actor: Actor, item_type: str) -> Problem | None:
    refusal = has_role(actor, Role.APPLICANT_CLERK)
    if refusal is None and actor.item_types and item_type not in actor.item_types:
        return Problem("delegation.scope", _("Your delegation does not cover this kind of item."))
    return refusal


def may_edit_declaration(actor: Actor, item: ApprovalItem) -> Problem | None:
    refusal = has_role(actor, Role.APPLICANT_CLERK, Role.APPLICANT_LEAD)
    if refusal is None and item.owner_unit_id != actor.organisation_id:
        return Problem("not_own", _("Only the project's own unit may do this."))
    if refusal is None and actor.item_types and item.item_type not in actor.item_types:
        return Problem("delegation.scope", _("Your delegation does not cover this kind of item."))
    return refusal


def may_edit_review(actor: Actor, item: ApprovalItem) -> list[Problem]:
    """Who fills in the reviewed column: the case officer in first review, the two reviewers in the centre."""
    refusal = has_role(actor, Role.CASE_OFFICER, Role.CENTER_REVIEWER)
    if refusal:
        return [refusal]
    if (actor.role == Role.CASE_OFFICER) is (item.state == ItemState.CENTER_REVIEW):
        return [Problem("review.not_here", _("The item is not with you now: its reviewers fill in the amounts."))]
    pretend = Move("", "edit_review", "", (), None, (actor.role,))
    return [p for check in CHECKS for p in check(actor, item, pretend)]


def may_record_objection(actor: Actor, item: ApprovalItem) -> list[Problem]:
    """Who receives papers: the window, and the authority's reviewers of the item."""
    return _may_handle(actor, item, "record_objection", (Role.WINDOW, Role.CASE_OFFICER, Role.SECTION_CHIEF))


def may_answer_objection(actor: Actor, item: ApprovalItem) -> list[Problem]:
    """The reviewers of the deciding authority; whoever applied, determined or has an interest may not (R-SOD)."""
    return _may_handle(actor, item, "answer_objection", (Role.CASE_OFFICER, Role.SECTION_CHIEF))


def may_see_objector(actor: Actor, item: ApprovalItem) -> bool:
    """Name and contact of whoever objects are for those who handle the item and for supervision."""
    if actor.role in (Role.WINDOW, Role.SUPERVISOR, Role.AUDITOR):
        return True
    return actor.role in AUTHORITY_ROLES and item.authority_id == actor.organisation_id


def _may_handle(actor: Actor, item: ApprovalItem, act: str, roles: tuple[str, ...]) -> list[Problem]:
    refusal = has_role(actor, *roles)
    if refusal:
        return [refusal]
    pretend = Move("", act, "", (), None, (actor.role,))
    return [p for check in CHECKS for p in check(actor, item, pretend)]


def may_comment(actor: Actor, item: ApprovalItem) -> Problem | None:
    """Those who handle the item, unless they applied (R-SOD-01) or have stepped aside (R-SOD-03)."""
    refusal = has_role(
        actor,
        Role.WINDOW,
        Role.CASE_OFFICER,
        Role.SECTION_CHIEF,
        Role.CENTER_REVIEWER,
        Role.CENTER_LEAD,
        Role.DETERMINER,
    )
    if refusal is not None:
        return refusal
    if actor.item_types and item.item_type not in actor.item_types:
        return Problem("delegation.scope", _("Your delegation does not cover this kind of item."))
    if actor.persons & applicants_of(item):
        return Problem("R-SOD-01", _("Whoever applied may not review."))
    return next(iter(interest_problems(actor.persons, item)), None)


CHECKS = (
    _delegation_covers_the_type,
    _in_own_house,
    _acts_where_the_file_is,
    _is_the_assigned_person,
    _duties_are_separate,
    _keeps_out_of_own_interest,
)
