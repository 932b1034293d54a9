"""Addresses of the annual plan."""

from django.urls import path

from execution.api.plan_files import PlanExportView, PlanImportView, PlanOutlookView
from execution.api.plans import (
    PlanAdjustView,
    PlanBalanceView,
    PlanCarryOverView,
    PlanEnvelopesView,
    PlanItemsView,
    PlanItemView,
    PlanReclaimView,
    PlanReleaseView,
    PlansView,
    PlanView,
    ProjectPlanView,
)

urlpatterns = [
    path("plans/<int:pk>/outlook/", PlanOutlookView.as_view(), name="plan-outlook"),
    path("plans/<int:pk>/export/", PlanExportView.as_view(), name="plan-export"),
    path("plans/<int:pk>/import/", PlanImportView.as_view(), name="plan-import"),
    path("plans/", PlansView.as_view(), name="plans"),
    path("plans/<int:pk>/", PlanView.as_view(), name="plan"),
    path("plans/<int:pk>/envelopes/", PlanEnvelopesView.as_view(), name="plan-envelopes"),
    path("plans/<int:pk>/items/", PlanItemsView.as_view(), name="plan-items"),
    path("plans/<int:pk>/balance/", PlanBalanceView.as_view(), name="plan-balance"),
    path("plans/<int:pk>/releases/", PlanReleaseView.as_view(), name="plan-releases"),
    path("plans/<int:pk>/adjustments/", PlanAdjustView.as_view(), name="plan-adjustments"),
    path("plans/<int:pk>/carry-over/", PlanCarryOverView.as_view(), name="plan-carry-over"),
    path("plans/<int:pk>/reclaim/", PlanReclaimView.as_view(), name="plan-reclaim"),
    path("plan-items/<int:pk>/", PlanItemView.as_view(), name="plan-item"),
    path("projects/<int:pk>/plan/", ProjectPlanView.as_view(), name="project-plan"),
]
