"""What of an item's inside a person may read (DOMAIN §13): names, opinions, reviewed amounts, signatures, experts."""

from dataclasses import dataclass

from accounts.actor import Actor
from accounts.roles import APPLICANTS, CENTRE, Role
from approvals.documents.kinds import DocumentKind
from approvals.models import ApprovalItem, ExpertInvitation, Opinion
from approvals.states import DECIDED, ItemState

Kind = Opinion.Kind
AUTHORITY = frozenset({Role.CASE_OFFICER, Role.SECTION_CHIEF, Role.DETERMINER, Role.DIRECTOR})
OVERSEERS = frozenset({Role.AUDITOR, Role.SUPERVISOR, Role.LEADER_VIEW})
READS_CENTRE = AUTHORITY | OVERSEERS | CENTRE | {Role.FINANCE_OFFICER, Role.ARCHIVIST, Role.PLAN_OFFICER}
OUTSIDE = APPLICANTS | {Role.COMPETENT_DEPT, Role.RECEIVER, Role.CO_REVIEW_FIRM, Role.EXPERT}
CENTRE_KINDS = frozenset({Kind.CENTER, Kind.EXPERT_GROUP})
INTERNAL_DOCUMENTS = frozenset({DocumentKind.COMMISSION_LETTER.value})
# What ends without approval shows the unit nothing of the review but the reasons on the document.
OVER = frozenset({*DECIDED, ItemState.REJECTED, ItemState.RETURNED})


@dataclass(frozen=True)
class Sight:
    """`names`: who in the houses works on it (R-PERM-02); `reviewed`: the reviewed column; `pauses`: their signatures."""

    actor: Actor
    names: bool
    reviewed: bool
    pauses: bool
    countersigns: bool
    opinion_kinds: frozenset[str]
    internal_documents: bool

    def opinions(self, item: ApprovalItem) -> list[Opinion]:
        return [row for row in item.opinions.all() if row.kind in self.opinion_kinds]

    def experts(self, item: ApprovalItem) -> list[ExpertInvitation]:
        """R-PERM-01: an expert reads the others' opinions only once their own is filed."""
        rows = list(item.experts.all())
        if self.actor.role == Role.EXPERT:
            own = [row for row in rows if row.expert_id in self.actor.persons]
            return rows if own and all(row.filed_at for row in own) else own
        return rows if self.opinion_kinds >= CENTRE_KINDS else []

    def documents(self, item: ApprovalItem) -> list:
        return [row for row in item.documents.all() if self.shows_document(row.kind)]

    def shows_document(self, kind: str) -> bool:
        return self.internal_documents or kind not in INTERNAL_DOCUMENTS


def sight_of(actor: Actor, item: ApprovalItem) -> Sight:
    """What this person may read of this item now. Once it is decided, the unit sees the result and the names."""
    over = item.state in OVER
    outside = actor.role in OUTSIDE
    kinds: set[str] = set()
    if actor.role in AUTHORITY | {Role.AUDITOR, Role.SUPERVISOR}:
        kinds = set(Kind.values)
    elif actor.role in READS_CENTRE:
        kinds = set(CENTRE_KINDS)
    return Sight(
        actor=actor,
        names=over or not outside,
        reviewed=item.state in DECIDED or actor.role in READS_CENTRE,
        pauses=actor.role in AUTHORITY | OVERSEERS | CENTRE,
        countersigns=actor.role in AUTHORITY | {Role.AUDITOR, Role.SUPERVISOR},
        opinion_kinds=frozenset(kinds),
        internal_documents=not outside,
    )
