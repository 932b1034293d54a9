"""The cost control table over HTTP: exact amounts as strings, the same lights as the page."""

import pytest

from tests.support import books, works
from tests.support.api_client import Api, ok, refused
from tests.support.cast import make_cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast():
    return make_cast()


def test_every_line_with_its_amounts_and_its_light(cast):
    project = works.building(cast)
    books.broken_down(cast, project, "EST", {"1.1": "8000000.00", "1.2": "3999999.99"})
    books.a_payment(cast, works.the_contract(project), "86.01")
    told = ok(Api(cast.fang).get(f"projects/{project.pk}/control/"))
    lines = {line["code"]: line for line in told["lines"]}
    assert lines["1.1"]["amounts"]["contract"] == "8500000.00"
    assert lines["1.1"]["amounts"]["difference"] == "500000.00"
    assert (lines["1.1"]["light"], lines["1.2"]["light"], told["light"]) == ("RED", "GREEN", "GREEN")
    assert told["total"]["paid"] == "86.01"
    assert told["total"]["estimate"] == "12000000.00"
    assert lines[""]["amounts"]["estimate"] == "0.01"
    assert told["curve"][-1]["paid"] == "86.01"
    assert told["curve"][-1]["planned"] is None
    assert told["adjustment"]["is_open"] is False


def test_a_stranger_gets_nothing(cast):
    project = works.building(cast)
    refused(Api(cast.sun).get(f"projects/{project.pk}/control/"), 404)
