"""Materials over the API: versions that never change, remarks, reasons, the answers to a correction notice."""

import hashlib
import io
from datetime import date

import pytest

from tests.support import days, lives
from tests.support.api_client import Api, codes, ok, refused
from tests.support.cast import make_cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast():
    with days.on(date(2026, 3, 2)):
        yield make_cast()


def pdf(content=lives.PDF, name="报告.pdf"):
    file = io.BytesIO(content)
    file.name = name
    return file


def row(api, item, code):
    return next(row for row in ok(api.get(f"items/{item.pk}/materials/")) if row["code"] == code)


def test_a_new_version_leaves_the_old_one_readable(cast):
    item, lin = lives.a_draft(cast), Api(cast.lin)
    path = f"items/{item.pk}/materials/A02/versions/"
    contents = (lives.PDF, lives.PDF + b"%second")
    for content in contents:
        ok(lin.upload(path, file=pdf(content)))
    shown = row(lin, item, "A02")
    assert [version["number"] for version in shown["versions"]] == [1, 2] and shown["is_satisfied"]
    for version, content in zip(shown["versions"], contents, strict=True):
        answer = lin.get(version["url"])
        assert b"".join(answer.streaming_content) == content
        assert version["sha256"] == hashlib.sha256(content).hexdigest()
        assert answer["Content-Disposition"].startswith("attachment")
    refused(Api(cast.sun).get(shown["versions"][0]["url"]), 404)
    refused(lin.get(f"items/{item.pk}/materials/A02/versions/3/file/"), 404)
    refused(lin.upload(f"items/{item.pk}/materials/Z99/versions/", file=pdf()), 404)


def test_a_file_that_is_not_what_its_name_says_is_refused(cast):
    item = lives.a_draft(cast)
    said = refused(Api(cast.lin).upload(f"items/{item.pk}/materials/A02/versions/", file=pdf(b"MZ\x90")), 422)
    assert codes(said) == {"file.content"}


def test_only_a_conditional_material_may_not_apply(cast):
    item, lin = lives.a_draft(cast), Api(cast.lin)
    shown = ok(lin.put(f"items/{item.pk}/materials/A03/not-applicable/", {"reason": "无会议纪要"}))
    assert (shown["not_applicable_reason"], shown["is_satisfied"]) == ("无会议纪要", True)
    said = refused(lin.put(f"items/{item.pk}/materials/A02/not-applicable/", {"reason": "没有"}), 422)
    assert codes(said) == {"materials.mandatory"}


def test_the_window_remarks_on_a_version_and_the_unit_does_not_learn_who(cast):
    item = lives.submitted(cast)
    path = f"items/{item.pk}/materials/B01/comments/"
    comment = ok(Api(cast.chen).post(path, {"verdict": "DEFECT", "text": "缺签章", "page": 3}))
    assert (comment["version"], comment["page"], comment["author"]["full_name"]) == (1, 3, "陈洁")
    shown = row(Api(cast.lin), item, "B01")["comments"][0]
    assert (shown["text"], shown["author"]) == ("缺签章", None)
    refused(Api(cast.lin).post(path, {"verdict": "OK"}), 403)
    assert codes(refused(Api(cast.chen).post(path, {"verdict": "DEFECT"}), 422)) == {"comment.empty"}


def test_the_defects_of_a_correction_are_answered_one_by_one(cast):
    item, lin = lives.submitted(cast), Api(cast.lin)
    ok(Api(cast.chen).post(f"items/{item.pk}/moves/request_correction/", {"defects": ["B01: 缺签章", "金额大写有误"]}))
    correction = ok(lin.get(f"items/{item.pk}/"))["corrections"][0]
    assert [(defect["material"], defect["text"]) for defect in correction["defects"]] == [
        ("B01", "缺签章"), (None, "金额大写有误")
    ]  # fmt: skip
    refused(Api(cast.lei).post(f"items/{item.pk}/moves/resubmit/"), 422)
    for defect in correction["defects"]:
        assert ok(lin.put(f"items/{item.pk}/defects/{defect['id']}/", {"answer": "已补正"}))["answered_at"]
    assert ok(Api(cast.lei).post(f"items/{item.pk}/moves/resubmit/"))["state"] == "SUBMITTED"
