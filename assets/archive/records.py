"""A row as a record for the archive: every column by name, people and houses in words, files by their hash."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.db import models

from accounts.models import Organisation, User
from core.models import StoredFile
from core.trace import plain

# What a reader of the archive has no use for, or what only served the system while it ran.
LEFT_OUT = frozenset({"version", "job", "geometry_job", "once_key", "token"})

Branches = Mapping[str, Any]


def record_of(row: models.Model, branches: Branches | None = None) -> dict[str, Any]:
    """Columns, then the rows that hang below it: `branches` maps a related name to the branches of its rows."""
    said = {f.name: _value(row, f) for f in row._meta.concrete_fields if f.name not in LEFT_OUT}
    for f in row._meta.many_to_many:
        if f.related_model is StoredFile:
            said[f.name] = [_file(file) for file in getattr(row, f.name).order_by("pk")]
    for name, below in (branches or {}).items():
        said[name] = _below(row, name, below)
    return said


def records_of(rows: Iterable[models.Model], branches: Branches | None = None) -> list[dict[str, Any]]:
    return [record_of(row, branches) for row in rows]


def _below(row: models.Model, name: str, branches: Branches) -> Any:
    field: Any = row._meta.get_field(name)
    if field.one_to_one:
        one = field.related_model._base_manager.filter(**{field.field.name: row}).first()
        return None if one is None else record_of(one, branches)
    return records_of(getattr(row, name).order_by("pk"), branches)


def _value(row: models.Model, field: Any) -> Any:
    if not field.is_relation:
        value = getattr(row, field.attname)
        return value if isinstance(value, dict | list) else plain(value)
    key = getattr(row, field.attname)
    if key is None:
        return None
    if field.related_model is StoredFile:
        return _file(getattr(row, field.name))
    if field.related_model in (User, Organisation):
        return str(getattr(row, field.name))
    return key


def _file(file: StoredFile) -> dict[str, Any]:
    return {"name": file.name, "sha256": file.sha256, "size": file.size}


def files_of(row: models.Model, branches: Branches | None = None) -> Iterable[tuple[models.Model, StoredFile]]:
    """Every file the row or anything below it names, with the row that names it."""
    for f in row._meta.concrete_fields:
        if f.is_relation and f.related_model is StoredFile and getattr(row, f.attname) is not None:
            yield row, getattr(row, f.name)
    for f in row._meta.many_to_many:
        if f.related_model is StoredFile:
            for file in getattr(row, f.name).order_by("pk"):
                yield row, file
    for name, below in (branches or {}).items():
        field: Any = row._meta.get_field(name)
        rows: Iterable[Any]
        if field.one_to_one:
            rows = field.related_model._base_manager.filter(**{field.field.name: row})
        else:
            rows = getattr(row, name).order_by("pk")
        for one in rows:
            yield from files_of(one, below)
