"""The style guide, for whoever writes pages."""

from django.urls import path

from web.views.styleguide import styleguide

urlpatterns = [path("styleguide/", styleguide, name="styleguide")]
