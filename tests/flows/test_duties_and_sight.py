"""Who tries to be two people, or to look behind the curtain: two posts, substitutes both ways, other doors."""

import io
from datetime import date
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import DataError, IntegrityError
from django.test import Client, RequestFactory

from accounts.actor import Actor, from_appointment, from_delegation
from accounts.models import Appointment, Delegation, User
from accounts.roles import Role
from approvals import policies
from approvals.models import ApprovalItem, IssuedDocument
from approvals.services import documents, materials, moves, project_moves
from approvals.services.create import create
from core import clock, files, jobs
from core.errors import NotFound, NotPermitted
from core.models import Job
from projects import selectors
from projects.models import Project
from projects.services.amend import amend
from reports import exports
from tests.support import lives
from tests.support.api_client import Api, ok
from tests.support.cast import make_cast
from tests.support.readonly import no_writes
from web.home import money
from web.middleware import RefusalMiddleware

pytestmark = pytest.mark.django_db
DAY = date(2026, 3, 2)


@pytest.fixture
def cast() -> Any:
    with clock.at(DAY):
        yield make_cast()


def second_post(person: Actor, role: str, house: Any) -> Actor:
    return from_appointment(
        Appointment.objects.create(user=person.user, organisation=house, role=role, held_from=date(2016, 1, 1))
    )


def standing_in(holder: Actor, substitute: Actor, *item_types: str) -> Actor:
    return from_delegation(
        Delegation.objects.create(
            appointment_id=holder.appointment_id, substitute=substitute.user, valid_from=DAY, valid_to=DAY, reason="出差",
            item_types=list(item_types), proposed_at=clock.now(), accepted_at=clock.now(),
        )
    )  # fmt: skip


def why_not(actor: Actor, item: ApprovalItem, move: str) -> set[str]:
    with pytest.raises(NotPermitted) as refusal:
        moves.perform(item.pk, move, actor=actor, data={"opinion": "同意", "reason": "理由", "answer": "同意"})
    return {problem.code for problem in refusal.value.problems}


