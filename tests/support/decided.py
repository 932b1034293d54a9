"""Decided items for the tests of reports: rows as the decision leaves them, posted by the ledger itself.

Lives driven by the services are slow and their amounts follow from cost lines; a report needs many, with chosen figures.
"""

import csv
from datetime import date
from decimal import Decimal
from itertools import count
from typing import Any

from accounts.actor import Actor
from accounts.models import Organisation
from approvals.models import ApprovalItem, Decision, Reduction
from approvals.services import ledger
from core import clock
from projects.models import Project, ProjectFunding
from tests.support.cast import Cast
from tests.support.source_tree import ROOT

NUMBERS = count(1)
STATE = {"ISSUED": "ARCHIVED", "REJECTED": "REJECTED", "RETURNED": "RETURNED"}


def a_project(
    cast: Cast, *, unit: Organisation | None = None, funding: dict[str, str] | None = None, **fields: Any
) -> Project:
    """A project row with its funding in yuan."""
    number = next(NUMBERS)
    values = {
        "name": f"测试工程{number}",
        "code": f"2016-440399-01-01-{number:06d}",
        "district": "鹏湾新区",
        "owner_unit": unit or cast.houses["unit"],
        "project_class": "BUILDING",
        "construction_nature": "NEW",
        "investment_mode": "DIRECT",
        "industry": "EDUCATION",
        "registered_by": cast.lin.user,
    }
    project = Project.objects.create(**values | fields)
    for source, amount in (funding or {}).items():
        ProjectFunding.objects.create(project=project, source=source, amount=Decimal(amount))
    return project


def decided(
    cast: Cast,
    declared: str,
    reviewed: str,
    *,
    approved: str | None = None,
    item_type: str = "EST",
    on: date = date(2016, 11, 3),
    accepted_on: date | None = None,
    outcome: str = "ISSUED",
    early: bool = False,
    project: Project | None = None,
    reviewer: Actor | None = None,
    officer: Actor | None = None,
    used: int = 10,
    promised: int = 20,
    extension: int = 0,
    paused: int = 0,
    rounds: int = 1,
) -> Reduction:
    """One decided item, amounts in yuan. Returns its row of the ledger."""
    project = project or a_project(cast)
    number = next(NUMBERS)
    item = ApprovalItem.objects.create(
        no=f"T-{number}",
        project=project,
        item_type=item_type,
        owner_unit=project.owner_unit,
        authority=cast.houses["authority"],
        center=cast.houses["center"],
        sent_to_center_on=accepted_on or on,
        state=STATE[outcome],
        is_early_involvement=early,
        declared_amount=Decimal(declared),
        reviewed_amount=Decimal(reviewed),
        approved_amount=Decimal(approved or reviewed) if outcome == "ISSUED" else None,
        accepted_on=accepted_on or on,
        decided_on=on,
        promised_days=promised,
        extension_days=extension,
        used_days=used,
        paused_days=paused,
        round_count=rounds,
        applicant=cast.lin.user,
        first_reviewer=(officer or cast.wu).user,
        center_first=(reviewer or cast.he).user,
        center_second=cast.jiang.user,
        document_no=f"鹏发财〔{on.year}〕{number}号" if outcome == "ISSUED" else "",
    )
    decision = Decision.objects.create(
        item=item, outcome=outcome, decided_on=on, decided_at=clock.office_hour(on), decided_by=cast.zhao.user
    )
    return ledger.post(decision)


def the_87() -> list[dict[str, str]]:
    """The lines of the demonstration's file, amounts in 万元."""
    with (ROOT / "fixtures" / "demo" / "items87.csv").open(encoding="utf-8-sig") as file:
        return list(csv.DictReader(file))


def the_32() -> dict[str, dict[str, str]]:
    """The projects of the demonstration by number."""
    with (ROOT / "fixtures" / "demo" / "projects32.csv").open(encoding="utf-8-sig") as file:
        return {line["project_no"]: line for line in csv.DictReader(file)}


def yuan(wan: str) -> str:
    return str(Decimal(wan).scaleb(4).quantize(Decimal("0.01")))


def decide_the_87(cast: Cast) -> None:
    """The 87 items of the demonstration, each posted to the ledger as its decision does."""
    projects = {
        number: a_project(cast, name=line["name"], project_class=line["project_class"])
        for number, line in the_32().items()
    }
    for line in the_87():
        decided(
            cast,
            yuan(line["declared_wan"]),
            yuan(line["reviewed_wan"]),
            item_type=line["item_type"],
            project=projects[line["project_no"]],
            accepted_on=date.fromisoformat(line["accepted_on"]),
            on=date.fromisoformat(line["decided_on"]),
            used=int(line["used_wd"]),
            paused=int(line["paused_wd"]),
            promised=int(line["promised_wd"]),
            rounds=int(line["rounds"]),
        )
