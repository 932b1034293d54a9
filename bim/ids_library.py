"""The information requirements there are: the minimum set, the files shipped with the product, the uploaded ones.

Shipped files are read from fixtures/ids; a row of IdsFile with their code only says what an office changed about them
(required, retired). Uploaded files are rows. What a model is checked against is the same list, narrowed by its stage and
discipline.
"""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache
from pathlib import Path

from accounts.models import User
from bim.ifc.checks import EDITION
from bim.models import BimModel, IdsFile
from bim.states import Discipline
from core import files

SHIPPED = Path(__file__).resolve().parent.parent / "fixtures" / "ids"
MINIMUM = "minimum"
MINIMUM_TOOL = f"GIPLT minimum set {EDITION}"


@dataclass(frozen=True)
class Requirements:
    """One set of requirements. `key`: minimum, shipped:<code> or ids:<pk>. Empty stage or discipline: for every one."""

    key: str
    title: str = ""
    stage: str = ""
    discipline: str = ""
    required: bool = False
    sha256: str = ""
    path: Path | None = None
    row: IdsFile | None = None
    uploaded_by: User | None = None
    uploaded_at: datetime | None = None
    retired_at: datetime | None = None

    @property
    def is_minimum(self) -> bool:
        return self.key == MINIMUM

    @property
    def is_shipped(self) -> bool:
        return self.key.startswith("shipped:")

    @property
    def code(self) -> str:
        return self.key.partition(":")[2]

    def fits(self, model: BimModel) -> bool:
        """A model of all disciplines has to meet what is asked of each; a model of one, what is asked of it or of all."""
        everywhere = ("", Discipline.COMBINED)
        by_discipline = model.discipline == Discipline.COMBINED or self.discipline in (*everywhere, model.discipline)
        return self.stage in ("", model.stage) and by_discipline


THE_MINIMUM = Requirements(MINIMUM, required=True)


@lru_cache(maxsize=1)
def shipped() -> tuple[Requirements, ...]:
    """The files of fixtures/ids, in the order of its library.json."""
    rows = json.loads((SHIPPED / "library.json").read_text(encoding="utf-8"))
    found = []
    for row in rows:
        path = SHIPPED / f"{row['code']}.ids"
        sha = hashlib.sha256(path.read_bytes()).hexdigest()
        found.append(
            Requirements(
                f"shipped:{row['code']}", row["title"], row["stage"], row["discipline"], row["required"], sha, path
            )
        )
    return tuple(found)


def library(*, with_retired: bool = False) -> list[Requirements]:
    """Everything but the minimum set: shipped files, then uploaded ones, the newest last. One query."""
    rows = list(IdsFile.objects.select_related("file", "uploaded_by").order_by("pk"))
    changed = {row.code: row for row in rows if row.shipped}
    found = [_overlaid(one, changed.get(one.code)) for one in shipped()]
    found += [_uploaded(row) for row in rows if not row.shipped]
    return [one for one in found if with_retired or one.retired_at is None]


def entry(key: str, *, with_retired: bool = False) -> Requirements | None:
    """One set by its key; None if there is none, or it is retired."""
    if key == MINIMUM:
        return THE_MINIMUM
    return next((one for one in library(with_retired=with_retired) if one.key == key), None)


def fitting(model: BimModel, among: Iterable[Requirements] | None = None) -> list[Requirements]:
    """What this model is checked against: the minimum set first."""
    return [THE_MINIMUM, *(one for one in (library() if among is None else among) if one.fits(model))]


def _overlaid(one: Requirements, row: IdsFile | None) -> Requirements:
    return one if row is None else replace(one, required=row.required, retired_at=row.retired_at, row=row)


def _uploaded(row: IdsFile) -> Requirements:
    return Requirements(
        f"ids:{row.pk}",
        row.title,
        row.stage,
        row.discipline,
        row.required,
        row.sha256,
        files.path_of(row.sha256),
        row,
        row.uploaded_by,
        row.uploaded_at,
        row.retired_at,
    )
