"""What a school publishes of its ledgers: figures and choices of thirty days where a rule says so, never a person.

Only columns that the catalogue names as public leave; of lists of staff only counts do.
"""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from houqin.core.orgs.models import OrgUnit
from houqin.core.orgs.schools import open_school
from houqin.core.policies.registry import standing
from houqin.core.scope.refusals import NotVisible
from houqin.core.scope.viewer import Viewer
from houqin.flows.duties.words import slot_of
from houqin.flows.ledgers.definitions import Resolved, every
from houqin.flows.ledgers.models import LedgerEntry
from houqin.flows.ledgers.out.book import FAMILIES, concerns, facts_of
from houqin.flows.ledgers.out.months import when
from houqin.flows.ledgers.policies import PUBLISH
from houqin.flows.ledgers.reading import Cell, Readable, read
from houqin.flows.ledgers.words import language
from houqin.ui import formats

DAYS = 30


@dataclass(frozen=True)
class Published:
    """One ledger as the public reads it: its columns, and what each day's entries said."""

    title: str
    why: str
    heads: tuple[str, ...]
    rows: tuple[tuple[date, str, tuple[str, ...]], ...]
    entries: int
    days: int


def school_named(ref: UUID) -> OrgUnit:
    """The school of a public address; NotVisible (404) when there is none in use."""
    found = open_school(ref)
    if found is None:
        raise NotVisible
    return found


def open_families(org: OrgUnit) -> list[str]:
    """The families whose extract a rule makes public at this school."""
    held = standing(PUBLISH.values(), [org])[org.pk]
    return [family for family, code in PUBLISH.items() if held[code].value]


def public_ledgers(org: OrgUnit, today: date, families: Sequence[str]) -> list[Resolved]:
    """The ledgers of these families that have something public and are kept here."""
    facts = facts_of(org, today)
    kept = [one for one in every(org, today) if one.is_kept and one.ledger.public and concerns(one.ledger, facts)]
    return [one for one in kept if str(one.ledger.family) in families]


def published(org: OrgUnit, today: date, by: Viewer) -> list[Published]:
    """The extract of the last thirty days, as anyone may read it: ledgers in which something was written come first.

    The same number of queries for any number of entries.
    """
    families = open_families(org)
    ledgers = public_ledgers(org, today, families) if families else []
    if not ledgers:
        return []
    rows = LedgerEntry.objects.visible_to(by).standing().filter(
        org=org, ledger__in=[one.code for one in ledgers], day__range=(today - timedelta(days=DAYS - 1), today)
    )  # fmt: skip
    entries: dict[str, list[Readable]] = defaultdict(list)
    for one in sorted(read(rows.select_related("org"), by), key=when, reverse=True):
        entries[one.entry.ledger].append(one)
    return [_extract(one, entries[one.code]) for one in sorted(ledgers, key=lambda one: one.code not in entries)]


def families_in_words(families: Sequence[str]) -> list[str]:
    """What the public reads about."""
    return [str(FAMILIES[family]) for family in families]


def _extract(held: Resolved, entries: Sequence[Readable]) -> Published:
    chinese = language().startswith("zh")
    inner = held.lines.columns if held.lines else ()
    columns = [one for one in (*held.columns, *inner) if one.code in held.ledger.public and not one.personal]
    codes = tuple(one.code for one in columns)
    rows = tuple((one.day, slot_of(one.slot) if one.slot else "", _cells(one, codes)) for one in entries)
    return Published(
        held.ledger.title(language()), held.ledger.why_zh if chinese else held.ledger.why_en,
        tuple(one.title(language()) for one in columns), rows, len(entries), len({one.day for one in entries}),
    )  # fmt: skip


def _cells(one: Readable, codes: Sequence[str]) -> tuple[str, ...]:
    """What each public column said: of the entry itself, or of its lines gathered."""
    head = {cell.code: cell for cell in one.cells}
    return tuple(head[code].words if code in head else _of_lines(one, code) for code in codes)


def _of_lines(one: Readable, code: str) -> str:
    """Lines about dishes one by one, lines about people and places as counts of each answer."""
    lines = one.resolved.lines
    found: list[tuple[str, Cell]] = [
        (line.label, cell) for line in one.lines for cell in line.cells if cell.code == code
    ]
    if lines is not None and lines.of == "dishes":
        return formats.listed(f"{label} {cell.words}" for label, cell in found)
    counted = Counter(cell.words for _label, cell in found if cell.words != formats.NOTHING)
    return formats.listed(f"{words} {count}" for words, count in counted.items())
