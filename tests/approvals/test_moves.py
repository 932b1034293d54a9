"""Every state × move × role of the item machine, against tables written down from DOMAIN §2.6 and not from the code."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from django.db import transaction

from accounts.actor import Actor, from_appointment
from accounts.models import Appointment, User
from accounts.roles import Role
from approvals import policies
from approvals.flow import ITEM_FLOW
from approvals.models import ApprovalItem, MaterialSlot
from approvals.services import materials, moves
from approvals.states import ItemState
from core import clock
from core.errors import DomainError
from tests.support import lives
from tests.support.cast import SINCE, make_cast

pytestmark = pytest.mark.django_db
DAY = date(2026, 3, 2)

# number, move, sources, targets, roles: the rows of §2.6; S = system.
ROWS = """
A02  request_pre_review      DRAFT,PRE_REVIEW_RETURNED  PRE_REVIEW  APPLICANT_CLERK
A03  return_pre_review       PRE_REVIEW  PRE_REVIEW_RETURNED  WINDOW,CASE_OFFICER
A04  pass_pre_review         PRE_REVIEW  DRAFT  WINDOW
A05  submit                  DRAFT,PRE_REVIEW_RETURNED  SUBMITTED  APPLICANT_LEAD
A06  request_correction      SUBMITTED  CORRECTION  WINDOW
A07  resubmit                CORRECTION  SUBMITTED  APPLICANT_LEAD
A08  deem_accepted           SUBMITTED  ACCEPTED  S
A09  accept                  SUBMITTED  ACCEPTED  WINDOW
A10  accept_with_deficiency  SUBMITTED  ACCEPTED  SECTION_CHIEF
A11  refuse_acceptance       SUBMITTED  NOT_ACCEPTED  WINDOW
A12  lapse                   CORRECTION  WITHDRAWN  S
A13  assign                  ACCEPTED  FIRST_REVIEW,SECOND_REVIEW,DETERMINATION  SECTION_CHIEF
A14  send_to_center          FIRST_REVIEW  CENTER_REVIEW  CASE_OFFICER
A15  convene_experts         CENTER_REVIEW  EXPERT_REVIEW  CENTER_REVIEWER
A16  close_expert_review     EXPERT_REVIEW  CENTER_REVIEW  CENTER_REVIEWER
A17  request_supplement      FIRST_REVIEW,CENTER_REVIEW  SUPPLEMENT  CASE_OFFICER,CENTER_REVIEWER
A18  supply                  SUPPLEMENT  FIRST_REVIEW,CENTER_REVIEW  APPLICANT_CLERK
A19  lapse_supplement        SUPPLEMENT  RETURNED  S
A20  deliver_opinion         CENTER_REVIEW  FIRST_REVIEW  CENTER_LEAD
A21  recommend_return        CENTER_REVIEW  FIRST_REVIEW  CENTER_LEAD
A22  pass_first              FIRST_REVIEW  SECOND_REVIEW,DETERMINATION  CASE_OFFICER
A23  pass_second             SECOND_REVIEW  DETERMINATION,PUBLICITY  SECTION_CHIEF
A24  send_back_second        SECOND_REVIEW  FIRST_REVIEW  SECTION_CHIEF
A25  end_publicity           PUBLICITY  DETERMINATION  S
A26  send_back               DETERMINATION  SECOND_REVIEW,FIRST_REVIEW  DETERMINER
A27  approve                 DETERMINATION  ISSUED  DETERMINER
A28  reject                  DETERMINATION  REJECTED  DETERMINER
A29  return_item             FIRST_REVIEW,CENTER_REVIEW,EXPERT_REVIEW,SUPPLEMENT,PUBLICITY,SECOND_REVIEW,DETERMINATION  RETURNED  DETERMINER
A30  withdraw                DRAFT,PRE_REVIEW,PRE_REVIEW_RETURNED,SUBMITTED,CORRECTION,ACCEPTED,FIRST_REVIEW,CENTER_REVIEW,EXPERT_REVIEW,SUPPLEMENT,PUBLICITY,SECOND_REVIEW  WITHDRAWN  APPLICANT_LEAD
A30b withdraw_with_project   DRAFT,PRE_REVIEW,PRE_REVIEW_RETURNED,SUBMITTED,CORRECTION,ACCEPTED,FIRST_REVIEW,CENTER_REVIEW,EXPERT_REVIEW,SUPPLEMENT,PUBLICITY,SECOND_REVIEW,DETERMINATION  WITHDRAWN  S
A31  extend                  ACCEPTED,FIRST_REVIEW,CENTER_REVIEW,EXPERT_REVIEW,SUPPLEMENT,PUBLICITY,SECOND_REVIEW,DETERMINATION  =  DIRECTOR
A32  archive                 ISSUED  ARCHIVED  ARCHIVIST
A33  expire                  ISSUED,ARCHIVED  EXPIRED  S
A34  revoke                  ISSUED,ARCHIVED  REVOKED  DIRECTOR
X01  present_for_signature   DRAFT,PRE_REVIEW_RETURNED,CORRECTION  =  APPLICANT_CLERK
X02  propose_deficiency      SUBMITTED  =  WINDOW
X03  reassign                FIRST_REVIEW  =  SECTION_CHIEF
X04  recuse                  FIRST_REVIEW,CENTER_REVIEW,EXPERT_REVIEW  =  CASE_OFFICER,CENTER_REVIEWER,EXPERT
X05  assign_center           CENTER_REVIEW  =  CENTER_LEAD
X06  file_expert_opinion     EXPERT_REVIEW  =  EXPERT
X07  propose_pause           FIRST_REVIEW,CENTER_REVIEW  =  CASE_OFFICER,CENTER_REVIEWER
X08  sign_pause_first        FIRST_REVIEW,CENTER_REVIEW  =  SECTION_CHIEF,CENTER_LEAD
X09  sign_pause_second       FIRST_REVIEW,CENTER_REVIEW  =  DETERMINER
X10  cancel_pause            FIRST_REVIEW,CENTER_REVIEW  =  CASE_OFFICER,CENTER_REVIEWER
X11  sign_opinion            CENTER_REVIEW  =  CENTER_REVIEWER
X12  ask_countersign         FIRST_REVIEW,SECOND_REVIEW  =  CASE_OFFICER,SECTION_CHIEF
X13  answer_countersign      FIRST_REVIEW,SECOND_REVIEW  =  *
X14  decide_ten_percent      FIRST_REVIEW,CENTER_REVIEW,SECOND_REVIEW,DETERMINATION  =  DETERMINER
X15  nudge                   SUBMITTED,ACCEPTED,FIRST_REVIEW,CENTER_REVIEW,EXPERT_REVIEW,SUPPLEMENT,PUBLICITY,SECOND_REVIEW,DETERMINATION  =  APPLICANT_CLERK,APPLICANT_LEAD
X17  invite_more_experts     EXPERT_REVIEW  =  CENTER_REVIEWER
X16  explain_overdue         ACCEPTED,FIRST_REVIEW,CENTER_REVIEW,EXPERT_REVIEW,SUPPLEMENT,PUBLICITY,SECOND_REVIEW,DETERMINATION,ISSUED,REJECTED,RETURNED,ARCHIVED  =  CASE_OFFICER,SECTION_CHIEF,CENTER_REVIEWER,CENTER_LEAD,WINDOW,DETERMINER
"""
TABLE = {
    row[1]: (row[0], set(row[2].split(",")), set() if row[3] == "=" else set(row[3].split(",")),
             set(Role.values) if row[4] == "*" else set() if row[4] == "S" else set(row[4].split(",")))
    for row in (line.split() for line in ROWS.strip().splitlines())
}  # fmt: skip

# Who sees an item at all (§13): from another desk it does not exist.
SEE_ALL = {"SECTION_CHIEF", "DETERMINER", "DIRECTOR", "PLAN_OFFICER", "FINANCE_OFFICER", "AUDITOR", "ASSET_OFFICER",
           "ARCHIVIST", "LEADER_VIEW"}  # fmt: skip
SEE_FROM_PRE_REVIEW = {"WINDOW", "CASE_OFFICER", "SUPERVISOR"}
WITH_THE_UNIT = {"DRAFT", "PRE_REVIEW_RETURNED"}
SENT_TO_CENTRE = {"CENTER_REVIEW", "EXPERT_REVIEW", "SUPPLEMENT", "SECOND_REVIEW", "DETERMINATION", "ISSUED", "REJECTED",
                  "RETURNED", "EXPIRED", "REVOKED", "ARCHIVED"}  # fmt: skip
WITH_EXPERTS = {"EXPERT_REVIEW"}

# What a permitted role meets in a state of the move's sources; not listed means that it succeeds.
# The items stand as `items()` builds them: complete, opinions signed, one assigned officer.
MEETS = {
    ("PRE_REVIEW", "pass_pre_review"): "pre_review.unmarked",
    ("SUBMITTED", "deem_accepted"): "acceptance.running",
    ("SUBMITTED", "accept_with_deficiency"): "deficiency.not_proposed,deficiency.none",
    ("CORRECTION", "resubmit"): "defect.unanswered",
    ("CORRECTION", "present_for_signature"): "defect.unanswered",
    ("CORRECTION", "lapse"): "correction.running",
    ("FIRST_REVIEW", "request_supplement"): "pause.none",
    ("FIRST_REVIEW", "sign_pause_first"): "pause.none",
    ("FIRST_REVIEW", "sign_pause_second"): "pause.none",
    ("FIRST_REVIEW", "cancel_pause"): "pause.none",
    ("FIRST_REVIEW", "pass_first"): "cost.unreviewed",
    ("CENTER_REVIEW", "request_supplement"): "pause.none",
    ("CENTER_REVIEW", "sign_pause_first"): "pause.none",
    ("CENTER_REVIEW", "sign_pause_second"): "pause.none",
    ("CENTER_REVIEW", "cancel_pause"): "pause.none",
    ("CENTER_REVIEW", "sign_opinion"): "cost.unreviewed",
    ("CENTER_REVIEW", "deliver_opinion"): "cost.unreviewed,centre.unsigned",
    ("EXPERT_REVIEW", "close_expert_review"): "expert.unfiled",
    ("EXPERT_REVIEW", "invite_more_experts"): "expert.filed",
    ("SUPPLEMENT", "lapse_supplement"): "supplement.running",
    ("PUBLICITY", "end_publicity"): "publicity.running",
    ("ISSUED", "expire"): "validity.running",
    ("ARCHIVED", "expire"): "validity.running",
} | {
    (state, "decide_ten_percent"): "ten_percent.not_exceeded"
    for state in ("FIRST_REVIEW", "CENTER_REVIEW", "SECOND_REVIEW", "DETERMINATION")
} | {(state, "explain_overdue"): "delay.none" for state in TABLE["explain_overdue"][1]}  # fmt: skip
# Whoever is refused in person, whatever the state of things.
IN_PERSON = {
    ("ACCEPTED", "CASE_OFFICER", "*"): "not_assigned",
    ("CENTER_REVIEW", "CASE_OFFICER", "propose_pause"): "elsewhere",
    ("CENTER_REVIEW", "CASE_OFFICER", "cancel_pause"): "elsewhere",
    ("CENTER_REVIEW", "CASE_OFFICER", "request_supplement"): "elsewhere",
    ("CENTER_REVIEW", "SECTION_CHIEF", "sign_pause_first"): "elsewhere",
}

SAID: dict[str, Any] = {
    "request_correction": {"defects": "A02: 未加盖公章"},
    "propose_deficiency": {"materials": "A03", "due": "2026-04-01", "promise": "按时补交"},
    "refuse_acceptance": {"reason": "不属于本机关职权", "competent_body": "市发展和改革委员会"},
    "propose_pause": {"pause_reason": "SUPPLEMENT", "letter": "请补充", "expected_days": 5},
    "return_item": {"return_class": "RECOMPILE", "reason": "重新编制"},
    "extend": {"days": 5, "reason": "案情复杂"},
    "revoke": {"ground": "行政许可法第六十九条", "reason": "申报材料虚假"},
    "decide_ten_percent": {"decision": "ACCEPT", "reason": "同意"},
    "explain_overdue": {"explanation": "已说明"},
}
PLAIN = {"reason": "原因", "opinion": "意见", "answer": "同意", "text": "请尽快"}


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: Any) -> Iterator[Any]:
    """One item in each state, built once by the services, and one person in each role."""
    with django_db_blocker.unblock(), transaction.atomic(), clock.at(DAY):
        cast = make_cast()
        yield {"cast": cast, "actors": everybody(cast), "items": items(cast)}
        transaction.set_rollback(True)


def everybody(cast: Any) -> dict[str, Actor]:
    """Role → the person of the stories who holds it, or a new one."""
    actors = {
        role: cast.actors[name]
        for name, role in {
            "lin": "APPLICANT_CLERK", "lei": "APPLICANT_LEAD", "chen": "WINDOW", "wu": "CASE_OFFICER",
            "xu": "SECTION_CHIEF", "zhao": "DETERMINER", "dai": "DIRECTOR", "gu": "ARCHIVIST", "kong": "CENTER_LEAD",
            "he": "CENTER_REVIEWER", "yan": "EXPERT", "fang": "FINANCE_OFFICER", "qian": "AUDITOR", "su": "SUPERVISOR",
            "root": "SYS_ADMIN",
        }.items()
    }  # fmt: skip
    for role in Role.values:
        if role not in actors:
            user = User.objects.create(username=f"x-{role}", full_name=role)
            post = Appointment.objects.create(
                user=user, organisation=cast.houses["platform"], role=role, held_from=SINCE
            )
            actors[role] = from_appointment(post)
    return actors


def items(cast: Any) -> dict[str, ApprovalItem]:
    def draft(n: int) -> ApprovalItem:
        project = lives.a_project_in_proposal(cast, name=f"项目{n}", code=f"2611-440399-04-01-{n:06d}")
        return lives.fill_in(cast, lives.a_draft(cast, project))

    def move(item: ApprovalItem, name: str, who: str, **data: Any) -> ApprovalItem:
        return moves.perform(item.pk, name, actor=cast.actors[who], data={**PLAIN, **SAID.get(name, {}), **data})

    def submitted(n: int) -> ApprovalItem:
        return move(draft(n), "submit", "lei")

    def decided(n: int) -> ApprovalItem:
        return lives.issued(cast, lives.in_determination(cast, second(n)))

    def first(n: int) -> ApprovalItem:
        return lives.in_first_review(cast, lives.accepted(cast, submitted(n)))

    def centre(n: int) -> ApprovalItem:
        return lives.in_centre(cast, first(n))

    def second(n: int) -> ApprovalItem:
        return lives.in_second_review(cast, lives.opinion_delivered(cast, centre(n)))

    def supplement(n: int) -> ApprovalItem:
        item = centre(n)
        move(item, "propose_pause", "he")
        move(item, "sign_pause_first", "kong")
        move(item, "sign_pause_second", "zhao")
        return move(item, "request_supplement", "he")

    def in_pre_review(n: int) -> ApprovalItem:
        item = move(draft(n), "request_pre_review", "lin")
        slot = MaterialSlot.objects.get(item=item, code="A02")
        materials.comment(item.pk, slot.pk, actor=cast.chen, verdict="DEFECT", text="缺页", page=1)
        return item

    built = {
        "DRAFT": draft(1),
        "PRE_REVIEW": in_pre_review(2),
        "PRE_REVIEW_RETURNED": move(in_pre_review(3), "return_pre_review", "chen"),
        "SUBMITTED": submitted(4),
        "CORRECTION": move(submitted(5), "request_correction", "chen"),
        "NOT_ACCEPTED": move(submitted(6), "refuse_acceptance", "chen"),
        "ACCEPTED": lives.accepted(cast, submitted(7)),
        "FIRST_REVIEW": first(8),
        "CENTER_REVIEW": centre(9),
        "EXPERT_REVIEW": move(
            centre(10), "convene_experts", "he", experts=[cast.yan.user.pk], work_plan="踏勘", expected_days=5
        ),
        "SUPPLEMENT": supplement(11),
        "PUBLICITY": lives.in_publicity(cast),
        "SECOND_REVIEW": second(12),
        "DETERMINATION": lives.in_determination(cast, second(13)),
        "ISSUED": decided(14),
        "REJECTED": move(lives.in_determination(cast, second(15)), "reject", "zhao"),
        "RETURNED": move(lives.in_determination(cast, second(16)), "return_item", "zhao"),
        "WITHDRAWN": move(submitted(17), "withdraw", "lei"),
        "EXPIRED": decided(18),
        "REVOKED": move(decided(19), "revoke", "dai"),
        "ARCHIVED": move(decided(20), "archive", "gu"),
    }
    with clock.at(date(2028, 3, 3)):
        moves.perform_by_system(built["EXPIRED"].pk, "expire")
    return {state: ApprovalItem.objects.get(pk=item.pk) for state, item in built.items()}


def test_the_table_of_moves_is_the_one_of_the_specification() -> None:
    mine = {name: (m.number, set(m.sources), set(m.targets), set(m.roles)) for name, m in ITEM_FLOW.moves.items()}
    assert mine == TABLE


def test_every_state_was_reached_by_the_services(world: Any) -> None:
    assert {state: item.state for state, item in world["items"].items()} == {state: state for state in ItemState.values}


@pytest.mark.parametrize("state", ItemState.values)
def test_every_move_of_every_role_in(state: str, world: Any) -> None:
    """Performs each move as each role that has it, and asks the policy for each role that has it not."""
    item, wrong = world["items"][state], []
    for name, (_number, sources, _targets, roles) in TABLE.items():
        for role, actor in world["actors"].items():
            if role not in roles:
                codes = [p.code for p in policies.may_move(actor, item, ITEM_FLOW[name])]
                want = ["role"] if roles else ["system_only"]
                if codes != want:
                    wrong.append((name, role, want, codes))
                continue
            want = expected(state, name, role, state in sources)
            have = outcome(world, item, name, actor)
            if have != want:
                wrong.append((name, role, want, have))
        if not roles:
            want = MEETS.get((state, name), "ok") if state in sources else "wrong_state"
            have = outcome(world, item, name, None)
            if have != want:
                wrong.append((name, "system", want, have))
    assert not wrong, "\n".join(map(str, wrong))


def expected(state: str, name: str, role: str, is_source: bool) -> str:
    if not sees(state, role):
        return "not_found"
    in_person = IN_PERSON.get((state, role, name)) or IN_PERSON.get((state, role, "*"))
    if in_person and name not in ("return_pre_review", "answer_countersign"):
        return in_person
    if name == "answer_countersign":
        return "not_asked" if role not in ("CENTER_LEAD", "CENTER_REVIEWER") or state != "PUBLICITY" else "other_centre"
    if role == "EXPERT" and state not in WITH_EXPERTS:
        return "not_invited"
    if role == "CASE_OFFICER" and name != "return_pre_review" and state in BEFORE_ASSIGNMENT:
        return "not_assigned"
    if role in ("CENTER_REVIEWER", "CENTER_LEAD") and state == "FIRST_REVIEW":
        return "elsewhere"
    return MEETS.get((state, name), "ok") if is_source else "wrong_state"


BEFORE_ASSIGNMENT = {"PRE_REVIEW", "SUBMITTED", "CORRECTION", "NOT_ACCEPTED", "WITHDRAWN"}


def sees(state: str, role: str) -> bool:
    if role in ("APPLICANT_CLERK", "APPLICANT_LEAD"):
        return True
    if role in SEE_FROM_PRE_REVIEW:
        return state not in WITH_THE_UNIT
    if role in SEE_ALL:
        return state not in WITH_THE_UNIT | {"PRE_REVIEW"}
    if role in ("CENTER_REVIEWER", "CENTER_LEAD"):
        return state in SENT_TO_CENTRE
    return role == "EXPERT" and state in WITH_EXPERTS


def outcome(world: Any, item: ApprovalItem, name: str, actor: Actor | None) -> str:
    """`ok`, or the codes of the refusal; nothing stays."""
    cast, savepoint = world["cast"], transaction.savepoint()
    said = {**PLAIN, **SAID.get(name, {})}
    if name == "assign_center":
        said |= {"first": cast.he.user.pk, "second": cast.jiang.user.pk}
    if name in ("convene_experts", "invite_more_experts"):
        said |= {"experts": [cast.yan.user.pk], "work_plan": "踏勘", "expected_days": 5}
    if name == "ask_countersign":
        said |= {"person": cast.fang.user.pk, "kind": "JOINT", "question": "是否同意"}
    try:
        if actor is None:
            moves.perform_by_system(item.pk, name)
        else:
            moves.perform(item.pk, name, actor=actor, data=said)
        return "ok"
    except DomainError as error:
        return ",".join(dict.fromkeys(p.code for p in error.problems))
    finally:
        transaction.savepoint_rollback(savepoint)


@pytest.mark.parametrize("state", ItemState.values)
def test_what_is_offered_is_what_the_table_has_for_the_role_in(state: str, world: Any) -> None:
    item, now = world["items"][state], moves.situation()
    for role, actor in world["actors"].items():
        offered = {offer.move.name for offer in moves.offers(item, actor, now)}
        tabled = {
            name
            for name, (_n, sources, _t, roles) in TABLE.items()
            if role in roles and state in sources and name != "answer_countersign"
        }
        assert offered == tabled, role
