"""The checks of a model: what it was checked against, what failed and where, as pages and files."""

import json
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from bim import check_export, check_wording, ids_faults, policies, selectors, standing
from bim.models import CheckFailure, CheckResult, CheckRun
from bim.models.check import Verdict
from bim.services import checks as service
from bim.states import ModelStatus
from core.errors import NotFound, Problem
from core.keys import key_of
from core.locks import found
from core.services.exports import note_export
from web.access import signed_in
from web.exports import sent
from web.paging import keyset
from web.views.bim.drawing import drawing_of

SHOWN = 20  # failing elements beneath a requirement; the rest on a page of its own
PAGE = 100
MOST_LIT = 5000
LISTED_RUNS = 20


@require_GET
@signed_in
def checks(request: HttpRequest, pk: int) -> HttpResponse:
    """Every set of requirements that fits the model, with what is known now; below it the earlier runs."""
    model = selectors.detailed(request.actor, pk)
    rows = standing.checked_of(model) if model.status == ModelStatus.ACCEPTED else []
    history = CheckRun.objects.filter(model=model, finished_at__isnull=False).select_related("started_by")
    context = {
        "model": model,
        "is_accepted": model.status == ModelStatus.ACCEPTED,
        "rows": rows,
        "standing": standing.standing_of(rows) if rows else None,
        "is_at_work": any(row.pending for row in rows),
        "job": next((row.pending.job for row in rows if row.pending), None),
        "history": [(run, check_wording.title_of(run)) for run in history[:LISTED_RUNS]],
        "may_run": policies.may_run_checks(request.actor, model) is None,
    }
    return render(request, "web/bim/checks.html", context)


@require_POST
@signed_in
def checks_start(request: HttpRequest, pk: int) -> HttpResponse:
    """Checks again: one set (`key`), or everything that fits."""
    key = request.POST.get("key", "")
    service.start_again(pk, actor=request.actor, keys=[key] if key else None)
    messages.success(request, _("The check has begun."))
    return redirect("web:bim_checks", pk)


@require_GET
@signed_in
def check(request: HttpRequest, pk: int, run: int) -> HttpResponse:
    """One run: specification → requirement → failing elements; `?verdict=` narrows."""
    row = run_of(request, pk, run)
    verdict = request.GET.get("verdict", "")
    results = list(row.results.all())
    counts = {value: sum(1 for one in results if one.verdict == value) for value in Verdict.values}
    shown = [one for one in results if verdict not in Verdict.values or one.verdict == verdict]
    context = {
        **_about(row),
        "specifications": specifications_of(shown, SHOWN),
        "tabs": [(value, label, counts[value], value == verdict) for value, label in Verdict.choices if counts[value]],
        "total": len(results),
        "verdict": verdict,
        "exports": [(name, name.upper().replace("-", " ")) for name in EXPORTS],
        "drawing": drawing_of(row.model),
    }
    return render(request, "web/bim/check.html", context)


@require_GET
@signed_in
def check_failures(request: HttpRequest, pk: int, run: int, result: int) -> HttpResponse:
    """Every element that fails one requirement, page by page."""
    row = run_of(request, pk, run)
    one = found(CheckResult.objects.filter(run=row), pk=result)
    page = keyset(request, CheckFailure.objects.filter(result=one), PAGE)
    context = {
        **_about(row),
        "result": one,
        "name": check_wording.result_name(one),
        "requirement": check_wording.requirement_text(one.requirement),
        "page": page,
        "failures": [(failure, check_wording.reason_text(failure)) for failure in page.rows],
    }
    return render(request, "web/bim/check_failures.html", context)


@require_GET
@signed_in
def check_failed(request: HttpRequest, pk: int, run: int) -> JsonResponse:
    """The failing elements for the viewer: all of the run, or of one requirement (`?result=`)."""
    row = run_of(request, pk, run)
    failures = CheckFailure.objects.filter(result__run=row, result__verdict=Verdict.FAILED).exclude(guid="")
    asked = key_of(request.GET.get("result", ""))
    if asked:
        failures = failures.filter(result_id=asked)
    guids = list(dict.fromkeys(failures.order_by("pk").values_list("guid", flat=True)[:MOST_LIT]))
    return JsonResponse({"guids": guids, "models": {str(pk): guids}})


