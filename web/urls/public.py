"""What anybody may see without signing in."""

from django.urls import path

from web.views.public import openness, verify

urlpatterns = [
    path("public/", openness.public, name="public"),
    path("verify/<str:token>/", verify.verify, name="verify"),
]
