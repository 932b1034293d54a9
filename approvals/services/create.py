"""A01: opens a new item for a project, with its material list and what the system already holds."""

from collections.abc import Iterable

from django.conf import settings
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from accounts.actor import Actor
from accounts.models import Organisation
from accounts.policies import insist
from accounts.roles import Role
from approvals import guards
from approvals.catalog import ITEM_TYPES, ItemType, MaterialRequirement
from approvals.models import ApprovalItem, MaterialSlot, Task
from approvals.policies import may_open
from approvals.services.links import link_earlier_approvals
from approvals.states import OPEN
from core import clock, locks, trace
from core.errors import NotFound, Problem, require
from projects.models import Project
from projects.states import MAIN_LINE


@transaction.atomic
def create(
    project_id: int,
    item_type: str,
    *,
    actor: Actor,
    no: str = "",
    is_early_involvement: bool = False,
    resubmission_of: ApprovalItem | None = None,
) -> ApprovalItem:
    """A draft. `no` keeps the number of an imported item; otherwise the system gives one."""
    project = locks.locked(Project.objects.visible_to(actor), project_id)
    insist(may_open, actor, item_type)
    if item_type not in ITEM_TYPES:
        raise NotFound(Problem("item_type.unknown", _("There is no such kind of item."), "item_type"))
    kind = ITEM_TYPES[item_type]
    require([*creation_problems(project, kind, is_early_involvement), *_link_problems(project, kind, resubmission_of)])
    authority = _house(kind.decided_by)
    item = ApprovalItem(
        no=no or _temporary_number(project),
        project=project,
        item_type=item_type,
        owner_unit=actor.organisation,
        authority=authority,
        center=Organisation.objects.filter(kind=Organisation.Kind.REVIEW_CENTER, is_active=True).first(),
        applicant=actor.user,
        is_early_involvement=is_early_involvement,
        resubmission_of=resubmission_of,
        created_at=clock.now(),
    )
    item.touch()
    item.full_clean()
    item.save()
    if not no:
        item.no = f"{item_type}-{clock.today():%Y}-{item.pk:06d}"
        item.save()
    _lay_out(item, kind)
    trace.record(
        "approvals.item.created",
        actor=actor,
        target=item,
        project_id=project.pk,
        item_id=item.pk,
        facts={"no": item.no, "type": item_type, "early_involvement": is_early_involvement},
    )
    return item


def creation_problems(project: Project, kind: ItemType, is_early_involvement: bool = False) -> Iterable[Problem]:
    """Why this kind of item cannot be opened for the project now."""
    may_come_early = is_early_involvement and project.stage in MAIN_LINE
    in_stage = kind.may_be_declared_in(project.stage) or guards.is_to_be_given_anew(project, kind.gate)
    if not in_stage and not may_come_early:
        message = _("This item belongs to another stage; the project is in “%(stage)s”.")
        yield Problem("stage.mismatch", message % {"stage": project.get_stage_display()})
    if kind.needs_adjustment_flag and not project.is_estimate_adjusting:
        yield Problem("adjustment.not_open", _("Open an estimate adjustment of the project first."))
    open_items = ApprovalItem.objects.filter(project=project, item_type=kind.code, state__in=OPEN)
    if not is_early_involvement and open_items.filter(is_early_involvement=False).exists():
        yield Problem("item.open", _("The project already has an open item of this type."))
    if not Organisation.objects.filter(kind=kind.decided_by, is_active=True).exists():
        yield Problem("authority.missing", _("No organisation is set up to decide this kind of item."))


def _link_problems(project: Project, kind: ItemType, earlier: ApprovalItem | None) -> Iterable[Problem]:
    """§2.7: what is declared anew follows an ended item of the same kind and project."""
    if earlier is None:
        return
    if earlier.project_id != project.pk or earlier.item_type != kind.code or earlier.is_open:
        yield Problem("resubmission.unfit", _("Only an ended item of the same kind and project can be declared anew."))


def _house(kind: str) -> Organisation:
    return Organisation.objects.filter(kind=kind, is_active=True).order_by("pk").first()


def _temporary_number(project: Project) -> str:
    return f"NEW-{project.pk}-{clock.now().timestamp():.6f}"[:30]


def _necessity(item: ApprovalItem, row: MaterialRequirement) -> str:
    """R-LC-09: a major project needs more."""
    return "M" if row.mandatory_if_major and item.project.is_major else row.necessity


def _official_name(row: MaterialRequirement) -> str:
    """As official documents print it, whatever language the clerk reads."""
    with translation.override(settings.LANGUAGE_CODE):
        return str(row.name)


def _lay_out(item: ApprovalItem, kind: ItemType) -> None:
    MaterialSlot.objects.bulk_create(
        MaterialSlot(
            item=item, code=row.code, name=_official_name(row), necessity=_necessity(item, row), position=position
        )
        for position, row in enumerate(kind.materials)
    )
    link_earlier_approvals(item)
    Task.objects.create(
        item=item,
        kind=Task.Kind.STEP,
        step=item.state,
        role=Role.APPLICANT_CLERK,
        organisation=item.owner_unit,
        entered_on=clock.today(),
        entered_at=clock.now(),
    )
