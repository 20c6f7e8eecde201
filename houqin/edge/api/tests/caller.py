"""A program of one of the cast, for tests."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import uuid4

from django.test import Client

from houqin.core.grants.models import Grant
from houqin.core.people.models import Account
from houqin.core.places.models import Place
from houqin.edge.api.actions.tokens import SENDS, digest_of
from houqin.edge.api.models import ApiToken
from tests.world import NOON

FAR = date(2030, 1, 1)


@dataclass
class Caller:
    """Sends requests with a key."""

    token: ApiToken
    secret: str
    language: str = "en"

    def headers(self, **more: str) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.secret}", "Accept-Language": self.language} | more

    def get(self, path: str, **query: Any) -> Any:
        return Client().get(f"/api/v1/{path}", query, headers=self.headers())

    def post(self, path: str, body: Any, *, key: str = "", **more: str) -> Any:
        headers = self.headers(**{"Idempotency-Key": key or str(uuid4())} | more)
        return Client().post(f"/api/v1/{path}", json.dumps(body), content_type="application/json", headers=headers)

    def items(self, path: str, **query: Any) -> list[dict[str, Any]]:
        answer = self.get(path, **query)
        assert answer.status_code == 200, answer.content.decode()
        return list(answer.json()["items"])


def caller(account: Account, scopes: Iterable[str] | None = None, **more: Any) -> Caller:
    """A key of somebody's first role, straight into the table: with all that the role holds, or some of it."""
    grant = Grant.objects.select_related("org").filter(account=account).order_by("pk")[0]
    secret = f"hq_{uuid4().hex}"
    held = grant.kind.permissions if scopes is None else scopes
    token = ApiToken.objects.create(
        **{"org": grant.org, "grant": grant, "label": "订货程序", "digest": digest_of(secret), "scopes": sorted(held)}
        | {"issued_at": NOON, "expires_on": FAR} | more
    )  # fmt: skip
    return Caller(token, secret)


def device(account: Account, kind: str, place: Place) -> Caller:
    """A device of somebody's that stands at a place."""
    return caller(account, SENDS[kind], kind=kind, place=place, org=place.org, label=f"设备 {kind}")  # type: ignore[index]
