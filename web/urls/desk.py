"""The desk and the overview."""

from django.urls import path

from web.views.desk.bulk import bulk
from web.views.desk.inbox import inbox, inbox_done, inbox_sent
from web.views.desk.overview import overview

urlpatterns = [
    path("inbox/", inbox, name="inbox"),
    path("inbox/sent/", inbox_sent, name="inbox_sent"),
    path("inbox/done/", inbox_done, name="inbox_done"),
    path("inbox/bulk/", bulk, name="bulk"),
    path("overview/", overview, name="overview"),
]
