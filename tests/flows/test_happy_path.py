"""One proposal from declaration to decision, and what it leaves behind."""

from datetime import date
from decimal import Decimal

import pytest

from approvals.models import Decision, Reduction
from approvals.services import ledger
from core import clock, trace
from projects.models import Project
from projects.states import Stage
from tests.support import lives
from tests.support.cast import make_cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast():
    return make_cast()


def test_an_approved_proposal_moves_the_project_and_leaves_its_reduction(cast):
    with clock.at(date(2026, 3, 2)):
        item = lives.submitted(cast)
    with clock.at(date(2026, 3, 3)):
        item = lives.in_first_review(cast, lives.accepted(cast, item))
        assert item.due_on == date(2026, 3, 31)
        item = lives.in_centre(cast, item)
    with clock.at(date(2026, 3, 10)):
        item = lives.in_determination(cast, lives.in_second_review(cast, lives.opinion_delivered(cast, item)))
    with clock.at(date(2026, 3, 12)):
        item = lives.issued(cast, item)

    assert item.state == "ISSUED"
    assert (item.declared_amount, item.reviewed_amount) == (Decimal("10000000.00"), Decimal("7500000.00"))
    assert item.approved_amount == item.reviewed_amount
    assert item.paused_days == 5, "the centre's time stands still for the item"
    assert item.used_days == 2
    project = Project.objects.get(pk=item.project_id)
    assert project.stage == Stage.FEASIBILITY
    assert project.latest_figure("ROUGH").amount == Decimal("7500000.00")
    assert Decision.objects.get(item=item).document.number == item.document_no
    assert Reduction.objects.get(item=item).declared - Reduction.objects.get(item=item).reviewed == Decimal(
        "2500000.00"
    )
    assert ledger.rebuild() == []
    assert trace.verify().broken == ""
