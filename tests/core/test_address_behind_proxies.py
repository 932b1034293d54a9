"""Whose address the trace keeps: the right-most one that is not our own proxy."""

from ipaddress import ip_network
from typing import Any

import pytest
from axes.helpers import get_client_ip_address
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from core import trace
from core.models import TraceEntry
from core.request import RequestOriginMiddleware, address_of
from project_tracker.environment import env_networks

OURS = (ip_network("10.0.0.0/8"), ip_network("fd00::/8"))


@pytest.mark.parametrize(
    ("trusted", "connection", "header", "expected"),
    [
        ((), "10.0.0.1", "203.0.113.9", "10.0.0.1"),
        (OURS, "198.51.100.7", "203.0.113.9", "198.51.100.7"),
        (OURS, "10.0.0.1", "", "10.0.0.1"),
        (OURS, "10.0.0.1", "203.0.113.9", "203.0.113.9"),
        (OURS, "10.0.0.1", "1.2.3.4, 203.0.113.9", "203.0.113.9"),
        (OURS, "10.0.0.1", "203.0.113.9, 10.9.9.9", "203.0.113.9"),
        (OURS, "10.0.0.1", "203.0.113.9, nonsense, 10.9.9.9", "10.9.9.9"),
        (OURS, "10.0.0.1", "nonsense", "10.0.0.1"),
        (OURS, "10.0.0.1", "10.1.1.1, 10.2.2.2", "10.1.1.1"),
        (OURS, "10.0.0.1", "203.0.113.9:51234", "203.0.113.9"),
        (OURS, "fd00::1", "[2001:db8::5]:443", "2001:db8::5"),
        (OURS, "::ffff:10.0.0.1", "203.0.113.9", "203.0.113.9"),
    ],
)
def test_the_address_is_the_right_most_one_we_do_not_trust(
    trusted: Any, connection: str, header: str, expected: str, settings: Any
) -> None:
    settings.TRUSTED_PROXIES = trusted
    said = {"HTTP_X_FORWARDED_FOR": header} if header else {}
    assert address_of(RequestFactory().get("/", REMOTE_ADDR=connection, **said)) == expected


def test_networks_are_read_from_the_environment_and_nonsense_stops_the_start(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TRUSTED_PROXIES", raising=False)
    assert env_networks("TRUSTED_PROXIES") == ()
    monkeypatch.setenv("TRUSTED_PROXIES", "10.0.0.5, 192.168.7.9/24")
    assert [str(network) for network in env_networks("TRUSTED_PROXIES")] == ["10.0.0.5/32", "192.168.7.0/24"]
    monkeypatch.setenv("TRUSTED_PROXIES", "the proxy")
    with pytest.raises(ValueError, match="the proxy"):
        env_networks("TRUSTED_PROXIES")


@pytest.mark.django_db
def test_the_trace_keeps_the_persons_address_behind_our_proxy(settings: Any) -> None:
    settings.TRUSTED_PROXIES = OURS

    def act(request: HttpRequest) -> HttpResponse:
        trace.record("tests.acted", actor=trace.SYSTEM)
        return HttpResponse()

    RequestOriginMiddleware(act)(
        RequestFactory().get("/", REMOTE_ADDR="10.0.0.1", HTTP_X_FORWARDED_FOR="8.8.8.8, 203.0.113.9")
    )
    assert TraceEntry.objects.get(verb="tests.acted").ip == "203.0.113.9"


def test_wrong_passwords_are_counted_by_the_same_address(settings: Any) -> None:
    settings.TRUSTED_PROXIES = OURS
    request = RequestFactory().get("/", REMOTE_ADDR="10.0.0.1", HTTP_X_FORWARDED_FOR="203.0.113.9")
    assert get_client_ip_address(request) == "203.0.113.9"
