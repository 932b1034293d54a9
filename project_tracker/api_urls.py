"""The API: each app brings its own addresses."""

from django.urls import include, path, re_path

from accounts.api.uploads import UploadsView, UploadView
from accounts.api.views import NoSuchAddress
from approvals.services.material_uploads import MATERIAL
from bim.services.upload import BIM_MODEL
from core.calendar_api import DaysView, DueView

app_name = "api"

# What a resumable upload may be for; a material where nothing is said.
PURPOSES = (MATERIAL, BIM_MODEL)

urlpatterns = [
    path("calendar/due/", DueView.as_view(), name="calendar-due"),
    path("calendar/days/", DaysView.as_view(), name="calendar-days"),
    path("", include("accounts.api.urls")),
    path("", include("projects.api.urls")),
    path("", include("bim.api.urls")),
    path("", include("approvals.api.urls")),
    path("", include("execution.api.urls")),
    path("", include("execution.api.plan_urls")),
    path("", include("execution.api.works_urls")),
    path("", include("execution.api.closing_urls")),
    path("", include("assets.api.account_urls")),
    path("", include("assets.api.handover_urls")),
    path("", include("reports.api.urls")),
    path("uploads/", UploadsView.as_view(purposes=PURPOSES), name="uploads"),
    path("uploads/<slug:key>/", UploadView.as_view(purposes=PURPOSES), name="upload"),
    # With the slash only, so that an address without it is still led to the one with it.
    re_path(r"^.*/$", NoSuchAddress.as_view(), name="nothing"),
]
