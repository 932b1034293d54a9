"""The asset cards of a project: the list, one card, the form, the draft from the model, tables in and out."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.policies import insist
from assets import card_tables, registering
from assets.handover_policies import may_keep_cards
from assets.models import Asset
from assets.services import cards as service
from assets.states import AssetClass, BatchKind
from bim import asset_draft, guards
from bim.models import BimModel
from bim.states import ModelStage
from core.errors import Problem, RuleViolation, StaleState, require
from core.locks import found
from web.access import signed_in
from web.exports import sent
from web.forms.faults import faults_of, refuse
from web.forms.handover import CardForm, FileForm, RemoveForm
from web.forms.move_inputs import version_seen
from web.paging import keyset

PAGE = 50
MOST_SHOWN = 200
MOST_LIT = 60
FILTERS = ("asset_class", "handed", "q")


@require_GET
@signed_in
def assets(request: HttpRequest, pk: int) -> HttpResponse:
    return _list(request, pk)


def _list(request: HttpRequest, pk: int, refused: Any = None, status: int = 200) -> HttpResponse:
    project = registering.project_of(request.actor, pk)
    narrowed = {name: request.GET.get(name, "") for name in FILTERS}
    page = keyset(request, registering.assets_of(request.actor, project, narrowed), PAGE)
    sums = registering.sums_of(request.actor, project)
    may_keep = may_keep_cards(request.actor, project) is None
    context = {
        "project": project,
        "page": page,
        "rows": [{"asset": row, "holding": _holding(row)} for row in page.rows],
        "sums": sums,
        "total": registering.all_of(sums),
        "standing": registering.standing_of(request.actor, project),
        "narrowed": narrowed,
        "is_narrowed": any(narrowed.values()),
        "classes": AssetClass.choices,
        "handed": (("no", _("Not handed over")), ("provisional", _("Handed over provisionally")), ("final", _("Handed over finally"))),
        "may_keep": may_keep,
        "models": _models(project) if may_keep else [],
        "import_form": refused or FileForm(),
    }  # fmt: skip
    return render(request, "web/handover/assets.html", context, status=status)


def _holding(asset: Asset) -> tuple[str, str]:
    """The light of where the asset is, and its words."""
    return {
        BatchKind.FINAL: ("GREEN", _("Handed over finally")),
        BatchKind.PROVISIONAL: ("YELLOW", _("Handed over provisionally")),
        "OPEN": ("YELLOW", _("Handover under way")),
        "": ("GREY", _("Not handed over")),
    }[registering.holding_of(asset)]


def _models(project: Any) -> list[BimModel]:
    return list(BimModel.objects.accepted().filter(project=project, stage=ModelStage.AS_BUILT).order_by("-pk"))


@require_GET
@signed_in
def asset(request: HttpRequest, pk: int) -> HttpResponse:
    return _card(request, pk)


def _card(request: HttpRequest, pk: int, refused: Any = None, status: int = 200) -> HttpResponse:
    row = registering.asset_of(request.actor, pk)
    guids = registering.guids_of(row)
    context = {
        "asset": row,
        "project": row.project,
        "holding": _holding(row),
        "account": service.account_of(row),
        "lines": list(row.handovers.all()),
        "title": getattr(row, "title", None),
        "n_elements": len(guids),
        "guids": guids[:MOST_SHOWN],
        "left_out": max(0, len(guids) - MOST_SHOWN),
        "viewer": _viewer(row, guids),
        "may_keep": may_keep_cards(request.actor, row.project) is None,
        "remove_form": refused or RemoveForm(),
    }
    return render(request, "web/handover/asset.html", context, status=status)


def _viewer(asset: Asset, guids: list[str]) -> str:
    """The address of the viewer with the elements lit up, as many as an address bears; empty without a model."""
    if asset.model is None or not guids:
        return ""
    return f"{reverse('web:bim_viewer', args=[asset.model.pk])}?{urlencode({'select': ','.join(guids[:MOST_LIT])})}"


@require_http_methods(["GET", "POST"])
@signed_in
def asset_new(request: HttpRequest, pk: int) -> HttpResponse:
    project = registering.project_of(request.actor, pk)
    insist(may_keep_cards, request.actor, project)
    form = CardForm(request.POST or None, initial={"receiver": project.user_unit_id})

    def save() -> Asset:
        return service.create(
            pk, actor=request.actor, values=form.values(), guids=form.guids_said(), faults=faults_of(form)
        )

    title, back = _("New asset card"), reverse("web:assets", args=[pk])
    return _answer(request, form, save, {"title": title, "project": project, "back": back})


@require_http_methods(["GET", "POST"])
@signed_in
def asset_edit(request: HttpRequest, pk: int) -> HttpResponse:
    row = registering.asset_of(request.actor, pk)
    insist(may_keep_cards, request.actor, row.project)
    form = CardForm(request.POST or None, initial=CardForm.initial_of(row))

    def save() -> Asset:
        return service.amend(
            pk, actor=request.actor, values=form.values(), guids=form.guids_said(),
            expected_version=version_seen(request.POST), faults=faults_of(form),
        )  # fmt: skip

    title, back = _("Correct the asset card"), row.get_absolute_url()
    return _answer(request, form, save, {"title": title, "project": row.project, "back": back, "asset": row})


def _answer(request: HttpRequest, form: CardForm, save: Callable[[], Asset], context: dict[str, Any]) -> HttpResponse:
    status = 200
    if request.method == "POST":
        form.full_clean()
        try:
            row = save()
        except (RuleViolation, StaleState) as refusal:
            refuse(form, refusal.problems)
            status = refusal.http_status
        else:
            messages.success(request, _("Saved."))
            return redirect(row.get_absolute_url())
    return render(request, "web/handover/asset_form.html", {**context, "form": form}, status=status)


@require_POST
@signed_in
def asset_remove(request: HttpRequest, pk: int) -> HttpResponse:
    row = registering.asset_of(request.actor, pk)
    form = RemoveForm(request.POST)
    form.full_clean()
    try:
        service.remove(pk, actor=request.actor, reason=form.cleaned_data.get("reason", ""))
    except RuleViolation as refusal:
        refuse(form, refusal.problems)
        return _card(request, pk, form, refusal.http_status)
    messages.success(request, _("The card was removed."))
    return redirect("web:assets", row.project_id)


@require_http_methods(["GET", "POST"])
@signed_in
def assets_draft(request: HttpRequest, pk: int, model: int) -> HttpResponse:
    """What the as-built model proposes, to be chosen from; what has a card already is shown as such."""
    project = registering.project_of(request.actor, pk)
    insist(may_keep_cards, request.actor, project)
    row = found(BimModel.objects.visible_to(request.actor), pk=model, project_id=project.pk)
    require(guards.asset_problems(row))
    problems: tuple[Problem, ...] = ()
    status = 200
    if request.method == "POST":
        keys = request.POST.getlist("key") if "chosen" in request.POST else None
        try:
            made = service.draft_from_model(pk, model, actor=request.actor, keys=keys)
        except RuleViolation as refusal:
            problems, status = refusal.problems, refusal.http_status
        else:
            messages.success(request, _("%(n)s cards drafted.") % {"n": len(made)})
            return redirect("web:assets", pk)
    proposed = asset_draft.draft(row).assets
    known = registering.assets_of_elements(request.actor, pk, [guid for one in proposed for guid in one.guids])
    numbers = {asset.no: asset for asset in project.assets.all()}
    shown = [
        {"one": one, "card": next((known[guid] for guid in one.guids if guid in known), numbers.get(one.code))}
        for one in proposed
    ]
    fresh = [line for line in shown if line["card"] is None]
    context = {
        "project": project, "model": row, "rows": shown[:MOST_ROWS], "left_out": max(0, len(shown) - MOST_ROWS),
        "n_fresh": len(fresh), "problems": problems,
    }  # fmt: skip
    return render(request, "web/handover/assets_draft.html", context, status=status)


MOST_ROWS = 500


@require_POST
@signed_in
def assets_export(request: HttpRequest, pk: int) -> HttpResponse:
    file = card_tables.export(pk, actor=request.actor)
    return sent(file.content, file.name, card_tables.CONTENT_TYPE)


@require_POST
@signed_in
def assets_import(request: HttpRequest, pk: int) -> HttpResponse:
    """The same columns as the export; numbers that exist are corrected, others are new."""
    form = FileForm(request.POST, request.FILES)
    form.full_clean()
    file = form.cleaned_data.get("file")
    try:
        if file is None:
            raise RuleViolation([Problem("file.missing", _("Choose a file first."), "file")])
        fresh, corrected = card_tables.read_in(pk, file, actor=request.actor)
    except RuleViolation as refusal:
        refuse(form, refusal.problems[:50])
        return _list(request, pk, form, refusal.http_status)
    messages.success(request, _("%(new)s cards entered, %(old)s corrected.") % {"new": fresh, "old": corrected})
    return redirect("web:assets", pk)
