"""Sign-ins of offices (OpenID Connect) from the environment: HOUQIN_OIDC names them, four variables describe each.

HOUQIN_OIDC=city
HOUQIN_OIDC_CITY_NAME=市教育局统一身份认证  HOUQIN_OIDC_CITY_SERVER=https://sso.example.edu.cn
HOUQIN_OIDC_CITY_CLIENT=houqin            HOUQIN_OIDC_CITY_SECRET_FILE=/etc/houqin/oidc-secret
"""

import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from houqin.config import env

LOCAL = {"localhost", "127.0.0.1", "::1"}


@dataclass(frozen=True)
class OwnSignIn:
    """One server that says who somebody is."""

    code: str
    name: str
    server: str
    client: str
    secret: str


def from_environment() -> tuple[OwnSignIn, ...]:
    """All that are named; a half-described one stops the start."""
    return tuple(_one(code) for code in env.words("HOUQIN_OIDC"))


def _one(code: str) -> OwnSignIn:
    if not re.fullmatch(r"[a-z][a-z0-9]*", code):
        raise env.SettingError(f"HOUQIN_OIDC={code!r}: name sign-ins with small letters and digits, such as city")
    prefix = f"HOUQIN_OIDC_{code.upper()}_"
    given = {part: env.text(f"{prefix}{part}") for part in ("NAME", "SERVER", "CLIENT", "SECRET")}
    for part in ("SERVER", "CLIENT", "SECRET"):
        if not given[part]:
            raise env.SettingError(f"HOUQIN_OIDC names {code!r}, so {prefix}{part} is needed")
    address = urlsplit(given["SERVER"])
    if not address.hostname or (address.scheme != "https" and address.hostname not in LOCAL):
        raise env.SettingError(f"{prefix}SERVER={given['SERVER']!r}: write an address that begins with https://")
    return OwnSignIn(code, given["NAME"] or code, given["SERVER"].rstrip("/"), given["CLIENT"], given["SECRET"])


def as_apps(found: tuple[OwnSignIn, ...]) -> list[dict[str, Any]]:
    """As allauth wants them."""
    return [
        {
            "provider_id": one.code, "name": one.name, "client_id": one.client, "secret": one.secret,
            "settings": {"server_url": one.server},
        }
        for one in found
    ]  # fmt: skip


def origins(found: tuple[OwnSignIn, ...]) -> list[str]:
    """Where a form of ours may lead: to the servers, and to HOUQIN_OIDC_ORIGINS where their sign-in page lies elsewhere."""
    servers = [urlsplit(one.server) for one in found]
    return [*(f"{one.scheme}://{one.netloc}" for one in servers), *env.words("HOUQIN_OIDC_ORIGINS")]
