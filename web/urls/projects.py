"""The project register and the search."""

from django.urls import path

from web.views.projects.edit import project_edit, project_new
from web.views.projects.life import stages
from web.views.projects.page import project, project_move
from web.views.projects.register import projects
from web.views.projects.register_export import projects_export
from web.views.projects.search import search

urlpatterns = [
    path("projects/", projects, name="projects"),
    path("projects/export/", projects_export, name="projects_export"),
    path("projects/new/", project_new, name="project_new"),
    path("projects/<int:pk>/", project, name="project"),
    path("projects/<int:pk>/life/", stages, name="stages"),
    path("projects/<int:pk>/edit/", project_edit, name="project_edit"),
    path("projects/<int:pk>/moves/<slug:move>/", project_move, name="project_move"),
    path("search/", search, name="search"),
]
