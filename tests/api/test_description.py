"""The OpenAPI description: complete, without warnings, and its page readable under the site's security policy."""

import pytest
import yaml
from django.core.management import call_command
from django.test import Client

from approvals.flow import ITEM_FLOW
from projects.lifecycle import LIFECYCLE


@pytest.fixture(scope="module")
def description(tmp_path_factory):
    file = tmp_path_factory.mktemp("schema") / "schema.yml"
    call_command("spectacular", "--validate", "--fail-on-warn", file=str(file))
    return yaml.safe_load(file.read_text(encoding="utf-8"))


def operations(description):
    for path, methods in description["paths"].items():
        for method, operation in methods.items():
            if method in ("get", "post", "put", "patch", "delete", "head"):
                yield path, method, operation


def test_every_operation_declares_how_it_refuses_and_what_it_does(description):
    for path, method, operation in operations(description):
        where = f"{method} {path}"
        assert operation.get("summary"), where
        assert {"400", "404", "422"} <= set(operation["responses"]), where
        refusal = operation["responses"]["422"]["content"]["application/json"]["schema"]
        assert refusal == {"$ref": "#/components/schemas/Refusal"}, where
        if method != "get" and method != "head":
            assert "409" in operation["responses"], where


def test_the_moves_have_the_names_of_the_tables(description):
    def names(path):
        parameters = description["paths"][path]["post"]["parameters"]
        return set(next(row for row in parameters if row["name"] == "move")["schema"]["enum"])

    assert names("/api/v1/items/{id}/moves/{move}/") == {move.name for move in ITEM_FLOW}
    assert names("/api/v1/projects/{id}/moves/{move}/") == {move.name for move in LIFECYCLE}
    assert names("/api/v1/items/moves/{move}/") == {move.name for move in ITEM_FLOW if move.bulk}


def test_amounts_are_described_as_decimal_strings(description):
    amount = description["components"]["schemas"]["ItemRow"]["properties"]["declared_amount"]
    assert (amount["type"], amount["format"]) == ("string", "decimal")


@pytest.mark.django_db
def test_the_description_is_served(description):
    answer = Client().get("/api/schema/", headers={"Accept": "application/vnd.oai.openapi"})
    assert answer.status_code == 200
    assert set(yaml.safe_load(answer.content)["paths"]) == set(description["paths"])


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_the_page_of_the_description_shows_every_area_without_a_fault_in_the_console(page):
    page.goto("/api/docs/")
    page.locator(".opblock-tag").first.wait_for()
    wanted, seen = {"items", "projects", "calendar", "uploads"}, set()
    for _screen in range(120):
        # Only what lies in the window is drawn.
        seen |= {text.split()[0] for text in page.locator(".opblock-tag").all_inner_texts() if text.strip()}
        if wanted <= seen:
            break
        page.keyboard.press("PageDown")
        page.wait_for_timeout(150)
    assert wanted <= seen
