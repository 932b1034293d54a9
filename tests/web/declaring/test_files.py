"""How the files of a declaration are handed out."""

import io

import pytest
from django.urls import reverse

from approvals.services import materials
from approvals.services.create import create
from core import files
from tests.support import lives
from tests.support.declaring import slot_of
from tests.support.lives import PDF

pytestmark = pytest.mark.django_db


@pytest.fixture
def version(cast, item):
    return materials.upload(item.pk, slot_of(item, "A02").pk, io.BytesIO(PDF), name="请示报告.pdf", actor=cast.lin)


def test_a_pdf_is_shown_in_place_and_nothing_in_it_may_run(cast, see, version):
    answer = see(cast.lin, reverse("web:material", args=[version.pk]))
    assert b"".join(answer.streaming_content) == PDF
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"].startswith("inline; filename*=UTF-8''%E8%AF%B7")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Security-Policy"].startswith("default-src 'none'")
    download = see(cast.lin, reverse("web:material", args=[version.pk]) + "?download=1")
    assert download["Content-Disposition"].startswith("attachment")


def test_other_kinds_are_only_downloaded(cast, see):
    project = lives.register(
        actor=cast.lin, basics=lives.BASICS, taken_over_at="PRELIM_DESIGN", taken_over_reason="已批复可研"
    )
    item = create(project.pk, "EST", actor=cast.lin)
    dwg = materials.upload(item.pk, slot_of(item, "D04").pk, io.BytesIO(b"AC1032rest"), name="图.dwg", actor=cast.lin)
    answer = see(cast.lin, reverse("web:material", args=[dwg.pk]))
    assert answer["Content-Disposition"].startswith("attachment")
    assert answer["Content-Security-Policy"].endswith("sandbox")


def test_files_follow_the_visibility_of_their_item(cast, see, item, version):
    url = reverse("web:material", args=[version.pk])
    assert see(cast.sun, url).status_code == 404
    assert see(cast.chen, url).status_code == 404, "a draft is the unit's own"
    lives.submitted(cast, item)
    assert see(cast.chen, url).status_code == 200
    assert see(cast.sun, url).status_code == 404
    assert see(cast.he, url).status_code == 404, "the centre sees what was sent to it"


def test_a_file_changed_on_the_disk_is_never_handed_out(cast, see, version):
    files.path_of(version.file.sha256).write_bytes(b"%PDF-1.4 forged")
    answer = see(cast.lin, reverse("web:material", args=[version.pk]))
    assert answer.status_code == 422
    assert b"forged" not in answer.content
