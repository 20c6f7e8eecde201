"""Erasing a person's data from ledgers where law asks for it: values and salts go, the chain still verifies."""

import json
from collections.abc import Iterator
from typing import Any
from uuid import UUID, uuid4

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from houqin.core.audit.trail import record, titled, verb
from houqin.core.orgs.models import OrgUnit
from houqin.core.scope.refusals import Refused, require
from houqin.core.scope.viewer import Viewer
from houqin.flows.ledgers.bodies import BY, SECOND, Personal, personal_of
from houqin.flows.ledgers.models import LedgerEntry
from houqin.flows.seals.erasing import seal_erasure

PART, WHY = "personal", 200

titled({"ledgers.person_erased": gettext_lazy("A person's data erased from ledgers")})


@verb
def erase_person(org: OrgUnit, *, by: Viewer, why: str, person_id: UUID | None = None, name: str = "") -> int:
    """Erase what ledgers of a unit and those below hold of one person, by public id or by name; returns the entries.

    With a person's line go all personal values in it (temperature, symptoms). What is left of them in the sealed text is a
    salted digest that nobody can open any more. A sealed record of the erasure tells it apart from tampering.
    """
    require(by, "ledgers.erase", at=org)
    if not why.strip():
        raise Refused(_("Say why: who asked for it, and by which right."), field="why")
    name = name.strip()
    if person_id is None and not name:
        raise Refused(_("Say whose data: choose the person or write the name."), field="name")
    touched: dict[OrgUnit, list[UUID]] = {}
    for entry in _entries(org, person_id, name):
        kept = personal_of(entry)
        gone = _places_of(kept, person_id, name)
        if not gone:
            continue
        left = {at: value for at, value in kept.items() if at not in gone}
        LedgerEntry.objects.filter(pk=entry.pk, day=entry.day).update(
            personal=json.dumps(left, ensure_ascii=False) if left else "", content_id=uuid4()
        )
        touched.setdefault(entry.org, []).append(entry.public_id)
    if not touched:
        raise Refused(_("Ledgers here hold nothing of this person. Look at the spelling of the name."), field="name")
    for unit in sorted(touched, key=lambda unit: unit.path):
        record("ledgers.person_erased", None, by=by, org=unit, entries=len(touched[unit]), why=why.strip()[:WHY])
        seal_erasure(unit, by=by, part=PART, items=touched[unit], why=why.strip()[:WHY])
    return sum(len(items) for items in touched.values())


def _entries(org: OrgUnit, person_id: UUID | None, name: str) -> Iterator[LedgerEntry]:
    """Entries whose personal values name the person somewhere."""
    named = Q(pk__in=[])
    if person_id is not None:
        named |= Q(personal__contains=str(person_id))
    if name:
        named |= Q(personal__contains=json.dumps(name, ensure_ascii=False))
    rows = LedgerEntry.objects.under(org.path).filter(named).select_related("org").order_by("org__path", "day", "pk")
    yield from rows.iterator(chunk_size=500)


def _places_of(kept: Personal, person_id: UUID | None, name: str) -> set[str]:
    """Where the person stands in an entry, with everything personal beside it in the same part."""
    hits = {at for at, (_salt, value) in kept.items() if _is_meant(value, person_id, name)}
    parts = {at.rpartition("/")[0] for at in hits if at not in (BY, SECOND)}
    return {at for at in kept if at in hits or ("/" in at and at.rpartition("/")[0] in parts)}


def _is_meant(value: Any, person_id: UUID | None, name: str) -> bool:
    if isinstance(value, dict):
        if person_id is not None and value.get("id") == str(person_id):
            return True
        return bool(name) and value.get("name") == name and (person_id is None or not value.get("id"))
    return bool(name) and value == name
