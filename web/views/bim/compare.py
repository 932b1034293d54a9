"""Two versions of a model beside each other: figures, rows, the coloured viewer, what waits for a person, the cost lines."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from approvals import model_versions
from approvals.services import model_links, model_links_follow
from assets.handover_policies import may_keep_cards
from assets.services import elements_follow
from bim import comparing, policies, selectors
from bim.class_names import class_name
from bim.comparing import Standing, Versions
from bim.models import ComparisonRow, ElementPairing
from bim.models.comparison import ChangeKind, GeometryCompared, PairedBy, RowState
from bim.services import compare as service
from bim.states import ModelStatus
from core.errors import DomainError, NotFound, Problem, RuleViolation
from core.services.exports import note_export
from reports.renderers import FORMATS, file_name
from reports.renderers import render as rendered
from web.access import signed_in
from web.exports import sent
from web.views.bim.compare_tables import CHANGES_SHOWN, change_lines, state_label, table_of
from web.views.bim.drawing import drawing_of

PAGE = 50
WAITING_SHOWN = 30
OFFERED = ("xlsx", "csv", "json")
ASKED = ("state", "change", "kind", "storey", "q")
GREEN, RED, AMBER, VIOLET = "#2f9e55", "#d13438", "#e8a200", "#7b5cd6"
SIDES = {
    "new": (("ADDED", GREEN), ("CHANGED", AMBER), ("WAITING_NEW", VIOLET)),
    "old": (("REMOVED", RED), ("CHANGED_OLD", AMBER), ("WAITING_OLD", VIOLET)),
}


@require_GET
@signed_in
def compare_choose(request: HttpRequest, pk: int) -> HttpResponse:
    """Which other model: `?other=` goes to the comparison, otherwise the choice is shown."""
    model = selectors.detailed(request.actor, pk)
    others = comparing.comparable(model) if model.status == ModelStatus.ACCEPTED else []
    chosen = request.GET.get("other", "")
    if chosen in {str(one.pk) for one in others}:
        return redirect("web:bim_compare", pk, int(chosen))
    return render(request, "web/bim/compare_choose.html", {"model": model, "others": others})


@require_GET
@signed_in
def compare(request: HttpRequest, pk: int, other: int) -> HttpResponse:
    return _page(request, comparing.versions(request.actor, pk, other))


def _page(
    request: HttpRequest, pair: Versions, status: int = 200, problems: list[Problem] | None = None
) -> HttpResponse:
    standing = comparing.standing(pair)
    context: dict[str, Any] = {
        "old": pair.old,
        "new": pair.new,
        "at": (pair.new.pk, pair.old.pk),
        "standing": standing,
        "problems": problems or [],
        "is_ready": standing.run is not None and not standing.is_at_work,
    }
    if context["is_ready"]:
        context |= _found(request, pair, standing)
    return render(request, "web/bim/compare.html", context, status=status)


def _found(request: HttpRequest, pair: Versions, standing: Standing) -> dict[str, Any]:
    run = standing.run
    assert run is not None
    asked = {name: request.GET.get(name, "") for name in ASKED}
    asked["state"] = asked["state"] or "DIFFERENT"
    page = Paginator(comparing.rows_of(run, asked), PAGE).get_page(request.GET.get("page"))
    kinds, storeys = comparing.choices_of(run)
    side = "old" if request.GET.get("side") == "old" else "new"
    became = comparing.counterparts(pair)
    return {
        "counts": run.counts,
        "waiting": run.counts["states"]["WAITING_OLD"] + run.counts["states"]["WAITING_NEW"],
        "ways": [(PairedBy(by).label, n) for by, n in sorted(run.counts["by"].items())],
        "uncompared": run.counts["geometry"].get(GeometryCompared.NOT_COMPARED, 0),
        "asked": asked,
        "page": page,
        "rows": [_row(row, pair, side) for row in page],
        "states": [(state, state_label(state)) for state in RowState.values if not state.startswith("WAITING")],
        "changes": [(kind, ChangeKind(kind).label, n) for kind, n in sorted(run.counts["kinds"].items())],
        "kinds": [(kind, class_name(kind)) for kind in kinds],
        "storeys": storeys,
        "side": side,
        "drawing": drawing_of(pair.old if side == "old" else pair.new),
        "colours_of": side,
        "doubtful": _doubtful(pair, standing),
        "may_pair": policies.may_pair(request.actor, pair.new) is None,
        "pairings": list(
            ElementPairing.objects.filter(old_model=pair.old, new_model=pair.new).select_related("decided_by")
        ),
        "effects": _effects(request, pair, became) if became else [],
        "assets_effect": elements_follow.effect(request.actor, pair, became) if became else None,
        "assets_may_follow": may_keep_cards(request.actor, pair.new.project) is None,
        "formats": OFFERED,
    }


def _row(row: ComparisonRow, pair: Versions, side: str) -> dict[str, Any]:
    """`select`: the GlobalId to light up in the version that is shown, if the element is there."""
    lines = change_lines(row)
    model, guid = (pair.new, row.new_guid) if row.new_guid else (pair.old, row.old_guid)
    return {
        "url": reverse("web:bim_element", args=[model.pk, guid]),
        "select": row.old_guid if side == "old" else row.new_guid,
        "row": row,
        "state": state_label(row.state),
        "class": class_name(row.ifc_class),
        "changes": lines[:CHANGES_SHOWN],
        "more": row.n_changes - min(len(lines), CHANGES_SHOWN),
        "geometry": GeometryCompared(row.geometry).label if row.geometry == GeometryCompared.NOT_COMPARED else "",
        "by": PairedBy(row.paired_by).label if row.paired_by else "",
    }


def _doubtful(pair: Versions, standing: Standing) -> list[dict[str, Any]]:
    """The first of the waiting, each with the elements of the other version it may be."""
    rows = list(comparing.rows_of(standing.run, {"state": "WAITING"})[:WAITING_SHOWN])  # type: ignore[arg-type]
    guids = [guid for row in rows for guid in row.candidates]
    known = comparing.elements_by_guid(pair, guids)
    found = []
    for row in rows:
        is_old = row.state == RowState.WAITING_OLD
        across = pair.new if is_old else pair.old
        maybe = [known[key] for guid in row.candidates if (key := f"{across.pk}:{guid}") in known]
        found.append(
            {
                "row": row,
                "is_old": is_old,
                "guid": row.old_guid if is_old else row.new_guid,
                "class": class_name(row.ifc_class),
                "model": pair.old if is_old else pair.new,
                "maybe": maybe,
            }
        )
    return found


def _effects(request: HttpRequest, pair: Versions, became: comparing.Counterparts) -> list[dict[str, Any]]:
    return [
        {"effect": effect, "may_follow": bool(effect.follows) and not model_links.may_tie(request.actor, effect.item)}
        for effect in model_versions.effects(request.actor, pair, became)
    ]


@require_GET
@signed_in
def compare_colours(request: HttpRequest, pk: int, other: int) -> HttpResponse:
    """{"colours": [[guid, "#rrggbb"]]} of the newer model (`?side=old`: of the older)."""
    pair = comparing.versions(request.actor, pk, other)
    run = comparing.standing(pair).run
    if run is None:
        raise NotFound(Problem("compare.missing", _("Compare the two versions first.")))
    by_state = comparing.guids_by_state(run)
    side = SIDES["old" if request.GET.get("side") == "old" else "new"]
    response = JsonResponse({"colours": [[guid, colour] for state, colour in side for guid in by_state[state]]})
    response["Cache-Control"] = "private, no-store"
    return response


@require_POST
@signed_in
def compare_start(request: HttpRequest, pk: int, other: int) -> HttpResponse:
    service.start(pk, other, actor=request.actor)
    return redirect("web:bim_compare", pk, other)


@require_POST
@signed_in
def compare_pair(request: HttpRequest, pk: int, other: int) -> HttpResponse:
    """`old_guid` and `new_guid`; one is empty where there is no counterpart (`none` in the form)."""
    old, new = (_guid(request, name) for name in ("old_guid", "new_guid"))
    try:
        service.decide(pk, other, old_guid=old, new_guid=new, actor=request.actor)
    except (RuleViolation, NotFound) as refusal:
        return _refused(request, pk, other, refusal)
    messages.success(request, _("Your decision was kept."))
    return redirect(f"{request.path.removesuffix('pair/')}#waiting")


def _guid(request: HttpRequest, name: str) -> str:
    """“none” says that there is no counterpart."""
    chosen = request.POST.get(name, "").strip()
    return "" if chosen == "none" else chosen[:22]


@require_POST
@signed_in
def compare_unpair(request: HttpRequest, pk: int, other: int, pairing: int) -> HttpResponse:
    service.undo(pk, other, pairing, actor=request.actor)
    messages.success(request, _("The decision was taken back."))
    return redirect("web:bim_compare", pk, other)


@require_POST
@signed_in
def compare_follow(request: HttpRequest, pk: int, other: int, item: int) -> HttpResponse:
    """Links by hand of the item follow their elements into the newer version."""
    try:
        count = model_links_follow.follow(item, pk, other, actor=request.actor)
    except RuleViolation as refusal:
        return _refused(request, pk, other, refusal)
    messages.success(request, _("%(count)s links now hold in the newer version.") % {"count": count})
    return redirect("web:bim_compare", pk, other)


@require_POST
@signed_in
def compare_follow_assets(request: HttpRequest, pk: int, other: int) -> HttpResponse:
    """The elements of the project's assets follow into the newer version."""
    try:
        count = elements_follow.follow(pk, other, actor=request.actor)
    except RuleViolation as refusal:
        return _refused(request, pk, other, refusal)
    messages.success(request, _("%(count)s elements of assets followed into the newer version.") % {"count": count})
    return redirect("web:bim_compare", pk, other)


