"""Items over the API: who sees what, stale writes, exact money, reads that write nothing and cost the same."""

import json
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Appointment
from accounts.roles import Role
from approvals.models import ApprovalItem
from approvals.services import moves
from tests.support import days, lives, naive_days
from tests.support.api_client import Api, codes, ok, refused
from tests.support.cast import make_cast
from tests.support.readonly import no_writes

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast():
    return make_cast()


@pytest.fixture
def march():
    with days.on(date(2026, 3, 2)):
        yield


def test_an_item_of_another_unit_does_not_exist(cast, march):
    draft = lives.a_draft(cast)
    assert ok(Api(cast.lin).get(f"items/{draft.pk}/"))["state"] == "DRAFT"
    for stranger in (cast.sun, cast.chen, cast.root):
        for path in ("", "deadline/", "documents/", "cost-lines/", "materials/", "moves/submit/"):
            assert codes(refused(Api(stranger).get(f"items/{draft.pk}/{path}"), 404)) == {"not_found"}
        assert codes(refused(Api(stranger).post(f"items/{draft.pk}/moves/submit/"), 404)) == {"not_found"}
        assert ok(Api(stranger).get("items/"))["results"] == []
    refused(Api(cast.sun).get(f"projects/{draft.project_id}/"), 404)


def test_a_stale_write_is_a_conflict_and_changes_nothing(cast, march):
    draft = lives.a_draft(cast)
    lin = Api(cast.lin)
    seen = ok(lin.get(f"items/{draft.pk}/"))["version"]
    ok(lin.patch(f"items/{draft.pk}/", {"summary": "一", "version": seen}))
    assert codes(refused(lin.patch(f"items/{draft.pk}/", {"summary": "二", "version": seen}), 409)) == {"stale"}
    refused(lin.put(f"items/{draft.pk}/cost-lines/", {"lines": [], "version": seen}), 409)
    refused(Api(cast.lei).post(f"items/{draft.pk}/moves/withdraw/", {"reason": "x", "version": seen}), 409)
    assert ApprovalItem.objects.get(pk=draft.pk).summary == "一"
    project = ok(lin.get(f"projects/{draft.project_id}/"))
    ok(lin.patch(f"projects/{draft.project_id}/", {"address": "甲路1号", "version": project["version"]}))
    refused(lin.patch(f"projects/{draft.project_id}/", {"address": "乙路2号", "version": project["version"]}), 409)


def test_all_reasons_of_a_refused_move_are_told_and_stand_with_the_offer(cast, march):
    draft = lives.a_draft(cast)
    lei = Api(cast.lei)
    said = codes(refused(lei.post(f"items/{draft.pk}/moves/submit/"), 422))
    assert said == {"materials.missing", "amount.missing"}
    offer = next(row for row in ok(lei.get(f"items/{draft.pk}/"))["moves"] if row["name"] == "submit")
    assert offer["possible"] is False
    assert {problem["code"] for problem in offer["problems"]} == said
    withdrawal = next(row for row in ok(lei.get(f"items/{draft.pk}/"))["moves"] if row["name"] == "withdraw")
    assert [(row["name"], row["is_required"]) for row in withdrawal["inputs"]] == [("reason", True)]


def test_the_wrong_role_is_forbidden_and_an_unknown_move_not_found(cast, march):
    item = lives.submitted(cast)
    assert codes(refused(Api(cast.wu).post(f"items/{item.pk}/moves/accept/"), 403)) == {"role"}
    assert codes(refused(Api(cast.chen).post(f"items/{item.pk}/moves/no_such_move/"), 404)) == {"unknown_move"}
    assert codes(refused(Api(cast.chen).post("items/moves/refuse_acceptance/", {"ids": [item.pk]}), 422)) == {
        "not_bulk"
    }


def test_a_misspelt_input_is_refused_instead_of_ignored(cast, march):
    item = lives.in_determination(cast)
    said = refused(Api(cast.zhao).post(f"items/{item.pk}/moves/approve/", {"aproved_amount": "1.00"}), 400)
    assert [problem["field"] for problem in said["problems"]] == ["aproved_amount"]
    assert lives.fresh(item).state == "DETERMINATION"


