"""Compares two models of a project and keeps what was found; keeps which elements a person says are the same.

Small models are compared at once, others in the background. A result holds as long as what it rests on (`comparing.basis`).
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.actor import Actor
from accounts.policies import insist
from bim import comparing, policies
from bim.comparing import Versions
from bim.models import BimElement, ComparisonRow, ComparisonRun, ElementPairing
from bim.models.comparison import PairedBy, RowState
from bim.rules import comparison as rules
from bim.rules import pairing as pairs
from bim.services.model_trace import record
from bim.states import ModelStatus
from core import clock, jobs, locks
from core.errors import NotFound, Problem, RuleViolation

AT_ONCE = 3000  # elements of both models together
KEPT_CHANGES = 100  # of one pair
ROWS = 1000
WORKING_OUT = gettext_lazy("Comparing the elements")


@transaction.atomic
def start(one: int, other: int, *, actor: Actor) -> ComparisonRun:
    """The finished comparison where it still holds; else a new one, made at once or queued (`run.job`)."""
    pair = comparing.versions(actor, one, other)
    run = _run(pair, actor.user)
    state = comparing.standing(pair)
    if state.is_current or state.is_at_work:
        return run
    return _work(pair, run, actor.user)


def _run(pair: Versions, user: Any) -> ComparisonRun:
    """The row of this pair of models, locked."""
    made, _new = ComparisonRun.objects.get_or_create(
        old_model=pair.old, new_model=pair.new, defaults={"started_by": user}
    )
    return locks.locked(ComparisonRun.objects.all(), made.pk)


def _work(pair: Versions, run: ComparisonRun, user: Any) -> ComparisonRun:
    run.started_by, run.started_at = user, clock.now()
    if comparing.size(pair) <= AT_ONCE:
        run.job = None
        keep(run, pair)
    else:
        run.job = jobs.start(compare_models, {"run": run.pk}, user)
        run.save(update_fields=["started_by", "started_at", "job"])
    return run


@jobs.kind(gettext_lazy("Comparison of two building models"))
def compare_models(run: jobs.Run) -> jobs.Outcome:
    """Works the comparison out and keeps it."""
    row = ComparisonRun.objects.select_related("old_model__geometry", "new_model__geometry").get(pk=run.params["run"])
    pair = Versions(row.old_model, row.new_model)
    run.progress(0, 100, str(WORKING_OUT))
    if any(model.status != ModelStatus.ACCEPTED for model in (pair.old, pair.new)):
        return jobs.Outcome()
    basis = comparing.basis(pair)
    rows, counts = found_in(pair, lambda done, total: run.progress(99 * done // max(total, 1), 100, str(WORKING_OUT)))
    with transaction.atomic():
        held = locks.locked(ComparisonRun.objects.all(), row.pk)
        if held.job_id != run.job.pk:
            raise jobs.Superseded
        _store(held, basis, rows, counts)
    return jobs.Outcome(result={"run": row.pk, **counts["states"]}, message=_("The models are compared."))


def keep(run: ComparisonRun, pair: Versions) -> None:
    """Within a transaction."""
    basis = comparing.basis(pair)
    rows, counts = found_in(pair)
    _store(run, basis, rows, counts)


def _store(run: ComparisonRun, basis: str, rows: list[ComparisonRow], counts: dict[str, Any]) -> None:
    ComparisonRow.objects.filter(run=run)._raw_delete(ComparisonRow.objects.db)
    for row in rows:
        row.run = run
    ComparisonRow.objects.bulk_create(rows, batch_size=ROWS)
    run.basis, run.counts, run.finished_at = basis, counts, clock.now()
    run.save()


# What the rules find, as rows


def found_in(pair: Versions, progress: Any = None) -> tuple[list[ComparisonRow], dict[str, Any]]:
    """The rows in the order people read them, and the counts. Writes nothing."""
    pairing = pairs.pair(comparing.elements_of(pair.old), comparing.elements_of(pair.new), comparing.decided(pair))
    return rows_and_counts(pairing, comparing.with_facts(pair, pairing.pairs), progress)


def rows_and_counts(
    pairing: pairs.Pairing, batches: Iterable[list[pairs.Pair]], progress: Any = None
) -> tuple[list[ComparisonRow], dict[str, Any]]:
    """`batches` are the pairs with all their facts."""
    rows = [_alone(RowState.REMOVED, one) for one in pairing.removed]
    rows += [_alone(RowState.ADDED, one) for one in pairing.added]
    rows += [_alone(RowState.WAITING_OLD, one, maybe) for one, maybe in pairing.waiting_old]
    rows += [_alone(RowState.WAITING_NEW, one, maybe) for one, maybe in pairing.waiting_new]
    for batch in batches:
        rows += [_paired(one, pairing.shift) for one in batch]
        if progress:
            progress(len(rows), len(pairing.pairs) + len(rows))
    rows.sort(key=_order)
    for position, row in enumerate(rows):
        row.position = position
    return rows, _counts(rows, pairing)


STATES_IN_ORDER = (
    RowState.WAITING_OLD, RowState.WAITING_NEW, RowState.CHANGED, RowState.ADDED, RowState.REMOVED, RowState.UNCHANGED
)  # fmt: skip


def _order(row: ComparisonRow) -> tuple[Any, ...]:
    return STATES_IN_ORDER.index(row.state), row.ifc_class, row.storey, row.name, row.old_guid, row.new_guid


def _alone(state: RowState, one: rules.Element, candidates: Iterable[str] = ()) -> ComparisonRow:
    is_old = state in (RowState.REMOVED, RowState.WAITING_OLD)
    return ComparisonRow(
        state=state,
        old_guid=one.guid if is_old else "",
        new_guid="" if is_old else one.guid,
        candidates=list(candidates),
        **_facts(one),
    )


def _paired(pair: pairs.Pair, shift: Any) -> ComparisonRow:
    different = rules.difference(pair.old, pair.new, shift)
    return ComparisonRow(
        state=RowState.CHANGED if different.changes else RowState.UNCHANGED,
        paired_by=pair.by,
        old_guid=pair.old.guid,
        new_guid=pair.new.guid,
        geometry=different.geometry,
        kinds=f" {' '.join(different.kinds)} " if different.changes else "",
        changes=[list(asdict(change).values()) for change in different.changes[:KEPT_CHANGES]],
        n_changes=len(different.changes),
        **_facts(pair.new),
    )


def _facts(one: rules.Element) -> dict[str, str]:
    return {"ifc_class": one.ifc_class, "name": one.name, "type_name": one.type_name, "storey": one.storey}


def _counts(rows: list[ComparisonRow], pairing: pairs.Pairing) -> dict[str, Any]:
    return {
        "states": dict.fromkeys(RowState.values, 0) | Counter(row.state for row in rows),
        "kinds": dict(Counter(kind for row in rows for kind in row.kinds.split())),
        "geometry": dict(Counter(row.geometry for row in rows if row.geometry)),
        "by": dict(Counter(row.paired_by for row in rows if row.paired_by)),
        "shift": None if pairing.shift is None else list(pairing.shift),
    }


# What people decide


@transaction.atomic
def decide(one: int, other: int, *, old_guid: str, new_guid: str, actor: Actor) -> ComparisonRun:
    """Says that two elements are one, or (one of them empty) that the other has no counterpart; compares again.

    Raises NotPermitted, and RuleViolation for elements that are not waiting: what is certain is not overruled.
    """
    pair = comparing.versions(actor, one, other)
    insist(policies.may_pair, actor, pair.new)
    run = _run(pair, actor.user)
    if comparing.standing(pair).is_at_work:
        raise RuleViolation([Problem("compare.under_way", _("The models are being compared. Please wait a moment."))])
    _insist_waiting(run, pair, old_guid, new_guid)
    ElementPairing.objects.create(
        old_model=pair.old,
        new_model=pair.new,
        old_guid=old_guid,
        new_guid=new_guid,
        by=PairedBy.PERSON,
        decided_by=actor.user,
    )
    record(
        "bim.element.paired", pair.new, actor, old_version=str(pair.old), old_guid=old_guid, new_guid=new_guid
    )  # fmt: skip
    return _work(pair, run, actor.user)


@transaction.atomic
def undo(one: int, other: int, pairing_id: int, *, actor: Actor) -> ComparisonRun:
    """Takes a decision back; compares again."""
    pair = comparing.versions(actor, one, other)
    insist(policies.may_pair, actor, pair.new)
    run = _run(pair, actor.user)
    row = locks.locked(ElementPairing.objects.filter(old_model=pair.old, new_model=pair.new), pairing_id)
    row.delete()
    record(
        "bim.element.unpaired", pair.new, actor, old_version=str(pair.old), old_guid=row.old_guid, new_guid=row.new_guid
    )
    return _work(pair, run, actor.user)


def _insist_waiting(run: ComparisonRun, pair: Versions, old_guid: str, new_guid: str) -> None:
    """Somebody has to be waiting; the counterpart may also be one that was thought added or removed."""
    if not old_guid and not new_guid:
        raise RuleViolation([Problem("compare.nothing", _("Choose an element."), "new_guid")])
    free = (RowState.WAITING_OLD, RowState.WAITING_NEW, RowState.ADDED, RowState.REMOVED)
    for model, guid, name in ((pair.old, old_guid, "old_guid"), (pair.new, new_guid, "new_guid")):
        if guid and not BimElement.objects.filter(model=model, guid=guid).exists():
            raise NotFound(Problem("not_found", _("The model has no element with this GlobalId."), name))
        if guid and not ComparisonRow.objects.filter(run=run, state__in=free, **{name: guid}).exists():
            raise RuleViolation(
                [Problem("compare.paired", _("The element %(guid)s has a counterpart already.") % {"guid": guid}, name)]
            )
