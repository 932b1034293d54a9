"""Every form of every page, filled with what no honest person types: refused in words, never a fault of the system."""

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client

from approvals.services import publicity
from approvals.services.publicity import Objection
from tests.support import lives
from tests.support.cast import make_cast

pytestmark = pytest.mark.django_db

TYPED = {
    "long": "长" * 6000,
    "exponent": "1e400",
    "script": "<script>alert(1)</script>",
}
# What only a forged form sends: also in hidden fields and choices.
FORGED = {"many digits": "9" * 5000, "large": "9" * 25}
HOSTILE = {
    **TYPED,
    **FORGED,
    "nul": "a\x00b",
    "infinite": "-Infinity",
    "far date": "9999-12-31",
    "first date": "0001-01-01",
    "digit of another script": "²",
}
PAGES = {
    "lin": ["/me/", "/me/delegations/", "/projects/new/", "{project}models/", "{project}topics/", "{project}topics/new/", "/models/search/", "{project}", "{project}edit/", "{project}items/new/", "{draft}edit/",
            "{draft}edit/?step=costs", "{draft}edit/?step=materials", "{draft}edit/?step=sign", "{draft}"],
    "chen": ["{submitted}", "{published}"],
    "xu": ["{accepted}"],
    "wu": ["{reviewed}", "{published}"],
    "he": ["{centre}"],
    "kong": ["{centre}"],
    "": ["{lies_open}"],
    "zhao": ["{decided}", "/inbox/", "/rules/"],
    "fang": ["/reports/reduction/"],
    "su": ["/trace/"],
    "root": ["/calendar/", "/rules/"],
}  # fmt: skip
QUERIES = (
    "/projects/?q={v}", "/projects/?stage={v}", "/projects/?unit={v}", "/projects/?before={v}", "/search/?q={v}",
    "/search/?after={v}", "/inbox/?q={v}&after={v}", "/inbox/done/?after={v}", "/inbox/sent/?after={v}",
    "/overview/?q={v}&light=", "/overview/?unit={v}", "/overview/?state={v}&type={v}&days={v}&after={v}", "/items/?q={v}&after={v}",
    "/me/messages/?before={v}", "/calendar/?year={v}", "/calendar/?start={v}&days={v}", "/rules/?on={v}", "/?year={v}",
    "/reports/reduction/?from={v}", "/reports/reduction/?unit={v}", "/reports/reduction/?sort={v}&by={v}",
    "/reports/timeliness/?page={v}", "/public/?q={v}&page={v}", "/verify/{v}/", "/publicity/?page={v}",
    "/publicity/{v}/", "/publicity/objections/{v}/", "{decided}?file={v}", "/trace/?person={v}",
    "/trace/?project={v}&item={v}&verb={v}", "/trace/?from={v}&to={v}", "/trace/?before={v}", "/supervision/?cause={v}&level={v}",
    "/models/?project={v}&stage={v}", "/models/?before={v}&schema={v}", "/models/search/?ifc_class={v}&after={v}",
    "/models/search/?material={v}&type_name={v}&code={v}", "/models/search/?property_name={v}&property_value={v}",
    "/models/search/?quantity_name=Length&least={v}&most={v}", "/models/search/?model={v}", "/models/{v}/",
    "/topics/{v}/", "/topics/viewpoints/{v}.json", "{project}topics/?status={v}&model={v}&assigned_to={v}&before={v}",
    "/me/trace/?format={v}", "/jobs/?before={v}", "/items/{v}/", "/projects/{v}/", "/documents/{v}/", "/materials/{v}/",
)  # fmt: skip


@pytest.fixture(scope="module")
def world(module_world: Path) -> tuple[Path, dict[str, str]]:
    """An item in each place where somebody has something to fill in; returns the folder of files and the addresses."""
    cast = make_cast()
    numbers = iter(range(100, 200))

    def draft() -> object:
        n = next(numbers)
        return lives.a_draft(
            cast, lives.a_project_in_proposal(cast, name=f"第{n}小学", code=f"2611-440399-04-01-{n:06d}")
        )

    items = {
        "draft": draft(),
        "submitted": lives.submitted(cast, draft()),
        "accepted": lives.accepted(cast, lives.submitted(cast, draft())),
        "reviewed": lives.in_first_review(cast, lives.accepted(cast, lives.submitted(cast, draft()))),
    }
    second = lives.in_first_review(cast, lives.accepted(cast, lives.submitted(cast, draft())))
    items["centre"] = lives.in_centre(cast, second)
    third = lives.in_first_review(cast, lives.accepted(cast, lives.submitted(cast, draft())))
    delivered = lives.opinion_delivered(cast, lives.in_centre(cast, third))
    items["decided"] = lives.in_determination(cast, lives.in_second_review(cast, delivered))
    items["published"] = lives.in_publicity(cast)
    publicity.lodge(items["published"].pk, Objection("选址过近", "王先生", "13800138000"))
    places = {name: f"/items/{item.pk}/" for name, item in items.items()}
    places["lies_open"] = f"/publicity/{items['published'].pk}/"
    return module_world, {**places, "project": f"/projects/{items['draft'].project_id}/"}


