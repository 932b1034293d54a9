"""Every row lock of the system is taken here."""

from typing import TypeVar

from django.db import models
from django.utils.translation import gettext as _

from core.errors import NotFound, Problem

M = TypeVar("M", bound=models.Model)


def locked(rows: "models.QuerySet[M]", pk: int) -> M:
    """The row, locked until the transaction ends; NotFound if the queryset does not show it.

    SQLite has no row locks: there the IMMEDIATE transaction already keeps every other writer out.
    """
    found = rows.select_for_update(of=("self",)).filter(pk=pk).first()
    if found is None:
        raise NotFound(Problem("not_found", _("There is no such record, or you may not see it.")))
    return found


def all_locked(rows: "models.QuerySet[M]") -> list[M]:
    """All rows of the queryset, locked in the order of their keys, so that two at once never wait for each other."""
    return list(rows.select_for_update(of=("self",)).order_by("pk"))


def found(rows: "models.QuerySet[M]", **lookup: object) -> M:
    """The one row these conditions name, or NotFound."""
    row = rows.filter(**lookup).first()
    if row is None:
        raise NotFound(Problem("not_found", _("There is no such record, or you may not see it.")))
    return row
