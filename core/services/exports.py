"""The trace of what leaves the system as a file: nothing is taken without an entry that names it and its hash."""

import hashlib
from typing import Any

from django.db import transaction

from core.trace import Who, record


@transaction.atomic
def note_export(
    verb: str,
    content: bytes,
    *,
    actor: Who,
    rows: int,
    filters: dict[str, Any] | None = None,
    project_id: int | None = None,
    item_id: int | None = None,
) -> None:
    """Keeps who took which rows under which filters. Call it before the file is sent."""
    facts = {"filters": filters or {}, "rows": rows, "sha256": hashlib.sha256(content).hexdigest()}
    record(verb, actor=actor, facts=facts, project_id=project_id, item_id=item_id)
