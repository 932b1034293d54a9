"""How topics are written on the pages: status, kind, priority, and authors as the reader may know them."""

from typing import Any

from django import template

from accounts.actor import Actor
from bim import topic_wording
from bim.models import BcfComment, BcfTopic
from web.templatetags import ui

register = template.Library()

TONES = {
    topic_wording.OPEN: "waiting",
    topic_wording.IN_PROGRESS: "running",
    topic_wording.RESOLVED: "success",
    topic_wording.CLOSED: "ended",
    topic_wording.REOPENED: "waiting",
}


@register.simple_tag
def topic_state(topic: BcfTopic) -> Any:
    """The chip of a topic's status."""
    status = topic.topic_status
    return ui.state(status, topic_wording.label("topic_status", status) or "—", tone=TONES.get(status, "running"))


@register.filter
def topic_word(value: str, field: str) -> str:
    """{{ topic.priority|topic_word:"priority" }}"""
    return topic_wording.label(field, value)


@register.simple_tag
def named_author(row: BcfTopic | BcfComment, actor: Actor | None) -> str:
    return topic_wording.named(row.author, row.author_house, actor)
