"""Reads of asset cards, handovers and titles for pages and API: a project's lists, one row with all it shows, the sums."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Count, F, Q, QuerySet, Sum

from accounts.actor import Actor
from accounts.models import Appointment, Organisation
from accounts.policies import insist
from accounts.roles import Role
from assets.handover_policies import may_read_assets
from assets.models import Asset, HandoverBatch, HandoverLine, TitleRecord
from assets.services.batches import HANDABLE
from assets.states import DELIVERED, OPEN_BATCH, AssetClass, BatchKind, BatchState, TitleState
from core import calendars, clock
from core.locks import found
from core.money import ZERO
from core.rulebook import Rulebook
from projects.models import Project

WAITING = (BatchState.SIGNED_OVER,)
YELLOW_DAYS = 7


@dataclass(frozen=True)
class ClassSum:
    """How many cards of one accounting class there are, and what they are worth in yuan."""

    asset_class: str
    label: str
    count: int
    direct: Decimal
    installation: Decimal
    allocated: Decimal

    @property
    def value(self) -> Decimal:
        return self.direct + self.installation + self.allocated


@dataclass(frozen=True)
class Standing:
    """How far the handover is, yuan: what is to be delivered, what was handed over finally, what only provisionally."""

    due: Decimal
    final: Decimal
    provisional: Decimal

    @property
    def undelivered(self) -> Decimal:
        return self.due - self.final


def project_of(actor: Actor, pk: int) -> Project:
    """The project, for those whose work its assets are. Raises NotFound, NotPermitted."""
    insist(may_read_assets, actor)
    return found(Project.objects.visible_to(actor).select_related("owner_unit", "user_unit"), pk=pk)


def assets_of(actor: Actor, project: Project, narrowed: Mapping[str, str] | None = None) -> QuerySet[Asset]:
    """Narrowed by `asset_class`, `handed` (no, provisional, final) and `q` (part of number or name)."""
    rows: QuerySet[Asset] = Asset.objects.visible_to(actor).filter(project=project)
    rows = rows.select_related("receiver", "title")
    said = narrowed or {}
    if said.get("asset_class") in AssetClass.values:
        rows = rows.filter(asset_class=said["asset_class"])
    if text := said.get("q", "").strip():
        rows = rows.filter(Q(no__icontains=text) | Q(name__icontains=text))
    handed = HandoverLine.objects.filter(batch__state=BatchState.CONFIRMED, batch__project=project)
    final = handed.filter(batch__kind=BatchKind.FINAL).values("asset")
    if said.get("handed") == "no":
        rows = rows.exclude(pk__in=handed.values("asset"))
    elif said.get("handed") == "provisional":
        rows = rows.filter(pk__in=handed.values("asset")).exclude(pk__in=final)
    elif said.get("handed") == "final":
        rows = rows.filter(pk__in=final)
    return rows.annotate(n_elements=Count("elements")).prefetch_related("handovers__batch").order_by("-pk")


def asset_of(actor: Actor, pk: int) -> Asset:
    rows = Asset.objects.visible_to(actor).select_related(
        "project__owner_unit", "receiver", "account", "model", "title", "created_by"
    )
    return found(rows.prefetch_related("handovers__batch__to_unit", "handovers__replaces"), pk=pk)


def sums_of(actor: Actor, project: Project) -> list[ClassSum]:
    """One row per accounting class that occurs, in the order of DOMAIN §7.3."""
    rows = Asset.objects.visible_to(actor).filter(project=project).order_by().values("asset_class")
    parts = {
        row["asset_class"]: row
        for row in rows.annotate(n=Count("pk"), d=Sum("direct"), i=Sum("installation"), a=Sum("allocated"))
    }
    return [
        ClassSum(code, str(AssetClass(code).label), row["n"], *(_yuan(row[key]) for key in "dia"))
        for code in AssetClass.values
        if (row := parts.get(code))
    ]


def all_of(sums: Iterable[ClassSum]) -> ClassSum:
    """The classes together; every column adds up."""
    rows = list(sums)
    return ClassSum(
        "", "", sum(row.count for row in rows), sum((row.direct for row in rows), ZERO),
        sum((row.installation for row in rows), ZERO), sum((row.allocated for row in rows), ZERO),
    )  # fmt: skip


def _yuan(amount: Any) -> Decimal:
    return ZERO if amount is None else Decimal(amount)


def standing_of(actor: Actor, project: Project) -> Standing:
    """What stands behind “undelivered”, of the assets this person sees; a final line counts instead of the provisional one."""
    due = list(Asset.objects.visible_to(actor).filter(project=project, asset_class__in=DELIVERED))
    rows = HandoverLine.objects.filter(
        batch__project=project, batch__state=BatchState.CONFIRMED, asset__in=[row.pk for row in due]
    ).order_by("pk")
    final: dict[int, Decimal] = {}
    provisional: dict[int, Decimal] = {}
    for row in rows.select_related("batch"):
        (final if row.batch.kind == BatchKind.FINAL else provisional)[row.asset_id] = row.value
    return Standing(
        sum((row.value for row in due), ZERO),
        sum(final.values(), ZERO),
        sum((value for key, value in provisional.items() if key not in final), ZERO),
    )


def holding_of(asset: Asset) -> str:
    """BatchKind of the newest confirmed handover, OPEN for one under way, or nothing. `handovers__batch` is fetched."""
    lines = list(asset.handovers.all())
    confirmed = [line.batch.kind for line in lines if line.batch.state == BatchState.CONFIRMED]
    if BatchKind.FINAL in confirmed:
        return BatchKind.FINAL
    if any(line.batch.state in OPEN_BATCH for line in lines):
        return "OPEN"
    return BatchKind.PROVISIONAL if confirmed else ""


def with_sums(rows: "QuerySet[HandoverBatch]") -> "QuerySet[HandoverBatch]":
    """Each batch with `n_assets` and `total` (yuan)."""
    return rows.annotate(n_assets=Count("lines"), total=Sum("lines__value"))


def batches_of(actor: Actor, project: Project) -> QuerySet[HandoverBatch]:
    rows = HandoverBatch.objects.visible_to(actor).filter(project=project)
    return with_sums(rows.select_related("from_unit", "to_unit")).order_by("-pk")


def batches_to(actor: Actor, *, waiting: bool = False) -> QuerySet[HandoverBatch]:
    """The receiver's own desk: what was handed to its house, or only what waits for its signature."""
    rows = HandoverBatch.objects.filter(to_unit=actor.organisation_id)
    rows = rows.filter(state__in=WAITING) if waiting else rows
    return with_sums(rows.select_related("project", "from_unit", "to_unit")).order_by("-pk")


