"""Findings of the final audit: who records them in which mode, how they are followed up, what T19 waits for."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError

from accounts.actor import from_appointment
from accounts.models import Appointment, Message
from approvals.message_wording import SENTENCES
from core import clock
from core.errors import NotPermitted, RuleViolation, StaleState
from core.models import TraceEntry
from execution import closing
from execution.machines import FINDINGS
from execution.models import AuditFinding
from execution.services import audits
from projects.services.gates import Ruling, open_gate
from projects.states import Gate
from tests.support import finishing, works
from tests.support.cast import Cast, make_cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    return make_cast()


def audited_stage(cast: Cast, **basics: Any) -> Any:
    """A project taken over in FINAL_AUDIT."""
    return works.taken_over(cast, "FINAL_AUDIT", **basics)


def codes(act: Any) -> list[str]:
    with pytest.raises(RuleViolation) as caught:
        act()
    return [problem.code for problem in caught.value.problems]


def test_the_audit_is_passed_only_when_every_finding_is_scheduled_or_rectified(cast: Cast) -> None:
    project = audited_stage(cast)
    one, two = finishing.a_finding(cast, project), finishing.a_finding(cast, project, text="合同未归档", amount=None)
    assert [one.number, two.number] == [1, 2]
    open_gate(finishing.fresh(project), Gate.AUDITED, Ruling(1, "鹏审〔2026〕1号", clock.today()), actor=cast.qian)
    project = finishing.fresh(project)
    assert project.stage == "FINAL_AUDIT"
    assert [p.code for p in closing.what_keeps(project, "pass_audit", clock.today())] == ["findings.open"]
    works.do(one, "schedule", cast.lei, measure="扣回多计工程款", due_on=clock.today() + timedelta(days=30))
    assert finishing.fresh(project).stage == "FINAL_AUDIT"
    finishing.rectified(cast, two)
    project = finishing.fresh(project)
    assert (project.stage, project.told.open_findings) == ("FINAL_ACCOUNT", 0)
    assert closing.what_keeps(project, "pass_audit", clock.today()) == []
    late = finishing.a_finding(cast, project, text="后续发现")
    assert finishing.fresh(project).told.open_findings == 1
    assert late.mode == "GOV_AUDIT"


def test_a_finding_is_followed_up_to_its_confirmation_by_another_person(cast: Cast) -> None:
    row = finishing.a_finding(cast, audited_stage(cast))
    yesterday = clock.today() - timedelta(days=1)
    assert codes(lambda: works.do(row, "schedule", cast.lei, measure="x", due_on=yesterday)) == ["date.past"]
    row = works.do(row, "schedule", cast.lei, measure="扣回", due_on=clock.today())
    assert codes(lambda: works.do(row, "rectify", cast.lin, rectified_on=yesterday, note="已扣")) == [
        "finding.no_evidence", "date.too_early",
    ]  # fmt: skip
    row = finishing.rectified(cast, row)
    assert (row.state, row.rectified_by, row.evidence.name) == ("RECTIFIED", cast.lin.user, "整改证明.pdf")
    with pytest.raises(NotPermitted):
        works.do(row, "confirm", cast.lei)
    row = works.do(row, "send_back", cast.qian, reason="票据不全")
    assert (row.state, row.rectified_by, row.evidence, row.returned_note) == ("SCHEDULED", None, None, "票据不全")
    with clock.at(clock.today() + timedelta(days=1)):
        assert row.is_late(clock.today())
    row = finishing.rectified(cast, row)
    row = works.do(row, "confirm", cast.qian)
    assert (row.state, row.confirmed_by, row.confirmed_on) == ("CONFIRMED", cast.qian.user, clock.today())
    assert FINDINGS.offers(row, cast.qian) == []
    with pytest.raises(IntegrityError):
        AuditFinding.objects.filter(pk=row.pk).update(confirmed_by=row.rectified_by)


def test_a_finding_sent_back_without_a_schedule_is_open_again(cast: Cast) -> None:
    project = audited_stage(cast)
    row = finishing.rectified(cast, finishing.a_finding(cast, project))
    assert finishing.fresh(project).told.open_findings == 0
    row = works.do(row, "send_back", cast.qian, reason="不符")
    assert row.state == "OPEN"
    assert finishing.fresh(project).told.open_findings == 1


def test_where_the_unit_audits_itself_its_clerk_records_and_its_lead_confirms(cast: Cast) -> None:
    project = audited_stage(cast, audit_mode="INTERNAL")
    row = finishing.rectified(cast, finishing.a_finding(cast, project, actor=cast.lin))
    post = Appointment.objects.create(
        user=cast.lin.user, organisation=cast.houses["unit"], role="APPLICANT_LEAD", held_from=clock.today()
    )
    with pytest.raises(NotPermitted) as refused:
        works.do(row, "confirm", from_appointment(post))
    assert refused.value.code == "same_person"
    assert works.do(row, "confirm", cast.lei).state == "CONFIRMED"


@pytest.mark.parametrize("mode", ["GOV_AUDIT", "COMMISSIONED"])
def test_otherwise_only_auditors_record(cast: Cast, mode: str) -> None:
    project = audited_stage(cast, audit_mode=mode)
    for actor in (cast.lin, cast.lei, cast.su, cast.zhao):
        with pytest.raises(NotPermitted):
            finishing.a_finding(cast, project, actor=actor)
    assert finishing.a_finding(cast, project).mode == mode


def test_an_exempt_project_and_an_early_stage_take_no_finding_and_every_reason_is_named(cast: Cast) -> None:
    project = works.taken_over(cast, "SETTLEMENT", audit_mode="EXEMPT")
    said = {"text": " ", "found_on": clock.today() + timedelta(days=1), "amount": Decimal("-1.00"), "item_id": 5}
    assert codes(lambda: audits.record(project.pk, actor=cast.qian, **said)) == [
        "audit.exempt", "audit.stage", "required", "date.future", "amount.negative", "finding.item",
    ]  # fmt: skip


def test_a_finding_is_corrected_only_until_it_is_answered(cast: Cast) -> None:
    row = finishing.a_finding(cast, audited_stage(cast))
    said = {"text": "多计土方", "found_on": clock.today(), "amount": Decimal("90000.00")}
    with pytest.raises(StaleState):
        audits.amend(row.pk, actor=cast.qian, expected_version=5, **said)
    row = audits.amend(row.pk, actor=cast.qian, expected_version=0, **said)
    assert (row.text, row.amount, row.version) == ("多计土方", Decimal("90000.00"), 1)
    works.do(row, "schedule", cast.lei, measure="扣回", due_on=clock.today())
    assert codes(lambda: audits.amend(row.pk, actor=cast.qian, **said)) == ["finding.answered"]
    verbs = list(TraceEntry.objects.filter(verb__startswith="execution.finding").values_list("verb", flat=True))
    assert sorted(verbs) == ["execution.finding.amended", "execution.finding.recorded", "execution.finding.schedule"]


def test_who_has_to_act_next_finds_a_message(cast: Cast) -> None:
    row = finishing.rectified(cast, finishing.a_finding(cast, audited_stage(cast)))
    works.do(row, "send_back", cast.qian, reason="不符")
    told = {(message.user.username, message.code) for message in Message.objects.filter(code__startswith="finding.")}
    assert told == {("lei", "finding.recorded"), ("qian", "finding.rectified"), ("lin", "finding.returned")}
    for message in Message.objects.filter(code__startswith="finding."):
        assert "土方" in SENTENCES[message.code](message.facts)
        assert message.link == row.get_absolute_url()


def test_strangers_see_no_findings(cast: Cast) -> None:
    row = finishing.a_finding(cast, audited_stage(cast))
    assert not closing.findings(cast.sun).exists()
    assert closing.waiting_findings(cast.su, late=False, today=clock.today()).get() == row
    assert not closing.waiting_findings(cast.su, late=True, today=clock.today()).exists()