def test_amounts_are_exact_whatever_way_they_are_written(cast, march):
    draft = lives.a_draft(cast)
    lin, path = Api(cast.lin), f"items/{draft.pk}/"
    for written, read in (
        ("0.1", "0.10"),
        ('"12345678901.23"', "12345678901.23"),
        ("70000000.07", "70000000.07"),
        ("8e2", "800.00"),
    ):
        assert ok(lin.send("PATCH", path, raw=f'{{"declared_amount": {written}}}'))["declared_amount"] == read
    for wrong in ("0.001", '"1.005"', "-1", "1e40", "true", '"NaN"', "[]", "1000000000000.01"):
        response = lin.send("PATCH", path, raw=f'{{"declared_amount": {wrong}}}')
        assert response.status_code == 400, (wrong, response.content)
    assert refused(lin.send("PATCH", path, raw='{"declared_amount": NaN}'), 400)["code"] == "parse_error"
    line = '{"lines": [{"code": "1", "name": "工程费用", "declared": 90071992547.41}]}'
    assert ok(lin.send("PUT", path + "cost-lines/", raw=line))["total"]["declared"] == "90071992547.41"


def test_the_unit_learns_no_reviewers_name_and_no_reviewed_amount_before_the_decision(cast, march):
    item = lives.in_determination(cast)
    response = Api(cast.lin).get(f"items/{item.pk}/")
    seen, text = ok(response), response.content.decode()
    assert seen["people"]["first_reviewer"] is None and seen["reviewed_amount"] is None and seen["opinions"] == []
    for reviewer in (cast.wu, cast.he, cast.jiang, cast.xu, cast.kong):
        assert reviewer.user.full_name not in text
    assert "7500000" not in text + Api(cast.lin).get(f"items/{item.pk}/cost-lines/").content.decode()
    assert "7500000" not in Api(cast.lin).get("items/").content.decode()
    assert ok(Api(cast.zhao).get(f"items/{item.pk}/"))["people"]["first_reviewer"]["full_name"] == "吴刚"
    lives.issued(cast, item)
    decided = ok(Api(cast.lin).get(f"items/{item.pk}/"))
    assert (decided["people"]["first_reviewer"]["full_name"], decided["reviewed_amount"]) == ("吴刚", "7500000.00")


def test_an_expert_reads_the_others_only_after_filing(cast, march):
    item = lives.in_centre(cast)
    Appointment.objects.create(
        user=cast.wei.user, organisation=cast.houses["center"], role=Role.EXPERT, held_from=date(2020, 1, 1)
    )
    data = {"experts": [cast.yan.user.pk, cast.wei.user.pk], "work_plan": "计划", "expected_days": 5}
    moves.perform(item.pk, "convene_experts", actor=cast.he, data=data)
    item.experts.filter(expert=cast.wei.user).update(opinion="另一专家的意见", filed_at="2026-03-02T10:00:00+08:00")
    path = f"items/{item.pk}/"
    assert "另一专家的意见" not in Api(cast.yan).get(path).content.decode()
    ok(Api(cast.yan).post(path + "moves/file_expert_opinion/", {"opinion": "我的意见"}))
    assert "另一专家的意见" in Api(cast.yan).get(path).content.decode()


def test_every_day_of_the_deadline_is_counted_or_not_and_says_why(cast, march):
    item = lives.accepted(cast)
    told = ok(Api(cast.lin).get(f"items/{item.pk}/deadline/"))
    assert told["due"] == naive_days.nth(date(2026, 3, 2), 20).isoformat()
    counted = [row for row in told["days"] if row["counted"]]
    assert [row["number"] for row in counted] == list(range(1, 21))
    assert all(naive_days.works(date.fromisoformat(row["date"])) for row in counted)
    assert told["days"][0] == {"date": "2026-03-02", "counted": False, "number": None, "reason": "ACCEPTANCE_DAY",
                               "name": "", "pause": "", "provisional": False}  # fmt: skip
    assert len(told["calendar_version"]) == 12