def batch_of(actor: Actor, pk: int) -> HandoverBatch:
    rows = HandoverBatch.objects.visible_to(actor).select_related(
        "project__owner_unit", "from_unit", "to_unit", "signed_over_by", "received_by", "confirmed_by",
        "signed_over_for", "received_for", "created_by",
    )  # fmt: skip
    return found(
        rows.prefetch_related(
            "documents", "lines__replaces", "lines__asset__account", "lines__asset__project__gate_openings",
            "lines__asset__handovers__batch", "project__gate_openings",
        ),
        pk=pk,
    )  # fmt: skip


def lines_of(batch: HandoverBatch) -> list[HandoverLine]:
    return list(batch.lines.select_related("asset", "replaces").order_by("asset__no", "pk"))


@dataclass(frozen=True)
class BatchSum:
    """Yuan over the lines of a batch; `difference` to the provisional values they replace, None where there are none."""

    value: Decimal
    replaced: Decimal
    difference: Decimal | None


def sum_of(lines: Iterable[HandoverLine]) -> BatchSum:
    rows = list(lines)
    replaced = [row.replaces.value for row in rows if row.replaces]
    differences = [row.difference for row in rows if row.difference is not None]
    return BatchSum(
        sum((row.value for row in rows), ZERO),
        sum(replaced, ZERO),
        sum(differences, ZERO) if differences else None,
    )


def candidates_of(actor: Actor, project: Project, batch: HandoverBatch | None = None) -> list[Asset]:
    """The assets a batch may take: not written off, in no other batch under way, not handed over finally at their value."""
    rows = (
        project.assets.filter(asset_class__in=HANDABLE)
        .select_related("receiver")
        .prefetch_related("handovers__batch")
        .order_by("no")
    )
    return [row for row in rows if _is_free(row, batch)]


def _is_free(asset: Asset, batch: HandoverBatch | None) -> bool:
    for line in asset.handovers.all():
        if batch is not None and line.batch_id == batch.pk:
            continue
        if line.batch.state in OPEN_BATCH:
            return False
        if (
            line.batch.state == BatchState.CONFIRMED
            and line.batch.kind == BatchKind.FINAL
            and line.value == asset.value
        ):
            return False
    return True


def receivers() -> QuerySet[Organisation]:
    """Houses where somebody can sign for what is received."""
    posts = Appointment.objects.on(clock.today()).filter(role=Role.RECEIVER)
    return Organisation.objects.filter(is_active=True, pk__in=posts.values("organisation")).order_by("name")


def titles_of(actor: Actor, project: Project) -> QuerySet[TitleRecord]:
    rows = TitleRecord.objects.visible_to(actor).filter(asset__project=project)
    return rows.select_related("asset__receiver", "document").order_by("-pk")


def title_of(actor: Actor, pk: int) -> TitleRecord:
    rows = TitleRecord.objects.visible_to(actor).select_related(
        "asset__project__owner_unit", "asset__receiver", "document"
    )
    return found(rows.prefetch_related("asset__handovers__batch"), pk=pk)


@dataclass(frozen=True)
class TitleClock:
    """The registry has thirty working days from the filing (the limit of TR items); `light` GREEN, YELLOW or RED."""

    due_on: date
    light: str


def title_clock(title: TitleRecord, rules: Rulebook) -> TitleClock | None:
    """Only while the application lies with the registry."""
    if title.state != TitleState.FILED or title.filed_on is None:
        return None
    due = calendars.current().provisional().add(title.filed_on, rules.days("limit.item", "TR"))
    left = (due - clock.today()).days
    return TitleClock(due, "RED" if left < 0 else "YELLOW" if left <= YELLOW_DAYS else "GREEN")


def guids_of(asset: Asset) -> list[str]:
    return list(asset.elements.order_by("pk").values_list("guid", flat=True))


def assets_of_elements(actor: Actor, project_id: int, guids: Iterable[str]) -> dict[str, Asset]:
    """GlobalId → the card it belongs to, as far as this person sees it."""
    rows = Asset.objects.visible_to(actor).filter(project_id=project_id, elements__guid__in=list(guids))
    return {row.guid: row for row in rows.annotate(guid=F("elements__guid"))}
