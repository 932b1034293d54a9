"""Asset cards: entered by hand, drafted from the as-built model, read from a table; fixed once the account is compiled."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import prefetch_related_objects
from django.utils.translation import gettext as _

from accounts.actor import Actor
from accounts.policies import insist
from assets.handover_policies import may_keep_cards
from assets.models import Asset, AssetElement, FinalAccount, TitleRecord
from assets.services import standing
from assets.states import DELIVERED, AccountState, BatchKind, BatchState, TitleState
from bim import asset_draft, guards
from bim.models import BimElement, BimModel, SpatialNode
from bim.rules.assets import Asset as Proposed
from core import locks, trace
from core.errors import Problem, RuleViolation, StaleState, require, together
from core.money import size_problems
from core.row_problems import row_problems
from projects.models import Project

FIELDS = (
    "no", "name", "single_project", "asset_class", "kind", "gb_code", "specification", "structure", "unit", "quantity",
    "area", "location", "in_service_on", "direct", "installation", "shares_deferred", "is_real_estate", "receiver",
    "custodian", "maintenance_unit", "warranty_until",
)  # fmt: skip
# What the final account is reckoned from.
BOOKED = (
    "name", "single_project", "asset_class", "kind", "specification", "structure", "unit", "quantity", "area", "direct",
    "installation", "shares_deferred",
)  # fmt: skip
MOST_CARDS = 20_000
MOST_ELEMENTS = 50_000


@transaction.atomic
def create(
    project_id: int,
    *,
    actor: Actor,
    values: Mapping[str, Any],
    guids: Sequence[str] = (),
    faults: Sequence[Problem] = (),
) -> Asset:
    """A new card. `values` holds fields of FIELDS (money in yuan, `receiver` an Organisation or None); without `no` it gets
    the next number. `guids` are GlobalIds of the elements it consists of. Raises NotPermitted, RuleViolation with every
    reason."""
    project = _locked(project_id, actor)
    asset = Asset(project=project, created_by=actor.user)
    _fill(asset, {**values, "no": values.get("no") or next_no(project)})
    require(together(faults, [*_fixed_problems(asset, BOOKED), *_row_problems(asset, faults)]))
    asset.save()
    _settle_title(asset)
    _set_elements(asset, guids)
    _record("created", asset, actor, {"value": asset.value, "elements": len(guids)})
    standing.tell(project, actor=actor)
    return asset


@transaction.atomic
def amend(
    pk: int,
    *,
    actor: Actor,
    values: Mapping[str, Any],
    guids: Sequence[str] | None = None,
    expected_version: int | None = None,
    faults: Sequence[Problem] = (),
) -> Asset:
    """Corrects a card. What the account is reckoned from is fixed once it is compiled; all is once it is handed over."""
    asset = locks.found(Asset.objects.visible_to(actor), pk=pk)
    project = _locked(asset.project_id, actor)
    asset = locks.locked(Asset.objects.visible_to(actor), pk)
    asset.project = project
    if expected_version not in (None, asset.version):
        raise StaleState(Problem("stale", _("Somebody else has changed this meanwhile. Please look at it again.")))
    before = {name: getattr(asset, name) for name in FIELDS}
    single = asset.single_project
    _fill(asset, values)
    changed = {name: [before[name], getattr(asset, name)] for name in FIELDS if before[name] != getattr(asset, name)}
    problems = [*_handed_problems(asset, changed), *_fixed_problems(asset, changed, single)]
    require(together(faults, [*problems, *_row_problems(asset, faults)]))
    asset.version += 1
    asset.save()
    _settle_title(asset)
    if guids is not None:
        _set_elements(asset, guids)
    told = {name: [str(part or "") for part in pair] for name, pair in changed.items()}
    _record("amended", asset, actor, {"changes": told, **({} if guids is None else {"elements": len(guids)})})
    standing.tell(project, actor=actor)
    return asset


@transaction.atomic
def remove(pk: int, *, actor: Actor, reason: str) -> None:
    """Takes away a card that was entered by mistake and never went into a batch."""
    asset = locks.found(Asset.objects.visible_to(actor), pk=pk)
    project = _locked(asset.project_id, actor)
    asset = locks.locked(Asset.objects.visible_to(actor), pk)
    asset.project = project
    problems = [*_fixed_problems(asset, BOOKED)]
    if asset.handovers.exists():
        problems.append(Problem("asset.in_batch", _("A card that went into a batch stays.")))
    if not reason.strip():
        problems.append(Problem("required", _("Give the reason."), "reason"))
    require(problems)
    _record("removed", asset, actor, {"value": asset.value}, reason=reason.strip())
    TitleRecord.objects.filter(asset=asset).delete()
    asset.delete()
    standing.tell(project, actor=actor)


@transaction.atomic
def draft_from_model(project_id: int, model_id: int, *, actor: Actor, keys: Iterable[str] | None = None) -> list[Asset]:
    """Cards for what the accepted as-built model proposes (all, or those with these keys), with their elements.

    What has a card already – by one of its elements, or by its number – is left alone, so that it may be done again.
    Values are zero until somebody enters them. Raises NotFound, NotPermitted, RuleViolation.
    """
    project = _locked(project_id, actor)
    model = locks.found(BimModel.objects.visible_to(actor), pk=model_id, project_id=project.pk)
    require(guards.asset_problems(model))
    chosen = None if keys is None else set(keys)
    known = set(AssetElement.objects.filter(project=project).values_list("guid", flat=True))
    numbers = set(project.assets.values_list("no", flat=True))
    made: list[Asset] = []
    for one in asset_draft.draft(model).assets:
        if (chosen is not None and one.key not in chosen) or known & set(one.guids) or one.code in numbers:
            continue
        asset = Asset(project=project, model=model, created_by=actor.user)
        _fill(asset, _values_of(one, next_no(project, numbers)))
        require([*_fixed_problems(asset, BOOKED), *_row_problems(asset, (), unique=False)])
        asset.save()
        numbers.add(asset.no)
        _settle_title(asset)
        AssetElement.objects.bulk_create(AssetElement(asset=asset, project=project, guid=guid) for guid in one.guids)
        made.append(asset)
    if not made:
        require([Problem("asset.nothing_new", _("Everything the model proposes has a card already."))])
    elements = AssetElement.objects.filter(asset__in=made).count()
    trace.record(
        "assets.asset.drafted", actor=actor, target=model, project_id=project.pk,
        facts={"model": str(model), "cards": len(made), "elements": elements},
    )  # fmt: skip
    standing.tell(project, actor=actor)
    return made


def _values_of(one: Proposed, no: str) -> dict[str, Any]:
    return {
        "no": one.code[:40] or no, "name": (one.name or one.key)[:200], "asset_class": one.accounting_class,
        "kind": one.kind, "gb_code": one.gbt14885[:20], "specification": " ".join(
            part for part in (one.specification, one.maker) if part
        )[:200],
        "unit": one.unit[:20], "quantity": Decimal(one.quantity), "location": one.place[:200],
        "area": None if one.area is None else Decimal(str(one.area)).quantize(Decimal("0.01")),
        "in_service_on": day_of(one.in_service), "warranty_until": day_of(one.warranty_end),
        "is_real_estate": one.kind == "STRUCTURE",
    }  # fmt: skip


def day_of(text: str) -> date | None:
    """A date as the model writes it; None for anything else."""
    try:
        return date.fromisoformat(text[:10])
    except ValueError:
        return None


@transaction.atomic
def enter_rows(
    project_id: int, *, actor: Actor, rows: Sequence[Mapping[str, Any]], faults: Sequence[Problem] = ()
) -> tuple[int, int]:
    """A table of cards: each row holds fields of FIELDS. A number that exists is corrected, others are new. All or nothing;
    returns (new, corrected). Problems name the row (`rows.3`)."""
    project = _locked(project_id, actor)
    present = {asset.no: asset for asset in project.assets.select_related("account")}
    problems = [*faults]
    if not rows and not faults:
        problems.append(Problem("asset.no_rows", _("The table has no rows."), "file"))
    if len(rows) > MOST_CARDS:
        problems.append(Problem("asset.too_many", _("The table has too many rows."), "file"))
        rows = []
    numbers, entered, seen = {*present}, [], set()
    for position, row in enumerate(rows, 1):
        no = str(row.get("no") or "").strip() or next_no(project, numbers)
        numbers.add(no)
        is_new = no not in present
        asset = present.get(no) or Asset(project=project, created_by=actor.user)
        asset.project = project
        before, single = {name: getattr(asset, name) for name in FIELDS}, asset.single_project
        _fill(asset, {**row, "no": no})
        changed = [name for name in FIELDS if is_new or before[name] != getattr(asset, name)]
        found = [] if is_new else list(_handed_problems(asset, changed))
        found += [*_fixed_problems(asset, changed, single), *_row_problems(asset, (), unique=False)]
        if no in seen:
            found.append(Problem("asset.twice", _("This number occurs twice."), "no"))
        seen.add(no)
        problems += [_at_row(problem, position) for problem in found]
        if changed:
            entered.append((asset, is_new))
    require(problems)
    for asset, is_new in entered:
        asset.version += not is_new
        asset.save()
        _settle_title(asset)
    fresh = sum(1 for _asset, is_new in entered if is_new)
    trace.record(
        "assets.asset.imported", actor=actor, target=project, project_id=project.pk,
        facts={"created": fresh, "corrected": len(entered) - fresh},
    )  # fmt: skip
    standing.tell(project, actor=actor)
    return fresh, len(entered) - fresh


def _at_row(problem: Problem, position: int) -> Problem:
    words = _("Row %(row)s: %(message)s") % {"row": position, "message": problem.message}
    return Problem(problem.code, words, f"rows.{position}.{problem.field}" if problem.field else f"rows.{position}")


def next_no(project: Project, taken: Iterable[str] | None = None) -> str:
    """ZC-0001 and on."""
    known = set(project.assets.values_list("no", flat=True)) if taken is None else taken
    number = 1 + max((int(no[3:]) for no in known if no.startswith("ZC-") and no[3:].isdecimal()), default=0)
    return f"ZC-{number:04d}"


def _locked(project_id: int, actor: Actor) -> Project:
    project = locks.locked(Project.objects.visible_to(actor), project_id)
    insist(may_keep_cards, actor, project)
    prefetch_related_objects([project], "final_accounts")
    return project


def _fill(asset: Asset, values: Mapping[str, Any]) -> None:
    for name in FIELDS:
        if name in values:
            setattr(asset, name, values[name])
    asset.no = str(asset.no).strip()


def _row_problems(asset: Asset, faults: Sequence[Problem], *, unique: bool = True) -> list[Problem]:
    unread = {fault.field for fault in faults}
    found = [problem for name in ("direct", "installation") for problem in size_problems(getattr(asset, name), name)]
    try:
        asset.full_clean(
            exclude={"project", "account", "created_by", "allocated", "model", *unread, *(p.field for p in found)},
            validate_constraints=False, validate_unique=False,
        )  # fmt: skip
    except ValidationError as error:
        found += row_problems(error)
    for name in ("direct", "installation"):
        amount = getattr(asset, name)
        if amount is not None and amount < 0:
            found.append(Problem("negative", _("An amount cannot be negative."), name))
    if asset.quantity is not None and asset.quantity <= 0:
        found.append(Problem("asset.quantity", _("The quantity is more than nothing."), "quantity"))
    if asset.is_real_estate and asset.kind != "STRUCTURE":
        found.append(
            Problem("asset.real_estate", _("Only buildings and structures are real estate."), "is_real_estate")
        )
    if unique and asset.project.assets.filter(no=asset.no).exclude(pk=asset.pk).exists():
        found.append(Problem("asset.twice", _("The project already has an asset of this number."), "no"))
    return found


def account_of(asset: Asset, single_project: str | None = None) -> FinalAccount | None:
    """The account the asset is booked in: its own, that of its single project, or the whole project's."""
    named = {asset.single_project, single_project or ""} - {""}
    accounts = {row.part: row for row in asset.project.final_accounts.all()}
    parts = [accounts[part] for part in named if part in accounts]
    fixed = [row for row in parts if row.state != AccountState.DRAFT]
    return (fixed or parts or [accounts.get("")])[0]


