"""Who holds which post: given and ended by the security administrator."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.models import Appointment
from accounts.roles import Role
from accounts.services import posts as service
from core import clock
from core.errors import DomainError
from web.access import signed_in
from web.forms.supervision import PostForm
from web.refused_forms import show_refusal

PAGE = 50


@signed_in(roles=[Role.SEC_ADMIN])
def posts(request: HttpRequest) -> HttpResponse:
    """GET q: part of a name. POST gives a post."""
    if request.method != "POST":
        return _page(request, PostForm(initial={"held_from": clock.today()}))
    form = PostForm(request.POST)
    if form.is_valid():
        try:
            service.give(actor=request.actor, **form.cleaned_data)
        except DomainError as error:
            show_refusal(form, error)
        else:
            messages.success(request, _("The post has been given; the person is told."))
            return redirect("web:posts")
    return _page(request, form, status=422)


@require_POST
@signed_in(roles=[Role.SEC_ADMIN])
def end(request: HttpRequest, pk: int) -> HttpResponse:
    """POST held_to: the last day, today without one."""
    try:
        last = parse_date(request.POST.get("held_to", "")) or clock.today()
    except ValueError:
        last = clock.today()
    service.end(pk, actor=request.actor, held_to=last)
    messages.success(request, _("The post ends on %(day)s.") % {"day": last})
    return redirect("web:posts")


def _page(request: HttpRequest, form: PostForm, status: int = 200) -> HttpResponse:
    query = request.GET.get("q", "").strip()
    held = Appointment.objects.filter(Q(held_to__isnull=True) | Q(held_to__gte=clock.today()))
    held = held.select_related("user", "organisation").order_by("organisation__name", "role", "pk")
    if query:
        named = Q(user__full_name__icontains=query) | Q(user__username__iexact=query)
        held = held.filter(named | Q(organisation__name__icontains=query))
    page = Paginator(held, PAGE).get_page(request.GET.get("page"))
    context = {"form": form, "page": page, "q": query, "today": clock.today()}
    return render(request, "web/supervision/posts.html", context, status=status)
