"""The pages of topics: the list, raising and changing, comments, pictures, files, and who sees whose name."""

import io
import json
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from bim.bcf import reader, writer
from bim.models import BcfTopic
from bim.services import topics as service
from tests.support import handed_in, lives
from tests.support.bcf_files import WALL, full_topic, minimal, picture, zipped
from tests.support.cast import make_cast
from tests.support.readonly import no_writes

pytestmark = pytest.mark.django_db
CAMERA = {"kind": "perspective", "position": [1, 2, 3], "direction": [0, 1, 0], "up": [0, 0, 1], "field_of_view": 45}
VIEW = {"cameras": [CAMERA], "selection": [WALL], "default_visibility": True, "exceptions": []}


@pytest.fixture(scope="module")
def world(module_world):
    """A project with an accepted model and one topic, raised by the case officer with a view and a picture."""
    cast = make_cast()
    project = lives.a_project(cast)
    model = handed_in.hand_in(cast.lin, project)
    said = {"title": "门洞过小", "description": "与梁冲突", "assigned_to": "工务局", "model": model.pk}
    topic = service.create(project.pk, said, actor=cast.wu, view=VIEW, snapshot=picture())
    return cast, project, model, topic, module_world


@pytest.fixture(autouse=True)
def _files(world):
    with override_settings(MEDIA_ROOT=world[4]):
        yield


@pytest.fixture
def cast(world):
    return world[0]


@pytest.fixture
def project(world):
    return world[1]


@pytest.fixture
def model(world):
    return world[2]


@pytest.fixture
def topic(world):
    return BcfTopic.objects.get(pk=world[3].pk)


def signed_in(actor) -> Client:
    client = Client()
    client.force_login(actor.user)
    return client


def seen(client: Client, name: str, *args, status: int = 200, query: str = "") -> str:
    with no_writes():
        answer = client.get(reverse(f"web:{name}", args=args) + query)
    assert answer.status_code == status
    return answer.content.decode() if not answer.streaming else ""


def test_the_list_shows_and_narrows_topics(cast, project, model, topic):
    wu = signed_in(cast.wu)
    service.create(project.pk, {"title": "标高不一致", "topic_status": "Closed"}, actor=cast.lin)
    assert re.findall(r"topics/\d+/\">\s*(\d+ \S+)</a>", seen(wu, "bim_topics", project.pk)) == [
        "2 标高不一致", "1 门洞过小",
    ]  # fmt: skip
    for query, shown in (("?status=unsettled", True), ("?status=Closed", False), ("?assigned_to=工务", True)):
        assert ("门洞过小" in seen(wu, "bim_topics", project.pk, query=query)) is shown
    assert "标高不一致" not in seen(wu, "bim_topics", project.pk, query=f"?model={model.pk}")
    assert "门洞过小" in seen(wu, "bim_topics", project.pk, query="?model=x&status=")


def test_the_list_costs_the_same_for_many_topics(cast, project, topic):
    wu = signed_in(cast.wu)

    def cost() -> int:
        with CaptureQueriesContext(
            connection,
        ) as queries:
            seen(wu, "bim_topics", project.pk)
        return len(queries)

    seen(wu, "bim_topics", project.pk)
    few = cost()
    for number in range(12):
        row = service.create(project.pk, {"title": f"问题{number}"}, actor=cast.lin, snapshot=picture())
        service.comment(row.pk, "好", actor=cast.wu)
    assert cost() == few <= 16


def test_the_page_of_a_topic_costs_the_same_for_many_comments(cast, topic):
    wu = signed_in(cast.wu)

    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            seen(wu, "bim_topic", topic.pk)
        return len(queries)

    service.comment(topic.pk, "一", actor=cast.lin, view=VIEW)
    few = cost()
    for number in range(8):
        service.comment(topic.pk, str(number), actor=cast.lin, view=VIEW, snapshot=picture())
    assert cost() == few <= 18


def test_a_topic_is_raised_from_the_viewer_with_view_and_picture(cast, project, model):
    said = {"title": "墙体缺失", "model": model.pk, "topic_type": "Error", "priority": "High", "view": json.dumps(VIEW)}
    said["topic_status"] = "Open"
    said["snapshot"] = SimpleUploadedFile("snapshot.png", picture(), "image/png")
    answer = signed_in(cast.lin).post(reverse("web:bim_topic_new", args=[project.pk]), said)
    row = BcfTopic.objects.latest("pk")
    assert (answer.status_code, answer["Location"]) == (302, reverse("web:bim_topic", args=[row.pk]))
    assert (row.topic_type, row.topic_status, row.model) == ("Error", "Open", model)
    seen_from = row.viewpoints.get()
    client = signed_in(cast.wu)
    with no_writes():
        assert client.get(reverse("web:bim_viewpoint", args=[seen_from.pk])).json()["view"]["selection"][0][
            "ifc_guid"
        ] == (WALL)
        shown = client.get(reverse("web:bim_topic_snapshot", args=[seen_from.pk]))
    assert (shown["Content-Type"], b"".join(shown.streaming_content)) == ("image/png", picture())


