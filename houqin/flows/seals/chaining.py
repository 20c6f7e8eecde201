"""Adding a link, inside the verb whose record is sealed."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.db import connection

from houqin.core.orgs.models import OrgUnit
from houqin.core.scope.viewer import Viewer
from houqin.flows.seals.models import Chain, Seal
from houqin.flows.seals.rules import Header, seal_of

ADD = "INSERT INTO seals_seal (org_id, number, item_id, header, digest, seal) VALUES (%s, %s, %s, %s, %s, %s) RETURNING id"
MOVE = "UPDATE seals_chain SET length = %s, head = %s, sealed_at = %s WHERE id = %s"
BOTH = f"WITH moved AS ({MOVE}) {ADD}"
END = "SELECT id, public_id, length, head, sealed_at FROM seals_chain WHERE org_id = %s"


def hold(org: OrgUnit) -> Chain:
    """The unit's chain, locked until the calling verb commits; made when it is the unit's first."""
    chain = _locked(org)
    if chain is None:
        Chain.objects.get_or_create(org=org)
        chain = _locked(org)
    assert chain is not None
    return chain


def _locked(org: OrgUnit) -> Chain | None:
    """This row alone: whoever writes elsewhere in the unit does not wait."""
    with connection.cursor() as cursor:
        cursor.execute(f"{END} FOR UPDATE" if connection.features.has_select_for_update else END, [org.pk])
        row = cursor.fetchone()
    if row is None:
        return None
    pk, public_id, length, head, sealed_at = row
    if not connection.features.has_native_uuid_field:
        public_id = UUID(public_id)
        sealed_at = sealed_at and sealed_at.replace(tzinfo=UTC)
    return Chain(pk=pk, public_id=public_id, org=org, length=length, head=bytes(head), sealed_at=sealed_at)


def append(
    org: OrgUnit,
    *,
    by: Viewer,
    item_id: UUID,
    kind: str,
    digest: bytes,
    captured_at: datetime | None = None,
    chain: Chain | None = None,
) -> Seal:
    """Seal an item of a unit. Call it last in the verb: the unit's chain stays locked until that verb commits.

    ``kind`` is at most 8 ASCII characters ("ledger"); ``digest`` is ``rules.digest_of(canonical content)``; ``chain`` is
    what ``hold`` gave, when the verb took it earlier. The time of sealing never runs backwards along a chain: who began
    earlier and waited for the lock is sealed later.
    """
    chain = chain or hold(org)
    number, now = chain.length + 1, max(by.now, chain.sealed_at) if chain.sealed_at else by.now
    header = Header(chain.public_id, number, item_id, kind, now, captured_at or by.moment).pack()
    seal = seal_of(bytes(chain.head), header, digest)
    made = Seal(org=org, number=number, item_id=item_id, header=header, digest=digest, seal=seal)
    made.pk = _write(chain, made, now)
    made._state.adding, made._state.db = False, connection.alias
    chain.length, chain.head, chain.sealed_at = number, seal, now
    return made


def _write(chain: Chain, made: Seal, now: datetime) -> int:
    """Plain statements, one round trip where the database can: a school's next writer waits for this lock."""
    named = made.item_id if connection.features.has_native_uuid_field else made.item_id.hex
    moved: list[Any] = [made.number, made.seal, connection.ops.adapt_datetimefield_value(now), chain.pk]
    added: list[Any] = [chain.org_id, made.number, named, made.header, made.digest, made.seal]
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(BOTH, [*moved, *added])
        else:
            cursor.execute(MOVE, moved)
            cursor.execute(ADD, added)
        pk: int = cursor.fetchone()[0]
    return pk
