"""An item in first review whose estimate names quantities, and the school's model it is compared with."""

from decimal import Decimal

from accounts.actor import Actor
from approvals.models import ApprovalItem
from approvals.services import costs, moves
from approvals.services.costs import DeclaredLine
from approvals.services.model_links import RuleSaid, add_rule
from bim.models import BimModel
from tests.support import handed_in, lives
from tests.support.cast import Cast
from tests.support.ifc_builder import IfcBuilder

# Walls of the school: 2 storeys × (4 + 5 + 6 + 7) m³; two doors; two rooms of 63.5 m².
LINES = (
    DeclaredLine("1", "工程费用"),
    DeclaredLine("1.1", "混凝土墙", Decimal("500000.00"), "1", "m³", Decimal(43)),
    DeclaredLine("1.2", "木门", Decimal("20000.00"), "1", "樘", Decimal(2)),
    DeclaredLine("1.3", "楼地面", Decimal("60000.00"), "1", "m²", Decimal(150)),
    DeclaredLine("1.4", "楼板", Decimal("90000.00"), "1", "m³", Decimal(70)),
    DeclaredLine("2", "工程建设其他费用", Decimal("100000.00")),
)


def an_item(cast: Cast, **changes: str) -> ApprovalItem:
    """A proposal in first review with Wu."""
    project = lives.a_project_in_proposal(cast, **changes)
    item = lives.fill_in(cast, lives.a_draft(cast, project))
    costs.declare_lines(item.pk, actor=cast.lin, lines=LINES)
    item = moves.perform(item.pk, "submit", actor=cast.lei)
    return lives.in_first_review(cast, lives.accepted(cast, item))


def its_model(cast: Cast, item: ApprovalItem, made: IfcBuilder | None = None, **said: str) -> BimModel:
    content = (made or handed_in.a_school()).bytes()
    return handed_in.hand_in(cast.lin, item.project, content, **{"stage": "CONCEPT", **said})


def walls(item: ApprovalItem, actor: Actor, **changes: object) -> object:
    """Concrete walls feed line 1.1 by their net volume."""
    said = RuleSaid(**{"line_code": "1.1", "quantity": "NetVolume", "ifc_class": "IfcWall", **changes})
    return add_rule(item.pk, said, actor=actor)
