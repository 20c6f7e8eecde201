"""Having another system told what happens: set up, paused, ended; a message sent once more."""

import secrets
from base64 import b64encode
from collections.abc import Collection

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from houqin.core.audit.trail import record, titled, verb
from houqin.core.grants.models import Grant
from houqin.core.notices.actions import tell
from houqin.core.scope.refusals import Refused, require
from houqin.core.scope.viewer import Viewer
from houqin.core.tables.ciphers import enciphered
from houqin.edge.api.models import SIGNS, Delivery, Webhook
from houqin.edge.api.reaching import Unreachable, resolve
from houqin.edge.api.told import TOLD

PREFIX = "whsec_"
State = Webhook.State

titled(
    {
        "api.webhook_set_up": _("Receiver set up"),
        "api.webhook_paused": _("Receiver paused"),
        "api.webhook_resumed": _("Receiver is told again"),
        "api.webhook_ended": _("Receiver ended"),
        "api.webhook_failed": _("Receiver switched off: it did not answer"),
        "api.sent_again": _("Message sent once more"),
    }
)


@verb
def set_up_webhook(grant: Grant, *, by: Viewer, label: str, url: str, events: Collection[str]) -> tuple[Webhook, str]:
    """Have a system told what happens within one's own role; returns the secret that signs messages, shown once."""
    require(by, "api.connect", at=grant.org)
    if grant.account_id != by.account_id or grant.to_on is not None:
        raise Refused(_("A receiver works with a role that you hold yourself now."), field="grant")
    held = grant.kind.permissions
    if not events or any(name not in TOLD or TOLD[name].permission not in held for name in events):
        raise Refused(_("Choose at least one event, of those that your role may see."), field="events")
    try:
        resolve(url)
    except Unreachable as problem:
        raise Refused(problem.message, field="url") from problem
    secret = PREFIX + b64encode(secrets.token_bytes(32)).decode()
    row: Webhook = Webhook.objects.create(
        org=grant.org, grant=grant, label=label.strip()[:60], url=url, events=sorted(events), made_at=by.now,
        secret=enciphered(secret, use=SIGNS),
    )  # fmt: skip
    record("api.webhook_set_up", row, by=by, org=row.org, url=url, events=sorted(events))
    return row, secret


def _held(webhook: Webhook, by: Viewer) -> Webhook:
    """The receiver, held; one's own, or at a unit whose roles one gives."""
    row: Webhook = (
        Webhook.objects.select_for_update(of=("self",)).select_related("org", "grant__account").get(pk=webhook.pk)
    )
    require(by, "api.connect" if row.grant.account_id == by.account_id else "grants.change", at=row.org)
    if row.state == State.ENDED:
        raise Refused(_("This receiver has ended. Set it up anew."))
    return row


@verb
def pause_webhook(webhook: Webhook, *, by: Viewer) -> Webhook:
    """Tell it nothing for now; what happens meanwhile waits."""
    row = _held(webhook, by)
    if row.state != State.ON:
        raise Refused(_("It is not told anything now."))
    row.state = State.PAUSED
    row.save(update_fields=["state"])
    record("api.webhook_paused", row, by=by, org=row.org)
    return row


@verb
def resume_webhook(webhook: Webhook, *, by: Viewer) -> Webhook:
    """Tell it again, what waits first."""
    row = _held(webhook, by)
    if row.state == State.ON:
        raise Refused(_("It is told already."))
    row.state, row.failing_since = State.ON, None
    row.save(update_fields=["state", "failing_since"])
    row.deliveries.filter(state=Delivery.State.WAITING).update(next_at=by.now)
    record("api.webhook_resumed", row, by=by, org=row.org)
    return row


@verb
def end_webhook(webhook: Webhook, *, by: Viewer, reason: str = "") -> Webhook:
    """Tell it nothing ever again; what was told stays on record."""
    row = _held(webhook, by)
    row.state, row.ended_at = State.ENDED, by.now
    row.save(update_fields=["state", "ended_at"])
    row.deliveries.filter(state=Delivery.State.WAITING).update(state=Delivery.State.FAILED, next_at=None)
    record("api.webhook_ended", row, by=by, org=row.org, reason=reason)
    return row


@verb
def send_again(delivery: Delivery, *, by: Viewer) -> Delivery:
    """Send a message once more, under the same id, so that the receiver can tell that it had it."""
    webhook = _held(delivery.webhook, by)
    row: Delivery = (
        Delivery.objects.select_for_update(of=("self",)).select_related("org", "webhook").get(pk=delivery.pk)
    )
    if webhook.state != State.ON:
        raise Refused(_("This receiver is not told anything now. Let it be told again first."))
    row.state, row.tries, row.next_at = Delivery.State.WAITING, 0, by.now
    row.save(update_fields=["state", "tries", "next_at"])
    record("api.sent_again", row.webhook, by=by, org=row.org, message=row.public_id)
    return row


@verb
def switch_off(webhook: Webhook, *, by: Viewer) -> Webhook:
    """Tell a system nothing more that has not answered for days, and tell whoever set it up. The system itself decides it."""
    require(by, "api.connect", at=webhook.org)
    row = _held(webhook, by)
    row.state = State.FAILED
    row.save(update_fields=["state"])

    def words() -> tuple[str, str]:
        title = gettext("%(system)s does not answer and is told nothing more") % {"system": row.label}
        return title, gettext(
            "What happened since waits. When it answers again, open the receiver and let it be told again."
        )

    tell([row.grant.account], words, by=by, org=row.org)
    record("api.webhook_failed", row, by=by, org=row.org, since=row.failing_since)
    return row
