"""Final accounts: a project in its last stages with a settled works contract, assets and an account of its own.

`closing(cast)` → project in FINAL_ACCOUNT with 8,600,000 yuan of works, 9,000,000 released; `an_account(cast)` → its account,
balanced; `imbalanced(cast)` → the same with a wrong asset.
"""

from decimal import Decimal
from typing import Any

from assets.models import Asset, FinalAccount
from assets.services import accounts
from assets.services.moves import MACHINES
from core import clock
from execution.models import Contract
from projects.models import Project
from tests.support import works
from tests.support.cast import Cast

WORKS = Decimal("8600000.00")


def do(account: FinalAccount, name: str, actor: Any, **data: Any) -> FinalAccount:
    """One move of a final account. Returns the row as it stands."""
    return MACHINES["final-account"].perform(account.pk, name, actor=actor, data=data)


def closing(cast: Cast, **basics: Any) -> Project:
    """In FINAL_ACCOUNT, with a works contract in force of 8,600,000 yuan and funds of 9,000,000 from the district."""
    project = works.taken_over(cast, "FINAL_ACCOUNT", **basics)
    Contract.objects.create(
        project=project, no=f"HT-{project.pk}", name="施工合同", kind="WORKS", contractor=works.WINNER,
        price_type="LUMP_SUM", price=WORKS, created_by=cast.lin.user,
    )  # fmt: skip
    contract = project.contracts.get()
    contract.lines.create(position=1, name="主体工程", cost_code="1.1", amount=WORKS)
    works.in_force(cast, _confirmed(contract))
    works.released(cast, project)
    return Project.objects.get(pk=project.pk)


def _confirmed(contract: Contract) -> Contract:
    contract.no_prefinancing, contract.signed_on = True, clock.today()
    contract.save()
    return contract


def an_asset(cast: Cast, project: Project, direct: str, **values: Any) -> Asset:
    number = project.assets.count() + 1
    said = {
        "no": f"ZC-{number:03d}", "name": f"教学楼{number}", "single_project": "教学楼", "asset_class": "FIXED",
        "kind": "STRUCTURE", "unit": "栋", "direct": Decimal(direct), **values,
    }  # fmt: skip
    return Asset.objects.create(project=project, created_by=cast.lin.user, **said)


def an_account(cast: Cast, project: Project | None = None, **values: Any) -> FinalAccount:
    """Of works worth 8,600,000 yuan in two assets, being compiled, balanced."""
    project = project or closing(cast)
    an_asset(cast, project, "5000000.00")
    an_asset(cast, project, "3600000.00", name="体育馆", single_project="体育馆")
    return accounts.open_account(project.pk, actor=cast.lin, **values)


def imbalanced(cast: Cast, project: Project | None = None) -> FinalAccount:
    """The cards of the assets come to 100,000 yuan less than the works cost."""
    account = an_account(cast, project)
    asset = account.project.assets.get(name="体育馆")
    asset.direct = Decimal("3500000.00")
    asset.save()
    return account
