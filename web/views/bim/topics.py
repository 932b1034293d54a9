"""Topics (BCF issues) on a project's models: the list, one topic, raising, answering, files in and out."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.cache import patch_cache_control
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.policies import insist
from bim import policies, topics
from bim.models import BcfTopic, BimModel
from bim.selectors import project_of
from bim.services import topic_files
from bim.services import topics as service
from core import files
from core.errors import NotFound, Problem, RuleViolation, StaleState
from core.files import KINDS
from projects.models import Project
from web.access import signed_in
from web.exports import sent
from web.forms.faults import faults_of, refuse
from web.forms.topics import CommentForm, ExportForm, TopicFilter, TopicForm, is_key
from web.paging import keyset

PAGE = 30
MIME = "application/x-bcf"


@dataclass(frozen=True)
class TopicPanel:
    """What the viewer's panel for a new topic needs, and the viewpoint that is to be shown at once."""

    action: str
    form: TopicForm | None
    topics_url: str
    viewpoint_url: str


@require_GET
@signed_in
def topics_of_project(request: HttpRequest, pk: int) -> HttpResponse:
    return _page(request, project_of(request.actor, pk))


def _page(
    request: HttpRequest,
    project: Project,
    *,
    report: topic_files.Report | None = None,
    problems: tuple[Problem, ...] = (),
) -> HttpResponse:
    """The list, perhaps with the report of an import or the reasons why there was none."""
    models = topics.models_to_choose(project)
    form = TopicFilter(request.GET, statuses=topics.used_statuses(project), models=models)
    filters = form.filters()
    context = {
        "project": project,
        "form": form,
        "is_filtered": bool(filters),
        "page": keyset(request, topics.rows_of(request.actor, project, filters), PAGE),
        "works": policies.may_work_on_topics(request.actor, project) is None,
        "ended_problems": service.ended_problems(project),
        "export_form": ExportForm(),
        "accept": ",".join(KINDS["BCF"].extensions),
        "report": report,
        "problems": problems,
    }
    return render(request, "web/bim/topics.html", context, status=422 if problems else 200)


@require_POST
@signed_in
def topics_import(request: HttpRequest, pk: int) -> HttpResponse:
    """The list again, with what became of every topic of the file."""
    project, file = project_of(request.actor, pk), request.FILES.get("file")
    try:
        if file is None:
            raise RuleViolation([Problem("file.missing", _("Choose a file first."), "file")])
        report = topic_files.take(project.pk, file, name=file.name, actor=request.actor)
    except RuleViolation as refusal:
        return _page(request, project, problems=refusal.problems)
    return _page(request, project, report=report)


@require_POST
@signed_in
def topics_export(request: HttpRequest, pk: int) -> HttpResponse:
    form = ExportForm(request.POST)
    form.is_valid()
    keys = form.cleaned_data.get("topics") or None
    version = form.cleaned_data.get("version", "")
    content, name = topic_files.export(pk, version, actor=request.actor, keys=keys)
    return sent(content, name, MIME)


@require_http_methods(["GET", "POST"])
@signed_in
def topic_new(request: HttpRequest, pk: int) -> HttpResponse:
    """A new topic, from its own page or from the viewer, which sends the viewpoint and the picture along."""
    project = project_of(request.actor, pk)
    insist(policies.may_work_on_topics, request.actor, project)
    models = topics.models_to_choose(project)
    if request.method == "GET":
        form = TopicForm(models=models, initial={"model": request.GET.get("model", "")})
        return render(request, "web/bim/topic_form.html", {"project": project, "form": form})
    form = TopicForm(request.POST, models=models)
    form.is_valid()
    try:
        topic = service.create(
            pk,
            form.said(),
            actor=request.actor,
            view=request.POST.get("view", ""),
            snapshot=_picture(request),
            faults=faults_of(form),
        )
    except RuleViolation as refusal:
        refuse(form, refusal.problems)
        return render(request, "web/bim/topic_form.html", {"project": project, "form": form}, status=422)
    messages.success(request, _("Topic %(number)s was raised.") % {"number": topic.number})
    return redirect("web:bim_topic", topic.pk)


@require_GET
@signed_in
def topic(request: HttpRequest, pk: int) -> HttpResponse:
    return _topic_page(request, topics.detailed(request.actor, pk))


