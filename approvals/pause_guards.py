"""When a pause may be proposed, signed, begun or cancelled (R-TL-08): signed twice, one at a time."""

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _

from core.errors import Problem
from core.workflow import Situation

Problems = Iterator[Problem]


def proposed_pause(item: Any) -> Any:
    return next((p for p in item.pauses.all() if p.began_on is None and p.cancelled_at is None), None)


def no_pause_is_proposed(item: Any, situation: Situation) -> Problems:
    if proposed_pause(item):
        yield Problem("pause.proposed", _("A pause has been proposed and is not settled yet."))


def a_pause_is_proposed(item: Any, situation: Situation) -> Problems:
    if proposed_pause(item) is None:
        yield Problem("pause.none", _("No pause has been proposed."))


def pause_awaits_first_signature(item: Any, situation: Situation) -> Problems:
    pause = proposed_pause(item)
    if pause is None:
        yield Problem("pause.none", _("No pause has been proposed."))
    elif pause.first_signed_by_id:
        yield Problem("pause.signed", _("The pause already has this signature."))


def pause_awaits_second_signature(item: Any, situation: Situation) -> Problems:
    pause = proposed_pause(item)
    if pause is None:
        yield Problem("pause.none", _("No pause has been proposed."))
    elif pause.second_signed_by_id:
        yield Problem("pause.signed", _("The pause already has this signature."))


def pause_is_signed_twice(item: Any, situation: Situation) -> Problems:
    """R-TL-08."""
    pause = proposed_pause(item)
    if pause is None:
        yield Problem("pause.none", _("No pause has been proposed."))
        return
    if not pause.first_signed_by_id:
        yield Problem("pause.unsigned_first", _("The department head has not signed the pause."))
    if not pause.second_signed_by_id:
        yield Problem("pause.unsigned_second", _("The deputy director has not signed the pause."))
