"""An upload whose line breaks half way: the page is opened again, the same file chosen, and only the rest is sent."""

import hashlib
from pathlib import Path

import pytest
from django.urls import reverse
from playwright.sync_api import Page, Request, Route

from tests.support.cast import make_cast
from tests.support.lives import PDF, a_draft

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
CHUNK = 5 * 1024 * 1024


def choose(page: Page, file: Path) -> None:
    """Chooses the file once the page has taken over from the plain form, whose button then disappears."""
    row = page.locator("[id='field-material.B01']")
    row.locator("[data-pt-upload-send]").wait_for(state="hidden")
    row.locator("input[type=file]").set_input_files(file)


def test_a_dropped_upload_goes_on_where_it_stopped(desks, tmp_path: Path):
    item = a_draft(make_cast())
    slot = item.slots.get(code="B01")
    content = PDF.replace(b"trailer", b"%" + b"x" * (CHUNK + 1000) + b"\ntrailer")
    file = tmp_path / "proposal.pdf"
    file.write_bytes(content)
    lin = desks.of("lin")
    sent: list[tuple[str, str]] = []

    def note(request: Request) -> None:
        if "/uploads/" in request.url:
            sent.append((request.method, request.headers.get("upload-offset", "")))

    def drop_after_the_first_chunk(route: Route) -> None:
        broken = route.request.method == "PATCH" and route.request.headers["upload-offset"] != "0"
        route.abort() if broken else route.continue_()

    lin.on("request", note)
    lin.route("**/uploads/**", drop_after_the_first_chunk)
    lin.goto(f"{reverse('web:item_edit', args=[item.pk])}?step=materials")
    with lin.expect_event("requestfailed", lambda request: request.method == "PATCH"):
        choose(lin, file)
    assert not slot.versions.exists()

    lin.reload()  # the page is left, and with it whatever it would have tried again
    lin.unroute("**/uploads/**")
    sent.clear()
    desks.faults.clear()  # what the console said of the broken line
    choose(lin, file)
    lin.locator("[id='field-material.B01'] a", has_text="proposal.pdf").wait_for()
    assert sent == [("HEAD", ""), ("PATCH", str(CHUNK))]
    assert slot.versions.get().file.sha256 == hashlib.sha256(content).hexdigest()