def signed_in(actor: Actor) -> Client:
    client = Client(raise_request_exception=False)
    client.force_login(actor.user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def test_the_window_does_not_accept_what_it_applied_for_itself(cast):
    item = lives.submitted(cast)
    assert why_not(second_post(cast.lei, Role.WINDOW, cast.houses["authority"]), item, "accept") == {"R-SOD-01"}
    assert why_not(standing_in(cast.chen, cast.lin), item, "accept") == {"R-SOD-01"}


def test_who_sent_back_as_determiner_does_not_review_afterwards(cast):
    item = lives.in_determination(cast)
    moves.perform(item.pk, "send_back", actor=cast.zhao, data={"reason": "请复核"})
    assert "R-SOD-02" in why_not(standing_in(cast.xu, cast.zhao), item, "pass_second")
    assert "R-SOD-02" in why_not(
        second_post(cast.zhao, Role.SECTION_CHIEF, cast.houses["authority"]), item, "pass_second"
    )
    moves.perform(item.pk, "pass_second", actor=cast.xu, data={"opinion": "复核同意"})


def test_the_first_reviewer_does_not_decide_on_the_ten_percent(cast):
    item = lives.in_second_review(cast)
    determiner = second_post(cast.wu, Role.DETERMINER, cast.houses["authority"])
    assert "R-SOD-02" in {p.code for p in policies.duty_conflicts(determiner.persons, item, "decide_ten_percent")}


def test_who_did_the_second_review_does_not_become_the_first_reviewer(cast):
    item = lives.in_determination(cast)
    moves.perform(item.pk, "send_back", actor=cast.zhao, data={"reason": "请复核", "to": "FIRST_REVIEW"})
    officer = second_post(cast.xu, Role.CASE_OFFICER, cast.houses["authority"])
    chief = second_post(cast.dai, Role.SECTION_CHIEF, cast.houses["authority"])
    moves.perform(item.pk, "reassign", actor=chief, data={"officer": officer.user.pk, "reason": "轮岗"})
    assert "R-SOD-02" in why_not(officer, item, "pass_first")


def test_an_applicant_with_another_post_does_not_countersign(cast):
    item = lives.in_first_review(cast)
    moves.perform(
        item.pk, "ask_countersign", actor=cast.wu,
        data={"person": cast.fang.user.pk, "kind": "JOINT", "question": "资金是否落实？"},
    )  # fmt: skip
    assert why_not(standing_in(cast.fang, cast.lei), item, "answer_countersign") == {"R-SOD-01"}
    moves.perform(item.pk, "answer_countersign", actor=cast.fang, data={"answer": "已落实", "agrees": True})


def test_who_applied_or_stepped_aside_does_not_comment(cast):
    item = lives.in_first_review(cast)
    slot = item.slots.first()
    moves.perform(item.pk, "recuse", actor=cast.wu, data={"reason": "亲属在建设单位任职"})
    for actor in (cast.wu, second_post(cast.lei, Role.WINDOW, cast.houses["authority"])):
        with pytest.raises(NotPermitted):
            materials.comment(item.pk, slot.pk, actor=actor, verdict="OK")


def test_a_substitute_sees_only_the_kinds_of_items_of_the_delegation(cast):
    item = lives.in_first_review(cast)
    within, beyond = standing_in(cast.xu, cast.wei, "PR"), standing_in(cast.xu, cast.wei, "EST")
    assert list(ApprovalItem.objects.visible_to(within)) == [item]
    assert list(ApprovalItem.objects.visible_to(beyond)) == []
    with pytest.raises(NotFound):
        moves.perform(item.pk, "reassign", actor=beyond, data={"reason": "x"})


def test_the_unit_does_not_learn_who_could_review_it(cast):
    item = lives.accepted(cast)
    offer = ok(Api(cast.lei).get(f"items/{item.pk}/moves/assign/"))
    assert offer["candidates"] == [] and not offer["possible"]
    assert {row["id"] for row in ok(Api(cast.xu).get(f"items/{item.pk}/moves/assign/"))["candidates"]} >= {
        cast.wu.user.pk
    }
    answer = signed_in(cast.lei).post("/inbox/bulk/", {"move": "assign", "item": item.pk})
    assert "吴刚" not in answer.content.decode()
    assert "吴刚" in signed_in(cast.xu).post("/inbox/bulk/", {"move": "assign", "item": item.pk}).content.decode()


def test_a_proposed_pause_stays_inside(cast):
    item = lives.in_first_review(cast)
    data = {"pause_reason": "SUPPLEMENT", "letter": "内部拟稿：请补充地勘报告", "expected_days": "5"}
    moves.perform(item.pk, "propose_pause", actor=cast.wu, data=data)
    assert len(ok(Api(cast.wu).get(f"items/{item.pk}/"))["pauses"]) == 1
    assert ok(Api(cast.lei).get(f"items/{item.pk}/"))["pauses"] == []
    assert "内部拟稿" not in signed_in(cast.lei).get(f"/items/{item.pk}/").content.decode()


def test_reading_a_document_writes_nothing_and_the_tick_keeps_it(cast):
    document = IssuedDocument.objects.get(item=lives.issued(cast), kind="APPROVAL")
    client = signed_in(cast.lei)
    with no_writes():
        shown = client.get(f"/documents/{document.pk}/")
    assert shown.content.startswith(b"%PDF-") and IssuedDocument.objects.get(pk=document.pk).file is None
    assert documents.keep_new(DAY) == item_documents(document) and documents.keep_new(DAY) == 0
    with files.open_stored(IssuedDocument.objects.get(pk=document.pk).file) as kept:
        assert kept.read() == shown.content


def item_documents(document: IssuedDocument) -> int:
    return IssuedDocument.objects.filter(item=document.item).count()


def test_the_file_of_a_job_ends_with_the_post_it_was_asked_for_in(cast):
    stored = files.store(io.BytesIO(b"%PDF-1.4 x"), name="核减.pdf", allowed=("PDF",), user=cast.fang.user)
    made = Job.objects.create(
        kind=exports.export.name,
        params={"as": cast.fang.key},
        created_by=cast.fang.user,
        state=Job.State.DONE,
        file=stored,
    )
    place, client = f"/jobs/{made.pk}/file/", signed_in(cast.fang)
    assert client.get(place).status_code == 200
    assert signed_in(cast.su).get(place).status_code == 404
    posts = Appointment.objects.filter(user=cast.fang.user)
    posts.update(role=Role.SYS_ADMIN)
    assert client.get(place).status_code == 404
    posts.update(role=Role.FINANCE_OFFICER, held_to=date(2026, 3, 1))
    second_post(cast.fang, Role.AUDITOR, cast.houses["audit"])
    assert client.get(place).status_code == 404
    Job.objects.filter(pk=made.pk).update(state=Job.State.FAILED)
    assert client.post(f"/jobs/{made.pk}/again/").status_code == 404
    assert jobs.kind_of(made) == exports.export


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (ValidationError({"name": ["zu lang"]}), 422),
        (IntegrityError("UNIQUE constraint failed"), 409),
        (DataError("value too long"), 422),
    ],
)
def test_what_only_the_database_noticed_is_a_page_in_words(cast, error, status):
    request = RequestFactory().post("/projects/new/")
    request.user, request.actor, request.capacities, request.htmx = User(), None, [], None
    request.session = {}
    page = RefusalMiddleware(lambda request: None).process_exception(request, error)
    assert page is not None and page.status_code == status
    assert "UNIQUE" not in page.content.decode()
    request.path = "/api/v1/items/"
    assert RefusalMiddleware(lambda request: None).process_exception(request, error) is None


