"""Resumable uploads that become versions of a material."""

from collections.abc import Mapping

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.actor import Actor
from accounts.policies import insist
from approvals import policies
from approvals.models import ApprovalItem, MaterialSlot, MaterialVersion
from approvals.services import engine, materials
from core import locks
from core.errors import DomainError, Problem, RuleViolation, require
from core.keys import key_of
from core.models import StoredFile, Upload
from core.services import uploads

PURPOSE = "material"


def announced(said: Mapping[str, str], *, actor: Actor, name: str, size: int) -> Upload:
    """`begin` for the material that the metadata name as `slot`."""
    slot = key_of(said.get("slot", ""))
    if not slot:
        raise RuleViolation([Problem("upload.slot", _("Upload-Metadata names the material (slot)."), "slot")])
    return begin(slot, actor=actor, name=name, size=size)


def begin(slot_id: int, *, actor: Actor, name: str, size: int) -> Upload:
    """Opens an upload for one material, after the checks that need no bytes. Raises NotFound, NotPermitted, RuleViolation."""
    slot = visible_slot(slot_id, actor)
    _require_uploadable(slot, actor)
    requirement = slot.requirement
    uploads.announce(name, size, requirement.kinds if requirement else ("PDF",))
    return uploads.begin(owner=actor.user, name=name, size=size, purpose=PURPOSE, target_id=slot.pk)


def attach(upload: Upload, *, actor: Actor) -> MaterialVersion:
    """Makes the finished upload the newest version. A refused file is given up, so that nobody waits for it."""
    slot = visible_slot(upload.target_id, actor)
    try:
        _require_uploadable(slot, actor)
        with uploads.path_of(upload).open("rb") as stream:
            file = materials.store_file(slot, stream, name=upload.name, actor=actor)
        version = _attach(slot, file, actor)
    except DomainError:
        uploads.forget(upload)
        raise
    uploads.finish(upload, version.pk)
    return version


def visible_slot(slot_id: int, actor: Actor) -> MaterialSlot:
    items = ApprovalItem.objects.visible_to(actor)
    return locks.found(MaterialSlot.objects.filter(item__in=items).select_related("item"), pk=slot_id)


def _require_uploadable(slot: MaterialSlot, actor: Actor) -> None:
    insist(policies.may_edit_declaration, actor, slot.item)
    require(materials.upload_problems(slot.item, slot))


@transaction.atomic
def _attach(slot: MaterialSlot, file: StoredFile, actor: Actor) -> MaterialVersion:
    item = engine.lock_item(slot.item_id, actor, None)
    slot = locks.found(MaterialSlot.objects.all(), pk=slot.pk)
    slot.item = item
    _require_uploadable(slot, actor)
    return materials.attach(item, slot, file, actor=actor)


MATERIAL = uploads.Purpose(PURPOSE, announced, attach)
