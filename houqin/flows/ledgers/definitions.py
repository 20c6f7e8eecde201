"""What a ledger is at a unit on a day: the catalogue's definition with everything that units of its chain asked for.

Read thousands of times a second, so each process keeps what it read. One small query (``_stamp``) tells whether anything
was added or ended since, in whichever process; a closed definition and a renamed unit are noticed within a minute. Who
writes an entry relies on a stamp that is at most a second old: the form has just asked for it.
"""

import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import partial
from typing import Any

from django.db import connection

from houqin.core.catalogues.models import CatalogueItem
from houqin.core.orgs.models import OrgUnit
from houqin.core.scope.refusals import NotVisible
from houqin.core.scope.remembering import remembered
from houqin.flows.duties.registry import Demand
from houqin.flows.ledgers.catalogue import AREA, Column, Ledger, Limit, Lines, as_ledger
from houqin.flows.ledgers.models import Adoption
from houqin.flows.ledgers.rules.asking import Change, merged, regional

_HOLDS_SECONDS, LATELY_SECONDS = 60.0, 1.0
_MOST_CHAINS = 50_000


@dataclass(frozen=True)
class Ask:
    """Who asks for a ledger beyond the catalogue: which unit, why, and what it costs."""

    org: OrgUnit
    why: str
    demand: Demand
    tenth_minutes: int


@dataclass(frozen=True)
class Resolved:
    """A ledger as it holds at a unit: columns with the limits in force there, who asks, what it takes.

    Adopted columns carry the prefix of the unit that asked; ``added`` tells which. ``columns`` belong to the entry,
    those of ``lines`` to each of its lines.
    """

    ledger: Ledger
    version: int
    columns: tuple[Column, ...]
    lines: Lines | None
    demand: Demand
    asks: tuple[Ask, ...] = ()
    added: Mapping[str, Ask] = field(default_factory=dict)

    @property
    def code(self) -> str:
        """The code of the ledger."""
        return self.ledger.code

    @property
    def asked_by(self) -> OrgUnit | None:
        """The topmost unit that asks for it; None: the law, or nobody."""
        return self.asks[0].org if self.asks else None

    @property
    def tenth_minutes(self) -> int:
        """What one entry takes a trained person, in tenths of a minute, with what units added."""
        return int(self.ledger.minutes * 10) + sum(ask.tenth_minutes for ask in self.asks)

    @property
    def minutes(self) -> Decimal:
        """What one entry takes a trained person."""
        return Decimal(self.tenth_minutes) / 10

    @property
    def may_be_empty(self) -> bool:
        """Whether "nothing to report" is an answer: where events are listed, or nothing has to be filled in."""
        if self.lines is not None:
            return self.lines.of == "free"
        return not any(column.required for column in self.columns)

    @property
    def is_kept(self) -> bool:
        """Whether it is kept at this unit at all: by law, by the office, or because a unit of the chain chose it."""
        return self.ledger.demand != Demand.OWN or bool(self.asks)


def resolved(code: str, org: OrgUnit, day: date, *, within: float = 0.0) -> Resolved:
    """A ledger at a unit on a day; NotVisible (404) when the catalogue has none of this code then.

    What changed in another process less than ``within`` seconds ago need not be noticed.
    """
    known = _known(within)
    item = known.on(code, day)
    if item is None:
        raise NotVisible
    return known.resolve(item, org, day)


def above(code: str, org: OrgUnit, day: date) -> Resolved:
    """What holds at a unit without what it asks for itself: what it may add to and tighten."""
    known = _known()
    item = known.on(code, day)
    if item is None:
        raise NotVisible
    return known.resolve(item, org, day, own=False)


def every(org: OrgUnit, day: date) -> list[Resolved]:
    """Every ledger of the catalogue as it would hold at this unit, by family and code."""
    known = _known()
    found = [known.on(code, day) for code in known.versions]
    return sorted(
        (known.resolve(item, org, day) for item in found if item is not None), key=lambda r: (r.ledger.family, r.code)
    )


def as_written(code: str, version: int, org: OrgUnit) -> Resolved:
    """The version by which an entry was written, with every column that a unit of the chain ever asked for."""
    return reader()(code, version, org)


