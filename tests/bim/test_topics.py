"""Topics: raised with what is seen, answered, settled; who may; files of other tools in and out again."""

import io
import zipfile
from contextlib import suppress
from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.db import transaction
from django.test import override_settings

from bim import topic_wording, topics
from bim.bcf import reader, writer
from bim.bcf import records as r
from bim.models import BcfComment, BcfTopic, BcfViewpoint
from bim.services import topic_files
from bim.services import topics as service
from core import files
from core.errors import NotFound, NotPermitted, RuleViolation, StaleState
from core.models import TraceEntry
from projects.models import ProjectAccess
from tests.support import handed_in, ifc_samples, lives
from tests.support.bcf_files import GUID, NOON, WALL, full_topic, minimal, picture, schema_errors, zipped
from tests.support.cast import make_cast

pytestmark = pytest.mark.django_db
CAMERA = {
    "kind": "perspective", "position": [10, -5.5, 3], "direction": [0, 1, 0], "up": [0, 0, 1], "field_of_view": 50,
    "aspect_ratio": 1.5,
}  # fmt: skip
VIEW = {
    "cameras": [CAMERA],
    "selection": [WALL],
    "default_visibility": True,
    "exceptions": [{"ifc_guid": "1hqIFTRjfV6AWq_bMtnZwI"}],
    "clipping_planes": [{"location": [0, 0, 2.8], "direction": [0, 0, 1]}],
}


class _Done(Exception):
    """Rolls the world back."""


@pytest.fixture(scope="module")
def world(django_db_setup, django_db_blocker, tmp_path_factory):
    """The people, a project with an accepted model, and another project."""
    folder = tmp_path_factory.mktemp("world")
    with django_db_blocker.unblock(), override_settings(MEDIA_ROOT=folder), suppress(_Done), transaction.atomic():
        cast = make_cast()
        project = lives.a_project(cast)
        model = handed_in.hand_in(cast.lin, project, name="A.ifc")
        yield cast, project, model, lives.a_project(cast, name="另一个项目", code="")
        raise _Done


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
def other(world):
    return world[3]


def codes(refusal) -> set[str]:
    return {problem.code for problem in refusal.value.problems}


def raised(cast, project, actor=None, **said) -> BcfTopic:
    return service.create(project.pk, {"title": "门洞过小", **said}, actor=actor or cast.wu)


def take(project, content: bytes, actor, name: str = "问题.bcf") -> topic_files.Report:
    return topic_files.take(project.pk, io.BytesIO(content), name=name, actor=actor)


def out(project, actor, version: str = "3.0") -> r.Package:
    content, _name = topic_files.export(project.pk, version, actor=actor)
    assert schema_errors(content, version) == []
    return reader.read(io.BytesIO(content))


# Raising, answering, settling


def test_a_topic_is_raised_with_what_is_seen_and_a_picture(cast, project, model):
    said = {
        "description": "与结构梁冲突", "topic_type": "Clash", "priority": "High", "assigned_to": "新区建筑工务局",
        "labels": "建筑，结构", "due_on": date(2026, 4, 1), "model": model.pk,
    }  # fmt: skip
    topic = service.create(project.pk, {"title": " 门洞 过小 ", **said}, actor=cast.wu, view=VIEW, snapshot=picture())
    topic.refresh_from_db()
    assert (topic.title, topic.topic_status, topic.labels, topic.number) == ("门洞 过小", "Open", ["建筑", "结构"], 1)
    assert (topic.model, topic.due_on, topic.author_house) == (model, date(2026, 4, 1), cast.wu.organisation)
    assert "吴刚" in topic.author
    assert "@" not in topic.author
    seen = topic.viewpoints.get()
    assert seen.view["cameras"][0]["position"] == [10.0, -5.5, 3.0]
    assert seen.view["selection"][0]["ifc_guid"] == WALL
    with files.open_stored(seen.snapshot) as content:
        assert content.read() == picture()
    entry = TraceEntry.objects.get(verb="bim.topic.created")
    assert (entry.project_id, entry.facts["topic"], entry.actor) == (project.pk, 1, cast.wu.user)


def test_every_fault_of_a_topic_is_told_at_once(cast, project):
    said = {"title": " ", "model": 999, "topic_type": "x" * 61, "labels": ["x" * 101]}
    with pytest.raises(RuleViolation) as refusal:
        service.create(project.pk, said, actor=cast.wu, view='{"cameras": [1]}', snapshot=b"<html>")
    assert codes(refusal) == {"required", "model.unknown", "too_long", "labels", "view.shape", "snapshot.kind"}
    assert not BcfTopic.objects.exists()