def _refused(request: HttpRequest, pk: int, other: int, refusal: DomainError) -> HttpResponse:
    pair = comparing.versions(request.actor, pk, other)
    return _page(request, pair, status=422, problems=list(refusal.problems))


@require_POST
@signed_in
def compare_file(request: HttpRequest, pk: int, other: int, format_name: str) -> HttpResponse:
    """The rows as asked for on the page, one line per change; the trace keeps that they were taken."""
    pair = comparing.versions(request.actor, pk, other)
    run = comparing.standing(pair).run
    if run is None:
        raise NotFound(Problem("compare.missing", _("Compare the two versions first.")))
    if format_name not in OFFERED:
        raise NotFound(Problem("format.unknown", _("“%(name)s” is not a format.") % {"name": format_name}))
    asked = {name: request.POST.get(name, "") for name in ASKED}
    table = table_of(pair, run, comparing.rows_of(run, asked), request.actor.user.full_name)
    content = rendered(table, format_name)
    note_export(
        "bim.comparison.exported",
        content,
        actor=request.actor,
        rows=len(table.rows),
        filters={"models": list(pair.ids), "format": format_name, **{name: v for name, v in asked.items() if v}},
        project_id=pair.new.project_id,
    )
    return sent(content, file_name(table, format_name), FORMATS[format_name].content_type)
