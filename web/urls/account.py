"""The person: signing in and out, the post acted in, the first page, messages, substitutes, the own trace."""

from django.urls import path

from web.views.account import delegations, home, messages, own_trace, preferences, session

urlpatterns = [
    path("", home.home, name="home"),
    path("login/", session.SignIn.as_view(), name="login"),
    path("logout/", session.SignOut.as_view(), name="logout"),
    path("act-as/", session.act_as, name="act_as"),
    path("language/", session.language, name="language"),
    path("me/", preferences.preferences, name="preferences"),
    path("me/password/", preferences.password, name="password"),
    path("me/token/", preferences.token, name="token"),
    path("me/messages/", messages.inbox, name="messages"),
    path("me/messages/read/", messages.read_all, name="messages_read"),
    path("me/messages/<int:pk>/open/", messages.open_message, name="message_open"),
    path("me/delegations/", delegations.delegations, name="delegations"),
    path("me/delegations/<int:pk>/answer/", delegations.answer, name="delegation_answer"),
    path("me/delegations/<int:pk>/revoke/", delegations.revoke, name="delegation_revoke"),
    path("me/trace/", own_trace.own_trace, name="my_trace"),
    path("me/trace/export/", own_trace.own_trace_export, name="my_trace_export"),
]
