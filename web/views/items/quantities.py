"""Quantities of the model against those of the estimate: the table, its rules and links, unit indices, the model itself."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from approvals import model_quantities, unit_indices
from approvals.model_quantities import Comparison, LineRow
from approvals.models import ApprovalItem
from approvals.quantity_wording import AREA_OF, INDICES, light_words, quantity_words
from approvals.rule_wording import value_in_words
from approvals.rules.quantities import COUNT
from approvals.services import model_links
from approvals.services.moves import situation
from approvals.sight import sight_of
from bim import often_asked
from bim.class_names import class_name
from bim.models import BimModel
from core.errors import NotFound, NotPermitted, Problem, RuleViolation
from core.keys import key_of
from core.locks import found
from core.rulebook import Rulebook
from web.access import signed_in
from web.forms.quantities import LinkForm, RuleForm
from web.views.bim.drawing import drawing_of

MOST_LINKS = 200


@require_GET
@signed_in
def item_quantities(request: HttpRequest, pk: int) -> HttpResponse:
    """`?model=` draws that model; `?class=` begins a rule for that class."""
    return _show(request, _item(request, pk))


@require_POST
@signed_in
def item_quantities_act(request: HttpRequest, pk: int, act: str) -> HttpResponse:
    """Adds or takes away a rule or links, takes the shipped rules, chooses models; back to the table."""
    item = _item(request, pk)
    if act not in ACTS:
        raise NotFound(Problem("unknown_move", _("There is no such move.")))
    try:
        refused = ACTS[act](request, item)
    except RuleViolation as refusal:
        return _show(request, item, problems=refusal.problems)
    if refused is not None:
        return _show(request, item, **{act: refused})
    response = redirect(reverse("web:item_quantities", args=[pk]))
    response.status_code = 303
    return response


def _item(request: HttpRequest, pk: int) -> ApprovalItem:
    """The item, for those who read its reviewed column: the comparison is part of the review (R-PERM-02)."""
    rows = ApprovalItem.objects.visible_to(request.actor).select_related("project").prefetch_related("cost_lines")
    item = found(rows, pk=pk)
    if not sight_of(request.actor, item).reviewed:
        raise NotPermitted(Problem("review.hidden", _("The comparison with the model is part of the review.")))
    return item


@dataclass(frozen=True)
class Shown:
    """One line of the table with its words."""

    row: LineRow
    depth: int
    words: str
    elements: str

    @property
    def measured(self) -> Any:
        return self.row.measured


def _show(
    request: HttpRequest,
    item: ApprovalItem,
    *,
    problems: tuple[Problem, ...] = (),
    rule: RuleForm | None = None,
    link: LinkForm | None = None,
) -> HttpResponse:
    rulebook = situation().rules
    compared = model_quantities.compare(item, rulebook)
    refusals = model_links.may_tie(request.actor, item)
    drawn = _drawn(request, compared)
    kind = request.GET.get("class", "")[:60]
    begun = {"ifc_class": kind, "quantity": COUNT} if kind else {}
    indices = unit_indices.indices_of(item, request.actor, compared.models) if compared.models else None
    context = {
        "item": item,
        "compared": compared,
        "rows": [_shown(item, row) for row in compared.rows],
        "unlinked": [(class_name(name), name, count) for name, count in compared.unlinked],
        "rules": [(one, class_name(one.ifc_class), quantity_words(one.quantity), n) for one, n in _reach(compared)],
        "links": compared.links[:MOST_LINKS],
        "may_tie": not refusals,
        "refusals": refusals,
        "rule_form": rule or RuleForm(comparison=compared, initial=begun, prefix="rule"),
        "link_form": link or LinkForm(comparison=compared, prefix="link"),
        "rule_open": bool(kind) or rule is not None,
        "link_open": link is not None,
        "models": BimModel.objects.accepted().filter(project=item.project_id).order_by("-pk")[:50],
        "chosen": {model.pk for model in compared.models},
        "drawing": drawing_of(drawn) if drawn else None,
        "drawn": drawn,
        "indices": indices,
        "index_rows": [(INDICES[one.kind], one) for one in indices.rows] if indices else [],
        "area_of": AREA_OF.get(indices.area_of, "") if indices else "",
        "quantity_names": (COUNT, *often_asked.QUANTITIES),
        "class_names": sorted({*often_asked.CLASSES, model_quantities.ROOM, *(name for name, _n in compared.unlinked)}),
        "problems": problems,
        **{colour: _limit(rulebook, f"R-BIM-01.{colour}") for colour in ("yellow", "red")},
    }
    refused = problems or rule is not None or link is not None
    return render(request, "web/items/quantities.html", context, status=422 if refused else 200)


def _shown(item: ApprovalItem, row: LineRow) -> Shown:
    elements = reverse("web:item_line_elements", args=[item.pk, row.line.code]) if row.n_elements else ""
    return Shown(row, min(row.line.code.count("."), 3), light_words(row) if row.line.is_leaf else "", elements)


def _reach(compared: Comparison) -> list[tuple[Any, Any]]:
    """Every rule with its part: how many elements it reaches, how many it lost to others."""
    parts = {
        (type(part.claim), part.claim.pk): part
        for row in compared.rows if row.measured for part in row.measured.parts
    }  # fmt: skip
    return [(rule, parts.get((type(rule), rule.pk))) for rule in compared.rules]


def _limit(rulebook: Rulebook, code: str) -> str:
    row = rulebook.row(code)
    return value_in_words(code, row.value) if row else "—"


def _drawn(request: HttpRequest, compared: Comparison) -> BimModel | None:
    wanted = key_of(request.GET.get("model", ""))
    return next((model for model in compared.models if model.pk == wanted), next(iter(compared.models), None))


def _add_rule(request: HttpRequest, item: ApprovalItem) -> forms.Form | None:
    form = RuleForm(request.POST, comparison=model_quantities.compare(item, situation().rules), prefix="rule")
    return _saved(form, lambda: model_links.add_rule(item.pk, form.said(), actor=request.actor))


def _link(request: HttpRequest, item: ApprovalItem) -> forms.Form | None:
    form = LinkForm(request.POST, comparison=model_quantities.compare(item, situation().rules), prefix="link")
    return _saved(form, lambda: model_links.link_elements(item.pk, form.said(), form.elements(), actor=request.actor))


def _saved(form: Any, act: Callable[[], Any]) -> forms.Form | None:
    """The form with its faults, None once it is done."""
    if not form.is_valid():
        return form
    try:
        act()
    except RuleViolation as refusal:
        for problem in refusal.problems:
            form.add_error(problem.field if problem.field in form.fields else None, str(problem.message))
        return form
    return None


def _remove_rule(request: HttpRequest, item: ApprovalItem) -> None:
    model_links.remove_rule(item.pk, key_of(request.POST.get("rule", "")) or 0, actor=request.actor)


def _unlink(request: HttpRequest, item: ApprovalItem) -> None:
    keys = [key for text in request.POST.getlist("link") if (key := key_of(text)) is not None]
    model_links.unlink(item.pk, keys, actor=request.actor)


def _templates(request: HttpRequest, item: ApprovalItem) -> None:
    made = model_links.apply_templates(item.pk, actor=request.actor)
    messages.success(request, _("Shipped rules taken for %(n)s lines.") % {"n": len(made)})


def _models(request: HttpRequest, item: ApprovalItem) -> None:
    keys = [key for text in request.POST.getlist("model") if (key := key_of(text)) is not None]
    model_links.choose_models(item.pk, keys, actor=request.actor)


ACTS: dict[str, Callable[[HttpRequest, ApprovalItem], Any]] = {
    "rule": _add_rule,
    "remove-rule": _remove_rule,
    "link": _link,
    "unlink": _unlink,
    "templates": _templates,
    "models": _models,
}
