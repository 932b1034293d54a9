"""Works that come to their end: accepted by five parties, settled after a review, audited, all by the services.

`in_acceptance(cast)` → project in ACCEPTANCE; `agreed_round(cast, project)` → everything there, not passed; `accepted(cast)` →
project in SETTLEMENT; `a_review(cast, project, …)` → decided SET item; `settled(cast)` → project in FINAL_AUDIT.
"""

import io
from datetime import date
from decimal import Decimal
from typing import Any

from approvals.models import ApprovalItem
from approvals.services import moves as item_moves
from core import clock
from execution.models import AcceptanceDefect, AcceptanceRound, AuditFinding, Contract, Settlement
from execution.services import acceptance, audits, defects, settlements
from execution.services.evidence import Upload
from execution.states import Clearance, Party
from projects.models import Project
from projects.services import facts
from projects.services import moves as project_moves
from projects.services.gates import Ruling, open_gate
from projects.states import Gate
from tests.support import lives, works
from tests.support.cast import Cast

ORGANISATIONS = {
    Party.OWNER: "鹏湾新区教育局", Party.SURVEY: "环湾勘察院", Party.DESIGN: "南屿设计院", Party.CONTRACTOR: works.WINNER,
    Party.SUPERVISION: "葵湾监理公司",
}  # fmt: skip


def a_paper(name: str = "签字盖章.pdf") -> Upload:
    return Upload(io.BytesIO(lives.PDF), name)


def fresh(project: Project) -> Project:
    return Project.objects.get(pk=project.pk)


def in_acceptance(cast: Cast, project: Project | None = None, **basics: Any) -> Project:
    """Built to the end and handed over to the acceptance (T15); how far it is built is told as a confirmed report would."""
    project = project or works.building(cast, **basics)
    facts.tell(fresh(project), physical_percent=Decimal(100))
    return project_moves.perform(
        project.pk, "enter_acceptance", actor=cast.lin, data={"document": "竣工报告〔2026〕1号"}
    )


def a_round(cast: Cast, project: Project, held_on: date | None = None) -> AcceptanceRound:
    return acceptance.open_round(project.pk, actor=cast.lin, held_on=held_on or clock.today())


def an_opinion(cast: Cast, held: AcceptanceRound, party: str, agrees: bool = True, **said: Any) -> Any:
    values = {"organisation": ORGANISATIONS[Party(party)], "person": "王工", "signed_on": held.held_on, "file": a_paper(),
              "opinion": "" if agrees else "屋面渗漏", **said}  # fmt: skip
    return acceptance.record_opinion(held.pk, party, actor=cast.lin, agrees=agrees, **values)


def all_agree(cast: Cast, held: AcceptanceRound) -> None:
    for party in Party.values:
        an_opinion(cast, held, party)


def all_papers(cast: Cast, project: Project) -> None:
    for kind in Clearance.values:
        acceptance.clear(
            project.pk, kind, actor=cast.lin, authority="新区住房和建设局", document_no=f"鹏验〔2026〕{kind[:2]}号",
            issued_on=clock.today(), file=a_paper(),
        )  # fmt: skip


def a_defect(cast: Cast, held: AcceptanceRound, **said: Any) -> AcceptanceDefect:
    values = {"text": "三层走廊地砖空鼓", "place": "教学楼三层", "due_on": held.held_on, **said}
    return defects.record(held.pk, actor=cast.lin, **values)


def mended(cast: Cast, defect: AcceptanceDefect) -> AcceptanceDefect:
    return defects.mend(defect.pk, actor=cast.lin, fixed_on=clock.today(), note="已返工", file=a_paper("整改后.pdf"))


def checked(cast: Cast, defect: AcceptanceDefect) -> AcceptanceDefect:
    return defects.check(mended(cast, defect).pk, actor=cast.lei, accepted=True)


def agreed_round(cast: Cast, project: Project) -> AcceptanceRound:
    """Opinions and papers are there; the lead has not signed."""
    held = a_round(cast, project)
    all_agree(cast, held)
    all_papers(cast, project)
    return held


def passed(cast: Cast, project: Project) -> AcceptanceRound:
    return acceptance.pass_round(agreed_round(cast, project).pk, actor=cast.lei, conclusion="同意通过竣工验收")


def filed(cast: Cast, project: Project) -> Project:
    """The filing (ACC) stands, as its decision leaves the project."""
    open_gate(fresh(project), Gate.ACCEPTED, Ruling(1, "鹏住建备〔2026〕3号", clock.today()), actor=cast.czhao)
    return fresh(project)


def accepted(cast: Cast, project: Project | None = None) -> Project:
    """Passed and filed: the project is in SETTLEMENT."""
    project = project or in_acceptance(cast)
    passed(cast, project)
    return filed(cast, project)


def a_review(
    cast: Cast, project: Project, declared: str = "8600000.00", share: str = "0.95", until: str = "ISSUED"
) -> ApprovalItem:
    """A settlement review (SET) decided with `share` of what was declared; `until` SUBMITTED stops before the review."""
    item = lives.submitted(cast, lives.a_draft(cast, project, "SET"), declared=declared)
    if until == "SUBMITTED":
        return item
    item = item_moves.perform(item.pk, "accept", actor=cast.chen)
    item = item_moves.perform(item.pk, "assign", actor=cast.fxu, data={"officer": cast.fwu.user.pk})
    lives.review(item, cast.fwu, share)
    item = item_moves.perform(item.pk, "pass_first", actor=cast.fwu, data={"opinion": "同意"})
    item = item_moves.perform(item.pk, "pass_second", actor=cast.fxu, data={"opinion": "同意"})
    return item_moves.perform(item.pk, "approve", actor=cast.fzhao)


def handed_in(cast: Cast, contract: Contract, amount: str = "8600000.00", item: Any = None) -> Settlement:
    return settlements.submit(
        contract.pk, actor=cast.lin, submitted=Decimal(amount), submitted_on=clock.today(),
        item_id=item.pk if item else None,
    )  # fmt: skip


def settled(cast: Cast, project: Project | None = None, share: str = "0.95") -> Project:
    """Its one contract is settled after a review: the project is in FINAL_AUDIT, or past it where it is exempt."""
    project = project or accepted(cast)
    item = a_review(cast, project, share=share)
    handed_in(cast, project.contracts.get(), item=item)
    settlements.take_review(item.pk, actor=cast.lin)
    return fresh(project)


def settled_first(cast: Cast, project: Project) -> Project:
    """Its first contract is settled after a review, the others are not."""
    item = a_review(cast, project)
    handed_in(cast, project.contracts.order_by("pk")[0], item=item)
    settlements.take_review(item.pk, actor=cast.lin)
    return fresh(project)


def a_finding(cast: Cast, project: Project, **said: Any) -> AuditFinding:
    values = {"text": "土方工程多计工程量", "amount": Decimal("120000.00"), "found_on": clock.today(), **said}
    return audits.record(
        project.pk, actor=said.pop("actor", cast.qian), **{k: v for k, v in values.items() if k != "actor"}
    )


def rectified(cast: Cast, finding: AuditFinding) -> AuditFinding:
    return audits.rectify(
        finding.pk, actor=cast.lin, rectified_on=clock.today(), note="已扣回", file=a_paper("整改证明.pdf")
    )
