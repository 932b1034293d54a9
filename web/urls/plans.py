"""The annual plan: years, requests, balancing, releases, what-if."""

from django.urls import path

from web.views.execution.plan_files import plan_export, plan_import
from web.views.execution.plan_funds import plan_adjust, plan_carry_over, plan_reclaim, plan_release
from web.views.execution.plan_items import (
    plan_ask,
    plan_item,
    plan_item_discard,
    plan_item_edit,
    plan_request,
    project_plan,
)
from web.views.execution.plan_outlook import plan_simulation
from web.views.execution.plans import plan, plan_balance, plan_edit, plan_envelopes, plan_new, plans

urlpatterns = [
    path("plans/", plans, name="plans"),
    path("plans/new/", plan_new, name="plan_new"),
    path("plans/simulation/", plan_simulation, name="plan_simulation"),
    path("plans/<int:pk>/", plan, name="plan"),
    path("plans/<int:pk>/edit/", plan_edit, name="plan_edit"),
    path("plans/<int:pk>/envelopes/", plan_envelopes, name="plan_envelopes"),
    path("plans/<int:pk>/balance/", plan_balance, name="plan_balance"),
    path("plans/<int:pk>/release/", plan_release, name="plan_release"),
    path("plans/<int:pk>/adjust/", plan_adjust, name="plan_adjust"),
    path("plans/<int:pk>/carry-over/", plan_carry_over, name="plan_carry_over"),
    path("plans/<int:pk>/reclaim/", plan_reclaim, name="plan_reclaim"),
    path("plans/<int:pk>/export/", plan_export, name="plan_export"),
    path("plans/<int:pk>/import/", plan_import, name="plan_import"),
    path("plans/<int:pk>/requests/", plan_ask, name="plan_ask"),
    path("plans/<int:pk>/requests/<int:project_pk>/", plan_request, name="plan_request"),
    path("plan-items/<int:pk>/", plan_item, name="plan_item"),
    path("plan-items/<int:pk>/edit/", plan_item_edit, name="plan_item_edit"),
    path("plan-items/<int:pk>/discard/", plan_item_discard, name="plan_item_discard"),
    path("projects/<int:pk>/plan/", project_plan, name="project_plan"),
]
