"""What a trace entry says, in the reader's language: who did what, and the details that were kept.

The entry itself holds a verb and values; it is never changed. A verb nobody has worded is shown as it is.
"""

import re
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from accounts.wording import role_label
from approvals.catalog import ITEM_TYPES
from approvals.documents.kinds import DocumentKind
from approvals.flow import ITEM_FLOW
from approvals.states import ItemState, PauseReason, ReturnReason, TenPercentDecision
from assets import trace_verbs as assets_words
from bim.states import Discipline, ModelStage
from core.models import TraceEntry
from execution import trace_verbs as execution_words
from projects.lifecycle import LIFECYCLE
from projects.states import Stage

# A mobile telephone number, or a number of an identity card.
PERSONAL = re.compile(r"(?<![\dA-Fa-f])(?:1[3-9]\d{9}|\d{17}[\dXx])(?![\dA-Fa-f])")

VERBS = {
    **execution_words.VERBS,
    **assets_words.VERBS,
    **{ITEM_FLOW.verb(move.name): move.label for move in ITEM_FLOW},
    **{LIFECYCLE.verb(move.name): move.label for move in LIFECYCLE},
    "projects.project.registered": gettext_lazy("Registered the project"),
    "projects.project.amended": gettext_lazy("Corrected the project's basics"),
    "approvals.item.created": gettext_lazy("Opened the item"),
    "approvals.item.amended": gettext_lazy("Changed the declaration"),
    "approvals.item.material_uploaded": gettext_lazy("Uploaded a material"),
    "approvals.item.material_not_applicable": gettext_lazy("Marked a material as not applicable"),
    "approvals.item.material_commented": gettext_lazy("Commented on a material"),
    "approvals.item.defect_answered": gettext_lazy("Answered a defect"),
    "approvals.item.cost_lines_declared": gettext_lazy("Declared cost lines"),
    "approvals.item.cost_lines_reviewed": gettext_lazy("Reviewed cost lines"),
    "approvals.item.model_rule_added": gettext_lazy("Tied model elements to a cost line by a rule"),
    "approvals.item.model_rule_removed": gettext_lazy("Took a rule for model elements away"),
    "approvals.item.model_rules_applied": gettext_lazy("Took shipped rules for model elements"),
    "approvals.item.elements_linked": gettext_lazy("Tied model elements to a cost line by hand"),
    "approvals.item.elements_unlinked": gettext_lazy("Untied model elements from cost lines"),
    "approvals.item.elements_followed": gettext_lazy("Ties followed the elements into a new version"),
    "approvals.item.models_chosen": gettext_lazy("Chose the models to compare with"),
    "approvals.item.objection_lodged": gettext_lazy("An objection arrived"),
    "approvals.item.objection_recorded": gettext_lazy("Recorded an objection"),
    "approvals.item.objection_answered": gettext_lazy("Answered an objection"),
    "approvals.item.due_date_recomputed": gettext_lazy("Due date computed again"),
    "accounts.delegation.proposed": gettext_lazy("Proposed a substitute"),
    "accounts.delegation.accepted": gettext_lazy("Accepted to be a substitute"),
    "accounts.delegation.declined": gettext_lazy("Declined to be a substitute"),
    "accounts.delegation.revoked": gettext_lazy("Took the post back from a substitute"),
    "accounts.user.preferences": gettext_lazy("Changed own settings"),
    "accounts.user.password_changed": gettext_lazy("Changed the password"),
    "accounts.user.token_issued": gettext_lazy("Took an access token"),
    "accounts.user.token_renewed": gettext_lazy("Renewed the access token"),
    "accounts.user.token_dropped": gettext_lazy("Ended the access token"),
    "accounts.user.password_set": gettext_lazy("Set another person's password"),
    "accounts.user.added": gettext_lazy("Entered a person"),
    "accounts.user.changed": gettext_lazy("Changed a person's entry"),
    "accounts.organisation.added": gettext_lazy("Entered an organisation"),
    "accounts.organisation.changed": gettext_lazy("Changed an organisation"),
    "accounts.interest.added": gettext_lazy("Entered an interest"),
    "accounts.interest.changed": gettext_lazy("Changed an interest"),
    "accounts.post.given": gettext_lazy("Gave a post"),
    "accounts.post.ended": gettext_lazy("Ended a post"),
    "calendar.notice.proposed": gettext_lazy("Proposed a holiday notice"),
    "calendar.notice.approved": gettext_lazy("Approved a holiday notice"),
    "approvals.calendar.recomputed": gettext_lazy("Deadlines computed again after a change of the calendar"),
    "rules.amendment.proposed": gettext_lazy("Proposed a change of a rule"),
    "rules.amendment.approved": gettext_lazy("Approved a change of a rule"),
    "core.trace.exported": gettext_lazy("Exported the trace"),
    "reports.report.exported": gettext_lazy("Exported a report"),
    "projects.register.exported": gettext_lazy("Exported the list of projects"),
    "approvals.item.cost_lines_exported": gettext_lazy("Exported cost lines"),
    "bim.model.uploaded": gettext_lazy("Handed in a building model"),
    "bim.model.accepted": gettext_lazy("Building model accepted"),
    "bim.model.rejected": gettext_lazy("Building model refused"),
    "bim.model.cancelled": gettext_lazy("Cancelled the check of a building model"),
    "bim.model.check_again": gettext_lazy("Had a building model checked again"),
    "bim.assets.exported": gettext_lazy("Exported an asset draft"),
    "bim.element.paired": gettext_lazy("Said which element became which"),
    "bim.element.unpaired": gettext_lazy("Took back which element became which"),
    "bim.comparison.exported": gettext_lazy("Exported a comparison of building models"),
    "bim.check.started": gettext_lazy("Started the check of a model"),
    "bim.check.finished": gettext_lazy("A check of a model ended"),
    "bim.check.exported": gettext_lazy("Exported the check of a model"),
    "bim.ids.uploaded": gettext_lazy("Handed in information requirements"),
    "bim.ids.required": gettext_lazy("Made information requirements mandatory"),
    "bim.ids.advisory": gettext_lazy("Made information requirements advisory"),
    "bim.ids.retired": gettext_lazy("Retired information requirements"),
    "bim.ids.taken_back": gettext_lazy("Took retired information requirements back"),
    "bim.topic.created": gettext_lazy("Raised a topic"),
    "bim.topic.commented": gettext_lazy("Commented on a topic"),
    "bim.topic.amended": gettext_lazy("Changed a topic"),
    "bim.topics.imported": gettext_lazy("Imported topics (BCF)"),
    "bim.topics.exported": gettext_lazy("Exported topics (BCF)"),
    "core.trace.verified": gettext_lazy("Verified the trace"),
}

