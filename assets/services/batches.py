"""Handovers: a batch prepared by the project unit, signed by both houses, confirmed by the asset administration."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from accounts.actor import Actor
from accounts.models import Appointment, Organisation
from accounts.policies import insist
from accounts.roles import Role
from accounts.services.notify import tell as tell_person
from assets.flows.handover import busy_problems
from assets.handover_policies import may_attach_to_batch, may_keep_cards
from assets.machines import BATCHES
from assets.models import Asset, HandoverBatch, HandoverLine
from assets.services import standing
from assets.states import DELIVERED, OPEN_BATCH, AssetClass, BatchKind, BatchState
from core import clock, locks, trace
from core.errors import Problem, RuleViolation, StaleState, require, together
from core.models import StoredFile
from core.money import ZERO
from core.row_problems import row_problems
from execution.services.evidence import Upload, kept
from execution.services.machine import Step
from projects.models import Project

FIELDS = ("kind", "to_unit", "handed_on", "remark")
MOST_DOCUMENTS = 50
# What is written off forms no asset (form 07): nothing of it can be handed over.
HANDABLE = (*DELIVERED, AssetClass.TRANSFER_OUT)


@transaction.atomic
def prepare(
    project_id: int,
    *,
    actor: Actor,
    values: Mapping[str, Any],
    assets: Iterable[int],
    faults: Sequence[Problem] = (),
) -> HandoverBatch:
    """A batch of the project's assets (keys) for one receiver. `values`: kind (PROVISIONAL or FINAL), to_unit (an
    Organisation), handed_on, remark. The unit that hands over is the actor's. Raises RuleViolation with every reason."""
    project = locks.locked(Project.objects.visible_to(actor), project_id)
    insist(may_keep_cards, actor, project)
    number = (project.handover_batches.aggregate(last=Max("number"))["last"] or 0) + 1
    batch = HandoverBatch(project=project, number=number, from_unit=actor.organisation, created_by=actor.user)
    return _keep(batch, values, assets, actor, faults, "prepared")


@transaction.atomic
def amend(
    pk: int,
    *,
    actor: Actor,
    values: Mapping[str, Any],
    assets: Iterable[int] | None = None,
    expected_version: int | None = None,
    faults: Sequence[Problem] = (),
) -> HandoverBatch:
    """Corrects a batch nobody has signed. Without `assets` its assets stay."""
    batch = _in_preparation(pk, actor, expected_version)
    keys = [line.asset_id for line in batch.lines.all()] if assets is None else assets
    batch.version += 1
    return _keep(batch, values, keys, actor, faults, "amended")


@transaction.atomic
def attach(pk: int, upload: Upload | None, *, actor: Actor) -> StoredFile:
    """Adds a paper (agreement, proof that the files were handed over, photos). Raises RuleViolation, NotPermitted."""
    batch = BATCHES.lock(pk, actor)
    insist(may_attach_to_batch, actor, batch)
    problems = []
    if batch.state not in OPEN_BATCH:
        problems.append(Problem("handover.ended", _("This handover has ended.")))
    if batch.documents.count() >= MOST_DOCUMENTS:
        problems.append(Problem("handover.documents_full", _("No more papers fit here."), "file"))
    file = kept(upload, actor, problems)
    assert file is not None
    batch.documents.add(file)
    _record("document_added", batch, actor, {"file": file.name, "sha256": file.sha256})
    return file


@transaction.atomic
def detach(pk: int, file_id: int, *, actor: Actor) -> None:
    """Takes a paper off a batch that is being prepared; the file itself stays in the store."""
    batch = _in_preparation(pk, actor, None)
    file = locks.found(batch.documents.all(), pk=file_id)
    batch.documents.remove(file)
    _record("document_removed", batch, actor, {"file": file.name, "sha256": file.sha256})


def _in_preparation(pk: int, actor: Actor, expected_version: int | None) -> HandoverBatch:
    batch = BATCHES.lock(pk, actor)
    insist(may_keep_cards, actor, batch.project)
    if expected_version not in (None, batch.version):
        raise StaleState(Problem("stale", _("Somebody else has changed this meanwhile. Please look at it again.")))
    if batch.state != BatchState.DRAFT:
        raise RuleViolation([Problem("handover.fixed", _("A batch that somebody has signed is no longer changed."))])
    return batch


def _keep(
    batch: HandoverBatch,
    values: Mapping[str, Any],
    keys: Iterable[int],
    actor: Actor,
    faults: Sequence[Problem],
    what: str,
) -> HandoverBatch:
    for name in FIELDS:
        if name in values:
            setattr(batch, name, values[name])
    wanted = list(dict.fromkeys(keys))
    chosen = list(
        batch.project.assets.filter(pk__in=wanted).select_related("receiver").prefetch_related("handovers__batch")
    )
    require(together(faults, [*_row_problems(batch, faults), *_asset_problems(batch, wanted, chosen)]))
    batch.save()
    batch.lines.all().delete()
    HandoverLine.objects.bulk_create(HandoverLine(batch=batch, asset=asset, value=asset.value) for asset in chosen)
    total = sum((asset.value for asset in chosen), ZERO)
    _record(what, batch, actor, {"kind": batch.kind, "to": str(batch.to_unit), "assets": len(chosen), "value": total})
    return batch