class Forms(HTMLParser):
    """The forms of a page: (method, action, {name: (kind, value)})."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, str, dict[str, tuple[str, str]]]] = []
        self.select = ""

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        said = {name: value or "" for name, value in attributes}
        if tag == "form":
            self.found.append((said.get("method", "get"), said.get("action", ""), {}))
        elif tag == "select":
            self.select = said.get("name", "")
        elif tag == "option" and self.select and self.found:
            self.found[-1][2].setdefault(self.select, ("select", said.get("value", "")))
        elif tag in ("input", "textarea", "button") and said.get("name") and self.found:
            self.found[-1][2][said["name"]] = (said.get("type", "text"), said.get("value", ""))

    def handle_endtag(self, tag: str) -> None:
        self.select = "" if tag == "select" else self.select


def signed_in(username: str, django_user_model) -> Client:
    client = Client(raise_request_exception=False)
    user = django_user_model.objects.get(username=username)
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def filled(fields: dict[str, tuple[str, str]], value: str, *, hidden: bool) -> dict[str, object]:
    """Every field a person types into, or also the hidden ones and the choices, with the hostile value."""
    said: dict[str, object] = {}
    for name, (kind, usual) in fields.items():
        if kind == "file":
            said[name] = SimpleUploadedFile(f"{value[:150]}.pdf".replace("\x00", ""), b"%PDF-1.4 x", "text/html")
        elif name == "csrfmiddlewaretoken":
            continue
        elif kind in ("hidden", "select", "checkbox", "radio", "submit", "button"):
            said[name] = value if hidden and kind != "checkbox" else usual
        else:
            said[name] = value
    return said


@pytest.mark.parametrize("username", PAGES)
def test_a_form_with_hostile_input_is_answered_in_words(world, settings, django_user_model, username):
    settings.MEDIA_ROOT, places = world
    client, broken = signed_in(username, django_user_model) if username else Client(raise_request_exception=False), []
    seen: set[tuple[str, frozenset[str]]] = set()
    for page in PAGES[username]:
        address = page.format(**places)
        answer = client.get(address)
        assert answer.status_code == 200, address
        parser = Forms()
        parser.feed(answer.content.decode())
        for method, action, fields in parser.found:
            if method.lower() != "post" or action.startswith(("/logout", "/language", "/act-as")):
                continue
            shape = (re.sub(r"\d+", "N", action or address), frozenset(re.sub(r"\d+", "N", name) for name in fields))
            if shape in seen:
                continue
            seen.add(shape)
            for label, value in {**TYPED, **FORGED}.items():
                with transaction.atomic():
                    answer = client.post(action or address, filled(fields, value, hidden=label in FORGED))
                    transaction.set_rollback(True)
                if answer.status_code >= 500 or b"<script>alert" in answer.content:
                    broken.append((label, action or address, answer.status_code))
    assert seen
    assert client.post(PAGES[username][0].format(**places), {"reason": "a\x00b"}).status_code in (400, 405)
    assert broken == []


@pytest.mark.parametrize("username", ["su", "zhao", "lin", ""])
def test_an_address_with_hostile_words_is_answered_in_words(world, settings, django_user_model, username):
    settings.MEDIA_ROOT, places = world
    client = signed_in(username, django_user_model) if username else Client(raise_request_exception=False)
    broken, words = [], list(HOSTILE.items())
    for at, address in enumerate(QUERIES):
        # Who sees most tries every word everywhere; the others, who read the same pages, every third in turn.
        for label, value in words if username == "su" else words[at % 3 :: 3]:
            with transaction.atomic():
                said = value[:3000].replace("\x00", "%00").replace('"', "%22").replace("<", "%3C").replace(" ", "%20")
                answer = client.get(address.format(v=said, **places))
                transaction.set_rollback(True)
            if answer.status_code >= 500 or b"<script>alert" in getattr(answer, "content", b""):
                broken.append((label, address, answer.status_code))
    assert broken == []