# Where one code stands in several, the first one words it.
CODES = (ItemState, Stage, PauseReason, ReturnReason, TenPercentDecision, DocumentKind)

FACTS = {
    **execution_words.FACTS,
    **assets_words.FACTS,
    "no": gettext_lazy("Item number"),
    "from": gettext_lazy("From"),
    "to": gettext_lazy("To"),
    "type": gettext_lazy("Kind of item"),
    "item_type": gettext_lazy("Kind of item"),
    "item_types": gettext_lazy("Kinds of items"),
    "name": pgettext_lazy("of a thing", "Name"),
    "code": gettext_lazy("Code"),
    "stage": gettext_lazy("Stage"),
    "version": gettext_lazy("Version"),
    "opinion": gettext_lazy("Opinion"),
    "reason": gettext_lazy("Reason"),
    "document": gettext_lazy("Authority document"),
    "documents": gettext_lazy("Documents"),
    "changes": gettext_lazy("Changes"),
    "declared": gettext_lazy("Declared"),
    "sha256": "SHA-256",
    "holder": gettext_lazy("Holder of the post"),
    "substitute": gettext_lazy("Substitute"),
    "role": gettext_lazy("Role"),
    "post": gettext_lazy("Post"),
    "year": gettext_lazy("Year"),
    "papers": gettext_lazy("Official papers"),
    "days_changed": gettext_lazy("Days changed"),
    "items_moved": gettext_lazy("Deadlines moved"),
    "value": gettext_lazy("Value"),
    "basis": gettext_lazy("Basis"),
    "effective_from": gettext_lazy("Effective from"),
    "officer": gettext_lazy("Officer"),
    "text": gettext_lazy("Message"),
    "explanation": gettext_lazy("Explanation"),
    "approved_amount": gettext_lazy("Approved amount"),
    "days": gettext_lazy("Working days"),
    "checked": gettext_lazy("Entries checked"),
    "broken": gettext_lazy("First fault"),
    "count": gettext_lazy("Number"),
    "rows": gettext_lazy("Rows"),
    "rule": gettext_lazy("Rule"),
    "guids": "GlobalId",
    "line_code": gettext_lazy("Cost line"),
    "quantity": gettext_lazy("Quantity"),
    "set_name": gettext_lazy("Quantity set"),
    "ifc_class": gettext_lazy("Class"),
    "factor": gettext_lazy("Factor"),
    "share": gettext_lazy("Share"),
    "type_contains": gettext_lazy("Type contains"),
    "classification_prefix": gettext_lazy("Classification begins with"),
    "material_contains": gettext_lazy("Material contains"),
    "material_lacks": gettext_lazy("Material does not contain"),
    "storey": gettext_lazy("Storey"),
    "models": gettext_lazy("Models"),
    "model": gettext_lazy("Model"),
    "filters": gettext_lazy("Filters"),
    "objection": gettext_lazy("Objection"),
    "received_on": gettext_lazy("Received on"),
    "answer": gettext_lazy("Answer"),
    "is_upheld": gettext_lazy("Upheld"),
    "model_stage": gettext_lazy("Model stage"),
    "discipline": gettext_lazy("Discipline"),
    "schema": gettext_lazy("IFC version"),
    "topic": gettext_lazy("Topic"),
    "title": gettext_lazy("Title"),
    "format": gettext_lazy("Format"),
    "added": gettext_lazy("Added"),
    "updated": gettext_lazy("Updated"),
    "kept": gettext_lazy("Known already, not older here"),
    "left_out": gettext_lazy("Not taken"),
    "elements": gettext_lazy("Elements"),
    "storeys": gettext_lazy("Storeys"),
    "old_version": gettext_lazy("Older version"),
    "old_guid": gettext_lazy("GlobalId in the older version"),
    "new_guid": gettext_lazy("GlobalId in the newer version"),
    "reasons": gettext_lazy("Reasons"),
    "kind": gettext_lazy("Kind"),
    "number": pgettext_lazy("of a document", "Number"),
    "approved": gettext_lazy("Approved"),
    "reviewed": gettext_lazy("Reviewed"),
    "consent": gettext_lazy("Supervisor's consent to a further correction"),
    "decision": gettext_lazy("Decision"),
    "defect": gettext_lazy("Defect"),
    "defects": gettext_lazy("Defects"),
    "document_no": gettext_lazy("Document number"),
    "early_involvement": gettext_lazy("Early involvement"),
    "expected_days": gettext_lazy("Expected working days"),
    "experts": gettext_lazy("Experts"),
    "files": gettext_lazy("Files"),
    "findings": gettext_lazy("Findings of the investment rules"),
    "first": gettext_lazy("First reviewer"),
    "second": gettext_lazy("Second reviewer"),
    "reviewers": gettext_lazy("Reviewers"),
    "funding": gettext_lazy("Funding sources"),
    "ground": gettext_lazy("Ground"),
    "letter": gettext_lazy("Letter"),
    "lines": gettext_lazy("Cost lines"),
    "n": gettext_lazy("Number of lines"),
    "note": gettext_lazy("Note"),
    "override_document": gettext_lazy("Authority document for deviating from a rule"),
    "override_reason": gettext_lazy("Reason for the deviation"),
    "page": gettext_lazy("Page"),
    "pause_reason": gettext_lazy("Reason of the pause"),
    "project_moved": gettext_lazy("Project moved on"),
    "project_stage": gettext_lazy("Stage of the project"),
    "promised_days": gettext_lazy("Promised working days"),
    "used_days": gettext_lazy("Working days used"),
    "return_class": gettext_lazy("Class of reason"),
    "round": gettext_lazy("Round"),
    "score": gettext_lazy("Score"),
    "verdict": gettext_lazy("Verdict"),
    "voided_signatures": gettext_lazy("Signatures voided"),
    "waives": gettext_lazy("Later steps waived"),
    "work_plan": gettext_lazy("Work plan"),
}
# Some of these read like stages of a project, and mean something else.
MODEL_CODES = {"model_stage": ModelStage, "discipline": Discipline}


