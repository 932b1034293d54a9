"""Handing in a model: a finished resumable upload, or the file in the form itself."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from bim import selectors
from bim.models import BimModel
from bim.services import upload as service
from core.errors import Problem, RuleViolation
from core.services import uploads
from projects.models import Project
from web.access import signed_in
from web.forms.bim import ModelUploadForm
from web.refused_forms import show_refusal
from web.views.bim import project_models


@require_POST
@signed_in
def upload(request: HttpRequest, pk: int) -> HttpResponse:
    """The next version; the page of the model shows how its check goes."""
    project = selectors.project_of(request.actor, pk)
    form = ModelUploadForm(request.POST)
    form.is_valid()
    try:
        model = _taken(request, project)
    except RuleViolation as refusal:
        show_refusal(form, refusal)
        return project_models.page(request, project, form, refusal.problems)
    messages.success(request, _("%(model)s was handed in and is now being checked.") % {"model": model})
    return redirect("web:bim_model", model.pk)


def _taken(request: HttpRequest, project: Project) -> BimModel:
    key, file = request.POST.get("upload", ""), request.FILES.get("file")
    if key:
        return _taken_over(request, project, key)
    if file is None:
        raise RuleViolation([Problem("file.missing", _("Choose a file first."), "file")])
    said = request.POST.dict()
    return service.hand_in(project.pk, file, name=file.name, actor=request.actor, said=said)


def _taken_over(request: HttpRequest, project: Project, key: str) -> BimModel:
    """The API takes a file over when its last byte arrives; this only makes sure, and finds what became of it."""
    upload = uploads.arrived(key, owner=request.user, purpose=service.PURPOSE, target_id=project.pk)
    if upload.finished_at is None:
        return service.attach(upload, actor=request.actor)
    return selectors.detailed(request.actor, upload.became_id or 0)
