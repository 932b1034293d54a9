"""The item types as data: who decides, which steps, which materials, which amounts, which gate. A new type is a new row.

Working-day limits are rule rows (fixtures/rules.json), because they differ by place and year.
"""

from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation
from approvals.states import Step
from projects.states import Gate, Stage

Kind = Organisation.Kind

DOC = ("PDF", "OFD", "DOCX")
DRAWING = ("PDF", "DWG", "OFD")
PRICED = ("PDF", "XLSX", "XML", "OFD")


@dataclass(frozen=True)
class MaterialRequirement:
    """One row of the material list (§2.2). `necessity`: M mandatory, C conditional, O optional.

    `structured` FORM is satisfied by the item's own form, COST by its cost lines beside a file, AUTO:<gate,…> by the
    system's own approval record (R-MAT-01), MODEL:<stage> by accepted building models of that stage whose required
    checks are passed; a file beside them (the bill of quantities) is welcome, but does not stand for the model. `key` materials cannot be deferred by 容缺受理. Some become mandatory for
    major projects (R-LC-09).
    """

    code: str
    name: Any
    necessity: str = "M"
    kinds: tuple[str, ...] = DOC
    structured: str = ""
    key: bool = True
    mandatory_if_major: bool = False

    @property
    def needs_file(self) -> bool:
        return self.structured in ("", "COST")

    @property
    def model_stage(self) -> str:
        return self.structured.removeprefix("MODEL:") if self.structured.startswith("MODEL:") else ""

    @property
    def gates(self) -> tuple[str, ...]:
        return tuple(self.structured.removeprefix("AUTO:").split(",")) if self.structured.startswith("AUTO:") else ()


@dataclass(frozen=True)
class ItemType:
    """One kind of approval item. `money`: it carries declared and approved amounts; `printed_in`: unit on documents."""

    code: str
    label: Any
    stages: tuple[str, ...]
    decided_by: str
    steps: tuple[str, ...]
    materials: tuple[MaterialRequirement, ...] = ()
    gate: Gate | None = None
    money: bool = True
    cost_tree: bool = False
    in_reduction: bool = False
    expires: bool = False
    needs_adjustment_flag: bool = False
    printed_in: str = "wan"
    decision_title: str = "批复"
    amount_label: Any = field(default=_("Declared amount"))
    later_stages: tuple[str, ...] = ()

    def may_be_declared_in(self, stage: str) -> bool:
        """In its own stages, or afterwards for what is finished later (tail works are settled after the project)."""
        return stage in self.stages or stage in self.later_stages

    def requirement(self, code: str) -> MaterialRequirement | None:
        return next((row for row in self.materials if row.code == code), None)


M = MaterialRequirement
# No gate opens for these: whoever holds the released funds links their documents (approvals.services.links.link).
RELEASES = "RELEASES"
COMMON = (
    M("A01", _("Declaration form of the project unit"), structured="FORM"),
    M("A02", _("Request report of the project unit")),
    M("A03", _("Related meeting minutes"), "C", key=False),
    M("A04", _("Commitment to the truth of the materials")),
)
FULL = (Step.FIRST, Step.CENTER, Step.EXPERT, Step.SECOND, Step.DETERMINATION)
PLAIN = (Step.FIRST, Step.SECOND, Step.DETERMINATION)
FILING = (Step.DETERMINATION,)

