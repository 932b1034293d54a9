"""How often the database is asked for one approval: figures, pauses and suspensions are read once."""

from collections import Counter
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from approvals.models import ApprovalItem
from approvals.services import moves
from core import clock
from projects.models import ControlFigure, Suspension
from tests.support import lives
from tests.support.cast import make_cast

pytestmark = pytest.mark.django_db
MOST = 72


def asked(item: ApprovalItem, actor: Any) -> list[str]:
    with CaptureQueriesContext(connection) as queries:
        moves.perform(item.pk, "approve", actor=actor)
    return [query["sql"] for query in queries]


def test_an_approval_stays_within_its_budget_of_queries_however_long_the_project_has_lived() -> None:
    cast = make_cast()
    item = lives.in_determination(cast)
    today = clock.today()
    for version in range(1, 9):
        amount = Decimal(50_000_000 + version)
        ControlFigure.objects.create(
            project=item.project, version=version, kind="ROUGH", amount=amount, decided_on=today, withdrawn_on=today
        )
    for n in range(4):
        Suspension.objects.create(
            project=item.project, began_on=today, ended_on=today, reason=str(n), authority_document="1号"
        )
    queries = asked(item, cast.zhao)
    reads = Counter(
        table
        for sql in queries
        for table in ("projects_suspension", "approvals_opinion", "accounts_user", "core_calendarnotice")
        if sql.startswith("SELECT") and f'FROM "{table}"' in sql
    )
    assert max(reads.values()) == 1, reads
    assert len(queries) <= MOST, len(queries)


def test_what_was_read_for_a_move_is_not_kept_after_it() -> None:
    cast = make_cast()
    item = moves.perform(lives.in_determination(cast).pk, "approve", actor=cast.zhao)
    assert item.project.latest_figure("ROUGH").amount == item.approved_amount
    assert [row.document_no for row in item.project.gate_openings.all()] == [item.document_no]
    assert not getattr(item, "_prefetched_objects_cache", {})