def _fixed_problems(asset: Asset, changed: Iterable[str], single: str | None = None) -> Iterable[Problem]:
    """What a compiled account was reckoned from stays until somebody takes the compilation up again."""
    booked = [name for name in changed if name in BOOKED]
    account = account_of(asset, single) if booked else None
    if account is not None and account.state != AccountState.DRAFT:
        words = _("The final account is in “%(state)s”: what it is reckoned from is fixed.")
        yield Problem("asset.account_fixed", words % {"state": account.get_state_display()}, booked[0])


def _handed_problems(asset: Asset, changed: Iterable[str]) -> Iterable[Problem]:
    """After the final handover the card is the receiver's; while two houses sign, nothing moves under their pens."""
    names = list(changed)
    if not names or asset.pk is None:
        return
    for line in asset.handovers.select_related("batch"):
        batch = line.batch
        if batch.state in (BatchState.SIGNED_OVER, BatchState.RECEIVED):
            words = _("The card is in batch %(number)s, which is being signed.")
            yield Problem("asset.being_signed", words % {"number": batch.number}, names[0])
        elif batch.state == BatchState.CONFIRMED and batch.kind == BatchKind.FINAL and line.value == asset.value:
            words = _("The asset was handed over finally with batch %(number)s.")
            yield Problem("asset.handed_over", words % {"number": batch.number}, names[0])


