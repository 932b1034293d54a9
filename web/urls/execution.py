"""Plans, tenders, contracts, works, changes, payments. Each room adds its own lines."""

from django.urls import path

from web.views.execution.moving import execution_move

urlpatterns = [
    path("execution/<slug:kind>/<int:pk>/moves/<slug:move>/", execution_move, name="execution_move"),
]
