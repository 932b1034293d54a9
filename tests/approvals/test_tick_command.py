"""`manage.py tick`: says what it did, does nothing the second time, and lets another one run beside it."""

import threading
from datetime import date

import pytest
from django.core import mail
from django.core.management import call_command
from django.db import connection

from accounts.models import Message
from approvals.models import SupervisionEvent
from approvals.services import tick
from core import clock
from core.models import TraceEntry
from tests.support import days, lives
from tests.support.cast import make_cast

ACCEPTED, LATE = date(2026, 3, 2), date(2026, 4, 1)


def overdue_and_unanswered() -> tuple:
    """One item long overdue, one submitted and never answered."""
    with clock.at(ACCEPTED):
        cast = make_cast()
        late = lives.in_first_review(cast)
        other = lives.a_project_in_proposal(cast, name="沙涌路工程", code="2611-440399-04-01-200001")
        silent = lives.submitted(cast, lives.a_draft(cast, other))
    return late, silent


def figures() -> tuple[int, ...]:
    return TraceEntry.objects.count(), SupervisionEvent.objects.count(), Message.objects.count(), len(mail.outbox)


@pytest.mark.django_db
def test_time_accepts_what_nobody_answered_and_notes_what_is_late(capsys):
    late, silent = overdue_and_unanswered()
    with clock.at(LATE):
        call_command("tick")
    assert lives.fresh(silent).state == "ACCEPTED" and lives.fresh(silent).is_deemed_accepted
    assert SupervisionEvent.objects.filter(item=late, cause="ITEM_OVERDUE", level="RED").exists()
    assert "视为受理: 1" in capsys.readouterr().out


@pytest.mark.django_db
def test_a_second_run_does_nothing():
    overdue_and_unanswered()
    with clock.at(LATE):
        call_command("tick")
        before = figures()
        assert mail.outbox
        call_command("tick")
        assert figures() == before


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_two_at_once_do_what_one_does():
    _late, silent = overdue_and_unanswered()
    faults: list[BaseException] = []

    def run() -> None:
        try:
            tick.run()
        except BaseException as fault:
            faults.append(fault)
        finally:
            connection.close()

    with days.on(LATE):
        threads = [threading.Thread(target=run) for _ in range(3)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert not faults
        before = figures()
        tick.run()
        assert figures() == before
    assert TraceEntry.objects.filter(verb="approvals.item.deem_accepted", item_id=silent.pk).count() == 1
    assert SupervisionEvent.objects.values("once_key").distinct().count() == SupervisionEvent.objects.count()