@require_POST
@signed_in
def check_export_file(request: HttpRequest, pk: int, run: int, format_name: str) -> HttpResponse:
    """The run as a page that stands for itself, or as BCF; the trace keeps that it was taken."""
    row = run_of(request, pk, run)
    if format_name not in EXPORTS:
        raise NotFound(Problem("format.unknown", _("“%(name)s” is not a format.") % {"name": format_name}))
    make, extension, mime = EXPORTS[format_name]
    content = make(row)
    note_export(
        "bim.check.exported",
        content,
        actor=request.actor,
        rows=row.results.count(),
        filters={"model": pk, "requirements": row.key, "format": format_name},
        project_id=row.model.project_id,
    )
    name = f"{row.model.project.name}-{check_wording.title_of(row)}-v{row.model.version}.{extension}"
    return sent(content, name, mime)


def as_html(run: CheckRun) -> bytes:
    """A page without anything from elsewhere, to print or to send."""
    specifications = specifications_of(list(run.results.all()), None)
    return render_to_string("web/bim/check_report.html", {**_about(run), "specifications": specifications}).encode()


def as_json(run: CheckRun) -> bytes:
    rows = [
        {
            "specification": check_wording.result_name(result),
            "requirement": check_wording.requirement_text(result.requirement),
            "verdict": result.verdict,
            "n_applicable": result.n_applicable,
            "n_failed": result.n_failed,
            "failures": [
                {"guid": one.guid, "class": one.ifc_class, "name": one.name, "reason": check_wording.reason_text(one)}
                for one in result.failures.all()
            ],
        }
        for result in run.results.prefetch_related("failures")
    ]
    head = {"title": check_wording.title_of(run), "verdict": run.verdict, "tool": run.tool, "results": rows}
    head |= {"model_sha256": run.model_sha256, "ids_sha256": run.ids_sha256, "finished_at": run.finished_at}
    return json.dumps(head, ensure_ascii=False, indent=1, default=str).encode()


EXPORTS: dict[str, tuple[Callable[[CheckRun], bytes], str, str]] = {
    "html": (as_html, "html", "text/html; charset=utf-8"),
    "json": (as_json, "json", "application/json"),
    "bcf-2.1": (lambda run: check_export.as_bcf(run, "2.1"), "bcfzip", "application/octet-stream"),
    "bcf-3.0": (lambda run: check_export.as_bcf(run, "3.0"), "bcf", "application/octet-stream"),
}


def run_of(request: HttpRequest, pk: int, run: int) -> CheckRun:
    """A run that has ended, of a model this person may see. Raises NotFound."""
    model = selectors.detailed(request.actor, pk)
    row = found(CheckRun.objects.filter(model=model, finished_at__isnull=False).select_related("started_by"), pk=run)
    row.model = model
    return row


def specifications_of(results: list[CheckResult], shown: int | None) -> list[dict[str, Any]]:
    """Results side by side under their specification, each with its words and the first failing elements."""
    specifications: list[dict[str, Any]] = []
    for result in results:
        name, code = check_wording.result_name(result), result.code if result.requirement else ""
        if not specifications or (specifications[-1]["name"], specifications[-1]["code"]) != (name, code):
            applies = check_wording.applies_text(result.requirement.get("applies", []))
            specifications.append({"name": name, "code": code, "applies": applies, "results": []})
        has_none = result.verdict in (Verdict.PASSED, Verdict.NOT_APPLICABLE)
        failures = [] if has_none else list(result.failures.all()[:shown])
        specifications[-1]["results"].append(
            {
                "result": result,
                "text": check_wording.requirement_text(result.requirement),
                "instructions": result.requirement.get("instructions", ""),
                "tone": check_wording.TONES[Verdict(result.verdict)],
                "counted": _counted(result),
                "failures": [(one, check_wording.reason_text(one)) for one in failures],
                "more": max(0, result.n_failed - len(failures)),
                "guids": ",".join(one.guid for one in failures if one.guid),
            }
        )
    return specifications


def _counted(result: CheckResult) -> str:
    if check_wording.is_of_the_whole(result):
        return ""
    if result.verdict == Verdict.FAILED and result.n_failed:
        text = ngettext("%(failed)s of %(n)s element fails", "%(failed)s of %(n)s elements fail", result.n_applicable)
        return text % {"failed": result.n_failed, "n": result.n_applicable}
    if result.n_applicable:
        text = ngettext("%(n)s element examined", "%(n)s elements examined", result.n_applicable)
        return text % {"n": result.n_applicable}
    return ""


def _about(run: CheckRun) -> dict[str, Any]:
    current = next((one for one in standing.checked_of(run.model) if one.requirements.key == run.key), None)
    return {
        "run": run,
        "model": run.model,
        "title": check_wording.title_of(run),
        "tone": check_wording.TONES[Verdict(run.verdict)],
        "reasons": [ids_faults.said(reason) for reason in run.reasons],
        "is_out_of_date": current is None or not standing.is_current(run, current),
        "is_superseded": current is not None and current.run is not None and current.run.pk != run.pk,
    }
