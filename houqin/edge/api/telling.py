"""From an event to messages, and from a message to the other system, again and again until it has it."""

import hmac
import json
from base64 import b64decode, b64encode
from datetime import datetime, timedelta
from hashlib import sha256
from uuid import UUID

import urllib3
from django.conf import settings
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from houqin.core.events.models import Event
from houqin.core.orgs.models import OrgUnit, paths_down
from houqin.core.scope.viewer import system_viewer
from houqin.core.tables.ciphers import deciphered
from houqin.edge.api.actions.webhooks import PREFIX, switch_off
from houqin.edge.api.models import SIGNS, Delivery, Webhook
from houqin.edge.api.reaching import Unreachable, post, resolve
from houqin.edge.api.told import TOLD

WAITS = [timedelta(minutes=one) for one in (1, 5, 30, 120, 480, 1440, 1440)]
"""After each try that failed: about three and a half days in all."""
CLAIM = timedelta(minutes=5)
"""So long one worker keeps a message to itself; one that died meanwhile loses it to another."""
MANY = 200


def messages_of(event: Event) -> list[Delivery]:
    """Write a message for each system that may be told of it, in the transaction of the deed itself. One query where none is."""
    told = TOLD[event.name]
    day = timezone.localtime(event.at).date()
    rows = Webhook.objects.filter(
        Q(grant__to_on__isnull=True) | Q(grant__to_on__gt=day), state__in=[Webhook.State.ON, Webhook.State.PAUSED],
        org__path__in=paths_down(event.org_path), grant__from_on__lte=day, grant__account__is_active=True,
    ).select_related("grant")  # fmt: skip
    wanted = [row for row in rows if event.name in row.events and told.permission in row.grant.kind.permissions]
    if not wanted:
        return []
    body = _body(event)
    made: list[Delivery] = Delivery.objects.bulk_create(
        Delivery(
            org_id=row.org_id, webhook=row, event=event.name, event_key=event.pk, body=body, made_at=event.at,
            next_at=event.at,
        )
        for row in wanted
    )  # fmt: skip
    return made


def _body(event: Event) -> str:
    """That it happened, where, and the public id of what it is about: who wants to know more asks the API with a key."""
    unit = OrgUnit.objects.filter(path=event.org_path).values_list("public_id", flat=True).first()
    data = {"unit": str(unit) if unit else None, "id": _public(event.subject_id)}
    if "drill" in event.payload:
        data["drill"] = event.payload["drill"]
    return json.dumps({"type": event.name, "timestamp": event.at.isoformat(), "data": data})


def _public(subject: str) -> str | None:
    """A key of this database is nobody's outside."""
    try:
        return str(UUID(subject))
    except ValueError:
        return None


def due(now: datetime) -> list[int]:
    """The messages whose next try has come, those that wait longest first."""
    rows = Delivery.objects.filter(state=Delivery.State.WAITING, next_at__lte=now, webhook__state=Webhook.State.ON)
    return list(rows.order_by("next_at").values_list("pk", flat=True)[:MANY])


def send(pk: int, now: datetime) -> None:
    """Try one message, unless somebody else is at it, it is paused, or it is not due."""
    claimed = Delivery.objects.filter(
        pk=pk, state=Delivery.State.WAITING, next_at__lte=now, webhook__state=Webhook.State.ON
    ).update(next_at=now + CLAIM)
    if not claimed:
        return
    row = Delivery.objects.select_related("webhook__org", "webhook__grant").get(pk=pk)
    if row.webhook.grant.to_on is not None and row.webhook.grant.to_on <= timezone.localtime(now).date():
        _note(row, now, "the role has ended", tries=len(WAITS) + 1)
        return
    status, told = _sent(row, now)
    _note(row, now, "" if 200 <= status < 300 else told, tries=row.tries + 1)


def _sent(row: Delivery, now: datetime) -> tuple[int, str]:
    """The status of the answer and what is noted of it; 0 when there was none."""
    body = row.body.encode()
    try:
        headers = {"Content-Type": "application/json", "User-Agent": "Houqin"} | signature(row, body, now)
        status = post(resolve(row.webhook.url), body, headers)
    except Unreachable as problem:
        return 0, str(problem.message)
    except (urllib3.exceptions.HTTPError, OSError) as problem:
        return 0, type(problem).__name__
    return status, f"HTTP {status}"


def signature(row: Delivery, body: bytes, now: datetime) -> dict[str, str]:
    """The three headers of Standard Webhooks: whoever holds the secret can tell that it came from here, and when."""
    secret = deciphered(row.webhook.secret, use=SIGNS)
    if secret is None:
        raise Unreachable(_("No key of this installation reads the secret of this receiver any more. Set it up anew."))
    key, at = b64decode(secret.removeprefix(PREFIX)), int(now.timestamp())
    signed = f"{row.public_id}.{at}.".encode() + body
    digest = b64encode(hmac.new(key, signed, sha256).digest()).decode()
    return {"webhook-id": str(row.public_id), "webhook-timestamp": str(at), "webhook-signature": f"v1,{digest}"}


def _note(row: Delivery, now: datetime, fault: str, *, tries: int) -> None:
    """Write down what came of a try, and when the next one is."""
    webhook = row.webhook
    row.tries, row.answer = tries, fault[:200]
    if not fault:
        row.state, row.delivered_at, row.next_at = Delivery.State.DELIVERED, now, None
        Webhook.objects.filter(pk=webhook.pk, failing_since__isnull=False).update(failing_since=None)
    elif tries > len(WAITS):
        row.state, row.next_at = Delivery.State.FAILED, None
    else:
        row.next_at = now + WAITS[tries - 1]
    if fault and Delivery.objects.filter(pk=row.pk, state=Delivery.State.DELIVERED).exists():
        return  # sent once more meanwhile, and it arrived
    row.save(update_fields=["tries", "answer", "state", "delivered_at", "next_at"])
    if fault:
        _is_failing(webhook, now)


def _is_failing(webhook: Webhook, now: datetime) -> None:
    """Since when it does not answer; after some days it is told nothing more."""
    Webhook.objects.filter(pk=webhook.pk, failing_since__isnull=True).update(failing_since=now)
    webhook.refresh_from_db(fields=["failing_since", "state"])
    since = webhook.failing_since or now
    if webhook.state == Webhook.State.ON and now - since >= timedelta(days=settings.WEBHOOK_FAILS_DAYS):
        switch_off(webhook, by=system_viewer(now=now))
