"""Reaching another system without being led astray: never inside the own network, never anywhere but where it was looked up.

The address is looked up once and the connection goes to exactly that one, so a name cannot mean a harmless machine while it
is looked at and the own database when it is called. Nothing is followed that the answer points to.
"""

import socket
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import urllib3
from django.conf import settings
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

TRANSLATED = (
    ip_network("64:ff9b::/96"),
    ip_network("64:ff9b:1::/48"),
    ip_network("2002::/16"),
    ip_network("2001::/32"),
)
"""Addresses of IPv6 that stand for addresses of IPv4."""


class Unreachable(Exception):
    """An address that nothing is sent to, with the reason."""

    def __init__(self, message: "StrOrPromise") -> None:
        super().__init__(message)
        self.message = message


@dataclass(frozen=True)
class Target:
    """Where a message goes: the machine by its number, the name that it has to prove."""

    scheme: str
    host: str
    port: int
    address: str
    path: str


def resolve(url: str) -> Target:
    """Look a receiver up; refused when it is not HTTPS, or lies within the own network."""
    try:
        parts = urlsplit(url)
        port = parts.port or (443 if parts.scheme == "https" else 80)
    except ValueError:
        raise Unreachable(_("This is no address. Write it as https://name/path.")) from None
    if parts.scheme != "https" and not (parts.scheme == "http" and settings.WEBHOOKS_INSIDE):
        raise Unreachable(_("Messages go over HTTPS only. Write an address that begins with https://."))
    if not parts.hostname or parts.username is not None or parts.password is not None:
        raise Unreachable(_("Write the address without a name and password: messages are signed."))
    found = _looked_up(parts.hostname, port)
    if not settings.WEBHOOKS_INSIDE and not all(is_outside(one) for one in found):
        raise Unreachable(_("This address lies within the own network. The operator of the platform can allow that."))
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return Target(parts.scheme, parts.hostname, port, found[0], path)


def _looked_up(host: str, port: int) -> list[str]:
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise Unreachable(_("No machine is known under this name.")) from None
    return [str(one[4][0]).partition("%")[0] for one in found]


def is_outside(address: str) -> bool:
    """Whether it is a machine of the open internet: not this one, not the own network, not a cloud's own service."""
    found: IPv4Address | IPv6Address = ip_address(address)
    if isinstance(found, IPv6Address):
        if found.ipv4_mapped is not None:
            found = found.ipv4_mapped
        elif any(found in one for one in TRANSLATED):
            return False
    return found.is_global and not found.is_multicast


def post(target: Target, body: bytes, headers: dict[str, str]) -> int:
    """Send it; returns the status of the answer, of which nothing else is read. Raises urllib3's HTTPError or OSError."""
    kind: Any = urllib3.HTTPConnectionPool
    named: dict[str, Any] = {}
    if target.scheme == "https":
        kind, named = urllib3.HTTPSConnectionPool, {"server_hostname": target.host, "assert_hostname": target.host}
    host = f"[{target.host}]" if ":" in target.host else target.host
    with kind(target.address, target.port, timeout=settings.WEBHOOK_SECONDS, retries=False, maxsize=1, **named) as pool:
        answer = pool.urlopen(
            "POST", target.path, body=body, headers=headers | {"Host": f"{host}:{target.port}"}, redirect=False,
            preload_content=False, assert_same_host=False,
        )  # fmt: skip
        answer.close()
        return int(answer.status)