@pytest.mark.parametrize(
    "view",
    [
        '{"cameras": [{"kind": "perspective", "position": [NaN, 0, 0], "direction": [0,1,0], "up": [0,0,1]}]}',
        "[" * 100_000,
        "[]",
        '{"selection": ["no guid"]}',
        '{"selection": 5}',
        '{"colouring": [{"colour": "red", "components": []}]}',
        '{"default_visibility": "yes"}',
        '{"cameras": [{"kind": "fisheye", "position": [0,0,0], "direction": [0,1,0], "up": [0,0,1]}]}',
    ],
)
def test_a_view_that_is_none_is_refused(cast, project, view):
    with pytest.raises(RuleViolation) as refusal:
        service.create(project.pk, {"title": "x"}, actor=cast.wu, view=view)
    assert codes(refusal) == {"view.shape"}


def test_numbers_are_counted_by_project(cast, project, other):
    assert [raised(cast, project).number, raised(cast, project).number, raised(cast, other).number] == [1, 2, 1]


def test_a_comment_may_bring_a_viewpoint_and_settle_the_topic(cast, project):
    topic = raised(cast, project)
    row = service.comment(topic.pk, "已修改。", actor=cast.lin, view=VIEW, snapshot=picture(), status="Resolved")
    topic.refresh_from_db()
    assert (row.viewpoint.topic, topic.topic_status, topic.version) == (topic, "Resolved", 2)
    assert (topic.modified_author, row.author) == ("新区建筑工务局", topic_wording.signature(cast.lin))
    entry = TraceEntry.objects.get(verb="bim.topic.commented")
    assert entry.facts["changes"] == {"topic_status": ["Open", "Resolved"]}
    with pytest.raises(RuleViolation) as refusal:
        service.comment(topic.pk, "  ", actor=cast.lin)
    assert codes(refusal) == {"required"}


def test_an_amendment_keeps_both_values_and_refuses_what_is_outdated(cast, project):
    topic = raised(cast, project)
    service.amend(topic.pk, {"priority": "Critical", "title": "门洞过小"}, actor=cast.wu, expected_version=1)
    assert TraceEntry.objects.get(verb="bim.topic.amended").facts["changes"] == {"priority": ["Normal", "Critical"]}
    with pytest.raises(StaleState):
        service.amend(topic.pk, {"title": "y"}, actor=cast.lin, expected_version=1)
    closed = service.close(topic.pk, actor=cast.lin, expected_version=2)
    assert (closed.topic_status, closed.version) == ("Closed", 3)


def test_nothing_changed_is_no_change(cast, project):
    topic = raised(cast, project)
    assert service.amend(topic.pk, {"title": "门洞过小"}, actor=cast.wu).version == 1
    assert not TraceEntry.objects.filter(verb="bim.topic.amended").exists()


# Who may


@pytest.mark.parametrize("person", ["lin", "lei", "wu", "xu"])
def test_the_unit_and_the_reviewers_work_on_topics(cast, project, person):
    actor = getattr(cast, person)
    topic = raised(cast, project, actor)
    assert service.comment(topic.pk, "好", actor=actor).pk


def test_the_centre_and_invited_experts_work_on_topics(cast, project):
    ProjectAccess.objects.create(project=project, organisation=cast.he.organisation)
    ProjectAccess.objects.create(project=project, user=cast.yan.user)
    assert raised(cast, project, cast.he).pk
    assert raised(cast, project, cast.yan).pk


@pytest.mark.parametrize("person", ["chen", "zhao", "qian", "su", "fang"])
def test_others_read_only(cast, project, person):
    topic, actor = raised(cast, project), getattr(cast, person)
    assert topics.detailed(actor, topic.pk) == topic
    for act in (
        lambda: raised(cast, project, actor),
        lambda: service.comment(topic.pk, "x", actor=actor),
        lambda: service.close(topic.pk, actor=actor),
        lambda: take(project, zipped(minimal()), actor),
    ):
        with pytest.raises(NotPermitted):
            act()


