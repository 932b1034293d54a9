"""Resumable uploads: a broken line goes on where it stopped, and nobody meddles with another person's upload."""

from datetime import date

import pytest
from django.conf import settings as django_settings
from django.test import Client

from approvals.models import MaterialVersion
from core.models import Upload
from core.services import uploads
from tests.support import days, lives
from tests.support.api_client import Api, codes, refused
from tests.support.cast import make_cast

pytestmark = pytest.mark.django_db
CONTENT = lives.PDF + b"%" + b"x" * 300_000


@pytest.fixture
def cast():
    return make_cast()


@pytest.fixture
def slot(cast):
    with days.on(date(2026, 3, 2)):
        return lives.a_draft(cast).slots.get(code="B01")


def begun(api, slot, name="建议书.pdf", size=len(CONTENT)):
    response = api.begin_upload(slot.pk, name, size)
    assert response.status_code == 201, response.content
    return response["Location"]


def test_a_broken_upload_goes_on_where_it_stopped(cast, slot):
    lin = Api(cast.lin)
    place = begun(lin, slot)
    first = lin.send_bytes(place, 0, CONTENT[:100_000])
    assert (first.status_code, first["Upload-Offset"]) == (204, "100000")
    asked = lin.send("HEAD", place, **{"Tus-Resumable": "1.0.0"})
    assert (asked["Upload-Offset"], asked["Upload-Length"]) == ("100000", str(len(CONTENT)))
    assert asked["Cache-Control"] == "no-store"
    assert not MaterialVersion.objects.exists()
    last = lin.send_bytes(place, 100_000, CONTENT[100_000:])
    assert (last.status_code, last["Upload-Offset"]) == (204, str(len(CONTENT)))
    version = MaterialVersion.objects.get(slot=slot)
    assert (version.number, version.file.name, version.uploaded_by) == (1, "建议书.pdf", cast.lin.user)
    stored = lin.get(f"items/{slot.item_id}/materials/B01/versions/1/file/")
    assert b"".join(stored.streaming_content) == CONTENT
    assert lin.send("HEAD", place)["Upload-Offset"] == str(len(CONTENT)), "who missed the last answer learns it is done"
    refused(lin.send_bytes(place, len(CONTENT), b"x"), 409)
    assert MaterialVersion.objects.count() == 1


def test_what_arrived_before_the_line_broke_is_kept(cast, slot):
    class BrokenLine:
        def __init__(self):
            self.blocks = [CONTENT[:5000]]

        def read(self, size):
            if not self.blocks:
                raise OSError("connection reset")
            return self.blocks.pop()

    begun(Api(cast.lin), slot)
    upload = Upload.objects.get()
    with pytest.raises(OSError, match="reset"):
        uploads.append(upload, 0, BrokenLine())
    upload.refresh_from_db()
    assert upload.offset == 5000
    assert Api(cast.lin).send_bytes(f"uploads/{upload.key}/", 5000, CONTENT[5000:]).status_code == 204
    assert MaterialVersion.objects.get().file.size == len(CONTENT)


def test_bytes_at_the_wrong_place_are_a_conflict(cast, slot):
    lin = Api(cast.lin)
    place = begun(lin, slot)
    lin.send_bytes(place, 0, CONTENT[:1000])
    assert codes(refused(lin.send_bytes(place, 0, CONTENT[:1000]), 409)) == {"upload.offset"}
    assert codes(refused(lin.send_bytes(place, 2000, CONTENT[2000:]), 409)) == {"upload.offset"}
    assert Upload.objects.get().offset == 1000


def test_two_requests_cannot_write_one_upload_at_once(cast, slot):
    lin = Api(cast.lin)
    place = begun(lin, slot)
    with uploads._alone(Upload.objects.get()):
        assert codes(refused(lin.send_bytes(place, 0, CONTENT), 409)) == {"upload.busy"}
    assert lin.send_bytes(place, 0, CONTENT).status_code == 204


def test_more_bytes_than_announced_are_refused(cast, slot):
    lin = Api(cast.lin)
    place = begun(lin, slot, size=1000)
    refused(lin.send_bytes(place, 0, CONTENT[:2000]), 413)
    assert not MaterialVersion.objects.exists()


def test_an_upload_exists_for_its_owner_only(cast, slot):
    place = begun(Api(cast.lin), slot)
    for stranger in (Api(cast.lei), Api(cast.chen)):
        assert stranger.send("HEAD", place).status_code == 404
        refused(stranger.send_bytes(place, 0, CONTENT), 404)
        refused(stranger.send("DELETE", place), 404)
    refused(Api().send_bytes(place, 0, CONTENT), 401)


def test_nobody_uploads_into_another_units_item(cast, slot):
    refused(Api(cast.sun).begin_upload(slot.pk, "a.pdf", 100), 404)
    refused(Api(cast.root).begin_upload(slot.pk, "a.pdf", 100), 404)


def test_what_could_never_be_accepted_is_refused_before_a_byte_is_sent(cast, slot, settings):
    lin = Api(cast.lin)
    assert codes(refused(lin.begin_upload(slot.pk, "virus.exe", 100), 422)) == {"file.kind"}
    assert codes(refused(lin.begin_upload(slot.pk, "a.pdf", 400 * 1024 * 1024), 413)) == {"file.size"}
    assert codes(refused(lin.begin_upload(slot.pk, "a.pdf", 0), 422)) == {"file.empty"}
    settings.UPLOAD_MAX_BYTES = 50
    assert codes(refused(lin.begin_upload(slot.pk, "a.pdf", 100), 413)) == {"file.size"}


def test_a_finished_file_with_the_wrong_content_is_refused_and_forgotten(cast, slot):
    lin = Api(cast.lin)
    place = begun(lin, slot, size=6)
    assert codes(refused(lin.send_bytes(place, 0, b"MZ\x90\x00\x03\x00"), 422)) == {"file.content"}
    assert lin.send("HEAD", place).status_code == 404
    assert not list((django_settings.MEDIA_ROOT / "incoming").glob("*")), "no bytes stay behind"


def test_giving_up_removes_the_bytes(cast, slot):
    lin = Api(cast.lin)
    place = begun(lin, slot)
    lin.send_bytes(place, 0, CONTENT[:1000])
    assert lin.send("DELETE", place).status_code == 204
    assert lin.send("HEAD", place).status_code == 404
    assert not list((django_settings.MEDIA_ROOT / "incoming").glob("*"))


def test_the_server_says_what_it_speaks(cast, slot):
    lin = Api(cast.lin)
    told = lin.send("OPTIONS", "uploads/")
    assert (told["Tus-Version"], told["Tus-Extension"]) == ("1.0.0", "creation,termination")
    assert int(told["Tus-Max-Size"]) == django_settings.UPLOAD_MAX_BYTES
    refused(lin.send("POST", "uploads/", raw="", **{"Tus-Resumable": "0.2.2"}), 412)
    place = begun(lin, slot)
    wrong = lin.send("PATCH", place, raw=b"x", **{"Upload-Offset": "0"})
    assert wrong.status_code == 415
    refused(lin.send_bytes(place, "-1", b"x"), 400)


def test_a_browser_needs_its_csrf_token(cast, slot):
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(cast.lin.user, backend="django.contrib.auth.backends.ModelBackend")
    announcement = {"Upload-Length": "10", "Upload-Metadata": f"filename YS5wZGY=,slot {'MQ=='}"}
    assert browser.post("/api/v1/uploads/", headers=announcement).status_code == 403