def test_a_substitute_moves_the_other_persons_files_only_and_their_own_only_in_their_own_post(cast):
    """R-PERM-03: opened by its link, a file of one's own is not handled in another's name."""
    own = lives.in_first_review(cast)
    for_wei = standing_in(cast.wei, cast.wu)
    assert why_not(for_wei, own, "send_to_center") == {"own_desk"}
    assert policies.may_edit_review(for_wei, own)
    moves.perform(own.pk, "send_to_center", actor=cast.wu)
    project = lives.a_project_in_proposal(cast, name="东涌幼儿园", code="2611-440399-04-01-000017")
    others = moves.perform(
        lives.accepted(cast, lives.submitted(cast, lives.a_draft(cast, project))).pk,
        "assign", actor=cast.xu, data={"officer": cast.wei.user.pk},
    )  # fmt: skip
    assert why_not(cast.wu, others, "send_to_center") == {"not_assigned"}
    moves.perform(others.pk, "send_to_center", actor=for_wei)


def test_a_substitute_neither_signs_nor_countersigns_their_own_share_in_the_others_name(cast):
    item = lives.in_centre(cast)
    lives.review(item, cast.he)
    third = second_post(cast.wei, Role.CENTER_REVIEWER, cast.houses["center"])
    assert why_not(standing_in(third, cast.jiang), item, "sign_opinion") == {"own_desk"}
    moves.perform(item.pk, "sign_opinion", actor=cast.jiang, data={"opinion": "同意"})