@pytest.mark.parametrize("person", ["sun", "root", "he", "yan"])
def test_who_does_not_see_the_project_does_not_see_its_topics(cast, project, person):
    topic, actor = raised(cast, project), getattr(cast, person)
    for act in (
        lambda: topics.detailed(actor, topic.pk),
        lambda: raised(cast, project, actor),
        lambda: service.comment(topic.pk, "x", actor=actor),
        lambda: topic_files.export(project.pk, "3.0", actor=actor),
    ):
        with pytest.raises(NotFound):
            act()


def test_a_substitute_for_some_kinds_of_items_does_not_reach_the_topics(cast, project):
    with pytest.raises(NotPermitted) as refusal:
        raised(cast, project, replace(cast.lin, item_types=("PR",)))
    assert codes(refusal) == {"delegation.scope"}


def test_an_ended_project_takes_no_topics(cast, project):
    type(project).objects.filter(pk=project.pk).update(**{"stage": "TERMINATED"})
    with pytest.raises(RuleViolation) as refusal:
        raised(cast, project)
    assert codes(refusal) == {"project.ended"}


def test_the_unit_reads_the_house_of_a_reviewer_and_never_the_name(cast, project):
    """R-PERM-02: on the page and in the file."""
    topic = raised(cast, project)
    service.comment(topic.pk, "请补充。", actor=cast.xu)
    service.comment(topic.pk, "已补充。", actor=cast.lei, status="Resolved")
    seen = [topic_wording.named(c.author, c.author_house, cast.lin) for c in topic.comments.order_by("pk")]
    assert seen == ["鹏湾新区发展和财政局", topic_wording.signature(cast.lei)]
    for_unit, for_authority = (topic_files.export(project.pk, "2.1", actor=a)[0] for a in (cast.lin, cast.wu))
    texts = {}
    for name, content in (("unit", for_unit), ("authority", for_authority)):
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            texts[name] = "".join(archive.read(n).decode() for n in archive.namelist())
    assert "吴刚" not in texts["unit"]
    assert "许文" not in texts["unit"]
    assert "雷鸣" in texts["unit"]
    assert "吴刚" in texts["authority"]
    assert "example.test" not in texts["authority"]


# Files


@pytest.mark.parametrize("version", r.VERSIONS)
def test_what_was_raised_here_goes_out_and_comes_back_the_same(cast, project, model, other, version):
    topic = service.create(
        project.pk,
        {"title": "门洞过小", "model": model.pk, "due_on": date(2026, 4, 1), "labels": ["甲"]},
        actor=cast.wu,
        view=VIEW,
        snapshot=picture(),
    )
    service.comment(topic.pk, "请看。", actor=cast.wu)
    found = out(project, cast.wu, version)
    said = found.topics[0]
    assert (said.title, said.topic_status, said.labels, said.guid) == ("门洞过小", "Open", ("甲",), str(topic.guid))
    assert (said.header[0].name, len(said.header[0].ifc_project)) == (model.file.name, 22)
    assert said.viewpoints[0].view.clipping_planes == (r.ClippingPlane((0.0, 0.0, 2.8), (0.0, 0.0, 1.0)),)
    assert said.viewpoints[0].snapshot.content == picture()
    take(other, writer.write(found.topics, version), cast.wu)
    assert replace(out(other, cast.wu, version).topics[0], due_at=None) == replace(said, due_at=None)


@pytest.mark.parametrize("version", r.VERSIONS)
def test_a_file_with_everything_in_it_comes_out_as_it_went_in(cast, project, version):
    content = writer.write([full_topic(1), full_topic(2)], version)
    report = take(project, content, cast.wu)
    assert [(row.outcome, row.comments_added, row.viewpoints_added) for row in report.topics] == [("added", 2, 2)] * 2
    assert report.faults == []
    assert out(project, cast.wu, version).topics == reader.read(io.BytesIO(content)).topics


@pytest.mark.parametrize("name", ["PerspectiveCamera.v2.1.bcf", "Labels.v3.0.bcf"])
def test_files_of_other_tools_come_out_as_they_went_in(cast, project, name):
    content = ifc_samples.sample(f"bcf/{name}").read_bytes()
    read = reader.read(io.BytesIO(content))
    take(project, content, cast.wu, name=name)
    came, went = out(project, cast.wu, read.version).topics[0], read.topics[0]
    assert came == went
    assert out(project, cast.wu, "2.1" if read.version == "3.0" else "3.0").topics[0].title == went.title


