"""Values out of limits as rows: opened with the entry, closed when it is put right in time."""

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.utils.translation import override

from houqin.core.orgs.models import OrgUnit
from houqin.core.policies.registry import value_of
from houqin.core.scope.viewer import Viewer
from houqin.core.subjects.models import Subject
from houqin.flows.ledgers.drafts import Draft
from houqin.flows.ledgers.models import Breach, LedgerEntry
from houqin.flows.ledgers.policies import BREACH_MINUTES
from houqin.flows.ledgers.rules.judging import LINE, Finding, Lacking
from houqin.flows.ledgers.words import found as value_in_words
from houqin.flows.ledgers.words import source_in_words, title_of, wanted

_LAW = "A"


def open_breaches(
    org: OrgUnit,
    entry: LedgerEntry,
    draft: Draft,
    *,
    by: Viewer,
    about: Subject | None,
    known: frozenset[str] = frozenset(),
) -> list[Breach]:
    """A row for each finding that is not ``known`` from the entry amended."""
    new = [found for found in draft.findings if _thing(draft, found) not in known]
    if not new:
        return []
    with override(settings.LANGUAGE_CODE):
        return _opened(org, entry, draft, new, by=by, about=about)


def _opened(
    org: OrgUnit, entry: LedgerEntry, draft: Draft, new: Sequence[Finding], *, by: Viewer, about: Subject | None
) -> list[Breach]:
    settles = by.now + timedelta(minutes=int(value_of(BREACH_MINUTES, org)))
    made: list[Breach] = Breach.objects.bulk_create(
        Breach(
            org=org, day=entry.day, entry_id=entry.public_id, ledger=entry.ledger, key=_thing(draft, found),
            place=_place(draft, found, about)[:120], column=title_of(found.key.rpartition(".")[2], found.column)[:60],
            value=value_in_words(found)[:120], limit=wanted(found)[:120], source=_source(draft, found)[:300],
            by_law=found.by_law if isinstance(found, Lacking) else found.limit is not None and found.limit.confidence == _LAW,
            remark="" if found.column.personal else draft.remark_at(found.key)[:200],
            found_at=by.moment, settles_at=settles, account_id=by.account_id,
        )
        for found in new
    )  # fmt: skip
    return made


def close_corrected(before: Sequence[UUID], draft: Draft, entry: LedgerEntry, *, by: Viewer) -> frozenset[str]:
    """Close what is in order now and still waits; returns what was out of order before, by its key."""
    rows = list(Breach.objects.select_for_update().filter(entry_id__in=before).order_by("pk"))
    still = {_thing(draft, found) for found in draft.findings}
    right = [
        row.pk for row in rows if row.state == Breach.State.PENDING and row.key not in still and by.now < row.settles_at
    ]
    if right:
        Breach.objects.filter(pk__in=right).update(
            state=Breach.State.CORRECTED, settled_at=by.now, settled_by=entry.public_id
        )
    return frozenset(row.key for row in rows if row.pk not in right)


def _thing(draft: Draft, found: Finding) -> str:
    """What tells a value apart through amendments: its column, and whom or what its line is about, else the line."""
    number, dot, code = found.key.rpartition(".")
    if not dot:
        return code
    line = draft.lines[int(number)].get(LINE) or {}
    return f"{line.get('id') or number}.{code}"[:120]


def _place(draft: Draft, found: Finding, about: Subject | None) -> str:
    """Where it is: the place or thing of the line, else what the entry is about; never a person."""
    number, dot, _code = found.key.rpartition(".")
    lines = draft.resolved.lines
    if dot and lines and lines.of != "staff":
        return str((draft.lines[int(number)].get(LINE) or {}).get("name", ""))
    return about.label if about and about.person_id is None else ""


def _source(draft: Draft, found: Finding) -> str:
    if isinstance(found, Lacking):
        return found.source
    if found.limit is not None:
        return source_in_words(found.limit)
    ask = draft.resolved.added.get(found.column.code)
    ledger = draft.resolved.ledger
    return f"{ask.org}\uff1a{ask.why}" if ask else ledger.basis
