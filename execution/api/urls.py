"""Addresses of plans, contracts, works and payments. Each room adds its own lines."""

from django.urls import path

from execution.api.moves import ExecutionMovesView, ExecutionMoveView

urlpatterns = [
    path("execution/<slug:kind>/<int:pk>/moves/", ExecutionMovesView.as_view(), name="execution-moves"),
    path("execution/<slug:kind>/<int:pk>/moves/<slug:move>/", ExecutionMoveView.as_view(), name="execution-move"),
]
