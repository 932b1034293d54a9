"""Quantities of the model through the API and the command: the same table, the same doors."""

import io
from datetime import date

import pytest
from django.core.management import CommandError, call_command

from bim.models import BimElement
from core import clock
from tests.support import measured
from tests.support.api_client import Api, codes, ok, refused
from tests.support.cast import make_cast

pytestmark = pytest.mark.django_db
MONDAY = date(2026, 3, 2)
RULE = {"line_code": "1.1", "ifc_class": "IfcWall", "quantity": "NetVolume"}


@pytest.fixture
def cast():
    with clock.at(MONDAY):
        yield make_cast()


def test_rules_links_and_models_are_written_and_read_by_the_reviewers_alone(cast):
    item = measured.an_item(cast)
    model = measured.its_model(cast, item)
    place, wu = f"items/{item.pk}/quantities/", Api(cast.wu)
    rule = ok(wu.post(f"{place}rules/", RULE))
    sheet = ok(wu.get(place))
    line = next(line for line in sheet["lines"] if line["code"] == "1.1")
    assert (line["declared"], line["model"], line["difference"], line["light"], line["elements"]) == (
        "43.0000", "44.0000", "0.0233", "GREEN", 8,
    )  # fmt: skip
    assert sheet["models"] == [model.pk] and {"ifc_class": "IfcDoor", "count": 2} in sheet["unlinked"]
    door = BimElement.objects.filter(model=model, ifc_class="IfcDoor").first().guid
    said = {"line_code": "1.2", "quantity": "COUNT", "guids": [door]}
    (link,) = ok(wu.post(f"{place}links/", said))
    assert "elements.counted" in codes(refused(wu.post(f"{place}links/", said), 422))
    assert ok(wu.send("DELETE", f"{place}links/{link['id']}/")) == {"count": 1}
    assert wu.send("DELETE", f"{place}rules/{rule['id']}/").status_code == 204
    assert len(ok(wu.post(f"{place}shipped-rules/", {}))) == 4
    assert ok(wu.send("PUT", f"{place}models/", {"models": [model.pk]}))["models"] == [model.pk]
    assert "model.unknown" in codes(refused(wu.send("PUT", f"{place}models/", {"models": [2**40]}), 422))
    refused(Api(cast.lin).get(place), 403)
    refused(Api(cast.sun).get(place), 404)
    refused(Api(cast.xu).post(f"{place}rules/", RULE), 403)

    told = io.StringIO()
    call_command("check_quantities", item.no, stdout=told)
    text = told.getvalue()
    assert "1.1" in text and "43  44 m³  +2.33 %" in text and "GREEN" in text
    with pytest.raises(CommandError):
        call_command("check_quantities", "没有", stdout=told)
