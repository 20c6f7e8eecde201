"""Who guesses passwords is locked out; whose account it is, is not.

Wrong passwords are counted by account *and* address: a stranger who guesses at a principal's account locks out only themselves, and a
school behind one address is not locked out by one colleague who forgot theirs. From any other address an account takes a bounded number
of wrong passwords an hour, so that many addresses together cannot guess without end; a device from which the account has signed in
before is counted for itself, so that even then its owner comes in.
"""

import hashlib
from typing import Any

from allauth.core.internal import ratelimit
from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse

COOKIE = "houqin_device"
DEVICE_DAYS = 180
MOST_KNOWN = 20
"""Accounts that a device remembers: a shared computer in a staff room."""
_SALT = "houqin.core.people.guessing"


def guess_key(request: HttpRequest, login: str) -> str:
    """Under what a wrong password is counted: the account at this device, else at this address."""
    known = is_known(request, login)
    return f"{'device' if known else ratelimit.get_ip(request)}:{_digest(login)}"


def is_known(request: HttpRequest, login: str) -> bool:
    """Whether this device has signed in to the account before."""
    kept = _known(request)
    return any(_digest(login, key) in kept for key in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS))


def remember_device(request: HttpRequest, response: HttpResponse, logins: list[str]) -> None:
    """Let the device say from now on that these names have signed in from it; it keeps no name."""
    kept = list(dict.fromkeys([*(_digest(one) for one in logins if one), *_known(request)]))[:MOST_KNOWN]
    response.set_cookie(
        COOKIE,
        signing.dumps(kept, salt=_SALT),
        max_age=DEVICE_DAYS * 86_400,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def _known(request: HttpRequest) -> list[str]:
    try:
        kept: Any = signing.loads(request.COOKIES.get(COOKIE, ""), salt=_SALT, max_age=DEVICE_DAYS * 86_400)
    except signing.BadSignature:
        return []
    return kept if isinstance(kept, list) else []


def _digest(login: str, key: str | None = None) -> str:
    return hashlib.sha256(f"{key or settings.SECRET_KEY}|{login.strip().lower()}".encode()).hexdigest()[:16]
