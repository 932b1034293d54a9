"""Reads the settings a deployment gives through environment variables."""

import os
import secrets
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path


def env_bool(name: str, default: bool) -> bool:
    """`1/true/yes/on` in any case is true; anything else that is set is false."""
    value = os.environ.get(name)
    if value is None:
        return default
    return value.strip().lower() in {"1", "true", "yes", "on"}


def env_int(name: str, default: int) -> int:
    return int(os.environ.get(name, default))


def env_list(name: str, default: list[str]) -> list[str]:
    value = os.environ.get(name)
    return [part.strip() for part in value.split(",") if part.strip()] if value else default


def env_networks(name: str) -> tuple[IPv4Network | IPv6Network, ...]:
    """Comma-separated addresses or networks (CIDR). Raises ValueError for what is neither, so that nothing starts."""
    return tuple(ip_network(part, strict=False) for part in env_list(name, []))


def env_secret(name: str, keep_in: Path) -> str:
    """The variable's value, or one made once and kept in a file only its owner can read."""
    value = os.environ.get(name)
    if value:
        return value
    if not keep_in.exists():
        keep_in.parent.mkdir(parents=True, exist_ok=True)
        keep_in.touch(mode=0o600)
        keep_in.write_text(secrets.token_urlsafe(50))
    return keep_in.read_text().strip()
