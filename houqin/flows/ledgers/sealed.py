"""How sealed entries are read back: the text as sealed, and what in the row disagrees with it."""

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from houqin.core.files.keeping import open_bytes
from houqin.core.files.models import Blob
from houqin.core.orgs.models import OrgUnit
from houqin.flows.ledgers.bodies import is_commitment
from houqin.flows.ledgers.models import EntryPhoto, LedgerEntry
from houqin.flows.seals.contents import Content, Problem, contents
from houqin.flows.seals.models import Seal
from houqin.flows.seals.rules import Header, commitment

LEDGER = "ledger"
PLAIN = ("ledger", "version", "slot", "why", "late_because", "from_paper", "nothing_to_report")
PIECE = 1 << 20


def unsealed_entries(org: OrgUnit) -> Iterator[UUID]:
    """Entries that no seal names."""
    named = Seal.objects.filter(org=org).values("item_id")
    yield from LedgerEntry.objects.filter(org=org).exclude(public_id__in=named).values_list("public_id", flat=True)


@contents(LEDGER, unsealed=unsealed_entries)
def read_entries(org: OrgUnit, headers: Sequence[Header]) -> Iterator[Content]:
    """The sealed text of each entry, with every column and photo that is no longer what the text says."""
    wanted = {header.item: header for header in headers}
    blobs: dict[UUID, dict[str, Blob]] = defaultdict(dict)
    for photo in EntryPhoto.objects.filter(entry_id__in=wanted).select_related("file__blob"):
        blobs[photo.entry_id][photo.file.blob.digest] = photo.file.blob
    rows = LedgerEntry.objects.filter(public_id__in=wanted).select_related("org", "about", "account")
    for row in rows:
        yield Content(row.public_id, row.body, list(_problems(row, wanted[row.public_id], blobs[row.public_id])))


def _problems(row: LedgerEntry, header: Header, blobs: dict[str, Blob]) -> Iterator[Problem]:
    try:
        body: dict[str, Any] = json.loads(row.body)
        kept: dict[str, tuple[str, Any]] = json.loads(row.personal) if row.personal else {}
    except ValueError:
        return  # the text is not what was sealed, which its digest says
    for name in _changed_columns(row, header, body):
        yield Problem("column", name)
    yield from _personal(body, kept, row)
    for digest in body.get("photos", ()):
        fault = _photo_fault(digest, blobs.get(digest))
        if fault:
            yield Problem(fault, digest)


def _changed_columns(row: LedgerEntry, header: Header, body: dict[str, Any]) -> Iterator[str]:
    """Names of columns that do not say what was sealed."""
    told = {
        "org": str(row.org.public_id), "day": row.day.isoformat(), "amends": str(row.amends or ""),
        "about": str(row.about.public_id) if row.about else "", **{name: getattr(row, name) for name in PLAIN},
    }  # fmt: skip
    yield from (name for name, value in told.items() if name in body and body[name] != value)
    for name, sealed in (("at", body.get("at")), ("recorded_at", body.get("recorded_at"))):
        if sealed and datetime.fromisoformat(sealed) != getattr(row, name):
            yield name
    if row.at != header.captured_at:
        yield "captured_at"
    if row.recorded_at > header.sealed_at:
        yield "recorded_at"
    if "out" in body and bool(body["out"]) != bool(row.breaches):
        yield "breaches"


def _personal(body: dict[str, Any], kept: dict[str, tuple[str, Any]], row: LedgerEntry) -> Iterator[Problem]:
    """Values that do not fit their commitments, and commitments whose values are gone."""
    committed = dict(_commitments(body))
    for place, (salt, value) in kept.items():
        if committed.pop(place, None) != commitment(salt, value):
            yield Problem("personal", place)
    for place in committed:
        yield Problem("personal_gone", place)
    by = kept.get("by")
    if by and row.account and by[1].get("id") != str(row.account.public_id):
        yield Problem("column", "account")


def _commitments(body: dict[str, Any]) -> Iterator[tuple[str, str]]:
    parts = {
        "by": body.get("by"),
        "second": body.get("second"),
        "values": body.get("values"),
        "lines": body.get("lines"),
    }
    waiting: list[tuple[str, Any]] = list(parts.items())
    while waiting:
        place, value = waiting.pop()
        if isinstance(value, dict):
            waiting += [(f"{place}/{key}", inner) for key, inner in value.items()]
        elif isinstance(value, list):
            waiting += [(f"{place}/{number}", inner) for number, inner in enumerate(value)]
        elif is_commitment(value):
            yield place, value


def _photo_fault(digest: str, blob: Blob | None) -> str:
    """Whether the photo that lies there is the one that was sealed."""
    if blob is None:
        return "photo_gone"
    found = hashlib.sha256()
    try:
        with open_bytes(blob) as file:
            while piece := file.read(PIECE):
                found.update(piece)
    except FileNotFoundError:
        return "photo_gone"
    return "" if found.hexdigest() == digest else "photo"
