"""So many requests a minute: for each key, and for each address that shows none. Counted in the shared cache.

A key's own count is all that stops it, so guessing from behind a school's address never locks its programs out.
"""

import time
from dataclasses import dataclass

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.core.cache import cache
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse

from houqin.edge.api.models import ApiToken

WINDOW = 60


@dataclass(frozen=True)
class Allowance:
    """What is left of a window: at most ``quota``, ``left`` of it, and seconds until a new one begins."""

    name: str
    quota: int
    left: int
    resets: int

    @property
    def is_used_up(self) -> bool:
        """Whether this request was one too many."""
        return self.left < 0

    def tell(self, answer: HttpResponse) -> None:
        """The headers of draft-ietf-httpapi-ratelimit-headers, and Retry-After where it has to wait."""
        answer["RateLimit-Policy"] = f'"{self.name}";q={self.quota};w={WINDOW}'
        answer["RateLimit"] = f'"{self.name}";r={max(self.left, 0)};t={self.resets}'
        if self.is_used_up:
            answer["Retry-After"] = str(self.resets)


def of_token(token: ApiToken) -> Allowance:
    """Count a request of a key."""
    return _count("key", str(token.pk), settings.API_RATE)


def of_stranger(request: HttpRequest) -> Allowance:
    """Count a request without a key that fits, by the address it came from."""
    try:
        address = get_adapter().get_client_ip(request)
    except PermissionDenied:  # through a socket of this machine nobody has an address: all of them count together
        address = "none"
    return _count("address", address, settings.API_STRANGERS_RATE)


def _count(name: str, who: str, quota: int) -> Allowance:
    now = int(time.time())
    key = f"api-rate:{name}:{who}:{now // WINDOW}"
    cache.add(key, 0, WINDOW * 2)
    try:
        used = cache.incr(key)
    except ValueError:  # it was pushed out of the cache between the two
        used = 1
    return Allowance(name, quota, quota - used, WINDOW - now % WINDOW)
