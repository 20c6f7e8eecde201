"""Adding a link, inside the verb whose record is sealed."""

from datetime import datetime
from uuid import UUID

from houqin.core.orgs.models import OrgUnit
from houqin.core.scope.viewer import Viewer
from houqin.flows.seals.models import Chain, Seal
from houqin.flows.seals.rules import Header, seal_of


def append(
    org: OrgUnit, *, by: Viewer, item_id: UUID, kind: str, digest: bytes, captured_at: datetime | None = None
) -> Seal:
    """Seal an item of a unit. Call it last in the verb: the unit's chain stays locked until that verb commits.

    ``kind`` is at most 8 ASCII characters ("ledger"); ``digest`` is ``rules.digest_of(canonical content)``.
    """
    chain = Chain.objects.select_for_update().filter(org=org).first()
    if chain is None:
        Chain.objects.get_or_create(org=org)
        chain = Chain.objects.select_for_update().get(org=org)
    number = chain.length + 1
    header = Header(chain.public_id, number, item_id, kind, by.now, captured_at or by.moment).pack()
    seal = seal_of(bytes(chain.head), header, digest)
    made: Seal = Seal.objects.create(org=org, number=number, item_id=item_id, header=header, digest=digest, seal=seal)
    Chain.objects.filter(pk=chain.pk).update(length=number, head=seal)
    return made
