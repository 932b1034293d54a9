"""What the step of the cost grid shows."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _

from approvals.models import ApprovalItem
from web.forms.declaration import UNIT_CHOICES, UNITS, CostGrid

BLANK_ROWS = 3
MOST_BLANK = 200


@dataclass(frozen=True)
class Seed:
    """A way to begin the grid."""

    key: str
    label: str


def shown(request: HttpRequest, item: ApprovalItem) -> dict[str, Any]:
    """The stored lines in the unit asked for."""
    wanted = request.GET.get("unit", "")
    more = request.GET.get("rows", "")
    blank = min(int(more), MOST_BLANK) if more.isascii() and more.isdigit() and len(more) < 5 else BLANK_ROWS
    return grid_shown(item, CostGrid.stored(item, wanted if wanted in UNITS else ""), blank)


def grid_shown(item: ApprovalItem, grid: CostGrid, blank: int = BLANK_ROWS, **more: Any) -> dict[str, Any]:
    """`more`: the errors of a workbook, or problems the service found."""
    return {
        "grid": grid,
        "unit_label": dict(UNIT_CHOICES)[grid.unit],
        "unit_choices": UNIT_CHOICES,
        "blank_rows": range(blank),
        "more_rows": min(blank + 10, MOST_BLANK),
        "seeds": seeds_of(item),
        **more,
    }


def seeds_of(item: ApprovalItem) -> list[Seed]:
    """The standard trees, and the lines of the project's earlier items."""
    earlier = ApprovalItem.objects.filter(
        project=item.project_id, owner_unit=item.owner_unit_id, decided_on__isnull=False
    )
    return [
        Seed("standard", _("Standard tree with all branches")),
        Seed("short", _("Short tree: works, other costs, contingency")),
        *(
            Seed(
                f"item-{row.pk}",
                _("Lines and approved amounts of %(no)s") % {"no": f"{row.no} {row.get_item_type_display()}"},
            )
            for row in earlier.filter(cost_lines__isnull=False).order_by("-pk").distinct()[:5]
        ),
    ]