def _settle_title(asset: Asset) -> None:
    """Real estate that is delivered waits for its title; what is not needs none."""
    title = TitleRecord.objects.filter(asset=asset).first()
    needed = asset.is_real_estate and asset.asset_class in DELIVERED
    if needed and title is None:
        TitleRecord.objects.create(asset=asset)
    elif not needed and title is not None and title.state == TitleState.PENDING_PAPERS:
        title.delete()


def _set_elements(asset: Asset, guids: Sequence[str]) -> None:
    """One element, one asset; only elements that accepted models of the project have."""
    wanted = list(dict.fromkeys(guid.strip() for guid in guids if guid.strip()))
    project = asset.project
    problems = []
    if len(wanted) > MOST_ELEMENTS:
        raise RuleViolation([Problem("asset.elements", _("Too many elements."), "guids")])
    others = AssetElement.objects.filter(project=project).exclude(asset=asset).select_related("asset")
    taken = {row.guid: row.asset for row in others} if wanted else {}
    for guid in [guid for guid in wanted if guid in taken][:5]:
        words = _("The element %(guid)s belongs to “%(asset)s”.") % {"guid": guid, "asset": taken[guid].name}
        problems.append(Problem("asset.element_taken", words, "guids"))
    unknown = _unknown(project, wanted)
    if unknown:
        shown = "、".join(unknown[:5]) + (" …" if len(unknown) > 5 else "")
        words = _("No accepted model of the project has these elements: %(guids)s.") % {"guids": shown}
        problems.append(Problem("asset.element_unknown", words, "guids"))
    require(problems)
    present = {row.guid: row for row in asset.elements.all()}
    AssetElement.objects.filter(asset=asset).exclude(guid__in=wanted).delete()
    AssetElement.objects.bulk_create(
        AssetElement(asset=asset, project=project, guid=guid) for guid in wanted if guid not in present
    )


def _unknown(project: Project, guids: Sequence[str]) -> list[str]:
    models = BimModel.objects.accepted().filter(project=project)
    known: set[str] = set()
    for start in range(0, len(guids), 500):
        part = guids[start : start + 500]
        known |= set(BimElement.objects.filter(model__in=models, guid__in=part).values_list("guid", flat=True))
        known |= set(SpatialNode.objects.filter(model__in=models, guid__in=part).values_list("guid", flat=True))
    return [guid for guid in guids if guid not in known]


def _record(what: str, asset: Asset, actor: Actor, facts: dict[str, Any], reason: str = "") -> None:
    trace.record(
        f"assets.asset.{what}", actor=actor, target=asset, project_id=asset.project_id, reason=reason,
        facts={"no": asset.no, "name": asset.name, **facts},
    )  # fmt: skip