def test_a_second_import_adds_what_is_new_and_changes_nothing_else(cast, project):
    topic = full_topic()
    take(project, writer.write([topic], "3.0"), cast.wu)
    row = BcfTopic.objects.get()
    service.comment(row.pk, "我方意见。", actor=cast.lin)
    extra = r.Comment(GUID.format(777), NOON + timedelta(days=1), "李四", "补充。")
    more = replace(topic, title="改名而未注明日期", comments=(*topic.comments, extra))
    report = take(project, writer.write([more], "3.0"), cast.wu)
    assert [(t.outcome, t.comments_added, t.comments_updated) for t in report.topics] == [("kept", 1, 0)]
    row.refresh_from_db()
    assert (row.title, row.comments.count(), row.version) == (topic.title, 4, 1)


def test_a_newer_file_updates_the_topic_and_its_comments(cast, project):
    topic = full_topic()
    take(project, writer.write([topic], "2.1"), cast.wu)
    later = NOON + timedelta(days=3)
    first, second = topic.comments
    newer = replace(
        topic,
        topic_status="Closed",
        modified_at=later,
        modified_author="王五",
        comments=(replace(first, text="更正。", modified_at=later), second),
    )
    report = take(project, writer.write([newer], "2.1"), cast.wu)
    assert [(t.outcome, t.comments_added, t.comments_updated) for t in report.topics] == [("updated", 0, 1)]
    row = BcfTopic.objects.get()
    assert (row.topic_status, row.modified_at, row.version) == ("Closed", later, 2)
    assert BcfComment.objects.get(guid=first.guid).text == "更正。"
    assert BcfViewpoint.objects.count() == 2


def test_an_older_file_does_not_undo_what_was_done_here(cast, project):
    topic = raised(cast, project, description="hier")
    before = topic_files.export(project.pk, "3.0", actor=cast.wu)[0]
    service.close(topic.pk, actor=cast.lin)
    assert take(project, before, cast.lin).topics[0].outcome == "kept"
    topic.refresh_from_db()
    assert topic.topic_status == "Closed"
    assert topic.author == topic_wording.signature(cast.wu)


def test_what_could_not_be_taken_is_told(cast, project):
    content = zipped(minimal(inside="<Cost>1</Cost>") | {"bad/markup.bcf": "<Markup/>"})
    report = take(project, content, cast.wu)
    assert report.count("added") == 1
    assert sorted(where for where, _words in report.faults) == [GUID.format(1), "bad"]
    assert TraceEntry.objects.get(verb="bim.topics.imported").facts["left_out"] == 2


@pytest.mark.parametrize(
    ("content", "name", "expected"),
    [
        (b"", "a.bcf", "file.empty"),
        (b"hello", "a.bcf", "file.content"),
        (zipped(minimal()), "a.exe", "file.kind"),
        (zipped(minimal("2.0")), "a.bcfzip", "bcf.version"),
        (zipped(minimal() | {"../x": "y"}), "a.bcf", "bcf.path"),
    ],
)
def test_what_is_no_bcf_file_is_refused(cast, project, content, name, expected):
    with pytest.raises(RuleViolation) as refusal:
        take(project, content, cast.wu, name)
    assert codes(refusal) == {expected}
    assert not BcfTopic.objects.exists()


def test_overlong_texts_of_a_file_are_shortened_and_it_is_said(cast, project):
    report = take(project, writer.write([replace(full_topic(), title="长" * 300)], "2.1"), cast.wu)
    assert len(BcfTopic.objects.get().title) == 255
    assert len(report.topics[0].notes) == 1


def test_the_model_a_file_names_is_found(cast, project, model):
    take(project, writer.write([full_topic()], "3.0"), cast.wu)
    assert BcfTopic.objects.get().model == model


def test_an_export_holds_what_was_asked_for_and_leaves_a_trace(cast, project, other):
    one, two = raised(cast, project), raised(cast, project)
    content, name = topic_files.export(project.pk, "2.1", actor=cast.qian, keys=[two.pk])
    assert [topic.guid for topic in reader.read(io.BytesIO(content)).topics] == [str(two.guid)]
    assert name.endswith(".bcf")
    assert TraceEntry.objects.get(verb="bim.topics.exported").facts["rows"] == 1
    elsewhere = raised(cast, other)
    with pytest.raises(RuleViolation) as refusal:
        topic_files.export(project.pk, "2.1", actor=cast.qian, keys=[elsewhere.pk])
    assert codes(refusal) == {"bcf.topics"}
    assert one.pk
