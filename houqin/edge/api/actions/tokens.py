"""Letting a program or a device in with part of one's own role, and locking it out again."""

import secrets
from collections.abc import Collection
from datetime import date, timedelta
from hashlib import sha256

from django.utils.translation import gettext_lazy as _

from houqin.core.audit.trail import record, titled, verb
from houqin.core.grants.models import Grant
from houqin.core.places.models import Place
from houqin.core.scope.refusals import NotVisible, Refused, require
from houqin.core.scope.viewer import Viewer, covers
from houqin.edge.api.models import ApiToken, DeviceKind

LONGEST = timedelta(days=731)
PREFIX = "hq_"
SENDS = {
    DeviceKind.SCALE: ["api.send_readings"],
    DeviceKind.PROBE: ["api.send_readings"],
    DeviceKind.TERMINAL: ["ledgers.record"],
}
"""What a device of each kind may do: nothing but send what it measures."""

titled({"api.issued": _("Program or device let in"), "api.revoked": _("Program or device locked out")})


def digest_of(secret: str) -> str:
    """What is kept of a secret: it is random and long, so a plain digest cannot be guessed back."""
    return sha256(secret.encode()).hexdigest()


@verb
def issue_token(
    grant: Grant, *, by: Viewer, label: str, scopes: Collection[str], expires_on: date
) -> tuple[ApiToken, str]:
    """Let a program in with a part of one's own role; returns the secret, which is shown once and kept nowhere."""
    require(by, "api.issue", at=grant.org)
    held = grant.kind.permissions
    if not scopes or not set(scopes) <= held:
        raise Refused(_("Choose at least one thing that it may do, of those that your role may."), field="scopes")
    return _issued(grant, by, label, sorted(scopes), expires_on)


@verb
def connect_device(
    grant: Grant, *, by: Viewer, label: str, kind: str, place: Place, expires_on: date
) -> tuple[ApiToken, str]:
    """Connect a device that stands at a place: it sends what it measures there, and can do nothing else."""
    require(by, "api.connect", at=grant.org)
    if not covers(grant.org.path, place.org.path):
        raise NotVisible
    if kind not in SENDS:
        raise Refused(_("Choose what kind of device it is."), field="kind")
    if place.closed_on is not None:
        raise Refused(_("This place is out of use. Choose another, or put it back in use."), field="place")
    if not set(SENDS[DeviceKind(kind)]) <= grant.kind.permissions:
        raise Refused(
            _("Your role does not include what this device does. Somebody of the school connects it."), field="kind"
        )
    return _issued(grant, by, label, SENDS[DeviceKind(kind)], expires_on, kind, place)


def _issued(
    grant: Grant, by: Viewer, label: str, scopes: list[str], expires_on: date, kind: str = DeviceKind.PROGRAM,
    place: Place | None = None,
) -> tuple[ApiToken, str]:  # fmt: skip
    if grant.account_id != by.account_id or grant.to_on is not None:
        raise Refused(_("A program works with a role that you hold yourself now."), field="grant")
    if not label.strip():
        raise Refused(_("Write what it is for, so that it is known when it has to be locked out."), field="label")
    if not by.today < expires_on <= by.today + LONGEST:
        raise Refused(_("Choose a day within two years; then a new key is made."), field="expires_on")
    secret = PREFIX + secrets.token_urlsafe(32)
    row: ApiToken = ApiToken.objects.create(
        org=place.org if place else grant.org, grant=grant, label=label.strip()[:60], kind=kind, place=place,
        digest=digest_of(secret), scopes=list(scopes), issued_at=by.now, expires_on=expires_on,
    )  # fmt: skip
    record("api.issued", row, by=by, org=row.org, kind=kind, scopes=list(scopes), expires_on=expires_on)
    return row, secret


@verb
def revoke_token(token: ApiToken, *, by: Viewer, reason: str = "") -> ApiToken:
    """Lock a program or device out at once: one's own, or any at a unit whose roles one gives."""
    row: ApiToken = ApiToken.objects.select_for_update(of=("self",)).select_related("org", "grant").get(pk=token.pk)
    require(by, "api.issue" if row.grant.account_id == by.account_id else "grants.change", at=row.org)
    if row.revoked_at is not None:
        raise Refused(_("It is locked out already."))
    row.revoked_at, row.revoked_why = by.now, reason.strip()[:200]
    row.save(update_fields=["revoked_at", "revoked_why"])
    record("api.revoked", row, by=by, org=row.org, reason=row.revoked_why)
    return row
