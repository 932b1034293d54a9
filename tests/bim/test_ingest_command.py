"""`manage.py ingest_ifc FILE --json`: what an upload would find, without a project."""

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from tests.support.ifc_builder import IfcBuilder

KEYS = {"schema", "elements", "storeys", "by_class", "quantities", "warnings", "units", "project", "encoding"}


def a_model() -> IfcBuilder:
    model = IfcBuilder(unit="MILLIMETRE")
    ground = model.storey("一层")
    model.storey("二层", 3.3)
    for number in range(2):
        quantities = {"Qto_WallBaseQuantities": {"Length": ("length", 2500.0)}}
        model.element("IfcWall", f"墙{number}", ground, quantities=quantities)
    return model


def run(path, *arguments: str) -> str:
    out = StringIO()
    call_command("ingest_ifc", str(path), *arguments, stdout=out)
    return out.getvalue()


def test_the_command_prints_what_is_in_the_file(tmp_path):
    found = json.loads(run(a_model().write(tmp_path / "model.ifc"), "--json"))
    assert found.keys() >= KEYS
    assert (found["schema"], found["elements"], found["storeys"]) == ("IFC4", 2, 2)
    assert found["by_class"] == {"IfcWall": 2}
    assert found["quantities"] == [
        {"set": "Qto_WallBaseQuantities", "name": "Length", "unit": "m", "sum": 5.0, "count": 2}
    ]
    assert found["project"]["name"] == "示例项目"


def test_without_json_it_speaks_to_people(tmp_path):
    assert "IfcWall" in run(a_model().write(tmp_path / "model.ifc"))


def test_a_refused_file_gives_its_reasons_and_a_bad_exit_status(tmp_path):
    path = tmp_path / "model.ifc"
    path.write_bytes(a_model().bytes()[:2000])
    out = StringIO()
    with pytest.raises(CommandError) as failure:
        call_command("ingest_ifc", str(path), "--json", stdout=out)
    assert failure.value.returncode == 1
    (reason,) = json.loads(out.getvalue())["reasons"]
    assert reason["code"] == "file.truncated"
    assert "END-ISO-10303-21" in reason["message"]


def test_a_missing_file_is_said_to_be_missing(tmp_path):
    with pytest.raises(CommandError):
        run(tmp_path / "none.ifc", "--json")


def test_limits_of_the_deployment_hold_for_the_command(tmp_path, settings):
    settings.BIM_MEMORY_MB = 20
    with pytest.raises(CommandError):
        run(a_model().write(tmp_path / "model.ifc"), "--json")
