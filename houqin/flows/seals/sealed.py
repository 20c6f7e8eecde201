"""How records of erasures are read back."""

import json
from collections.abc import Iterator, Sequence
from uuid import UUID

from houqin.core.orgs.models import OrgUnit
from houqin.flows.seals.contents import Content, Problem, contents
from houqin.flows.seals.models import Erasure, Seal
from houqin.flows.seals.rules import Header

ERASURE = "erasure"


def unsealed_erasures(org: OrgUnit) -> Iterator[UUID]:
    """Erasures that no seal names."""
    named = Seal.objects.filter(org=org).values("item_id")
    yield from Erasure.objects.filter(org=org).exclude(public_id__in=named).values_list("public_id", flat=True)


@contents(ERASURE, unsealed=unsealed_erasures)
def read_erasures(org: OrgUnit, headers: Sequence[Header]) -> Iterator[Content]:
    """The sealed text of each, and columns that say something else."""
    for row in Erasure.objects.filter(public_id__in=[header.item for header in headers]):
        yield Content(row.public_id, row.body, list(_problems(row, org)))


def _problems(row: Erasure, org: OrgUnit) -> Iterator[Problem]:
    try:
        body = json.loads(row.body)
        told = {"part": body["part"], "count": len(body["items"]), "why": body["why"]}
    except (ValueError, KeyError, TypeError):
        return
    if row.org_id != org.pk:
        yield Problem("column", "org")
    for name, value in told.items():
        if getattr(row, name) != value:
            yield Problem("column", name)
