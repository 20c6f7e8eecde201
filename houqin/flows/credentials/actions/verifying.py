"""The second look, and taking back."""

from django.utils.translation import gettext_lazy as _

from houqin.core.audit.trail import record, titled, verb
from houqin.core.scope.refusals import Refused, require
from houqin.core.scope.viewer import Viewer
from houqin.flows.credentials.actions.recording import locked
from houqin.flows.credentials.models import Credential
from houqin.flows.credentials.renewals import follow_up

titled({"credentials.verified": _("Credential verified"), "credentials.revoked": _("Credential revoked")})


@verb
def verify_credential(credential: Credential, *, by: Viewer) -> Credential:
    """A second person has compared it with the paper: neither who recorded it nor who holds it."""
    require(by, "credentials.verify", at=credential.org)
    row = locked(credential)
    if row.verified_at:
        raise Refused(_("Somebody has verified it already."))
    if row.revoked_at:
        raise Refused(_("It was revoked. Record the new one."))
    if row.account_id is not None and row.account_id == by.account_id:
        raise Refused(_("You recorded it yourself. A second person compares it with the paper."))
    if row.holder.person_id is not None and row.holder.person_id == by.person_id:
        raise Refused(_("It is your own. Somebody else compares it with the paper."))
    row.verified_at, row.verified_by_id = by.now, by.account_id
    row.save(update_fields=["verified_at", "verified_by"])
    record("credentials.verified", row, by=by, org=row.org)
    follow_up([row.holder_id], by=by, at=row.org)
    return row


@verb
def revoke_credential(credential: Credential, *, by: Viewer, reason: str) -> Credential:
    """It is void from today on: withdrawn by its issuer, lost, forged or written by mistake. The row stays."""
    require(by, "credentials.verify", at=credential.org)
    row = locked(credential)
    if row.revoked_at:
        raise Refused(_("It was revoked already."))
    if not reason.strip():
        raise Refused(_("Say why: it stays on record."), field="reason")
    row.revoked_at, row.revoked_on, row.revoked_by_id = by.now, by.today, by.account_id
    row.revoked_why = reason.strip()[:200]
    row.save(update_fields=["revoked_at", "revoked_on", "revoked_by", "revoked_why"])
    record("credentials.revoked", row, by=by, org=row.org, reason=reason)
    follow_up([row.holder_id], by=by, at=row.org)
    return row
