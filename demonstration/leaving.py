"""Acts at the end of a project: asset cards, final account, handover, titles, archive."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from accounts.actor import Actor
from accounts.models import Organisation
from approvals.services import materials
from assets.models import Asset, FinalAccount, HandoverBatch, TitleRecord
from assets.services import accounts, batches, cards, declaring, titles
from assets.services.accounts import DeferredRow
from assets.states import TitlePaper
from core import clock
from core.money import allocate
from demonstration.acts import ItemStory
from demonstration.planning import later, move
from demonstration.schedule import Story
from demonstration.works import Works, signed_paper
from execution import facts
from execution.findings import WORKS_KINDS
from projects.models import Project


def worth_of_works(project: Project) -> Decimal:
    """Yuan: what the works contracts were settled at, or are worth while they are not."""
    return sum(
        (
            facts.settled_value(row) or facts.contract_value(row)
            for row in project.contracts.filter(kind__in=WORKS_KINDS)
        ),
        Decimal(0),
    )


@dataclass(frozen=True)
class Card:
    """An asset: its name, its weight in what the works cost, and what else stands on its card."""

    name: str
    weight: int
    values: Mapping[str, object]


def carded(works: Works, receiver: Organisation, assets: Sequence[Card], **common: object) -> list[Asset]:
    """A card for each asset."""
    direct = allocate(worth_of_works(works.project), [Decimal(asset.weight) for asset in assets])
    values = {
        "asset_class": "FIXED", "kind": "STRUCTURE", "unit": "栋", "receiver": receiver, "custodian": "资产管理科",
        "location": works.project.address or "鹏湾新区", "in_service_on": clock.today(), **common,
    }  # fmt: skip
    return [
        cards.create(
            works.project.pk, actor=works.clerk, values={**values, **asset.values, "name": asset.name, "direct": amount}
        )
        for asset, amount in zip(assets, direct, strict=True)
    ]


def compiled(works: Works, completed_on: date, management: str = "") -> FinalAccount:
    """The account, with the unit's own management cost (yuan) as the deferred cost no contract holds."""
    account = accounts.open_account(
        works.project.pk, actor=works.clerk, cut_off_on=clock.today(), completed_on=completed_on
    )
    if management:
        rows = [DeferredRow(19, "项目建设管理费", Decimal(management), "记账凭证汇总")]
        accounts.keep_deferred(account.pk, actor=works.clerk, rows=rows)
    narrative = {"overview": f"{works.project.name}已按批准内容全部完成并通过竣工验收。"}
    accounts.amend(account.pk, actor=works.clerk, values={"narrative": narrative})
    return move(account, "compile", works.clerk)


def approved(works: Works, account: FinalAccount, cut: str, late_reason: str = "") -> Story:
    """Declared to finance and approved with a reduction of so many yuan; four weeks."""
    item = declaring.declare(account.pk, actor=works.clerk)
    story = ItemStory.of(works.district, item, seed=works.project.pk)
    for slot in item.slots.all():
        if slot.necessity == "M" and slot.requirement.needs_file and not slot.current:
            story.upload(slot.code)
        elif slot.necessity == "C" or (slot.requirement.gates and not slot.linked):
            materials.mark_not_applicable(item.pk, slot.pk, actor=works.clerk, reason="本项目不涉及此项")
    move(account, "submit", works.lead, late_reason=late_reason)
    story.submit()
    story.accept()
    story.assign()
    yield later(10)
    story.review(story.item.declared_amount - Decimal(cut), as_declared=True)
    story.pass_first()
    yield later(2)
    story.pass_second()
    yield later(1)
    story.approve()
    yield later(3)
    story.archive()


def handed_over(works: Works, kind: str, receiver: Organisation, receives: Actor) -> HandoverBatch:
    """All cards of the receiver in one batch, signed by both houses and confirmed by the asset office."""
    batch = signed_over(works, kind, receiver)
    move(batch, "receive", receives)
    return move(batch, "confirm", works.district["zi"])


def signed_over(works: Works, kind: str, receiver: Organisation) -> HandoverBatch:
    """The same, signed by the giving house only: it waits for the receiver."""
    assets = [asset.pk for asset in works.project.assets.filter(receiver=receiver)]
    values = {"kind": kind, "to_unit": receiver, "handed_on": clock.today()}
    batch = batches.prepare(works.project.pk, actor=works.clerk, values=values, assets=assets)
    for title in ("资产移交协议", "竣工档案移交证明"):
        batches.attach(batch.pk, signed_paper(title), actor=works.clerk)
    return move(batch, "sign_over", works.lead)


def titled(works: Works, registers: Actor, first_number: int) -> Story:
    """A certificate for every real estate of the project; three weeks."""
    titles_of = list(TitleRecord.objects.filter(asset__project=works.project).order_by("asset__no"))
    for title in titles_of:
        move(title, "file", registers, filed_on=clock.today(), papers=TitlePaper.values)
    yield clock.today() + timedelta(days=21)
    for number, title in enumerate(titles_of, first_number):
        titles.attach(title.pk, signed_paper("不动产权证书"), actor=registers)
        certificate = f"粤（{clock.today().year}）鹏湾新区不动产权第{number:07d}号"
        move(title, "register", registers, certificate_no=certificate, registered_on=clock.today())