def test_the_page_of_ones_own_file_offers_the_way_back_to_the_own_post(cast):
    item = lives.in_first_review(cast)
    for_wei = standing_in(cast.wei, cast.wu)
    client = signed_in(cast.wu)
    with clock.at(DAY):
        client.post("/act-as/", {"post": for_wei.key})
        page = client.get(f"/items/{item.pk}/").content.decode()
        assert "切换到本人岗位" in page and f'value="{cast.wu.key}"' in page
        answer = client.post("/act-as/", {"post": cast.wu.key, "back": f"/items/{item.pk}/"})
        assert answer.headers["Location"] == f"/items/{item.pk}/"
        assert "切换到本人岗位" not in client.get(f"/items/{item.pk}/").content.decode()
        away = client.post("/act-as/", {"post": cast.wu.key, "back": "https://elsewhere.example/"})
        assert away.headers["Location"] == "/"


def test_the_page_of_the_others_file_offers_to_act_for_them(cast):
    item = lives.in_first_review(cast)
    for_wu = standing_in(cast.wu, cast.wei)
    page = signed_in(cast.wei).get(f"/items/{item.pk}/").content.decode()
    assert f'value="{for_wu.key}"' in page.partition('id="moves"')[0].partition("<main")[2]


def test_who_decided_on_the_ten_percent_does_no_review_afterwards(cast):
    """R-SOD-02: that decision signs no opinion, the trace knows its author all the same."""
    project = lives.issued(cast).project
    project = Project.objects.get(pk=project.pk)
    lives.issued(cast, lives.in_determination(cast, lives.in_second_review(cast, in_review_of(cast, project, "FS"))))
    estimate = in_review_of(cast, project, "EST", declared="90000000.00", delivered=False)
    moves.perform(estimate.pk, "decide_ten_percent", actor=cast.zhao, data={"decision": "ACCEPT", "reason": "已批准"})
    officer = second_post(cast.zhao, Role.CASE_OFFICER, cast.houses["authority"])
    refused = moves.perform_many(
        [estimate.pk], "reassign", actor=cast.xu, data={"officer": officer.user.pk, "reason": "轮岗"}
    )
    assert [p.code for p in refused[estimate.pk].problems] == ["assign.not_eligible"]
    for move in ("pass_first", "pass_second", "sign_opinion", "edit_review"):
        assert "R-SOD-02" in {p.code for p in policies.duty_conflicts(officer.persons, estimate, move)}, move
    assert not list(policies.duty_conflicts(cast.zhao.persons, estimate, "approve"))
    assert not list(policies.duty_conflicts(cast.xu.persons, estimate, "pass_second"))


def in_review_of(
    cast: Any, project: Project, item_type: str, *, declared: str = "10000000.00", delivered: bool = True
) -> ApprovalItem:
    draft = lives.a_draft(cast, project, item_type)
    item = lives.in_first_review(cast, lives.accepted(cast, lives.submitted(cast, draft, declared=declared)))
    return lives.opinion_delivered(cast, lives.in_centre(cast, item)) if delivered else item


def test_a_delegation_for_some_kinds_of_items_shows_neither_other_projects_nor_other_sums(cast):
    """R-PERM-03: what the delegation leaves out is out of sight in the register, the search and the sums as well."""
    project = lives.issued(cast).project
    within, beyond = standing_in(cast.fang, cast.wei, "PR"), standing_in(cast.fang, cast.wei, "EST")
    for actor, seen in ((within, [project]), (beyond, [])):
        assert list(Project.objects.visible_to(actor)) == seen
        assert [hit.project for hit in selectors.search(actor, "葵湾").rows] == seen
        assert money.of_year("all", DAY, actor)["count"] == len(seen)
    assert money.of_year("all", DAY, cast.fang)["count"] == 1
    clerk = standing_in(cast.lin, cast.sun, "EST")
    assert list(Project.objects.visible_to(clerk)) == [project]
    with pytest.raises(NotPermitted):
        create(project.pk, "FS", actor=clerk)
    with pytest.raises(NotPermitted):
        amend(project.pk, actor=clerk, basics={"address": "x"})
    with pytest.raises(NotPermitted):
        project_moves.perform(
            project.pk, "suspend", actor=standing_in(cast.zhao, cast.dai, "PR"), data={"reason": "r", "document": "d"}
        )