_TYPES = (
    ItemType("RSV", _("Admission to the reserve"), (Stage.RESERVE,), Kind.INVESTMENT_AUTHORITY, PLAIN, COMMON,
             Gate.RESERVE_ADMITTED, amount_label=_("Rough figure")),
    ItemType("PR", _("Project proposal"), (Stage.PROPOSAL,), Kind.INVESTMENT_AUTHORITY, FULL, (
        *COMMON,
        M("B01", _("Project proposal (text and electronic file)")),
    ), Gate.PROPOSAL_APPROVED, cost_tree=True, in_reduction=True, expires=True, amount_label=_("Rough investment")),
    ItemType("FS", _("Feasibility study report"), (Stage.FEASIBILITY,), Kind.INVESTMENT_AUTHORITY, FULL, (
        *COMMON,
        M("C01", _("Feasibility study report (text and electronic file)")),
        M("C02", _("Approval of the project proposal"), structured="AUTO:PROPOSAL_APPROVED"),
        M("C03", _("Planning site approval / pre-examination of land use"), "C"),
        M("C04", _("Environmental impact approval"), "C", key=False),
        M("C05", _("Energy conservation report"), "C", key=False),
        M("C06", _("Approval form for tender matters"), "C", key=False),
        M("C07", _("Social stability risk assessment"), "C", key=False, mandatory_if_major=True),
    ), Gate.FEASIBILITY_APPROVED, cost_tree=True, in_reduction=True, expires=True,
             amount_label=_("Investment estimate")),
    ItemType("EST", _("Preliminary design and estimate"), (Stage.PRELIM_DESIGN,), Kind.INVESTMENT_AUTHORITY, FULL, (
        *COMMON,
        M("D01", _("Approvals of proposal and feasibility study"),
          structured="AUTO:PROPOSAL_APPROVED,FEASIBILITY_APPROVED"),
        M("D02", _("Environmental report, land-use planning permit"), "C", key=False),
        M("D03", _("Geological survey report"), "C"),
        M("D04", _("Design description and preliminary drawings"), kinds=DRAWING),
        M("D05", _("Estimate book"), kinds=PRICED, structured="COST"),
        M("D06", _("BIM model and bill of quantities"), "C", kinds=("XLSX",), structured="MODEL:PRELIMINARY",
          key=False),
    ), Gate.ESTIMATE_APPROVED, cost_tree=True, in_reduction=True, expires=True, amount_label=_("Declared estimate")),
    ItemType("ADJ", _("Estimate adjustment"), (Stage.CONSTRUCTION,), Kind.INVESTMENT_AUTHORITY, FULL, (
        *COMMON,
        M("E01", _("Original estimate approval, adjustment plan and source of funds"), kinds=PRICED),
        M("E02", _("Classified reasons of the increase"), structured="FORM"),
        M("E03", _("Audit opinion"), "C", key=False),
    ), Gate.ADJUSTMENT_DECIDED, cost_tree=True, in_reduction=True, needs_adjustment_flag=True,
             amount_label=_("Adjusted estimate declared")),
    ItemType("BUD", _("Construction budget"), (Stage.BUDGET,), Kind.FINANCE, FULL, (
        *COMMON,
        M("F01", _("Estimate approval"), structured="AUTO:ESTIMATE_APPROVED"),
        M("F02", _("Construction drawings and examination certificate"), kinds=DRAWING),
        M("F03", _("Budget book and notes"), kinds=PRICED, structured="COST"),
    ), Gate.BUDGET_REVIEWED, cost_tree=True, in_reduction=True, printed_in="yuan", decision_title="评审意见",
             amount_label=_("Declared budget")),
    ItemType("TND", _("Tender filing"), (Stage.PROCUREMENT,), Kind.CONSTRUCTION_AUTHORITY, FILING, (
        *COMMON[:2],
        M("L01", _("Notice of award and contract")),
    ), Gate.AWARDED, printed_in="yuan", decision_title="备案通知", amount_label=_("Tender ceiling price")),
    ItemType("START", _("Start of works"), (Stage.PROCUREMENT,), Kind.CONSTRUCTION_AUTHORITY, FILING, (
        *COMMON[:2],
        M("L02", _("Construction permit and conditions for the start")),
    ), Gate.START_PERMITTED, money=False, decision_title="开工备案"),
    ItemType("ACC", _("Completion acceptance filing"), (Stage.ACCEPTANCE,), Kind.CONSTRUCTION_AUTHORITY, FILING, (
        *COMMON[:2],
        M("H01", _("Acceptance report, planning, fire and environment approvals, quality opinion, warranty")),
    ), Gate.ACCEPTED, money=False, decision_title="竣工验收备案"),
    ItemType("SET", _("Settlement review"), (Stage.SETTLEMENT,), Kind.FINANCE, FULL, (
        *COMMON,
        M("G01", _("Contract and supplements")),
        M("G02", _("As-built drawings and proof of acceptance"), kinds=DRAWING),
        M("G03", _("Changes and site instructions"), "C", key=False),
        M("G04", _("Settlement book and quantity calculations"), kinds=PRICED, structured="COST"),
    ), Gate.SETTLED, cost_tree=True, in_reduction=True, printed_in="yuan", decision_title="评审意见",
             amount_label=_("Declared settlement"),
             later_stages=(Stage.FINAL_AUDIT, Stage.FINAL_ACCOUNT, Stage.ASSET_HANDOVER, Stage.TITLE_REGISTRATION)),
    ItemType("AUD", _("Final audit"), (Stage.FINAL_AUDIT,), Kind.AUDIT, PLAIN, (
        *COMMON[:2],
        M("I01", _("Final account statements and narrative"), kinds=PRICED),
    ), Gate.AUDITED, printed_in="yuan", decision_title="审计报告", amount_label=_("Final account declared")),
    ItemType("FA", _("Final account approval"), (Stage.FINAL_ACCOUNT,), Kind.FINANCE, PLAIN, (
        *COMMON,
        M("I01", _("Final account statements and narrative"), kinds=PRICED),
        M("I02", _("Report of the final audit"), structured="AUTO:AUDITED"),
        M("I03", _("Approvals of proposal, feasibility, estimate and adjustments"),
          structured="AUTO:PROPOSAL_APPROVED,FEASIBILITY_APPROVED,ESTIMATE_APPROVED"),
        M("I04", _("Investment plans and budget releases of all years"), structured=f"AUTO:{RELEASES}"),
        M("I05", _("Audit and inspection opinions"), "C", key=False),
    ), Gate.FINAL_ACCOUNT_APPROVED, cost_tree=True, in_reduction=True, printed_in="yuan",
             amount_label=_("Final account declared")),
    ItemType("HO", _("Asset handover"), (Stage.ASSET_HANDOVER,), Kind.ASSET, FILING, (
        *COMMON[:2],
        M("J01", _("Handover list, asset details, agreement, proof of archive handover"), kinds=PRICED),
    ), Gate.HANDED_OVER, money=False, printed_in="yuan", decision_title="移交确认"),
    ItemType("TR", _("Title registration"), (Stage.TITLE_REGISTRATION,), Kind.REGISTRY, FILING, (
        *COMMON[:2],
        M("K01", _("Application, identity, source of title, planning, completion, survey and tax papers")),
    ), Gate.TITLED, money=False, decision_title="登记结果"),
)  # fmt: skip

ITEM_TYPES: dict[str, ItemType] = {row.code: row for row in _TYPES}
ITEM_TYPE_CHOICES = [(row.code, row.label) for row in _TYPES]
REDUCTION_TYPES = tuple(row.code for row in _TYPES if row.in_reduction)