def _row_problems(batch: HandoverBatch, faults: Sequence[Problem]) -> list[Problem]:
    unread = {fault.field for fault in faults}
    found: list[Problem] = []
    if batch.to_unit_id is None and "to_unit" not in unread:
        found.append(Problem("required", _("“%(label)s” is missing.") % {"label": _("Receiving unit")}, "to_unit"))
        unread.add("to_unit")
    elif batch.to_unit_id and batch.to_unit_id == batch.from_unit_id:
        found.append(Problem("handover.same_house", _("A house does not hand over to itself."), "to_unit"))
    try:
        batch.full_clean(exclude={"project", "from_unit", "created_by", "state", *unread}, validate_constraints=False)
    except ValidationError as error:
        found += row_problems(error)
    return found


def _asset_problems(batch: HandoverBatch, wanted: Sequence[int], chosen: Sequence[Asset]) -> Iterable[Problem]:
    if not wanted:
        yield Problem("handover.empty", _("The batch has no assets."), "assets")
    if len(chosen) != len(wanted):
        yield Problem("handover.foreign", _("An asset belongs to another project."), "assets")
    for asset in chosen:
        if asset.asset_class not in HANDABLE:
            words = _("“%(asset)s” is written off: there is nothing to hand over.")
            yield Problem("handover.written_off", words % {"asset": asset.name}, "assets")
        yield from busy_problems(asset, batch)
        yield from _other_receiver(asset, batch)


def _other_receiver(asset: Asset, batch: HandoverBatch) -> Iterable[Problem]:
    """Who holds the asset provisionally gets it finally."""
    holders = {
        line.batch.to_unit_id for line in asset.handovers.all()
        if line.batch.state == BatchState.CONFIRMED and line.batch_id != batch.pk
    }  # fmt: skip
    if batch.to_unit_id and holders and batch.to_unit_id not in holders:
        words = _("“%(asset)s” is held by %(receiver)s already.")
        yield Problem("handover.other_receiver", words % {"asset": asset.name, "receiver": asset.receiver}, "to_unit")


@BATCHES.before("sign_over")
def sign_for_the_unit(step: Step) -> None:
    """The values of this day are what both houses sign; a final line names the provisional one it replaces."""
    batch = step.row
    batch.signed_over_by, batch.signed_over_for = step.actor.user, step.actor.principal
    batch.signed_over_at = step.at
    for line in batch.lines.select_related("asset"):
        line.value = line.asset.value
        line.replaces = provisional_of(line) if batch.kind == BatchKind.FINAL else None
        line.save()
    step.facts |= _sums(batch)


def provisional_of(line: HandoverLine) -> HandoverLine | None:
    """The confirmed provisional line of the same asset."""
    rows = HandoverLine.objects.filter(
        asset_id=line.asset_id, batch__kind=BatchKind.PROVISIONAL, batch__state=BatchState.CONFIRMED
    )
    return rows.order_by("-pk").first()


@BATCHES.before("receive")
def sign_for_the_receiver(step: Step) -> None:
    batch = step.row
    batch.received_by, batch.received_for, batch.received_at = step.actor.user, step.actor.principal, step.at
    step.facts |= _sums(batch)


@BATCHES.before("refuse")
@BATCHES.before("return_batch")
def tear_up_the_signatures(step: Step) -> None:
    batch = step.row
    batch.signed_over_by = batch.signed_over_for = batch.signed_over_at = None
    batch.received_by = batch.received_for = batch.received_at = None
    batch.lines.update(replaces=None)


@BATCHES.before("confirm")
def sign_for_the_administration(step: Step) -> None:
    batch = step.row
    batch.confirmed_by, batch.confirmed_at = step.actor.user, step.at
    step.facts |= _sums(batch)


@BATCHES.after("confirm")
def book(step: Step) -> None:
    """The receiver holds the assets from now on; the project hears what is still missing."""
    batch = step.row
    Asset.objects.filter(handovers__batch=batch).update(receiver=batch.to_unit)
    standing.tell(locks.locked(Project.objects.all(), batch.project_id))


@BATCHES.after("sign_over")
def tell_the_receiver(step: Step) -> None:
    batch = step.row
    _tell(batch, Role.RECEIVER, "handover.waiting", step, organisation=batch.to_unit)


@BATCHES.after("receive")
def tell_the_administration(step: Step) -> None:
    _tell(step.row, Role.ASSET_OFFICER, "handover.waiting", step, organisation__kind=Organisation.Kind.ASSET)


@BATCHES.after("refuse")
@BATCHES.after("return_batch")
def tell_the_unit(step: Step) -> None:
    batch = step.row
    told = {**_about(batch), "reason": step.data["reason"]}
    tell_person(batch.created_by, "handover.refused", told, link=batch.get_absolute_url())


def _tell(batch: HandoverBatch, role: Role, kind: str, step: Step, **houses: Any) -> None:
    posts = Appointment.objects.on(step.on).filter(role=role, organisation__is_active=True, **houses)
    for post in posts.select_related("user"):
        tell_person(post.user, kind, _about(batch), link=batch.get_absolute_url())


def _about(batch: HandoverBatch) -> dict[str, Any]:
    return {"project": batch.project.name, "number": str(batch.number), "to": str(batch.to_unit)}


def _sums(batch: HandoverBatch) -> dict[str, Any]:
    lines = list(batch.lines.select_related("replaces"))
    differences = [line.difference for line in lines if line.difference is not None]
    sums: dict[str, Any] = {
        "kind": batch.kind,
        "assets": len(lines),
        "value": sum((line.value for line in lines), ZERO),
    }
    return sums | ({"difference": sum(differences, ZERO)} if differences else {})


def _record(what: str, batch: HandoverBatch, actor: Actor, facts: dict[str, Any]) -> None:
    trace.record(
        f"assets.handover.{what}", actor=actor, target=batch, project_id=batch.project_id,
        facts={"number": batch.number, **facts}, at=clock.now(),
    )  # fmt: skip