def reader() -> Callable[[str, int, OrgUnit], Resolved]:
    """``as_written`` for many entries: whether something has changed is asked once."""
    return partial(_as_written, _known())


def _as_written(known: "_Known", code: str, version: int, org: OrgUnit) -> Resolved:
    for item in known.versions.get(code, ()):
        if item.version == version:
            return known.resolve(item, org, None)
    raise NotVisible


def definitions(day: date) -> list[Ledger]:
    """The newest version of every ledger that holds on a day."""
    known = _known()
    found = (known.on(code, day) for code in sorted(known.versions))
    return [item.ledger for item in found if item is not None]


def ever() -> list[tuple[str, Column]]:
    """Every column of every version of every ledger, with the ledger's code; and those that units ask for now."""
    known = _known()
    ledgers = [item.ledger for items in known.versions.values() for item in items]
    found = [
        (one.code, column) for one in ledgers for column in (*one.columns, *(one.lines.columns if one.lines else ()))
    ]
    for row in known.all_adoptions():
        change = change_of(row)
        asked = (*change.columns, *change.of_lines)
        found += [(row.ledger, column.model_copy(update={"code": change.prefix + column.code})) for column in asked]
    return found


def adopted(day: date) -> dict[str, list[Adoption]]:
    """What units ask for on a day, by ledger, the topmost unit first."""
    known = _known()
    found: dict[str, list[Adoption]] = defaultdict(list)
    for row in known.all_adoptions():
        if row.ended_at is None and row.from_on <= day:
            found[row.ledger].append(row)
    return found


def followed_events() -> frozenset[str]:
    """Names of the events after which a ledger of the catalogue falls due, as last read."""
    return (_kept or _known()).events()


@dataclass(frozen=True)
class _Item:
    """One version of a definition, typed once."""

    version: int
    since: date
    until: date | None
    ledger: Ledger


@dataclass(frozen=True)
class _Chain:
    """The units from the top to one unit: their names (regions), and what each asks for."""

    names: tuple[str, ...]
    adoptions: tuple[Adoption, ...]


@dataclass
class _Known:
    """Everything read under one stamp; a new stamp begins a new one."""

    stamp: tuple[Any, ...]
    read_at: float
    asked_at: float
    versions: dict[str, list[_Item]]
    chains: dict[str, _Chain] = field(default_factory=dict)
    merged: dict[tuple[Any, ...], Resolved] = field(default_factory=dict)
    adoptions: list[Adoption] | None = None
    followed: frozenset[str] | None = None

    def on(self, code: str, day: date) -> _Item | None:
        """The newest version that holds on a day."""
        for item in self.versions.get(code, ()):
            if item.since <= day and (item.until is None or day < item.until):
                return item
        return None

    def resolve(self, item: _Item, org: OrgUnit, day: date | None, *, own: bool = True) -> Resolved:
        """Merge a definition with what the chain asks for on a day (None: ever asked for)."""
        chain = self._chain(org)
        asked = [row for row in chain.adoptions if row.ledger == item.ledger.code and _holds(row, day)]
        asked = asked if own else [row for row in asked if row.org_id != org.pk]
        regions = tuple(name for name in chain.names if name in _regions(item.ledger))
        key = (item.ledger.code, item.version, tuple(row.pk for row in asked), regions, day is None)
        found = self.merged.get(key)
        if found is None:
            found = self.merged[key] = _merge(item, asked, chain.names, limited=day is not None)
        return found

    def _chain(self, org: OrgUnit) -> _Chain:
        found = self.chains.get(org.path)
        if found is None:
            units = org.chain()
            rows = Adoption.objects.filter(org__path__in=[unit.path for unit in units]).select_related("org")
            adoptions = tuple(rows.order_by("org__path", "pk"))
            found = _Chain(tuple(unit.name for unit in units), adoptions)
            if len(self.chains) >= _MOST_CHAINS:
                self.chains.clear()
            self.chains[org.path] = found
        return found

    def all_adoptions(self) -> list[Adoption]:
        if self.adoptions is None:
            rows = Adoption.objects.filter(ended_at__isnull=True).select_related("org")
            self.adoptions = list(rows.order_by("org__path", "pk"))
        return self.adoptions

    def events(self) -> frozenset[str]:
        if self.followed is None:
            self.followed = frozenset(
                when.event for items in self.versions.values() for when in items[0].ledger.schedules if when.event
            )
        return self.followed


