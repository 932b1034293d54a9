"""How figures, days, lights, states and fields are written on the pages. Documented in docs/UI.md."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import Any
from zlib import crc32

from django import template
from django.core.paginator import Page
from django.forms import BoundField, CheckboxInput
from django.http import QueryDict
from django.templatetags.static import static
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.roles import Role
from core import money as amounts

register = template.Library()

NOTHING = "—"
CENT = Decimal("0.01")

# code → (colour class, mark, word). The mark and the word say it without the colour.
LIGHTS = {
    "GREEN": ("green", "●", gettext_lazy("On time")),
    "YELLOW": ("yellow", "▲", gettext_lazy("Due soon")),
    "RED": ("red", "■", gettext_lazy("Overdue")),
    "BLUE": ("blue", "‖", gettext_lazy("Paused")),
    "GREY": ("grey", "○", gettext_lazy("Not running")),
}
LIGHT_ALIASES = {"PAUSED": "BLUE", "STOPPED": "BLUE", "GRAY": "GREY", "NONE": "GREY", "": "GREY"}

# How a state chip looks; states not named here are "running".
TONES = {
    "DRAFT": "ended",
    "PRE_REVIEW_RETURNED": "waiting",
    "SUBMITTED": "waiting",
    "CORRECTION": "waiting",
    "SUPPLEMENT": "stopped",
    "EXPERT_REVIEW": "stopped",
    "SUSPENDED": "stopped",
    "ISSUED": "success",
    "PAID": "success",
    "CONFIRMED": "success",
    "PASSED": "success",
    "CLOSED": "success",
    "ARCHIVED": "success",
    "NOT_ACCEPTED": "ended",
    "REJECTED": "ended",
    "RETURNED": "ended",
    "WITHDRAWN": "ended",
    "EXPIRED": "ended",
    "REVOKED": "ended",
    "TERMINATED": "ended",
    "WAIVED": "ended",
    "SKIPPED_BY_RULE": "ended",
    "NOT_STARTED": "ended",
}


def _decimal(value: Any) -> Decimal | None:
    """None for what is empty; a float is refused, because money never was one."""
    if value is None or value == "":
        return None
    if isinstance(value, float):
        raise TypeError("amounts and ratios are Decimal, never float")
    try:
        number = Decimal(str(value))
    except InvalidOperation:
        return None
    return number if number.is_finite() else None


@register.filter
def money(amount: Any) -> str:
    """Decimal yuan → "1,234.56"; None → "—"."""
    number = _decimal(amount)
    return NOTHING if number is None else f"{amounts.quantise(number):,.2f}"


@register.filter
def wan(amount: Any) -> str:
    """Decimal yuan → 万元 with two decimals, half up: 68,232,600.00 → "6,823.26"; None → "—"."""
    number = _decimal(amount)
    return NOTHING if number is None else f"{amounts.wan(number):,.2f}"


@register.filter
def percent(ratio: Any) -> str:
    """Decimal ratio 0.2516 → "25.16 %"; None (nothing declared) → "—"."""
    number = _decimal(ratio)
    if number is None:
        return NOTHING
    return f"{(number * 100).quantize(CENT, rounding=ROUND_HALF_UP):,} %"


@register.filter
def entry(table: Mapping[Any, Any], key: Any) -> Any:
    """What a table holds under a key; None where nothing: {{ lights|entry:line.code }}."""
    return table.get(key) if table else None


@register.filter
def grouped(value: Any) -> Any:
    """A number with thousands separators and the decimals it came with; anything else unchanged."""
    if isinstance(value, bool | float):
        return value
    number = _decimal(value)
    return (NOTHING if value in (None, "") else value) if number is None else f"{number:,}"


@register.filter
def trimmed(value: Any) -> str:
    """A quantity without idle zeros: 1200.5000 → "1,200.5"; None → "—"."""
    number = _decimal(value)
    return NOTHING if number is None else f"{number.normalize():,f}"


@register.filter
def day(value: Any) -> Any:
    """A date, or the local day of a moment → "2026-11-23"; None → "—"; words pass unchanged."""
    if isinstance(value, datetime):
        value = timezone.localtime(value) if timezone.is_aware(value) else value
        return value.strftime("%Y-%m-%d")
    if isinstance(value, date):
        return value.isoformat()
    return NOTHING if value in (None, "") else value


@register.filter
def clock_time(value: Any) -> str:
    """The local time of a moment → "14:03"; nothing for a plain date."""
    if not isinstance(value, datetime):
        return ""
    return (timezone.localtime(value) if timezone.is_aware(value) else value).strftime("%H:%M")


@register.filter
def moment(value: Any) -> Any:
    """Local day and time of a moment → "2026-11-23 14:03"."""
    return f"{day(value)} {clock_time(value)}".rstrip()


@register.filter
def role(code: Any) -> str:
    """The name of a role: WINDOW → 窗口."""
    try:
        return str(Role(code).label)
    except ValueError:
        return str(code or "")


@register.inclusion_tag("web/components/light.html")
def light(code: Any, text: Any = "", long: bool = False) -> dict[str, Any]:
    """{% light item.light %} or with its own words: {% light "YELLOW" "剩余 2 个工作日" %}. `long` lets the words wrap."""
    name = str(getattr(code, "value", code) or "").upper()
    colour, mark, word = LIGHTS.get(LIGHT_ALIASES.get(name, name), LIGHTS["GREY"])
    return {"code": colour, "mark": mark, "text": text or word, "long": long}


@register.simple_tag
def state(code: Any, label: Any = "", tone: str = "") -> SafeString:
    """A state chip: {% state item.state item.get_state_display %}; an enumeration member brings its own label."""
    name = str(getattr(code, "value", code) or "")
    words = label or getattr(code, "label", "") or name
    return format_html('<span class="chip chip-{}">{}</span>', tone or TONES.get(name, "running"), words)


@register.simple_tag
def icon(name: str, extra: str = "") -> SafeString:
    """A line icon of img/icons.svg; decoration only, so say the same in words."""
    return format_html(
        '<svg class="icon {}" aria-hidden="true"><use href="{}#{}"></use></svg>',
        extra,
        static("web/img/icons.svg"),
        name,
    )


@register.simple_tag(takes_context=True)
def query(context: Mapping[str, Any], **changes: Any) -> str:
    """The current query string with some parameters replaced, or removed by None: {% query page=2 sort="-due" %}."""
    request = context.get("request")
    parameters = QueryDict(mutable=True) if request is None else request.GET.copy()
    for name, value in changes.items():
        if value is None or value == "":
            parameters.pop(name, None)
        else:
            parameters[name] = str(value)
    return f"?{parameters.urlencode()}" if parameters else "?"


@register.inclusion_tag("web/components/sort_head.html", takes_context=True)
def sort_head(context: Mapping[str, Any], name: str, label: Any, css: str = "", unit: Any = "") -> dict[str, Any]:
    """A sortable column head: {% sort_head "due" _("Due") "num" %}; the view reads ?sort=due or ?sort=-due."""
    request = context.get("request")
    chosen = request.GET.get("sort", "") if request is not None else ""
    direction = {name: "ascending", f"-{name}": "descending"}.get(chosen, "")
    following = f"-{name}" if direction == "ascending" else name
    return {
        "label": label,
        "css": css,
        "unit": unit,
        "direction": direction,
        "url": query(context, sort=following, page=None),
    }


@register.inclusion_tag("web/components/field.html")
def field(bound: BoundField, unit: Any = "", wide: bool = False) -> dict[str, Any]:
    """A form field with its label, help and error: {% field form.amount unit=_("yuan") %}."""
    return {
        "bound": bound,
        "unit": unit,
        "wide": wide,
        "is_check": isinstance(bound.field.widget, CheckboxInput),
    }


@register.inclusion_tag("web/components/move.html", takes_context=True)
def move_button(
    context: Mapping[str, Any],
    label: Any,
    url: str = "",
    reasons: Sequence[Any] = (),
    name: str = "",
    value: str = "",
    primary: bool = False,
    danger: bool = False,
    href: str = "",
    form_id: str = "",
    confirm: Any = "",
    confirm_project: Any = "",
    confirm_amount: Any = "",
) -> dict[str, Any]:
    """One move as a button, posted to `url`; off, with its reasons in words beside it, while there are `reasons`.

    `reasons`: Problems or strings, empty = possible now. `name`/`value`: a pair posted along. `primary`: the page's one
    primary action. `danger`: ends or refuses. `href`: a page that asks for more first (a link). `form_id`: the form elsewhere
    in the page the button belongs to (`url` becomes its formaction). `confirm…`: asked before, repeating project and amount.
    """
    words = f"{name}|{value}|{label}|{url}"
    return {
        "csrf_token": context.get("csrf_token"),
        "label": label,
        "url": url,
        "reasons": reasons,
        "name": name,
        "value": value,
        "primary": primary,
        "danger": danger,
        "href": href,
        "form_id": form_id,
        "confirm": confirm,
        "confirm_project": confirm_project,
        "confirm_amount": confirm_amount,
        "off_id": f"off-{crc32(words.encode()):08x}",
    }


@register.inclusion_tag("web/components/upload.html", takes_context=True)
def upload(
    context: Mapping[str, Any],
    action: str,
    endpoint: str = "",
    label: Any = "",
    accept: str = "",
    accept_text: Any = "",
    max_bytes: int = 0,
    hidden: Sequence[tuple[str, Any]] = (),
    target: str = "",
    multiple: bool = False,
) -> dict[str, Any]:
    """A file chooser: resumable where scripts run and `endpoint` (tus) is given, a plain multipart form elsewhere.

    Posts `file`, or `upload` = last part of the finished upload's address, to `action`. `accept`: ".pdf,.docx";
    `accept_text`: the same for people. `hidden`: (name, value) pairs posted along and sent as tus metadata.
    `target`: selector htmx swaps with the answer (outerHTML).
    """
    return {
        "csrf_token": context.get("csrf_token"),
        "action": action,
        "endpoint": endpoint,
        "label": label,
        "accept": accept,
        "accept_text": accept_text,
        "max_bytes": max_bytes,
        "hidden": hidden,
        "target": target,
        "multiple": multiple,
        "field_id": f"upload-{crc32(f'{action}|{hidden}'.encode()):08x}",
    }


@register.simple_tag
def page_numbers(page: Page) -> list[int | None]:
    """The page numbers worth showing, None for a gap."""
    shown = page.paginator.get_elided_page_range(page.number, on_each_side=2, on_ends=1)
    return [number if isinstance(number, int) else None for number in shown]


@register.simple_tag
def chart_rows(data: Mapping[str, Any]) -> list[tuple[Any, list[Any]]]:
    """The numbers of a chart as table rows: [(label, [value of each series])]."""
    return [(label, [series["values"][n] for series in data["series"]]) for n, label in enumerate(data["labels"])]


@register.filter
def days_left(days: int | None) -> str:
    """Remaining working days in words: 6 → 剩余 6 个工作日; 0 → 今日到期; -2 → 超期 2 个工作日."""
    if days is None:
        return NOTHING
    if days == 0:
        return _("due today")
    if days > 0:
        return _("%(days)d working days left") % {"days": days}
    return _("%(days)d working days overdue") % {"days": -days}
