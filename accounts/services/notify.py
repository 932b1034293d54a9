"""Leaves a notice for a person; e-mail follows at once or in the daily digest, as they chose."""

from typing import Any

from accounts.models import Message, User


def tell(
    user: User, code: str, facts: dict[str, Any], *, link: str = "", urgent: bool = False, once_key: str | None = None
) -> Message | None:
    """One notice; with a `once_key` only the first call with that key leaves one."""
    values = {"code": code, "facts": facts, "link": link, "is_urgent": urgent}
    if once_key is None:
        return Message.objects.create(user=user, **values)
    message, created = Message.objects.get_or_create(user=user, once_key=once_key, defaults=values)
    return message if created else None
