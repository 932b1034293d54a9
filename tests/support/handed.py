"""Assets on their way to who will use them: cards, batches signed by both houses, titles, all by the services.

`approved(cast)` → project in ASSET_HANDOVER whose account of 8,600,000 yuan is approved, with two assets;
`handed(cast, project)` → its final batch, confirmed; `titled(cast, asset)` → its certificate; `a_card(cast, project)` → a card.
"""

import io
from decimal import Decimal
from itertools import count
from typing import Any

from assets.models import Asset, HandoverBatch, TitleRecord
from assets.services import batches, cards, titles
from assets.services.moves import MACHINES
from assets.states import TitlePaper
from core import clock
from execution.services.evidence import Upload
from projects.models import Project
from projects.services.gates import Ruling, open_gate
from projects.states import Gate
from tests.support import account as accounting
from tests.support import lives, works
from tests.support.cast import Cast

NUMBERS = count(1)


def do(row: Any, name: str, actor: Any, **data: Any) -> Any:
    kind = next(kind for kind, machine in MACHINES.items() if isinstance(row, machine.model))
    return MACHINES[kind].perform(row.pk, name, actor=actor, data=data)


def a_paper(name: str = "移交协议.pdf") -> Upload:
    return Upload(io.BytesIO(lives.PDF), name)


def a_project(cast: Cast, stage: str = "SETTLEMENT", **basics: Any) -> Project:
    """Accepted, to be used by the education office."""
    return works.taken_over(cast, stage, **{"user_unit": cast.houses["school"], **basics})


def a_card(cast: Cast, project: Project, direct: str = "1000000.00", **values: Any) -> Asset:
    said = {
        "name": "教学楼", "asset_class": "FIXED", "kind": "STRUCTURE", "unit": "栋", "direct": Decimal(direct),
        "is_real_estate": values.get("kind", "STRUCTURE") == "STRUCTURE", **values,
    }  # fmt: skip
    return cards.create(project.pk, actor=cast.lin, values=said)


def approved(cast: Cast, total: str = "8600000.00", **basics: Any) -> Project:
    """In ASSET_HANDOVER: 5,000,000 yuan of a school building (real estate) and 3,600,000 of a gymnasium's equipment."""
    project = accounting.closing(cast, **{"user_unit": cast.houses["school"], **basics})
    a_card(cast, project, "5000000.00")
    a_card(cast, project, "3600000.00", name="体育馆设备", kind="EQUIPMENT", unit="套")
    account = accounting.accounts.open_account(project.pk, actor=cast.lin)
    approve_account(cast, account, total)
    open_gate(project, Gate.FINAL_ACCOUNT_APPROVED, Ruling(1, "鹏财建〔2026〕9号", clock.today()), actor=cast.fzhao)
    return Project.objects.get(pk=project.pk)


def approve_account(cast: Cast, account: Any, total: str) -> None:
    """As the FA item does."""
    accounting.do(account, "compile", cast.lin)
    account.refresh_from_db()
    machine = MACHINES["final-account"]
    type(account).objects.filter(pk=account.pk).update(state="SUBMITTED")
    account.refresh_from_db()
    machine.perform_by_system(
        account, "approve", data={"approved_total": Decimal(total), "document_no": "鹏财建〔2026〕9号"}
    )


def a_batch(cast: Cast, project: Project, *assets: Asset, kind: str = "FINAL", to: str = "school") -> HandoverBatch:
    """Prepared with the agreement attached; all assets of the project where none are named."""
    chosen = [asset.pk for asset in assets or project.assets.all()]
    values = {"kind": kind, "to_unit": cast.houses[to], "handed_on": clock.today()}
    batch = batches.prepare(project.pk, actor=cast.lin, values=values, assets=chosen)
    batches.attach(batch.pk, a_paper(), actor=cast.lin)
    return batch


RECEIVERS = {"school": "xie", "city": "wen"}


def handed(cast: Cast, project: Project, *assets: Asset, kind: str = "FINAL", to: str = "school") -> HandoverBatch:
    """Signed by both houses and confirmed."""
    batch = a_batch(cast, project, *assets, kind=kind, to=to)
    do(batch, "sign_over", cast.lei)
    do(batch, "receive", cast.actors[RECEIVERS[to]])
    return do(batch, "confirm", cast.zi)


def filed(cast: Cast, asset: Asset, actor: Any = None) -> TitleRecord:
    title = TitleRecord.objects.get(asset=asset)
    return do(title, "file", actor or cast.xie, filed_on=clock.today(), papers=list(TitlePaper.values))


def titled(cast: Cast, asset: Asset, actor: Any = None) -> TitleRecord:
    """Registered, with the scan of the certificate."""
    who = actor or cast.xie
    title = filed(cast, asset, who)
    titles.attach(title.pk, a_paper("不动产权证.pdf"), actor=who)
    number = f"粤(2026)深圳市不动产权第{next(NUMBERS):07d}号"
    return do(title, "register", who, certificate_no=number, registered_on=clock.today())


def closed(cast: Cast, **basics: Any) -> Project:
    """Through handover and title to CLOSED, the decisions of both given."""
    project = approved(cast, **basics)
    handed(cast, project)
    for asset in project.assets.filter(is_real_estate=True):
        titled(cast, asset)
    for gate in (Gate.HANDED_OVER, Gate.TITLED):
        open_gate(
            Project.objects.get(pk=project.pk), gate, Ruling(1, "鹏国资〔2026〕1号", clock.today()), actor=cast.zhao
        )
    return Project.objects.get(pk=project.pk)
