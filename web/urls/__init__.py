"""Every page, by area."""

from django.urls import include, path

app_name = "web"

urlpatterns = [
    path("", include("web.urls.account")),
    path("", include("web.urls.public")),
    path("", include("web.urls.projects")),
    path("", include("web.urls.declaring")),
    path("", include("web.urls.bim")),
    path("", include("web.urls.items")),
    path("", include("web.urls.execution")),
    path("", include("web.urls.plans")),
    path("", include("web.urls.works")),
    path("", include("web.urls.closing")),
    path("", include("web.urls.final_account")),
    path("", include("web.urls.handover")),
    path("", include("web.urls.desk")),
    path("", include("web.urls.reports")),
    path("", include("web.urls.supervision")),
    path("", include("web.urls.styleguide")),
]
