"""An erasure leaves a sealed record, so that it is told apart from tampering."""

from collections.abc import Sequence
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from houqin.core.audit.trail import record, titled
from houqin.core.orgs.models import OrgUnit
from houqin.core.scope.viewer import Viewer
from houqin.core.tables.ids import uuid7
from houqin.flows.seals.chaining import append
from houqin.flows.seals.models import Erasure
from houqin.flows.seals.rules import canonical, digest_of
from houqin.flows.seals.sealed import ERASURE

titled({"seals.erased": _("Erased, with a sealed record")})


def seal_erasure(org: OrgUnit, *, by: Viewer, part: str, items: Sequence[UUID], why: str) -> Erasure:
    """Seal that ``part`` ("personal" or "content") of these records is erased; called by the verb that erases, last.

    The seals of the records stay; what they sealed may be gone from now on without counting as a fault.
    """
    made = uuid7()
    body = canonical(
        {"org": str(org.public_id), "part": part, "items": sorted(str(item) for item in items), "why": why[:200]}
    )
    erasure: Erasure = Erasure.objects.create(
        public_id=made, org=org, at=by.now, account_id=by.account_id, part=part, count=len(items), why=why[:200],
        body=body,
    )  # fmt: skip
    record("seals.erased", erasure, by=by, org=org, part=part, count=len(items), why=why[:200])
    append(org, by=by, item_id=made, kind=ERASURE, digest=digest_of(body))
    return erasure
