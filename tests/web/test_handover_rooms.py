"""The pages of asset cards, handovers, titles and the archive: everything is done from them, nothing typed is lost."""

import re
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from assets.models import Asset, HandoverBatch, TitleRecord
from assets.services import archive
from assets.states import TitlePaper
from core import clock
from tests.support import handed
from tests.support.cast import make_cast
from tests.support.lives import PDF
from tests.support.readonly import no_writes

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast():
    return make_cast()


@pytest.fixture
def see(client):
    def look(actor, url, data=None, **query):
        client.force_login(actor.user)
        return client.get(url, query) if data is None else client.post(url, data)

    return look


def text(response):
    return response.content.decode()


def a_pdf(name="移交协议.pdf"):
    return SimpleUploadedFile(name, PDF, "application/pdf")


def test_every_page_opens_and_writes_nothing(cast, see, client):
    project = handed.closed(cast)
    row = archive.make(project.pk, actor=cast.gu, gaps_reason="批复在纸质档案中")
    batch, title, asset = project.handover_batches.get(), TitleRecord.objects.get(), project.assets.first()
    pages = [
        *(reverse(f"web:{name}", args=[project.pk]) for name in ("assets", "handover", "titles", "archive")),
        batch.get_absolute_url(), title.get_absolute_url(), asset.get_absolute_url(), row.get_absolute_url(),
    ]  # fmt: skip
    for actor in (cast.lin, cast.zi, cast.gu, cast.qian):
        client.force_login(actor.user)
        with no_writes():
            assert [client.get(page).status_code for page in pages] == [200] * len(pages)
    for page in (batch.get_absolute_url(), title.get_absolute_url(), asset.get_absolute_url()):
        assert see(cast.xie, page).status_code == 200
        assert see(cast.wen, page).status_code == 404
        assert see(cast.sun, page).status_code == 404
        assert see(cast.chen, page).status_code == 404, "the window has no part in it"
