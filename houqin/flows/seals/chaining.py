"""Adding a link, inside the verb whose record is sealed."""

from datetime import datetime
from uuid import UUID

from django.db import connection

from houqin.core.orgs.models import OrgUnit
from houqin.core.scope.viewer import Viewer
from houqin.flows.seals.models import Chain, Seal
from houqin.flows.seals.rules import Header, seal_of

ENDS = ("pk", "public_id", "length", "head", "sealed_at")
ADD = "INSERT INTO seals_seal (org_id, number, item_id, header, digest, seal) VALUES (%s, %s, %s, %s, %s, %s) RETURNING id"
MOVE = "UPDATE seals_chain SET length = %s, head = %s, sealed_at = %s WHERE id = %s"


def append(
    org: OrgUnit, *, by: Viewer, item_id: UUID, kind: str, digest: bytes, captured_at: datetime | None = None
) -> Seal:
    """Seal an item of a unit. Call it last in the verb: the unit's chain stays locked until that verb commits.

    ``kind`` is at most 8 ASCII characters ("ledger"); ``digest`` is ``rules.digest_of(canonical content)``. The time of
    sealing never runs backwards along a chain: who began earlier and waited for the lock is sealed later.
    """
    chain = Chain.objects.select_for_update().filter(org=org).values_list(*ENDS).first()
    if chain is None:
        Chain.objects.get_or_create(org=org)
        chain = Chain.objects.select_for_update().values_list(*ENDS).get(org=org)
    pk, public_id, length, head, before = chain
    number, now = length + 1, max(by.now, before) if before else by.now
    header = Header(public_id, number, item_id, kind, now, captured_at or by.moment).pack()
    seal = seal_of(bytes(head), header, digest)
    made = Seal(org=org, number=number, item_id=item_id, header=header, digest=digest, seal=seal)
    # Plain statements: every school writes here all day, and the next one waits for this lock.
    moment = connection.ops.adapt_datetimefield_value(now)
    named = item_id if connection.features.has_native_uuid_field else item_id.hex
    with connection.cursor() as cursor:
        cursor.execute(ADD, [org.pk, number, named, header, digest, seal])
        made.pk = cursor.fetchone()[0]
        cursor.execute(MOVE, [number, seal, moment, pk])
    made._state.adding, made._state.db = False, connection.alias
    return made