def verb_label(verb: str) -> str:
    return str(VERBS.get(verb, verb))


def who(entry: TraceEntry) -> str:
    """The person, and the one acted for; the system where nobody did."""
    name = entry.actor_name or _("System")
    return (
        _("%(name)s (for %(principal)s)") % {"name": name, "principal": entry.acting_for_name}
        if (entry.acting_for_name)
        else name
    )


def passage(facts: dict[str, Any]) -> str:
    """From which state or stage to which, in words; empty where nothing moved."""
    before, after = facts.get("from"), facts.get("to")
    if not isinstance(before, str) or not isinstance(after, str) or before == after:
        return ""
    if before in Stage.values and after in Stage.values:  # a project's REVOKED is not an item's
        return f"{Stage(before).label} → {Stage(after).label}"
    return f"{_code(before)} → {_code(after)}"


def details(entry: TraceEntry) -> list[tuple[str, str]]:
    """Every kept value with its label; telephone and identity numbers are masked here, never in the chain."""
    found = [(str(FACTS.get(name, name)), _masked(_said(name, value))) for name, value in entry.facts.items()]
    if entry.reason and "reason" not in entry.facts:
        found.append((str(FACTS["reason"]), _masked(entry.reason)))
    return found


def _masked(text: str) -> str:
    return PERSONAL.sub(lambda found: f"{found[0][:3]}****{found[0][-4:]}", text)


def _said(name: str, value: Any) -> str:
    if value is None:
        return "—"
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if name == "role" and isinstance(value, str):
        return role_label(value)
    if name in MODEL_CODES and value in MODEL_CODES[name].values:
        return str(MODEL_CODES[name](value).label)
    if isinstance(value, dict):
        return "; ".join(f"{FACTS.get(key, key)}: {_said(key, part)}" for key, part in value.items())
    if isinstance(value, list):
        return (
            " → ".join(_said("", part) for part in value) if len(value) == 2 else ", ".join(_said("", p) for p in value)
        )
    return _code(str(value))


def _code(text: str) -> str:
    """A state, stage, item type or other code in words; anything else unchanged."""
    for codes in CODES:
        if text in {code.value for code in codes}:
            return str(codes(text).label)
    return str(ITEM_TYPES[text].label) if text in ITEM_TYPES else text
