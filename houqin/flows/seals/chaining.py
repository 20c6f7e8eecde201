"""Adding a link, inside the verb whose record is sealed."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from houqin.core.orgs.models import OrgUnit
from houqin.core.scope.viewer import Viewer
from houqin.core.tables.statements import Statement, together
from houqin.flows.seals.models import Chain
from houqin.flows.seals.rules import Header, seal_of

END = "SELECT id, public_id, length, head, sealed_at FROM seals_chain WHERE org_id = %s"
MOVE = "UPDATE seals_chain SET length = %s, head = %s, sealed_at = %s WHERE id = %s"
ADD = "INSERT INTO seals_seal (org_id, number, item_id, header, digest, seal) VALUES (%s, %s, %s, %s, %s, %s)"


_begun: set[int] = set()
"""Units whose chain is known to this process to be committed; a chain is never deleted."""


def hold(org: OrgUnit) -> Chain:
    """The unit's chain, locked until the calling verb commits; made when it is the unit's first."""
    returned = together(holding(org))[0]
    if returned is None:
        Chain.objects.get_or_create(org=org)
        return hold(org)
    if org.pk not in _begun:
        transaction.on_commit(lambda: _begun.add(org.pk))
    return locked(org, returned)


def has_begun(org: OrgUnit) -> bool:
    """Whether the chain is there for certain, so that ``holding`` can go together with what must come after it."""
    return org.pk in _begun


def holding(org: OrgUnit) -> Statement:
    """The statement that locks the unit's chain; ``locked`` reads what it returned.

    It locks this row alone: whoever writes elsewhere in the unit does not wait.
    """
    return Statement(f"{END} FOR UPDATE" if connection.features.has_select_for_update else END, [org.pk])


def locked(org: OrgUnit, returned: tuple[Any, ...] | None) -> Chain:
    """The chain that ``holding`` locked."""
    if returned is None:
        return hold(org)
    pk, public_id, length, head, sealed_at = returned
    if not connection.features.has_native_uuid_field:
        public_id = UUID(public_id)
        sealed_at = sealed_at and sealed_at.replace(tzinfo=UTC)
    return Chain(pk=pk, public_id=public_id, org_id=org.pk, length=length, head=bytes(head), sealed_at=sealed_at)


def append(org: OrgUnit, *, by: Viewer, item_id: UUID, kind: str, digest: bytes) -> None:
    """Seal an item of a unit. Call it last in the verb: the unit's chain stays locked until that verb commits.

    ``kind`` is at most 8 ASCII characters ("ledger"); ``digest`` is ``rules.digest_of(canonical content)``.
    """
    together(*links(hold(org), by=by, item_id=item_id, kind=kind, digest=digest, captured_at=by.moment))


def links(
    chain: Chain, *, by: Viewer, item_id: UUID, kind: str, digest: bytes, captured_at: datetime
) -> tuple[Statement, Statement]:
    """The statements that add a link to a chain that is held; to be sent before any other of this chain.

    The time of sealing never runs backwards along a chain: who began earlier and waited for the lock is sealed later.
    """
    number, now = chain.length + 1, max(by.now, chain.sealed_at) if chain.sealed_at else by.now
    header = Header(chain.public_id, number, item_id, kind, now, captured_at).pack()
    seal = seal_of(bytes(chain.head), header, digest)
    named = item_id if connection.features.has_native_uuid_field else item_id.hex
    return (
        Statement(MOVE, [number, seal, connection.ops.adapt_datetimefield_value(now), chain.pk]),
        Statement(ADD, [chain.org_id, number, named, header, digest, seal]),
    )
