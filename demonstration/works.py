"""Acts of a project that is being built: bought, worked on, paid for, accepted, settled, audited."""

import io
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from core import clock
from core.money import from_wan
from demonstration.acts import clerk_of, lead_of
from demonstration.amounts import WORKS, spread
from demonstration.papers import paper
from demonstration.people import District
from demonstration.pictures import site_photo
from demonstration.planning import move
from demonstration.schedule import Story
from execution.models import AcceptanceRound, ChangeOrder, Contract, Payment, ProgressReport, Tender
from execution.services import (
    acceptance,
    changes,
    contracts,
    defects,
    forecasts,
    milestones,
    payments,
    photos,
    progress,
    settlements,
    tenders,
)  # fmt: skip
from execution.services.changes import Line as ChangedLine
from execution.services.contracts import Line
from execution.services.evidence import Upload
from execution.services.forecasts import Foreseen
from execution.services.milestones import Stone
from execution.services.progress import Measured
from execution.states import Clearance, Party, PaymentKind
from projects.models import Project

QUANTITY = Decimal(1000)
ENGINEER, CONSULTANT = "鹏湾建设监理有限公司 总监 王工", "鹏信造价咨询有限公司 李工"
PARTIES = {
    Party.OWNER: ("建设单位", "项目负责人"),
    Party.SURVEY: ("环湾岩土勘察院", "陈勘"),
    Party.DESIGN: ("南方建筑设计院", "沈设"),
    Party.CONTRACTOR: ("鹏湾建设集团有限公司", "高建"),
    Party.SUPERVISION: ("鹏湾建设监理有限公司", "王工"),
}


@dataclass(frozen=True)
class Deal:
    """One contract: its name, kind and contractor, its price in 万元, and what it is spread over."""

    name: str
    kind: str
    contractor: str
    price: str
    codes: tuple[str, ...] = ()
    retention: int = 3
    advance: int = 10


