"""Drives the pages with the Chromium of this machine, as a person would, and fails on what the console reports."""

import os
import re
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.contrib.auth import get_user_model
from django.urls import reverse
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Response, sync_playwright

PASSWORD = "Correct-horse-9"
DESKTOP = (1440, 900)
PHONE = (390, 844)
PROGRAMS = ("chromium", "chromium-browser", "google-chrome")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    # WebGL without a graphics card: slow, but the same picture everywhere.
    "--use-gl=angle",
    "--use-angle=swiftshader",
    "--enable-unsafe-swiftshader",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
]
# A refusal is an answer, not a fault; the browser prints one line for every one of them.
EXPECTED_ANSWER = re.compile(r"the server responded with a status of (401|403|409|422|429)\b")


@contextmanager
def chromium() -> Iterator[Browser]:
    """A headless browser; skips where none is installed, except in CI, where that is a failure."""
    program = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, PROGRAMS)), None)
    if program is None:
        if os.environ.get("CI"):
            pytest.fail("No Chromium: run `make test` as root, or install the package `chromium`.")
        pytest.skip("No Chromium on this machine.")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=FLAGS)
        yield browser
        browser.close()


class Desks:
    """The people at their screens: each has a browser profile of their own, all talk to one live server."""

    def __init__(self, browser: Browser, address: str) -> None:
        self.browser = browser
        self.address = address
        self.faults: list[str] = []
        self._contexts: list[BrowserContext] = []

    def anonymous(self, size: tuple[int, int] = DESKTOP, *, javascript: bool = True) -> Page:
        """A page of somebody who has not signed in. Relative addresses are those of the live server."""
        context = self.browser.new_context(
            base_url=self.address,
            viewport={"width": size[0], "height": size[1]},
            locale="zh-CN",
            timezone_id="Asia/Shanghai",
            java_script_enabled=javascript,
            accept_downloads=True,
        )
        context.set_default_timeout(15_000)
        self._contexts.append(context)
        page = context.new_page()
        page.on("console", self._note_console)
        page.on("pageerror", lambda error: self.faults.append(f"page error: {error}"))
        page.on("response", self._note_response)
        return page

    def of(self, username: str, size: tuple[int, int] = DESKTOP, *, javascript: bool = True) -> Page:
        """A page of that user, signed in through the form. The user gets the password PASSWORD for it."""
        user = get_user_model().objects.get(username=username)
        user.set_password(PASSWORD)
        user.save(update_fields=["password"])
        page = self.anonymous(size, javascript=javascript)
        page.goto(reverse("web:login"))
        page.locator("input[name=username]").fill(username)
        page.locator("input[name=password]").fill(PASSWORD)
        page.locator("form:has(input[name=password]) [type=submit]").click()
        page.wait_for_url(lambda url: reverse("web:login") not in url)
        return page

    def close(self) -> None:
        for context in self._contexts:
            context.close()

    def _note_console(self, message: ConsoleMessage) -> None:
        source = message.location.get("url", "")
        expected = EXPECTED_ANSWER.search(message.text) or source.endswith("/favicon.ico")
        if message.type == "error" and not expected:
            self.faults.append(f"console: {message.text} ({source})")

    def _note_response(self, response: Response) -> None:
        if response.status >= 500:
            self.faults.append(f"{response.status}: {response.url}")


def shot(page: Page, name: str) -> None:
    """Keeps a full-page picture in the folder SCREENSHOTS names, or in a temporary one, to be looked at."""
    folder = Path(os.environ.get("SCREENSHOTS") or tempfile.gettempdir()) / "giplt-screenshots"
    folder.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=folder / f"{name}.png", full_page=True)
