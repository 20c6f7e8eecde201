"""Erasing a person's data from ledgers where law asks for it: values and salts go, the chain still verifies."""

import json
from collections.abc import Collection, Iterator
from typing import Any
from uuid import UUID, uuid4

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from houqin.core.audit.trail import record, titled, verb
from houqin.core.files.actions import drop_files
from houqin.core.files.models import StoredFile
from houqin.core.orgs.models import OrgUnit
from houqin.core.scope.refusals import Refused, require
from houqin.core.scope.viewer import Viewer
from houqin.flows.ledgers.bodies import BY, SECOND, Personal, personal_of
from houqin.flows.ledgers.models import EntryPhoto, LedgerEntry
from houqin.flows.seals.erasing import seal_erasure

PART, WHY = "personal", 200

titled({"ledgers.person_erased": gettext_lazy("A person's data erased from ledgers")})


@verb
def erase_person(org: OrgUnit, *, by: Viewer, why: str, person_id: UUID | None = None, name: str = "") -> int:
    """``erased`` as a deed of its own; Refused when ledgers hold nothing."""
    require(by, "ledgers.erase", at=org)
    if not why.strip():
        raise Refused(_("Say why: who asked for it, and by which right."), field="why")
    if person_id is None and not name.strip():
        raise Refused(_("Say whose data: choose the person or write the name."), field="name")
    count = erased(org, by=by, why=why, ids=[person_id] if person_id else [], name=name)
    if not count:
        raise Refused(_("Ledgers here hold nothing of this person. Look at the spelling of the name."), field="name")
    return count


@verb
def erased(org: OrgUnit, *, by: Viewer, why: str, ids: Collection[UUID], name: str = "") -> int:
    """Erase what ledgers of a unit and those below hold of one person, by public ids or by name; returns the entries.

    With a person's line go all personal values in it (temperature, symptoms). What is left of them in the sealed text is a
    salted digest that nobody can open any more; photos beside them go too. A sealed record of the erasure tells it apart from tampering.
    """
    name = name.strip()
    touched: dict[OrgUnit, list[UUID]] = {}
    for entry in _entries(org, ids, name):
        kept = personal_of(entry)
        gone = _places_of(kept, ids, name)
        if not gone:
            continue
        if gone - {BY, SECOND}:
            _drop_photos(entry)
        left = {at: value for at, value in kept.items() if at not in gone}
        LedgerEntry.objects.filter(pk=entry.pk, day=entry.day).update(
            personal=json.dumps(left, ensure_ascii=False) if left else "", content_id=uuid4()
        )
        touched.setdefault(entry.org, []).append(entry.public_id)
    for unit in sorted(touched, key=lambda unit: unit.path):
        record("ledgers.person_erased", None, by=by, org=unit, entries=len(touched[unit]), why=why.strip()[:WHY])
        seal_erasure(unit, by=by, part=PART, items=touched[unit], why=why.strip()[:WHY])
    return sum(len(items) for items in touched.values())


def _drop_photos(entry: LedgerEntry) -> None:
    """The photos of an entry about the person; their bytes go at once where nothing else names them."""
    files = StoredFile.objects.filter(pk__in=EntryPhoto.objects.filter(entry_id=entry.public_id).values("file"))
    rows = list(files)
    EntryPhoto.objects.filter(entry_id=entry.public_id).delete()
    drop_files(rows)


def _entries(org: OrgUnit, ids: Collection[UUID], name: str) -> Iterator[LedgerEntry]:
    """Entries whose personal values name the person somewhere."""
    named = Q(pk__in=[])
    for one in ids:
        named |= Q(personal__contains=str(one))
    if name:
        named |= Q(personal__contains=json.dumps(name, ensure_ascii=False))
    rows = LedgerEntry.objects.under(org.path).filter(named).select_related("org").order_by("org__path", "day", "pk")
    yield from rows.iterator(chunk_size=500)


def _places_of(kept: Personal, ids: Collection[UUID], name: str) -> set[str]:
    """Where the person stands in an entry, with everything personal beside it in the same part."""
    hits = {at for at, (_salt, value) in kept.items() if _is_meant(value, ids, name)}
    parts = {at.rpartition("/")[0] for at in hits if at not in (BY, SECOND)}
    return {at for at in kept if at in hits or ("/" in at and at.rpartition("/")[0] in parts)}


def _is_meant(value: Any, ids: Collection[UUID], name: str) -> bool:
    if isinstance(value, dict):
        if value.get("id") in {str(one) for one in ids}:
            return True
        return bool(name) and value.get("name") == name and (not ids or not value.get("id"))
    return bool(name) and value == name
