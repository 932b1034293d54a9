"""Registering a project and correcting its basics."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.policies import insist
from core.errors import RuleViolation
from projects import code_wording, selectors
from projects.models import Project
from projects.policies import may_amend, may_register
from projects.rules import project_code
from projects.services.amend import amend
from projects.services.register import register
from web.access import signed_in
from web.forms.faults import faults_of, refuse
from web.forms.move_inputs import version_seen
from web.forms.project import ProjectForm, initial_of


@require_http_methods(["GET", "POST"])
@signed_in
def project_new(request: HttpRequest) -> HttpResponse:
    insist(may_register, request.actor)
    form = ProjectForm(request.POST or None)

    def save() -> Project:
        return register(
            actor=request.actor,
            basics=_basics(form),
            funding=form.funding(),
            taken_over_at=form.cleaned_data.get("taken_over_at", ""),
            taken_over_reason=form.cleaned_data.get("taken_over_reason", ""),
            taken_over_figures=form.taken_over_figures(),
            faults=faults_of(form),
        )

    return _answer(request, form, save, {"title": _("New project"), "back": reverse("web:projects")})


@require_http_methods(["GET", "POST"])
@signed_in
def project_edit(request: HttpRequest, pk: int) -> HttpResponse:
    project = selectors.detailed(request.actor, pk)
    insist(may_amend, request.actor, project)
    form = ProjectForm(request.POST or None, initial=initial_of(project), project=project)

    def save() -> Project:
        return amend(
            pk,
            actor=request.actor,
            basics=_basics(form),
            funding=form.funding(),
            expected_version=version_seen(request.POST),
            faults=faults_of(form),
        )

    context = {"title": _("Correct the basics"), "project": project, "back": reverse("web:project", args=[pk])}
    return _answer(request, form, save, context)


def _answer(request: HttpRequest, form: ProjectForm, save: Callable[[], Project], context: dict) -> HttpResponse:
    """Saves and goes to the project; with problems the same page again, every one at its field, nothing lost.

    The services judge also what a form with faults could read, so that everything is said in one answer.
    """
    if request.method == "POST":
        form.full_clean()
        try:
            project = save()
        except RuleViolation as refusal:
            refuse(form, refusal.problems)
        else:
            messages.success(request, _("Saved."))
            for code in project_code.read(project.code).warnings if project.code else ():
                messages.warning(request, code_wording.SENTENCES[code])
            return redirect("web:project", project.pk)
    status = 422 if form.errors else 200
    return render(request, "web/projects/edit.html", {"form": form, **context}, status=status)


def _basics(form: ProjectForm) -> dict:
    """The code in the one spelling the rules know: full-width digits and other dashes become plain."""
    basics = form.basics()
    parsed = project_code.parse(basics["code"]) if basics.get("code") else None
    return basics | ({"code": parsed.text} if parsed else {})
