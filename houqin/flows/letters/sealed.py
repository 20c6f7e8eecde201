"""How sealed letters are read back and checked."""

import json
from collections.abc import Iterator, Sequence
from uuid import UUID

from houqin.core.orgs.models import OrgUnit
from houqin.flows.letters.models import Letter
from houqin.flows.letters.queries import KIND, told
from houqin.flows.seals.contents import Content, Problem, contents
from houqin.flows.seals.models import Seal
from houqin.flows.seals.rules import Header, commitment


def unsealed_letters(org: OrgUnit) -> Iterator[UUID]:
    """Signed letters that no seal names."""
    named = Seal.objects.filter(org=org).values("item_id")
    signed = Letter.objects.filter(org=org, signed_at__isnull=False).exclude(public_id__in=named)
    yield from signed.values_list("public_id", flat=True)


@contents(KIND, unsealed=unsealed_letters)
def read_letters(org: OrgUnit, headers: Sequence[Header]) -> Iterator[Content]:
    """The sealed text of each letter, and what its row says differently."""
    found = Letter.objects.filter(public_id__in=[header.item for header in headers])
    for row in found.select_related("pattern"):
        yield Content(row.public_id, row.content, list(_problems(row, org)))


def _problems(row: Letter, org: OrgUnit) -> Iterator[Problem]:
    try:
        body = json.loads(row.content)
        sealed = {name: body[name] for name in ("title", "year", "business", "safety", "integrity", "targets")}
        name, signed_at = body["name"], body["signed_at"]
    except (ValueError, KeyError, TypeError):
        return
    if row.org_id != org.pk:
        yield Problem("column", "org")
    for column, value in sealed.items():
        if getattr(row.pattern, column) != value:
            yield Problem("column", column)
    if row.signed_at is None or told(row.signed_at) != signed_at:
        yield Problem("column", "signed_at")
    if not row.salt:
        yield Problem("personal_gone", "signed_name")
    elif commitment(row.salt, row.signed_name) != name:
        yield Problem("personal", "signed_name")