_kept: _Known | None = None


def _known(within: float = 0.0) -> _Known:
    global _kept  # noqa: PLW0603 one for the process
    now = time.monotonic()
    if _kept is not None and now - _kept.asked_at < within:
        return _kept
    stamp = _stamp()
    if _kept is None or _kept.stamp != stamp or now - _kept.read_at > _HOLDS_SECONDS:
        _kept = _Known(stamp, now, now, _versions())
    _kept.asked_at = now
    return _kept


def forget() -> None:
    """Read everything anew: this process has just changed it."""
    global _kept  # noqa: PLW0603 one for the process
    _kept = None


_ITEMS, _ASKED = CatalogueItem._meta.db_table, Adoption._meta.db_table
_STAMP = f"""
    SELECT (SELECT max(id) FROM {_ITEMS}), (SELECT digest FROM {_ITEMS} ORDER BY id DESC LIMIT 1),
        (SELECT public_id FROM {_ASKED} ORDER BY id DESC LIMIT 1), (SELECT max(ended_at) FROM {_ASKED})
"""  # noqa: S608 our own names


@remembered
def _stamp() -> tuple[Any, ...]:
    """What differs as soon as a definition or an adoption was added or ended, by whichever process. Four index ends."""
    with connection.cursor() as cursor:
        cursor.execute(_STAMP)
        return tuple(cursor.fetchone())


def _versions() -> dict[str, list[_Item]]:
    """Every version of every ledger, the newest first."""
    found: dict[str, list[_Item]] = defaultdict(list)
    for row in CatalogueItem.objects.filter(area=AREA).order_by("code", "-version"):
        ledger = as_ledger(
            row.code, row.body, title_zh=row.title_zh, title_en=row.title_en, source=row.source, clause=row.clause,
            confidence=row.confidence, region=row.region, effective_from=row.effective_from, effective_to=row.effective_to,
        )  # fmt: skip
        found[row.code].append(_Item(row.version, row.effective_from, row.effective_to, ledger))
    return dict(found)


def _holds(row: Adoption, day: date | None) -> bool:
    return day is None or (row.ended_at is None and row.from_on <= day)


def _regions(ledger: Ledger) -> frozenset[str]:
    columns = [*ledger.columns, *(ledger.lines.columns if ledger.lines else ())]
    return frozenset(limit.region for column in columns for limit in column.limits if limit.region)


def prefix_of(org: OrgUnit) -> str:
    """What the codes of a unit's additions begin with: the same for ever, and no code of a catalogue."""
    return f"u{org.public_id.hex[-8:]}_"


def change_of(row: Adoption) -> Change:
    """What an adoption makes of the columns and limits."""
    columns: list[Column] = []
    of_lines: list[Column] = []
    for given in row.columns:
        content = dict(given)
        (of_lines if content.pop("of_lines", False) else columns).append(Column.model_validate(content))
    limits = {key: [Limit.model_validate(one) for one in found] for key, found in row.limits.items()}
    return Change(prefix_of(row.org), tuple(columns), tuple(of_lines), limits)


def _merge(item: _Item, asked: Iterable[Adoption], names: tuple[str, ...], *, limited: bool) -> Resolved:
    ledger = item.ledger
    asks: list[Ask] = []
    added: dict[str, Ask] = {}
    columns = [regional(column, names) if limited else column for column in ledger.columns]
    of_lines = ledger.lines.columns if ledger.lines else ()
    inner = [regional(column, names) if limited else column for column in of_lines]
    for row in asked:
        ask = Ask(row.org, row.why, Demand(row.demand), row.tenth_minutes)
        change = change_of(row)
        asks.append(ask)
        for column in (*change.columns, *change.of_lines):
            added[change.prefix + column.code] = ask
        columns, inner = merged(columns, change, ""), merged(inner, change, "lines.")
    lines = ledger.lines.model_copy(update={"columns": inner}) if ledger.lines else None
    demand = ledger.demand if ledger.demand != Demand.OWN or not asks else asks[0].demand
    return Resolved(ledger, item.version, tuple(columns), lines, Demand(demand), tuple(asks), added)
