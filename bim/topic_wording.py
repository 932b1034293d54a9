"""Words around topics: the usual values, the faults of BCF files, and whom a reader may see named."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from accounts.actor import Actor
from accounts.models import Organisation
from accounts.roles import APPLICANTS, Role
from bim.bcf.records import Fault
from bim.bcf.refusal import BcfRefused

OPEN, IN_PROGRESS, RESOLVED, CLOSED, REOPENED = "Open", "In Progress", "Resolved", "Closed", "ReOpened"
# BCF leaves the values open; these are offered, others that came in by a file are kept as they are.
STATUSES = {
    OPEN: pgettext_lazy("of a topic", "Open"),
    IN_PROGRESS: pgettext_lazy("of a topic", "In progress"),
    RESOLVED: pgettext_lazy("of a topic", "Resolved"),
    CLOSED: pgettext_lazy("of a topic", "Closed"),
    REOPENED: pgettext_lazy("of a topic", "Opened again"),
}
TYPES = {
    "Issue": pgettext_lazy("of a topic", "Issue"),
    "Clash": pgettext_lazy("of a topic", "Clash"),
    "Error": pgettext_lazy("of a topic", "Error"),
    "Request": pgettext_lazy("of a topic", "Request"),
    "Remark": pgettext_lazy("of a topic", "Remark"),
}
PRIORITIES = {
    "Low": pgettext_lazy("of a topic", "Low"),
    "Normal": pgettext_lazy("of a topic", "Normal"),
    "High": pgettext_lazy("of a topic", "High"),
    "Critical": pgettext_lazy("of a topic", "Critical"),
}
LABELS = {"topic_status": STATUSES, "topic_type": TYPES, "priority": PRIORITIES}
# Who stands outside the review: of other houses they read the house, never the person (R-PERM-02).
OUTSIDE = APPLICANTS | {Role.COMPETENT_DEPT, Role.RECEIVER, Role.CO_REVIEW_FIRM, Role.EXPERT}

WORDS = {
    "bcf.damaged": gettext_lazy("The file is damaged, or no BCF file."),
    "bcf.encrypted": gettext_lazy("The file is protected by a password."),
    "bcf.method": gettext_lazy("The file is packed by a method that is not accepted."),
    "bcf.entries": gettext_lazy("The file holds more than %(most)s parts."),
    "bcf.bomb": gettext_lazy("The file unpacks to far more than it should (over %(mb)s MB)."),
    "bcf.path": gettext_lazy("The file holds a part whose name leads outside: %(name)s."),
    "bcf.twice": gettext_lazy("The file holds the same part twice: %(name)s."),
    "bcf.entry_large": gettext_lazy("A part of the file is too large: %(name)s (over %(mb)s MB)."),
    "bcf.no_version": gettext_lazy("The file is no BCF file: it says no version (bcf.version)."),
    "bcf.version": gettext_lazy("BCF %(version)s is not accepted. Accepted: %(accepted)s."),
    "bcf.topics": gettext_lazy("The file holds more than %(most)s topics. Please split it."),
    "bcf.xml": gettext_lazy("A part cannot be read: %(name)s (%(detail)s)."),
    "bcf.xml_large": gettext_lazy("A part is too deep or too long: %(name)s."),
    "bcf.doctype": gettext_lazy("A part declares a document type, which is not accepted: %(name)s."),
    "topic.none": gettext_lazy("The markup holds no topic."),
    "topic.guid": gettext_lazy("The topic has no valid GUID."),
    "topic.incomplete": gettext_lazy("The topic has no title or no date of creation."),
    "topic.twice": gettext_lazy("The topic is in the file twice; the first one counts."),
    "topic.unknown_parts": gettext_lazy("Left out, because BCF does not know it: %(names)s."),
    "topic.reference": gettext_lazy("A reference that leads outside the file was not followed: %(name)s."),
    "topic.related": gettext_lazy("A related topic without a valid GUID was left out."),
    "comment.incomplete": gettext_lazy("A comment without a valid GUID or date was left out."),
    "viewpoint.guid": gettext_lazy("A viewpoint without a valid GUID was left out."),
    "viewpoint.missing": gettext_lazy("The file of a viewpoint is missing: %(name)s."),
    "viewpoint.unreadable": gettext_lazy("A viewpoint cannot be read; only its picture was taken."),
    "snapshot.missing": gettext_lazy("A picture is missing: %(name)s."),
    "snapshot.no_picture": gettext_lazy("A picture is neither PNG nor JPEG and was left out: %(name)s."),
    "view.shape": gettext_lazy("The viewpoint cannot be read."),
    "text.shortened": gettext_lazy("“%(name)s” was too long and was shortened."),
}


def said(fault: Fault | BcfRefused) -> str:
    """The fault in the reader's language; its bare code if there are no words for it."""
    template, facts = WORDS.get(fault.code), dict(fault.facts)
    try:
        return str(template) % facts if template else fault.code
    except (KeyError, TypeError, ValueError):
        return str(template)


def label(field: str, value: str) -> str:
    """A status, type or priority in the reader's language; a value we do not know as it is."""
    return str(LABELS[field].get(value, value))


def choices(field: str, *also: str) -> list[tuple[str, str]]:
    """The usual values, and those in use."""
    values: Mapping[str, Any] = LABELS[field]
    return [(value, str(name)) for value, name in values.items()] + [
        (value, value) for value in dict.fromkeys(also) if value and value not in values
    ]


def signature(actor: Actor) -> str:
    """How an author is named in a topic and in its files: the person and the house, no address."""
    return _("%(person)s (%(house)s)") % {"person": actor.user.full_name, "house": actor.organisation.name}


def named(author: str, house: Organisation | None, actor: Actor | None) -> str:
    """The author as this reader may know them. Whoever stands outside the review sees other houses, not their people."""
    is_outside = actor is None or actor.role in OUTSIDE
    if house is None or not is_outside or (actor is not None and actor.organisation_id == house.pk):
        return author
    return house.name
