"""The trace: every act leaves an entry, no entry can be changed, and whoever changes one below the database is named."""

import io
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection, transaction
from django.db.utils import DatabaseError

from approvals.flow import ITEM_FLOW
from approvals.services import costs, edit, materials, moves
from approvals.services.costs import DeclaredLine
from core import clock, trace, triggers
from core.models import TraceChain, TraceEntry
from projects.lifecycle import LIFECYCLE
from projects.services.amend import amend
from tests.support import lives
from tests.support.cast import make_cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Any:
    return make_cast()


def entries(n: int) -> list[TraceEntry]:
    return [trace.record(f"test.act{k}", actor=trace.SYSTEM, facts={"k": k}, project_id=7) for k in range(1, n + 1)]


def test_each_entry_carries_the_hash_of_the_one_before() -> None:
    first, second, third = entries(3)
    assert (first.prev_hash, second.prev_hash, third.prev_hash) == ("0" * 64, first.hash, second.hash)
    assert trace.verify() == trace.Verification(3)


def test_facts_read_back_as_they_were_hashed() -> None:
    facts = {
        "amount": Decimal("12345678901234.50"), "day": date(2026, 3, 2), "at": datetime(2026, 3, 2, 10, 0, 0, 5),  # noqa: DTZ001
        "list": [1, None, True, "中文\u2028", {"k": Decimal("0.10")}], 3: "key",
    }  # fmt: skip
    entry = trace.record("test.facts", actor=trace.SYSTEM, facts=facts)
    kept = TraceEntry.objects.get(pk=entry.pk)
    assert kept.facts["amount"] == "12345678901234.50" and kept.facts["list"][4] == {"k": "0.10"}
    assert trace.digest(kept) == kept.hash == entry.hash


def test_neither_an_entry_nor_a_set_of_them_can_be_changed_or_deleted_through_the_models() -> None:
    entry = entries(1)[0]
    for act in (
        entry.save, entry.delete, TraceEntry.objects.all().delete, lambda: TraceEntry.objects.update(verb="x"),
        lambda: TraceEntry.objects.bulk_update([entry], ["verb"]), lambda: TraceEntry.objects.filter(pk=entry.pk).delete(),
    ):  # fmt: skip
        with pytest.raises(PermissionDenied):
            act()


@pytest.mark.parametrize("sql", ["UPDATE core_traceentry SET verb = 'x'", "DELETE FROM core_traceentry"])
def test_the_database_itself_refuses(sql: str) -> None:
    entries(1)
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)
    assert TraceEntry.objects.get().verb == "test.act1"


def tamper(sql: str) -> None:
    """What somebody with the database's own password could do."""
    triggers.remove(connection)
    with connection.cursor() as cursor:
        cursor.execute(sql)
    triggers.install(connection)


@pytest.mark.parametrize(
    ("change", "broken"),
    [
        ("UPDATE core_traceentry SET verb = 'test.other' WHERE seq = 2", 2),
        ("UPDATE core_traceentry SET actor_name = 'nobody' WHERE seq = 1", 1),
        ("UPDATE core_traceentry SET reason = 'because' WHERE seq >= 2", 2),
        ("DELETE FROM core_traceentry WHERE seq = 2", 3),
        ("DELETE FROM core_traceentry WHERE seq = 4", 4),
    ],
)
def test_tampering_is_found_and_the_first_broken_entry_named(change: str, broken: int) -> None:
    entries(4)
    trace.record("test.elsewhere", actor=trace.SYSTEM, project_id=8)
    tamper(change)
    assert trace.verify().broken.startswith(f"project:7#{broken} ")


def test_a_chain_cut_to_nothing_is_found_too() -> None:
    entries(2)
    tamper("DELETE FROM core_traceentry")
    assert trace.verify().broken == "project:7#2 (missing)"
    TraceChain.objects.all().update(height=0, head_hash="0" * 64)
    assert trace.verify().broken == "", "who also rewrites the head leaves no mark in this chain: keep heads elsewhere"


def test_every_move_of_both_tables_has_a_verb_of_its_own() -> None:
    verbs = [ITEM_FLOW.verb(m.name) for m in ITEM_FLOW] + [LIFECYCLE.verb(m.name) for m in LIFECYCLE]
    assert len(set(verbs)) == len(verbs)
    assert all(verb.startswith(("approvals.item.", "projects.project.")) for verb in verbs)


def test_each_edit_and_each_move_of_a_life_leaves_its_entry(cast: Any) -> None:
    project = lives.a_project_in_proposal(cast)
    amend(project.pk, actor=cast.lin, basics={"address": "鹏湾路 1 号"})
    item = lives.a_draft(cast, project)
    edit.amend(item.pk, actor=cast.lin, changes={"summary": "新建"})
    costs.declare_lines(item.pk, actor=cast.lin, lines=[DeclaredLine("1", "工程费用", Decimal("5.00"))])
    slot = item.slots.get(code="B01")
    materials.upload(item.pk, slot.pk, io.BytesIO(lives.PDF), name="b.pdf", actor=cast.lin)
    materials.mark_not_applicable(item.pk, item.slots.get(code="A03").pk, actor=cast.lin, reason="不涉及")
    moves.perform(item.pk, "request_pre_review", actor=cast.lin)
    materials.comment(item.pk, slot.pk, actor=cast.chen, verdict="DEFECT", text="缺页")
    moves.perform(item.pk, "return_pre_review", actor=cast.chen)
    lives.issued(cast, lives.in_determination(cast, lives.in_second_review(cast, lives.opinion_delivered(cast, lives.in_centre(
        cast, lives.in_first_review(cast, lives.accepted(cast, lives.submitted(cast, item))))))))  # fmt: skip
    verbs = list(TraceEntry.objects.filter(project_id=project.pk).order_by("seq").values_list("verb", flat=True))
    kinds = list(dict.fromkeys(verb.removeprefix("approvals.item.") for verb in verbs))
    assert kinds == [
        "projects.project.registered", "projects.project.start_proposal", "projects.project.amended", "created", "amended",
        "cost_lines_declared", "material_uploaded", "material_not_applicable", "request_pre_review", "material_commented",
        "return_pre_review", "submit", "accept", "assign", "send_to_center", "assign_center", "cost_lines_reviewed",
        "sign_opinion", "deliver_opinion", "pass_first", "pass_second", "projects.project.pass_proposal", "approve",
    ]  # fmt: skip
    entry = TraceEntry.objects.get(verb="approvals.item.amended", item_id=item.pk)
    assert entry.facts["changes"] == {"summary": ["", "新建"]}
    assert (entry.actor_name, entry.role, entry.at.date()) == ("林晓", "APPLICANT_CLERK", clock.now().date())
    assert trace.verify().broken == ""


def test_a_refused_act_leaves_nothing(cast: Any) -> None:
    item = lives.submitted(cast)
    before = TraceEntry.objects.count()
    for name, actor in (("accept", cast.wu), ("accept_with_deficiency", cast.xu)):
        with pytest.raises(Exception, match=r".+"):
            moves.perform(item.pk, name, actor=actor)
    assert TraceEntry.objects.count() == before


def test_the_seal_changes_with_every_entry_and_shows_a_rewritten_chain(db):
    """Somebody who can rewrite entries and heads alike leaves every chain fitting; the seal kept elsewhere differs."""
    trace.record("test.one", actor=trace.SYSTEM, project_id=1)
    kept = trace.seal()
    assert trace.seal() == kept
    TraceChain.objects.filter(key="project:1").update(height=0, head_hash="0" * 64)
    assert trace.seal() != kept
