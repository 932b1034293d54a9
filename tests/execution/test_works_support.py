"""The lives other tests build upon: each stands where it says it stands."""

import pytest

from tests.support import works
from tests.support.cast import make_cast

pytestmark = pytest.mark.django_db


def test_a_project_under_construction_has_a_contract_and_funds() -> None:
    cast = make_cast()
    project = works.building(cast)
    contract = works.the_contract(project)
    assert (project.stage, contract.state, contract.tender.state) == ("CONSTRUCTION", "EFFECTIVE", "CONTRACTED")
    assert (project.facts.works_contracts, project.facts.released) == (1, 9_000_000)
    assert sum(line.amount for line in contract.lines.all()) == contract.price
    assert works.approved(cast, works.a_change(cast, contract)).state == "APPROVED"