def test_the_deadline_of_an_item_not_accepted_does_not_exist(cast, march):
    item = lives.submitted(cast)
    assert codes(refused(Api(cast.lin).get(f"items/{item.pk}/deadline/"), 404)) == {"clock.not_started"}


def test_only_supervision_and_audit_read_the_trace(cast, march):
    item = lives.submitted(cast)
    assert codes(refused(Api(cast.chen).get(f"items/{item.pk}/trace/"), 403)) == {"role"}
    for reader in (cast.su, cast.qian):
        entries = ok(Api(reader).get(f"items/{item.pk}/trace/", page_size=2))
        assert len(entries["results"]) == 2 and entries["next"]
        assert entries["results"][1]["hash"] == entries["results"][0]["prev_hash"]


def test_the_same_move_on_many_items_tells_of_each(cast, march):
    one = lives.submitted(cast)
    project = lives.a_project_in_proposal(cast, name="另一所小学", code="2611-440399-04-01-000024")
    draft = lives.a_draft(cast, project)
    told = ok(Api(cast.chen).post("items/moves/accept/", {"ids": [one.pk, draft.pk, one.pk, 10**17]}))
    assert (told["done"], told["refused"]) == (1, 2)
    assert [(row["id"], row["done"], row["code"]) for row in told["results"]] == [
        (one.pk, True, ""), (draft.pk, False, "not_found"), (10**17, False, "not_found")
    ]  # fmt: skip
    other = lives.submitted(cast, draft)
    seen = {"ids": [other.pk], "versions": {str(other.pk): other.version - 1}}
    stale = ok(Api(cast.chen).post("items/moves/accept/", seen))
    assert [(row["done"], row["code"]) for row in stale["results"]] == [(False, "stale")]
    seen["versions"] = {str(other.pk): other.version}
    assert ok(Api(cast.chen).post("items/moves/accept/", seen))["done"] == 1
    for wrong in (
        {"ids": [1], "versions": [3]},
        {"ids": [1], "versions": {"1": "x"}},
        {"ids": [1], "versions": {"1": -1}},
    ):
        refused(Api(cast.chen).post("items/moves/accept/", wrong), 400)
    for wrong in ({}, {"ids": []}, {"ids": "1"}, {"ids": [0]}, {"ids": list(range(1, 300))}, {"ids": [10**30]}):
        refused(Api(cast.chen).post("items/moves/accept/", wrong), 400)


def many(cast, count, start=0):
    for n in range(start, start + count):
        lives.a_draft(cast, lives.a_project(cast, name=f"第{n}号工程", code=""), "RSV")


def cost_of(api, path, **query):
    with CaptureQueriesContext(connection) as queries:
        ok(api.get(path, **query))
    return queries


def test_a_list_costs_the_same_for_few_rows_and_many_and_counts_nothing(cast, march):
    many(cast, 3)
    lin = Api(cast.lin)
    few = {path: len(cost_of(lin, path)) for path in ("items/", "projects/")}
    many(cast, 20, start=3)
    for path, before in few.items():
        after = cost_of(lin, path)
        assert len(after) == before <= 12, [query["sql"][:90] for query in after]
        assert not any("COUNT(" in query["sql"] for query in after)


def test_pages_follow_one_another_without_gap_or_repetition(cast, march):
    many(cast, 7)
    for path in ("items/", "projects/"):
        seen, address = [], f"/api/v1/{path}?page_size=3"
        while address:
            page = ok(Api(cast.lin).get(address.replace("http://testserver", "")))
            seen += [row["id"] for row in page["results"]]
            address = page["next"]
        assert len(seen) == 7 and seen == sorted(seen, reverse=True)


def test_one_item_costs_a_bounded_number_of_queries(cast, march):
    item = lives.in_determination(cast)
    assert len(cost_of(Api(cast.zhao), f"items/{item.pk}/")) <= 80


