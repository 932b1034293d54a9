"""Remembers where the current request comes from, so that the trace can say it (R-TRC-01)."""

import uuid
from collections.abc import Callable
from contextvars import ContextVar
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address

from django.conf import settings
from django.http import HttpRequest, HttpResponse

Address = IPv4Address | IPv6Address


@dataclass(frozen=True)
class Origin:
    """Network address, device and request number of whoever acts; empty for commands and timed jobs."""

    ip: str = ""
    device: str = ""
    request_id: str = ""


NOWHERE = Origin()
_origin: ContextVar[Origin] = ContextVar("origin", default=NOWHERE)


def origin() -> Origin:
    return _origin.get()


def address_of(request: HttpRequest) -> str:
    """Where the request comes from: the right-most address that is not one of our own proxies (TRUSTED_PROXIES).

    Each proxy appends the address it was called from to X-Forwarded-For; what stands left of the first one we do not
    trust may have been written by anybody. Nobody is trusted by default, and then the header says nothing.
    """
    told = request.META.get("REMOTE_ADDR", "")
    nearest = _read(told)
    hops = request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")
    while nearest is not None and _is_trusted(nearest) and hops:
        nearest = _read(hops.pop())
        told = str(nearest) if nearest is not None else told
    return told


def _read(text: str) -> Address | None:
    """An address with or without a port; None for anything else."""
    text = text.strip()
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        address = ip_address(text)
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address


def _is_trusted(address: Address) -> bool:
    return any(address in network for network in settings.TRUSTED_PROXIES)


class RequestOriginMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        token = _origin.set(
            Origin(
                ip=address_of(request),
                device=request.META.get("HTTP_USER_AGENT", "")[:200],
                request_id=uuid.uuid4().hex,
            )
        )
        try:
            return self.get_response(request)
        finally:
            _origin.reset(token)
