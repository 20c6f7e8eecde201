"""From a secret to a Viewer: what the key may do is what its scopes and its role both hold at this moment."""

from datetime import datetime, timedelta

from houqin.core.grants.models import Grant
from houqin.core.scope.viewer import Channel, Reach, Viewer
from houqin.edge.api.actions.tokens import digest_of
from houqin.edge.api.models import ApiToken

NOTED = timedelta(minutes=5)
"""How exactly the last use of a key is known: seldom enough that reading stays reading."""


def token_of(secret: str, now: datetime) -> ApiToken | None:
    """The key with this secret, if it opens the door now. One query."""
    rows = ApiToken.objects.in_use(now).select_related("org", "place__subject", "grant__org", "grant__account")
    found: ApiToken | None = rows.filter(digest=digest_of(secret)).first()
    return found


def viewer_of(token: ApiToken, now: datetime) -> Viewer:
    """How a program sees the house. It acts for the account, under its own name, and never reaches beyond its role."""
    reach = reach_of(token.grant, frozenset(token.scopes))
    channel = Channel.DEVICE if token.is_device else Channel.API
    if token.is_device:
        reach = Reach(reach.role, token.org_id, token.org.path, reach.permissions)
    account = token.grant.account
    return Viewer(
        account_id=account.pk, account_public_id=account.public_id, name=f"{account} · {token.label}"[:120],
        reaches=(reach,), now=now, channel=channel, person_id=account.person_id,
    )  # fmt: skip


def reach_of(grant: Grant, within: frozenset[str]) -> Reach:
    """A role as it works now, narrowed to some permissions."""
    return Reach(grant.role, grant.org_id, grant.org.path, grant.kind.permissions & within)


def note_use(token: ApiToken, now: datetime) -> None:
    """Keep when it was last used, so that a forgotten key is noticed."""
    if token.last_used_at is None or now - token.last_used_at > NOTED:
        ApiToken.objects.filter(pk=token.pk).update(last_used_at=now)
