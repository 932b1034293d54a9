"""Addresses of the project register."""

from django.urls import path

from projects.api.views import ProjectsView, ProjectView

urlpatterns = [
    path("projects/", ProjectsView.as_view(), name="projects"),
    path("projects/<int:pk>/", ProjectView.as_view(), name="project"),
]
