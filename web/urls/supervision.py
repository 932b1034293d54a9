"""What keeps the system honest: trace, events, calendar, rules, posts."""

from django.urls import path

from web.views.supervision import calendar, events, notices, posts, rules, trace

urlpatterns = [
    path("trace/", trace.trace, name="trace"),
    path("trace/export/", trace.export, name="trace_export"),
    path("trace/verify/", trace.verify, name="trace_verify"),
    path("supervision/", events.events, name="events"),
    path("calendar/", calendar.calendar, name="calendar"),
    path("calendar/notices/", notices.propose, name="notice_propose"),
    path("calendar/notices/example/", notices.example, name="notice_example"),
    path("calendar/notices/<int:pk>/", notices.notice, name="notice"),
    path("calendar/notices/<int:pk>/approve/", notices.approve, name="notice_approve"),
    path("rules/", rules.rules, name="rules"),
    path("rules/<int:pk>/approve/", rules.approve, name="rule_approve"),
    path("posts/", posts.posts, name="posts"),
    path("posts/<int:pk>/end/", posts.end, name="post_end"),
]
