"""DOMAIN §13 at the end of the works: who may do what, person by person."""

from collections.abc import Callable
from typing import Any

import pytest

from accounts.actor import Actor
from execution.closing_policies import may_check_defect, may_move_finding, may_record_finding, may_sign_for_the_unit
from execution.machines import FINDINGS
from execution.models import AcceptanceDefect, AcceptanceRound, AuditFinding
from execution.policies import may_keep_books
from projects.models import Project
from projects.policies import may_set_audit_mode
from tests.support.cast import Cast, make_cast
from tests.support.works import taken_over

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    return make_cast()


def those_who(cast: Cast, may: Callable[[Actor], Any]) -> set[str]:
    return {name for name, actor in cast.actors.items() if may(actor) is None}


def test_only_the_own_unit_holds_the_acceptance_and_its_lead_signs(cast: Cast) -> None:
    project = taken_over(cast, "ACCEPTANCE")
    defect = AcceptanceDefect(round=AcceptanceRound(project=project), fixed_by=cast.lin.user)
    assert those_who(cast, lambda actor: may_keep_books(actor, project)) == {"lin"}
    assert those_who(cast, lambda actor: may_sign_for_the_unit(actor, project)) == {"lei"}
    assert those_who(cast, lambda actor: may_check_defect(actor, defect)) == {"lei"}, "not who reported it"


@pytest.mark.parametrize(
    ("mode", "records", "confirms"),
    [("GOV_AUDIT", {"qian"}, {"qian"}), ("COMMISSIONED", {"qian"}, {"qian"}),
     ("INTERNAL", {"qian", "lin"}, {"qian", "lei"})],
)  # fmt: skip
def test_the_mode_says_who_records_and_who_confirms(
    cast: Cast, mode: str, records: set[str], confirms: set[str]
) -> None:
    project = Project(owner_unit=cast.houses["unit"], audit_mode=mode)
    row = AuditFinding(project=project, mode=mode, rectified_by=cast.lin.user)
    assert those_who(cast, lambda actor: may_record_finding(actor, project)) == records
    for name in ("confirm", "send_back"):
        move = FINDINGS.flow[name]
        assert those_who(cast, lambda actor, move=move: FINDINGS.refusal(actor, row, move)) == confirms  # type: ignore[misc]
    assert may_move_finding(cast.lei, row, FINDINGS.flow["schedule"]) is None


def test_only_the_audit_office_says_how_a_project_is_audited(cast: Cast) -> None:
    assert those_who(cast, may_set_audit_mode) == {"qian"}
