"""Topics over HTTP: raising with a view, commenting, changing, files, and what is refused."""

import base64
import io
from contextlib import suppress

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.db import transaction
from django.test import override_settings

from bim.bcf import reader, writer
from bim.models import BcfTopic
from tests.support import handed_in, lives
from tests.support.api_client import Api, codes, ok, refused
from tests.support.bcf_files import WALL, full_topic, picture
from tests.support.cast import make_cast

pytestmark = pytest.mark.django_db
CAMERA = {"kind": "orthogonal", "position": [1, 2, 3], "direction": [0, 0, -1], "up": [0, 1, 0], "scale": 12.5}
SAID = {"title": "门洞过小", "topic_type": "Clash", "labels": ["建筑"], "due_on": "2026-04-01", "assigned_to": "工务局"}


class _Done(Exception):
    """Rolls the world back."""


@pytest.fixture(scope="module")
def world(django_db_setup, django_db_blocker, tmp_path_factory):
    folder = tmp_path_factory.mktemp("world")
    with django_db_blocker.unblock(), override_settings(MEDIA_ROOT=folder), suppress(_Done), transaction.atomic():
        cast = make_cast()
        project = lives.a_project(cast)
        yield cast, project, handed_in.hand_in(cast.lin, project)
        raise _Done


@pytest.fixture
def cast(world):
    return world[0]


@pytest.fixture
def project(world):
    return world[1]


def raised(api: Api, project, **said):
    return ok(api.post(f"projects/{project.pk}/topics/", SAID | said))


def test_a_topic_is_raised_seen_commented_and_closed(cast, world):
    project, model = world[1], world[2]
    wu, lin = Api(cast.wu), Api(cast.lin)
    said = {"model": model.pk, "view": {"cameras": [CAMERA], "selection": [WALL]}}
    topic = raised(wu, project, **said, snapshot=base64.b64encode(picture()).decode())
    assert (topic["number"], topic["topic_status"], topic["due_on"]) == (1, "Open", "2026-04-01")
    assert topic["viewpoints"][0]["view"]["cameras"][0]["scale"] == 12.5
    image = wu.get(topic["viewpoints"][0]["snapshot_url"])
    assert b"".join(image.streaming_content) == picture()
    assert ok(lin.get(f"topics/{topic['id']}/viewpoints/"))[0]["guid"] == topic["viewpoints"][0]["guid"]
    answered = ok(lin.post(f"topics/{topic['id']}/comments/", {"text": "已改", "status": "Resolved"}))
    assert (answered["topic_status"], answered["version"], answered["n_comments"]) == ("Resolved", 2, 1)
    closed = ok(wu.patch(f"topics/{topic['id']}/", {"topic_status": "Closed", "version": 2}))
    assert closed["topic_status"] == "Closed"
    refused(wu.patch(f"topics/{topic['id']}/", {"title": "x", "version": 2}), 409)


def test_the_list_is_narrowed(cast, project):
    wu = Api(cast.wu)
    first, second = raised(wu, project), raised(wu, project, title="其他", assigned_to="")
    ok(wu.patch(f"topics/{second['id']}/", {"topic_status": "Closed"}))
    address = f"projects/{project.pk}/topics/"
    assert [row["id"] for row in ok(wu.get(address))["results"]] == [second["id"], first["id"]]
    for asked in ({"status": "unsettled"}, {"assigned_to": "工务"}, {"status": "Open"}):
        assert [row["id"] for row in ok(wu.get(address, **asked))["results"]] == [first["id"]]
    assert len(ok(wu.get(address, page_size=1))["results"]) == 1


def test_every_fault_is_told_at_once(cast, project):
    said = {"title": "", "view": {"cameras": 5}, "snapshot": "no base64!", "colour": "red", "due_on": "someday"}
    found = refused(Api(cast.wu).post(f"projects/{project.pk}/topics/", said), 400)
    assert {problem["field"] for problem in found["problems"]} == {"title", "view", "snapshot", "colour", "due_on"}
    assert not BcfTopic.objects.exists()


def test_who_may_not_is_refused(cast, project):
    topic = raised(Api(cast.wu), project)
    su, sun = Api(cast.su), Api(cast.sun)
    assert ok(su.get(f"topics/{topic['id']}/"))["title"] == SAID["title"]
    refused(su.post(f"projects/{project.pk}/topics/", SAID), 403)
    refused(su.post(f"topics/{topic['id']}/comments/", {"text": "x"}), 403)
    for answer in (
        sun.get(f"topics/{topic['id']}/"),
        sun.get(f"projects/{project.pk}/topics/"),
        sun.post(f"projects/{project.pk}/topics/export/", {}),
        Api(cast.root).get(f"topics/{topic['id']}/"),
    ):
        refused(answer, 404)
    assert ok(Api(cast.lin).get(f"topics/{topic['id']}/"))["author"] == "鹏湾新区发展和财政局"


def test_files_go_in_and_out(cast, project):
    wu = Api(cast.wu)
    file = SimpleUploadedFile("x.bcf", writer.write([full_topic()], "3.0"))
    report = ok(wu.upload(f"projects/{project.pk}/topics/import/", file=file))
    assert [(row["outcome"], row["comments_added"]) for row in report["topics"]] == [("added", 2)]
    assert report["faults"] == []
    answer = wu.post(f"projects/{project.pk}/topics/export/", {"version": "2.1"})
    found = reader.read(io.BytesIO(b"".join(answer.streaming_content)))
    assert (found.version, found.topics[0].title) == ("2.1", full_topic().title)
    bad = wu.upload(f"projects/{project.pk}/topics/import/", file=SimpleUploadedFile("x.bcf", b"PK\x03\x04"))
    assert codes(refused(bad, 422)) == {"file.damaged"}


def test_the_command_does_the_same_as_one_person(cast, project, tmp_path):
    taken, given = tmp_path / "in.bcf", tmp_path / "out.bcf"
    taken.write_bytes(writer.write([full_topic()], "2.1"))
    call_command("bcf", "import", str(taken), "--project", str(project.pk), "--as", "wu", stdout=io.StringIO())
    call_command("bcf", "export", str(given), "--project", str(project.pk), "--as", "wu", "--bcf", "3.0")
    assert reader.read(io.BytesIO(given.read_bytes())).version == "3.0"
    with pytest.raises(CommandError):
        call_command("bcf", "import", str(taken), "--project", str(project.pk), "--as", "su")
    with pytest.raises(CommandError):
        call_command("bcf", "import", str(taken), "--project", str(project.pk), "--as", "nobody")
