"""Assets handed over: provisional and final, to several receivers, signed by both houses, to the fen; titles; the end."""

from decimal import Decimal

import pytest

from core import clock
from projects.services.gates import Ruling, open_gate
from projects.states import Gate
from tests.support import handed
from tests.support.cast import make_cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast():
    return make_cast()


def fresh(row):
    return type(row).objects.get(pk=row.pk)


def test_a_final_handover_and_the_title_bring_the_project_to_its_end(cast, execution_required):
    project = handed.approved(cast)
    assert project.stage == "ASSET_HANDOVER"
    open_gate(project, Gate.HANDED_OVER, Ruling(2, "鹏国资〔2026〕1号", clock.today()), actor=cast.zhao)
    assert fresh(project).stage == "ASSET_HANDOVER", "the decision alone moves nothing"
    batch = handed.handed(cast, project)
    assert batch.state == "CONFIRMED"
    project = fresh(project)
    assert (project.facts.undelivered, project.facts.pending_titles) == (Decimal("0.00"), 1)
    assert project.stage == "TITLE_REGISTRATION"
    open_gate(project, Gate.TITLED, Ruling(3, "", clock.today()), actor=cast.zhao)
    assert fresh(project).stage == "TITLE_REGISTRATION"
    handed.titled(cast, project.assets.get(is_real_estate=True))
    assert fresh(project).stage == "CLOSED"