def test_lists_are_narrowed_by_state_type_project_and_light(cast, march):
    item = lives.accepted(cast)
    draft = lives.a_draft(cast, lives.a_project_in_proposal(cast, name="另一所小学", code="2611-440399-04-01-000024"))

    def found(**query):
        return [row["id"] for row in ok(Api(cast.lin).get("items/", **query))["results"]]

    assert found() == [draft.pk, item.pk]
    assert found(state="ACCEPTED") == [item.pk]
    assert found(project=draft.project_id) == [draft.pk]
    assert found(item_type="FS") == []
    assert found(light="GREEN") == [item.pk] and found(light="RED") == []
    with days.on(date(2026, 4, 20)):
        assert found(light="RED") == [item.pk]
        assert ok(Api(cast.lin).get("items/", light="RED"))["results"][0]["light"] == "RED"
    refused(Api(cast.lin).get("items/", state="NONSENSE"), 400)
    names = [row["name"] for row in ok(Api(cast.lin).get("projects/", q="另一"))["results"]]
    assert names == ["另一所小学"]


def test_reading_never_writes(cast, march):
    item = lives.issued(cast)
    paths = ["", "deadline/", "documents/", "cost-lines/", "materials/", "moves/archive/"]
    zhao = Api(cast.zhao)
    with no_writes():
        for path in paths:
            ok(zhao.get(f"items/{item.pk}/{path}"))
        assert zhao.get(f"documents/{item.documents.last().pk}/pdf/").content.startswith(b"%PDF-")
        ok(zhao.get(f"projects/{item.project_id}/"))


def test_the_commission_letter_is_not_for_the_unit(cast, march):
    item = lives.in_centre(cast)
    letter = item.documents.get(kind="COMMISSION_LETTER")
    refused(Api(cast.lin).get(f"documents/{letter.pk}/pdf/"), 404)
    assert "COMMISSION_LETTER" not in {row["kind"] for row in ok(Api(cast.lin).get(f"items/{item.pk}/documents/"))}
    assert Api(cast.wu).get(f"documents/{letter.pk}/pdf/").status_code == 200


def test_an_unknown_document_is_not_verified(cast):
    refused(Api().get("verify/nonsense/"), 404)


def test_a_running_project_is_taken_over_with_its_reason(cast, march):
    body = {**lives.BASICS, "taken_over_at": "CONSTRUCTION"}
    assert codes(refused(Api(cast.lin).post("projects/", body), 422)) == {"take_over.reason"}
    project = ok(Api(cast.lin).post("projects/", {**body, "taken_over_reason": "2019年已批复", "funding": {}}))
    assert project["stage"] == "CONSTRUCTION"
    assert {row["status"] for row in project["stages"][:6]} == {"WAIVED"}
    again = refused(Api(cast.lin).post("projects/", {**body, "taken_over_reason": "2019年已批复"}), 422)
    assert json.dumps(again, ensure_ascii=False).count("field") >= 1


def test_an_address_without_anything_is_refused_in_the_same_form(cast):
    for api in (Api(), Api(cast.lin)):
        for method in ("GET", "POST", "DELETE"):
            assert codes(refused(api.send(method, "nothing/here/"), 404)) == {"address.unknown"}
    assert Api(cast.lin).get("items").status_code == 301
    assert codes(refused(Api(cast.lin).send("DELETE", "items/"), 405)) == {"method_not_allowed"}


def test_a_cursor_that_is_not_ours_is_refused(cast):
    for forged in ("cD1hYmM=", "cD05OTk5OTk5OTk5OTk5OTk5OTk5OTk5", "%%%", "cj0x"):
        assert Api(cast.lin).get("items/", cursor=forged).status_code in (200, 404)
    refused(Api(cast.lin).get("items/", cursor="cD1hYmM="), 404)


def test_a_file_comes_whatever_the_caller_accepts(cast, march):
    item = lives.submitted(cast)
    receipt = ok(Api(cast.lin).get(f"items/{item.pk}/documents/"))[0]
    answer = Api(cast.lin).send("GET", receipt["pdf"], Accept="application/pdf")
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/pdf")
    assert refused(Api(cast.sun).send("GET", receipt["pdf"], Accept="application/pdf"), 404)
