"""What signed letters keep of somebody whose data is erased: the name and its salt go, the seal stays; loaded at start."""

from collections import defaultdict
from collections.abc import Iterable
from uuid import UUID

from django.db.models import Q

from houqin.core.orgs.models import OrgUnit
from houqin.core.people.erasing import Erased, erases, sealed_text
from houqin.core.scope.viewer import Viewer
from houqin.flows.letters.models import Letter
from houqin.flows.seals.erasing import seal_erasure

sealed_text("letters.letter")
sealed_text("letters.pattern")


@erases
def erase_signatures(erased: Erased, by: Viewer) -> Iterable[str]:
    """Letters that the person signed."""
    signed = Q(person=erased.person.pk)
    if erased.account is not None:
        signed |= Q(signed_by=erased.account.pk)
    rows = Letter.objects.filter(signed, signed_at__isnull=False).exclude(salt="")
    items: dict[OrgUnit, list[UUID]] = defaultdict(list)
    for row in rows.select_related("org").order_by("org__path", "pk"):
        items[row.org].append(row.public_id)
    rows.update(signed_name=erased.alias, salt="")
    for org, some in items.items():
        seal_erasure(org, by=by, part="personal", items=some, why=erased.why)
    return ()
