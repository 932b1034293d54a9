"""What the project is told of its assets: what is not delivered yet, and which titles are missing (T21–T23)."""

from decimal import Decimal

from assets.models import Asset, HandoverLine, TitleRecord
from assets.states import DELIVERED, BatchKind, BatchState, TitleState
from core import trace
from core.money import ZERO
from core.trace import SYSTEM, Who
from projects.models import Project
from projects.services import facts

UNTITLED = (TitleState.PENDING_PAPERS, TitleState.FILED, TitleState.BLOCKED)


def delivered(project: Project) -> Decimal:
    """Yuan: the delivered assets of the account (form 04)."""
    return sum((row.value for row in _delivered_assets(project)), ZERO)


def undelivered(project: Project) -> Decimal | None:
    """Yuan by which the final handovers fall short of (below zero: exceed) the delivered assets; None before the first.

    Where the handed and the due values balance only in sum, the assets that disagree still count with their amounts.
    """
    rows = list(_delivered_assets(project))
    handed = _handed(project)
    if not handed:
        return None
    gaps = [row.value - handed.get(row.pk, ZERO) for row in rows]
    due = sum(gaps, ZERO)
    # Two wrongs never make a right: without this, one asset too dear would hide another too cheap.
    return due if due or not any(gaps) else sum((abs(gap) for gap in gaps), ZERO)


def pending_titles(project: Project) -> int | None:
    """Real-estate assets without a certificate; None while the project has no asset cards at all."""
    if not project.assets.exists():
        return None
    return TitleRecord.objects.filter(asset__project=project, state__in=UNTITLED).count()


def tell(project: Project, *, actor: Who = SYSTEM) -> None:
    """Tells both, and whether the project has real estate to register; the moves this makes possible happen at once.

    The caller holds the project's lock.
    """
    _settle_need_of_titles(project, actor)
    facts.tell(project, actor=actor, undelivered=undelivered(project), pending_titles=pending_titles(project))


def values_moved(project: Project) -> None:
    """The account was approved at other values: what was handed over finally may fall short of them now."""
    facts.tell(project, undelivered=undelivered(project))


def _settle_need_of_titles(project: Project, actor: Who) -> None:
    """Once there are cards, they say whether a title is needed (T21 or T22), not the guess at the registration."""
    if not project.assets.exists():
        return
    needed = TitleRecord.objects.filter(asset__project=project).exclude(state=TitleState.NOT_REQUIRED).exists()
    if project.needs_title != needed:
        changes = {"needs_title": [project.needs_title, needed]}
        project.needs_title = needed
        project.touch()
        project.save()
        trace.record(
            "projects.project.amended", actor=actor, target=project, project_id=project.pk, facts={"changes": changes}
        )


def _delivered_assets(project: Project) -> "list[Asset]":
    return list(Asset.objects.filter(project=project, asset_class__in=DELIVERED))


def _handed(project: Project) -> dict[int, Decimal]:
    """The newest final value of each asset, confirmed."""
    rows = HandoverLine.objects.filter(
        batch__project=project, batch__state=BatchState.CONFIRMED, batch__kind=BatchKind.FINAL
    ).order_by("pk")
    return {row.asset_id: row.value for row in rows}
