"""A model by another program, from its file to the screen: handed in, read and drawn by the workers, clicked, read."""

import re

import ifcopenshell
import ifcopenshell.util.element
import pytest
from playwright.sync_api import expect

from bim.models import BimModel
from core import jobs
from tests.support import lives
from tests.support.cast import make_cast
from tests.support.handed_in import hand_in
from tests.support.ifc_samples import sample

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
WALL = "Basic Wall:Interior - Partition"


def test_an_element_of_a_real_model_is_selected_and_its_properties_are_those_of_the_file(desks):
    path = sample("duplex/Duplex_A_20110907.ifc")
    cast = make_cast()
    model = hand_in(cast.lin, lives.a_project(cast), path.read_bytes(), name="Duplex.ifc")
    if model.geometry_status != "READY":
        jobs.perform.func(model.geometry_job_id)
    model = BimModel.objects.get(pk=model.pk)
    assert (model.status, model.geometry_status) == ("ACCEPTED", "READY")

    file = ifcopenshell.open(path)
    wall = next(one for one in file.by_type("IfcWall") if (one.Name or "").startswith(WALL))
    told = ifcopenshell.util.element.get_psets(wall, psets_only=True)
    page = desks.of("wu")
    page.goto(f"/models/{model.pk}/view/")
    expect(page.locator(".bim.is-drawn")).to_be_visible(timeout=60_000)
    page.get_by_label("搜索构件").fill(wall.Name)
    page.get_by_label("搜索构件").press("Enter")
    expect(page.locator("[data-bim-panel] h3")).to_have_text(wall.Name)
    panel = re.sub(r"\s+", " ", page.locator("[data-bim-panel]").text_content() or "")
    assert wall.GlobalId in panel
    for set_name in ("Pset_WallCommon", "PSet_Revit_Type_Dimensions"):
        assert set_name not in told or set_name in panel
    assert told, "the wall has properties"
    texts = [value for part in told.values() for value in part.values() if isinstance(value, str) and len(value) > 3]
    assert texts and all(re.sub(r"\s+", " ", value).strip() in panel for value in texts)
