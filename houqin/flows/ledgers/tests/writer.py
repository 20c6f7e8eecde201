"""Somebody at the page of a ledger, for tests; and ledgers that are read at places, or served."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

from django.contrib.messages import get_messages
from django.test import Client
from django.utils import timezone

from houqin.core.places.models import Place
from houqin.flows.duties.models import Duty
from houqin.flows.ledgers.tests.kept import COLD
from tests.world import World

COMMON = {"schedules": [{"every": "day"}], "post": "cook"}
FRIDGES: dict[str, Any] = {
    **COLD, **COMMON, "code": "fridges", "uses": ["refrigerator"], "columns": COLD["columns"][:2],
}  # fmt: skip
SERVED: dict[str, Any] = {
    **COLD, **COMMON, "code": "served",
    "columns": [
        {"code": "began", "zh": "开始", "en": "Begun", "kind": "clock", "prefill": "now"},
        {"code": "method", "zh": "方式", "en": "Method", "kind": "choice", "prefill": "last", "default": "steam", "choices": [
            {"code": "steam", "zh": "蒸汽", "en": "Steam"}, {"code": "bleach", "zh": "含氯", "en": "Chlorine"}]},
        {"code": "heat", "zh": "温度", "en": "Heat", "kind": "temperature", "required": False, "plausible": [40, 200], "prefill": "last",
         "limits": [{"min": 100, "when": {"method": "steam"}, "source": "OP2018", "confidence": "B"}]},
    ],
}  # fmt: skip


class Writer:
    """Somebody at the page of a ledger."""

    def __init__(self, world: World, name: str = "an") -> None:
        self.world, self.account, self.client = world, getattr(world, name), Client()
        self.client.force_login(self.account)

    def at(self, code: str, **asked: str) -> str:
        query = "&".join(f"{name}={value}" for name, value in {"org": self.world.school_a.path, **asked}.items())
        return f"/ledgers/{code}/write/?{query}"

    def opens(self, code: str, **asked: str) -> Any:
        return self.client.get(self.at(code, **asked))

    def sends(self, code: str, sent: dict[str, Any], **asked: str) -> Any:
        return self.client.post(self.at(code, **asked), sent)

    def later(self, code: str, sent: dict[str, Any], *, waited: timedelta, off: timedelta = timedelta()) -> Any:
        clock = timezone.now() + off
        said = {
            "X-Houqin-Queued": "later", "X-Houqin-Account": str(self.account.public_id),
            "X-Houqin-Captured": (clock - waited).isoformat(), "X-Houqin-Clock": clock.isoformat(),
        }  # fmt: skip
        return self.client.post(self.at(code), {**sent, "_key": str(uuid4())}, headers=said)

    def lines(self, code: str, **asked: str) -> dict[str, str]:
        """The hidden names of the lines, by what they are about."""
        form = self.opens(code, **asked).context["form"]
        return {row.line.name: row.line.key for row in form.rows}


def due(world: World, code: str, place: Place | None = None, slot: str = "") -> Duty:
    now = timezone.now()
    return Duty.objects.create(
        day=timezone.localdate(), org=world.school_a, rule=f"ledger:{code}", slot=slot, post="cook",
        about=place.subject if place else None, about_key=place.subject_id if place else 0,
        opens_at=now - timedelta(minutes=5), due_at=now + timedelta(minutes=30),
    )  # fmt: skip


def told(answer: Any) -> str:
    return " ".join(str(one) for one in get_messages(answer.wsgi_request))


def errors(answer: Any) -> dict[str, list[str]]:
    assert answer.status_code == 422
    return dict(answer.context["form"].errors)