def _topic_page(request: HttpRequest, row: BcfTopic, form: CommentForm | None = None) -> HttpResponse:
    model = topics.model_to_show(row)
    viewpoints = list(row.viewpoints.all())
    on_comments = {one.viewpoint_id for one in row.comments.all()}
    context = {
        "topic": row,
        "project": row.project,
        "viewpoints": [one for one in viewpoints if one.pk not in on_comments],
        "comments": list(row.comments.all()),
        "viewer_url": reverse("web:bim_viewer", args=[model.pk]) if model else "",
        "works": policies.may_work_on_topics(request.actor, row.project) is None,
        "form": form or CommentForm(topic=row),
        "export_form": ExportForm(),
    }
    return render(request, "web/bim/topic.html", context, status=422 if form else 200)


@require_POST
@signed_in
def topic_comment(request: HttpRequest, pk: int) -> HttpResponse:
    row = topics.detailed(request.actor, pk)
    form = CommentForm(request.POST, topic=row)
    form.is_valid()
    try:
        service.comment(
            pk,
            form.cleaned_data.get("text", ""),
            actor=request.actor,
            status=form.cleaned_data.get("status", ""),
            view=request.POST.get("view", ""),
            snapshot=_picture(request),
            faults=faults_of(form),
        )
    except RuleViolation as refusal:
        refuse(form, refusal.problems)
        return _topic_page(request, row, form)
    return redirect("web:bim_topic", pk)


@require_http_methods(["GET", "POST"])
@signed_in
def topic_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Changes what is known of the topic; refused when somebody else did meanwhile."""
    row = topics.detailed(request.actor, pk)
    insist(policies.may_work_on_topics, request.actor, row.project)
    models = topics.models_to_choose(row.project)
    page = {"project": row.project, "topic": row}
    if request.method == "GET":
        form = TopicForm(models=models, topic=row, initial=_initial(row))
        return render(request, "web/bim/topic_form.html", page | {"form": form, "version": row.version})
    form, version = TopicForm(request.POST, models=models, topic=row), request.POST.get("version", "")
    form.is_valid()
    try:
        service.amend(
            pk,
            form.said(),
            actor=request.actor,
            expected_version=int(version) if is_key(version) else 0,
            faults=faults_of(form),
        )
    except (RuleViolation, StaleState) as refusal:
        refuse(form, refusal.problems)
        status = refusal.http_status
        return render(request, "web/bim/topic_form.html", page | {"form": form, "version": version}, status=status)
    messages.success(request, _("The topic was changed."))
    return redirect("web:bim_topic", pk)


@require_GET
@signed_in
def viewpoint(request: HttpRequest, pk: int) -> JsonResponse:
    """What is seen, as the viewer takes it (metres, Z up)."""
    row = topics.viewpoint_of(request.actor, pk)
    return JsonResponse({"guid": str(row.guid), "topic": row.topic_id, "view": row.view})


@require_GET
@signed_in
def snapshot(request: HttpRequest, pk: int) -> FileResponse:
    row = topics.viewpoint_of(request.actor, pk)
    if row.snapshot is None:
        raise NotFound(Problem("snapshot.none", _("The viewpoint has no picture.")))
    response = FileResponse(files.open_stored(row.snapshot), content_type=row.snapshot.mime)
    response["X-Content-Type-Options"] = "nosniff"
    patch_cache_control(response, private=True, max_age=3600)
    return response


def panel_of(request: HttpRequest, model: BimModel) -> TopicPanel:
    """The viewer's panel; without a form for whoever may only read. `?viewpoint=` names what is shown at once."""
    project = model.project
    works = policies.may_work_on_topics(request.actor, project) is None and not service.ended_problems(project)
    form = TopicForm(models=[model], initial={"model": str(model.pk)}, auto_id="topic-%s") if works else None
    asked = request.GET.get("viewpoint", "")
    is_key = asked.isascii() and asked.isdigit() and len(asked) < 19
    return TopicPanel(
        reverse("web:bim_topic_new", args=[project.pk]),
        form,
        f"{reverse('web:bim_topics', args=[project.pk])}?model={model.pk}",
        reverse("web:bim_viewpoint", args=[int(asked)]) if is_key else "",
    )


def _initial(row: BcfTopic) -> dict[str, Any]:
    names = ("title", "description", "topic_type", "topic_status", "priority", "assigned_to", "due_on")
    model = {"model": str(row.model_id or ""), "labels": _(", ").join(row.labels)}
    return {name: getattr(row, name) for name in names} | model


def _picture(request: HttpRequest) -> bytes | None:
    """The picture that was sent, read only as far as one more byte than is allowed."""
    file = request.FILES.get("snapshot")
    return file.read(service.LARGEST_SNAPSHOT + 1) if file is not None else None