class Works:
    """A project's works, with the people who carry them."""

    def __init__(self, district: District, project: Project) -> None:
        self.district, self.project = district, project
        self.clerk, self.lead = clerk_of(district, project), lead_of(district, project)

    def tendered(self, name: str, winner: str, ceiling: str, award: str, kind: str = "WORKS") -> Story:
        """An open tender with all its periods; five weeks. The tender stands in `self.tender` when it is awarded."""
        values = {"name": name, "kind": kind, "method": "OPEN", "ceiling": from_wan(Decimal(ceiling))}
        tender = tenders.record(self.project.pk, actor=self.clerk, values=values)
        first = clock.today()
        move(tender, "announce", self.clerk, announced_on=first, closes_on=first + timedelta(days=21))
        yield (opened := first + timedelta(days=22))
        bidders = [winner, "南屿建工有限公司", "环湾工程有限公司", "金屿市政工程有限公司"]
        move(tender, "open_bids", self.clerk, opened_on=opened, bidders=bidders)
        yield opened + timedelta(days=2)
        move(
            tender, "publish_candidates", self.clerk, reported_on=opened + timedelta(days=1),
            publicity_from=opened + timedelta(days=2), publicity_until=opened + timedelta(days=6),
            candidates=[winner, "南屿建工有限公司", "环湾工程有限公司"],
        )  # fmt: skip
        yield opened + timedelta(days=8)
        price = str(from_wan(Decimal(award)))
        self.tender: Tender = move(
            tender, "award_winner", self.lead, winner=winner, award=price, notified_on=clock.today()
        )

    def signed(self, deal: Deal, tender: Tender | None = None) -> Contract:
        """Drafted, signed today and put into force."""
        today = clock.today()
        price = from_wan(Decimal(deal.price))
        values = {
            "no": f"PW-{today:%Y}-{self.project.pk:03d}-{self.project.contracts.count() + 1}", "name": deal.name,
            "kind": deal.kind, "contractor": deal.contractor, "price": price, "no_prefinancing": True,
            "price_type": "UNIT_PRICE" if deal.kind == "WORKS" else "LUMP_SUM", "retention_rate": Decimal(deal.retention),
            "advance_rate": Decimal(deal.advance), "signed_on": today, "starts_on": today,
            "ends_on": today + timedelta(days=420),
        }  # fmt: skip
        contract = contracts.draft(
            self.project.pk, actor=self.clerk, values=values, lines=self._lines(deal, price),
            tender_id=tender.pk if tender else None,
        )  # fmt: skip
        return move(contract, "take_effect", self.lead)

    def _lines(self, deal: Deal, price: Decimal) -> list[Line]:
        if deal.codes:
            parts = spread(price, [Decimal(1)] * len(deal.codes))
            return [Line(deal.name, code, part, "项") for code, part in zip(deal.codes, parts, strict=True)]
        rows = WORKS[self.project.project_class]
        parts = spread(price, [Decimal(weight) for *_rest, weight in rows])
        return [
            Line(name, code, part, unit, QUANTITY, part / QUANTITY, f"01{position:04d}")
            for position, ((code, name, unit, _weight), part) in enumerate(zip(rows, parts, strict=True), start=1)
        ]

    def milestones(self, *stones: tuple[str, date, int]) -> None:
        rows = [Stone(name, day, Decimal(percent)) for name, day, percent in stones]
        milestones.set_milestones(self.project.pk, actor=self.clerk, stones=rows)

    def reported(
        self, contract: Contract, percent: int, before: int, image: str, problems: str = "", is_confirmed: bool = True
    ) -> ProgressReport:
        """The report of the month before today, with a photo, measured quantities and, as a rule, its confirmation."""
        month = clock.today().replace(day=1) - timedelta(days=1)
        measured = [
            Measured(line.pk, (line.quantity * (percent - before) / 100).quantize(Decimal("0.0001")))
            for line in contract.lines.all()
        ]
        values = {
            "month": month, "physical_percent": Decimal(percent), "image_progress": image, "problems": problems,
            "completed_investment": (contract.price * percent / 100).quantize(Decimal("0.01")), "next_steps": "按计划推进",
        }  # fmt: skip
        report = progress.draft(self.project.pk, actor=self.clerk, values=values, measured=measured)
        photo = io.BytesIO(site_photo(percent))
        photos.add_photo(report.pk, photo, name=f"现场{percent}.png", actor=self.clerk, caption=image)
        report = move(report, "submit", self.clerk)
        return move(report, "confirm", self.district["wu"]) if is_confirmed else report

    def paid(
        self, contract: Contract, kind: str, amount: Decimal, report: ProgressReport | None = None, is_paid: bool = True
    ) -> Payment:
        """Applied for, certified, checked, approved twice, paid by the treasury; all on this day. Yuan."""
        today = clock.today()
        values = {"kind": kind, "applied": amount, "invoice": f"FP{today:%Y%m%d}{contract.pk:03d}"}
        if kind == PaymentKind.PROGRESS:
            values["work_value"] = amount
        payment = payments.apply(contract.pk, actor=self.clerk, values=values, report_id=report.pk if report else None)
        move(payment, "certify", self.clerk, certified=str(amount), signed_by=ENGINEER, signed_on=today)
        move(payment, "check_cost", self.clerk, checked=str(amount), signed_by=CONSULTANT, signed_on=today)
        move(payment, "approve_by_owner", self.lead)
        if not is_paid:
            return payment
        move(payment, "approve_by_finance", self.district["fang"])
        number = f"GK{today:%Y%m%d}{payment.pk:04d}"
        return move(payment, "pay", self.district["fang"], treasury_no=number, paid_on=today)

    def changed(
        self, contract: Contract, title: str, cost_code: str, amount: str, reason: str, is_decided: bool = True
    ) -> ChangeOrder:
        """A change of so many 万元, agreed to by engineer, designer and owner, and approved by whoever decides at its level."""
        price = from_wan(Decimal(amount))
        values = {
            "no": f"BG-{contract.changes.count() + 1:02d}",
            "kind": "DESIGN_CHANGE",
            "title": title,
            "reason": reason,
        }
        line = ChangedLine(title, cost_code, Decimal(1), price, unit="项")
        change = changes.propose(contract.pk, actor=self.clerk, values=values, lines=[line])
        signed = {"signed_by": ENGINEER, "signed_on": clock.today()}
        move(change, "supervision_agrees", self.clerk, **signed)
        move(change, "designer_agrees", self.clerk, **{**signed, "signed_by": "南方建筑设计院 沈设"})
        change = move(change, "owner_agrees", self.lead)
        return self._decided(change, is_decided)

    def _decided(self, change: ChangeOrder, is_decided: bool) -> ChangeOrder:
        if change.level == "OWNER":
            return move(change, "approve_by_owner", self.lead)
        change = move(change, "send_to_authority", self.lead)
        if not is_decided:
            return change
        document = f"鹏发财变〔{clock.today().year}〕{change.pk}号"
        if change.level == "SECTION":
            return move(change, "approve", self.district["xu"], document_no=document)
        return move(change, "approve_by_leader", self.district["zhao"], document_no=document)

    def carried_out(self, change: ChangeOrder) -> ChangeOrder:
        move(change, "carry_out", self.clerk, done_on=clock.today())
        return move(change, "price", self.clerk, priced=str(change.estimated))

    def foreseen(self, *rows: tuple[str, str, str]) -> None:
        """What lines of the cost tree will cost at completion: code, 万元, reason."""
        foreseen = [Foreseen(code, from_wan(Decimal(amount)), reason) for code, amount, reason in rows]
        forecasts.foresee(self.project.pk, actor=self.clerk, rows=foreseen)

    def accepted(self, defect: str = "") -> Story:
        """The five parties meet; a defect is mended and looked at before the works pass. Two weeks."""
        held = acceptance.open_round(self.project.pk, actor=self.clerk, held_on=clock.today())
        for party, (house, person) in PARTIES.items():
            acceptance.record_opinion(
                held.pk, party, actor=self.clerk, organisation=house, person=person, agrees=True,
                signed_on=clock.today(), opinion="同意验收", file=signed_paper(f"{house}验收意见"),
            )  # fmt: skip
        for kind in Clearance.values:
            acceptance.clear(
                self.project.pk, kind, actor=self.clerk, authority="新区主管部门", issued_on=clock.today(),
                document_no=f"鹏验〔{clock.today().year}〕{held.pk}号", file=signed_paper(Clearance(kind).label),
            )  # fmt: skip
        if defect:
            row = defects.record(
                held.pk, actor=self.clerk, text=defect, due_on=clock.today() + timedelta(days=15), place="二层"
            )
            yield clock.today() + timedelta(days=7)
            note = "已返工处理并复测合格"
            defects.mend(row.pk, actor=self.clerk, fixed_on=clock.today(), note=note, file=signed_paper("整改照片"))
            yield clock.today() + timedelta(days=2)
            defects.check(row.pk, actor=self.lead, accepted=True)
        yield clock.today() + timedelta(days=3)
        self._pass(held)

    def _pass(self, held: AcceptanceRound) -> None:
        acceptance.pass_round(held.pk, actor=self.lead, conclusion="五方一致同意通过竣工验收")

    def performed(self, contract: Contract) -> None:
        move(contract, "complete", self.clerk, completed_on=clock.today())

    def settled(self, item_id: int, amounts: dict[int, Decimal]) -> None:
        """The settlement of each contract (yuan by key), all going to one review."""
        for contract_id, amount in amounts.items():
            settlements.submit(
                contract_id, actor=self.clerk, submitted=amount, submitted_on=clock.today(), item_id=item_id
            )


def signed_paper(title: str) -> Upload:
    return Upload(io.BytesIO(paper(str(title), pages=1)), f"{title}.pdf")