def test_a_refused_topic_keeps_what_was_typed_and_names_every_fault(cast, project):
    said = {"title": "", "description": "原文", "topic_type": "Issue", "due_on": "sometime", "view": "{"}
    answer = signed_in(cast.lin).post(reverse("web:bim_topic_new", args=[project.pk]), said)
    text = answer.content.decode()
    assert answer.status_code == 422
    assert "原文" in text
    assert 'id="id_title_error"' in text
    assert 'id="id_due_on_error"' in text
    assert "视点无法读取" in text


def test_a_comment_settles_the_topic(cast, topic):
    answer = signed_in(cast.lin).post(
        reverse("web:bim_topic_comment", args=[topic.pk]), {"text": "已修改", "status": "Closed"}
    )
    topic.refresh_from_db()
    assert (answer.status_code, topic.topic_status, topic.comments.get().text) == (302, "Closed", "已修改")
    empty = signed_in(cast.lin).post(reverse("web:bim_topic_comment", args=[topic.pk]), {"status": "Open"})
    assert empty.status_code == 422
    assert topic.comments.count() == 1


def test_a_change_by_somebody_else_meanwhile_is_refused(cast, topic):
    lin, address = signed_in(cast.lin), reverse("web:bim_topic_edit", args=[topic.pk])
    form = seen(lin, "bim_topic_edit", topic.pk)
    version = re.search(r'name="version" value="(\d+)"', form).group(1)
    said = {
        "title": "门洞宽度不足",
        "topic_type": "Issue",
        "topic_status": "Open",
        "priority": "Low",
        "version": version,
    }
    assert lin.post(address, said).status_code == 302
    stale = lin.post(address, said | {"title": "别的"})
    topic.refresh_from_db()
    assert (stale.status_code, topic.title, topic.model) == (409, "门洞宽度不足", None)


def test_files_go_in_with_a_report_and_out_again(cast, project):
    lin = signed_in(cast.lin)
    content = writer.write([full_topic()], "2.1")
    file = SimpleUploadedFile("外部.bcf", content)
    answer = lin.post(reverse("web:bim_topics_import", args=[project.pk]), {"file": file})
    text = answer.content.decode()
    assert answer.status_code == 200
    assert "门与墙碰撞 &lt;A&amp;B&gt;" in text
    assert "新增" in text
    exported = lin.post(reverse("web:bim_topics_export", args=[project.pk]), {"version": "3.0"})
    assert exported["Content-Disposition"].endswith(".bcf")
    assert {topic.title for topic in reader.read(io.BytesIO(exported.content)).topics} == {
        "门与墙碰撞 <A&B>", "门洞过小",
    }  # fmt: skip
    row = BcfTopic.objects.get(title__startswith="门与墙")
    one = lin.post(reverse("web:bim_topics_export", args=[project.pk]), {"version": "2.1", "topics": [row.pk]})
    assert len(reader.read(io.BytesIO(one.content)).topics) == 1
    assert "https://example.org/a" in seen(lin, "bim_topic", row.pk)


def test_a_file_that_is_none_is_refused_in_words(cast, project):
    lin, address = signed_in(cast.lin), reverse("web:bim_topics_import", args=[project.pk])
    for content in (zipped(minimal("2.0")), b"", b"PK\x03\x04x"):
        answer = lin.post(address, {"file": SimpleUploadedFile("x.bcf", content)})
        assert answer.status_code == 422
        assert "message-error" in answer.content.decode()
    assert lin.post(address).status_code == 422


def test_readers_see_no_forms_and_others_nothing(cast, project, topic):
    su, sun = signed_in(cast.su), signed_in(cast.sun)
    assert reverse("web:bim_topics_import", args=[project.pk]) not in seen(su, "bim_topics", project.pk)
    assert reverse("web:bim_topic_comment", args=[topic.pk]) not in seen(su, "bim_topic", topic.pk)
    seen(su, "bim_topic_new", project.pk, status=403)
    seen(su, "bim_topic_edit", topic.pk, status=403)
    point = topic.viewpoints.get().pk
    for name, key in (
        ("bim_topics", project.pk), ("bim_topic", topic.pk), ("bim_viewpoint", point), ("bim_topic_snapshot", point),
    ):  # fmt: skip
        seen(sun, name, key, status=404)
        seen(signed_in(cast.root), name, key, status=404)
    assert sun.post(reverse("web:bim_topics_export", args=[project.pk]), {"version": "3.0"}).status_code == 404


def test_the_unit_reads_houses_and_the_authority_names(cast, project, topic):
    service.comment(topic.pk, "请核对", actor=cast.xu)
    for name, key in (("bim_topics", project.pk), ("bim_topic", topic.pk)):
        unit, authority = seen(signed_in(cast.lei), name, key), seen(signed_in(cast.zhao), name, key)
        assert "吴刚" not in unit
        assert "许文" not in unit
        assert "鹏湾新区发展和财政局" in unit
        assert "吴刚" in authority


def test_the_viewer_offers_a_topic_to_those_who_may_raise_one(cast, model, topic):
    point = topic.viewpoints.get().pk
    page = seen(signed_in(cast.wu), "bim_viewer", model.pk, query=f"?viewpoint={point}")
    assert f'data-pt-bim-viewpoint="{reverse("web:bim_viewpoint", args=[point])}"' in page
    assert "data-pt-bim-topic" in page
    reader_page = seen(signed_in(cast.su), "bim_viewer", model.pk, query="?viewpoint=x")
    assert "data-pt-bim-topic" not in reader_page
    assert "data-pt-bim-viewpoint" not in reader_page
