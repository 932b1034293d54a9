"""Links by hand follow their elements into a new version of the model, where the comparison knows what became of them."""

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.actor import Actor
from approvals.model_versions import effect
from approvals.models import ApprovalItem
from approvals.services import model_links
from bim import comparing
from core.errors import Problem, require
from core.locks import found


@transaction.atomic
def follow(item_id: int, one: int, other: int, *, actor: Actor) -> int:
    """Moves every link of the item whose element has a counterpart in the newer of the two models; returns how many.

    What waits or is gone stays where it is until a person decides. Raises NotFound, NotPermitted, RuleViolation.
    """
    pair = comparing.versions(actor, one, other)
    item = found(ApprovalItem.objects.visible_to(actor), pk=item_id, project_id=pair.new.project_id)
    became = comparing.counterparts(pair)
    if became is None:
        require([Problem("compare.missing", _("Compare the two versions first."))])
        return 0
    follows = effect(item, pair, became).follows
    if not follows:
        require([Problem("links.nothing", _("No link by hand has to follow."))])
    return model_links.follow(item_id, follows, pair.new, actor=actor)
