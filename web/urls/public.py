"""What anybody may see without signing in."""

from django.urls import path

from web.views.public import openness, plans, publicity, verify

urlpatterns = [
    path("public/", openness.public, name="public"),
    path("public/plans/", plans.public_plans, name="public_plans"),
    path("public/plans/<int:year>/", plans.public_plans, name="public_plan"),
    path("publicity/", publicity.publicity, name="publicity"),
    path("publicity/<int:pk>/", publicity.publicity_item, name="publicity_item"),
    path("publicity/<int:pk>/objections/", publicity.publicity_object, name="publicity_object"),
    path("publicity/objections/<str:token>/", publicity.objection, name="objection"),
    path("verify/<str:token>/", verify.verify, name="verify"),
]
