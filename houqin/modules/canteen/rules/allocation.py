"""Which lots the issues of a ledger came from. Pure, deterministic, grams conserved, no lot below zero.

A ledger that names the batch is believed. Otherwise the oldest produced goes first (先产先出). Deliveries of a day come
before its issues. What is not there is not issued: the row is refused and its grams stay where they are.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from houqin.lib.text import name_key

NOTHING: Mapping[int, int] = {}


@dataclass(frozen=True, slots=True)
class StoreLot:
    """A lot of one product group in one store: all that ever came in of it.

    ``order`` is any stable number that tells lots of one day apart. From the day after ``closed_on`` nothing is taken
    from it (a recall holds it).
    """

    key: int
    received_on: date
    grams: int
    produced_on: date | None = None
    batch: str = ""
    product: int = 0
    order: int = 0
    closed_on: date | None = None

    @property
    def age(self) -> tuple[date, date, int]:
        """Sorts the oldest produced first; an unknown production day counts from the day of receipt."""
        return (self.produced_on or self.received_on, self.received_on, self.order)

    def open_on(self, day: date) -> bool:
        """Whether it was there and could be taken from on a day."""
        return self.received_on <= day and (self.closed_on is None or day <= self.closed_on)


@dataclass(frozen=True, slots=True)
class Wanted:
    """A row of the issue ledger that waits for its lots. ``meal`` is the meal's place in the day."""

    key: int
    day: date
    grams: int
    meal: int = 0
    order: int = 0
    batch: str = ""
    product: int = 0

    @property
    def when(self) -> tuple[date, int, int]:
        """Sorts by day, meal and row."""
        return (self.day, self.meal, self.order)


@dataclass(frozen=True, slots=True)
class Held:
    """Grams that were taken from a lot and stay taken, whatever is derived anew."""

    lot: int
    day: date
    grams: int
    meal: int = 0
    order: int = 0
    certain: bool = False

    @property
    def when(self) -> tuple[date, int, int]:
        """Sorts by day, meal and row."""
        return (self.day, self.meal, self.order)


@dataclass(frozen=True, slots=True)
class Part:
    """So many grams of an issue came from this lot. ``certain``: the lot was named, or no other could have given it."""

    issue: int
    lot: int
    grams: int
    certain: bool


@dataclass(frozen=True, slots=True)
class Shortage:
    """A refused row: what it wanted and what there was, in the whole store or of the batch that it names."""

    issue: int
    wanted: int
    there: int
    batch: str = ""


@dataclass(frozen=True)
class Allocation:
    """The answer: parts of the issues that stand, rows refused, rows that name a batch nobody delivered, and lots of
    which more is held as taken than ever came in."""

    parts: tuple[Part, ...]
    shortages: tuple[Shortage, ...] = ()
    unknown_batches: tuple[int, ...] = ()
    overdrawn: tuple[int, ...] = ()


def allocate(lots: Iterable[StoreLot], issues: Iterable[Wanted], held: Iterable[Held] = ()) -> Allocation:
    """Assign the issues of one product group in one store to its lots.

    The result does not depend on the order of the input, and the issues that stand would stand in the same way had the
    refused ones never been written.
    """
    store = _Store(lots, held)
    waiting = sorted(issues, key=lambda issue: (*issue.when, issue.key))
    refused: dict[int, Shortage] = {}
    while True:
        outcome = store.run(waiting)
        # A refused row that named a batch had kept it from others: without the first of them, look again.
        named = [short for short in outcome.shortages if short.batch]
        dropped = {short.issue for short in outcome.shortages if not short.batch} | {s.issue for s in named[:1]}
        refused |= {short.issue: short for short in outcome.shortages if short.issue in dropped}
        if not named:
            break
        waiting = [issue for issue in waiting if issue.key not in dropped]
    shortages = tuple(refused[key] for key in sorted(refused))
    return Allocation(outcome.parts, shortages, outcome.unknown_batches, outcome.overdrawn)


class _Store:
    """The lots, oldest produced first, and what is taken from them already."""

    def __init__(self, lots: Iterable[StoreLot], held: Iterable[Held]) -> None:
        self.lots = sorted(lots, key=lambda lot: (*lot.age, lot.key))
        self.lot = {lot.key: lot for lot in self.lots}
        self.held = sorted(held, key=lambda taken: (*taken.when, taken.lot))
        self.by_batch: dict[str, list[StoreLot]] = defaultdict(list)
        self.by_key: dict[str, list[StoreLot]] = defaultdict(list)
        self.by_date: dict[date, list[StoreLot]] = defaultdict(list)
        for lot in sorted(self.lots, key=lambda lot: (lot.received_on, lot.order, lot.key)):
            if lot.batch:
                self.by_batch[lot.batch].append(lot)
                self.by_key[name_key(lot.batch)].append(lot)
            if lot.produced_on:
                self.by_date[lot.produced_on].append(lot)

    def run(self, issues: Sequence[Wanted]) -> Allocation:
        """Once through the ledger, day by day."""
        return _Day(self, issues).through()

    def named_by(self, issue: Wanted) -> list[StoreLot]:
        """The lots that a row's batch means: as written, else up to spelling, else a production date."""
        if not issue.batch:
            return []
        day = as_date(issue.batch)
        candidates = (
            self.by_batch.get(issue.batch, []),
            self.by_key.get(name_key(issue.batch), []),
            self.by_date.get(day, []) if day else [],
        )
        for found in candidates:
            there = [lot for lot in found if lot.open_on(issue.day)]
            if there:
                return sorted(there, key=lambda lot: lot.product != issue.product)
        return []


@dataclass
class _Day:
    """One pass through the ledger."""

    store: _Store
    issues: Sequence[Wanted]
    parts: list[Part] = field(default_factory=list)
    shortages: list[Shortage] = field(default_factory=list)
    unknown: list[int] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.left = {lot.key: lot.grams for lot in self.store.lots}
        for taken in self.store.held:
            self.left[taken.lot] -= taken.grams
        self.overdrawn = tuple(key for key, grams in self.left.items() if grams < 0)
        self.kept: dict[int, int] = defaultdict(int)  # grams of a lot that later rows name
        self.named: dict[int, list[StoreLot]] = {}
        self.reserved: dict[int, dict[int, int]] = {}
        self.doubt = _Doubt(self.store)
        for issue in self.issues:
            self._reserve(issue)

    def _reserve(self, issue: Wanted) -> None:
        """Keep what a row names from rows that name nothing."""
        lots = self.named[issue.key] = self.store.named_by(issue)
        if not lots:
            return
        need, mine = issue.grams, self.reserved.setdefault(issue.key, {})
        for lot in lots:
            take = min(need, self._free(lot.key))
            if take > 0:
                mine[lot.key] = take
                self.kept[lot.key] += take
                need -= take

    def _free(self, key: int) -> int:
        return max(0, self.left[key] - self.kept[key])

    def through(self) -> Allocation:
        """Every row in its turn."""
        for issue in self.issues:
            self.doubt.advance(issue)
            if self.named[issue.key]:
                self._take_named(issue)
            else:
                if issue.batch:
                    self.unknown.append(issue.key)
                self._take_oldest(issue)
        return Allocation(tuple(self.parts), tuple(self.shortages), tuple(self.unknown), self.overdrawn)

    def _take_named(self, issue: Wanted) -> None:
        lots = self.named[issue.key]
        mine = self.reserved.pop(issue.key, {})
        for key, grams in mine.items():
            self.kept[key] -= grams
        there = sum(max(0, self.left[lot.key]) for lot in lots)
        if there < issue.grams:
            self.shortages.append(Shortage(issue.key, issue.grams, there, issue.batch))
            return
        self._write(issue, self._take(lots, issue.grams, mine), certain=True)

    def _take_oldest(self, issue: Wanted) -> None:
        lots = [lot for lot in self.store.lots if self.left[lot.key] > 0 and lot.open_on(issue.day)]
        there = sum(self.left[lot.key] for lot in lots)
        if there < issue.grams:
            self.shortages.append(Shortage(issue.key, issue.grams, there))
            return
        certain = self.doubt.only_one(issue.day)
        self._write(issue, self._take(lots, issue.grams), certain=certain)

    def _take(self, lots: Sequence[StoreLot], grams: int, mine: Mapping[int, int] = NOTHING) -> dict[int, int]:
        """Take from the lots in turn: what was kept for the row, then what nobody names, then the rest."""
        taken: dict[int, int] = defaultdict(int)
        for most in (lambda key: min(mine.get(key, 0), self.left[key]), self._free, lambda key: self.left[key]):
            for lot in lots:
                take = min(grams, most(lot.key))
                if take > 0:
                    taken[lot.key] += take
                    self.left[lot.key] -= take
                    grams -= take
        return taken

    def _write(self, issue: Wanted, taken: dict[int, int], *, certain: bool) -> None:
        for key, grams in taken.items():
            self.parts.append(Part(issue.key, key, grams, certain))
            self.doubt.took(key, grams, certain=certain)


class _Doubt:
    """Which lots could still have given something, whatever the cook really took first.

    When the store of a product was empty, everything received before was gone for certain; and a lot of which every
    gram is spoken for by name cannot have given to anybody else.
    """

    def __init__(self, store: _Store) -> None:
        self.store = store
        self.arriving = sorted(
            (lot for lot in store.lots if lot.grams > 0), key=lambda lot: lot.received_on, reverse=True
        )
        self.taking = list(reversed(store.held))
        self.could: dict[int, int] = {}  # lots since the store was last empty → grams not certainly gone elsewhere
        self.stock = 0

    def advance(self, issue: Wanted) -> None:
        """Up to this row: what was delivered and what is held as taken."""
        while self.taking and self.taking[-1].when <= issue.when:
            taken = self.taking.pop()
            self._arrive(taken.day)
            self.took(taken.lot, taken.grams, certain=taken.certain)
        self._arrive(issue.day)

    def _arrive(self, day: date) -> None:
        while self.arriving and self.arriving[-1].received_on <= day:
            lot = self.arriving.pop()
            self.could[lot.key] = lot.grams
            self.stock += lot.grams

    def took(self, lot: int, grams: int, *, certain: bool) -> None:
        """Grams have gone."""
        self.stock -= grams
        if self.stock <= 0:
            self.could.clear()
        elif certain and lot in self.could:
            self.could[lot] -= grams
            if self.could[lot] <= 0:
                del self.could[lot]

    def only_one(self, day: date) -> bool:
        """Whether a single lot could have supplied a row of this day."""
        return sum(self.store.lot[key].open_on(day) for key in self.could) == 1


_DIGITS = re.compile(r"^\D*(\d{4})\D?(\d{1,2})\D?(\d{1,2})\D*$")


def as_date(batch: str) -> date | None:
    """The production date that a batch is, when it is nothing else (``20240301``, ``2024-3-1``)."""
    found = _DIGITS.match(batch)
    if not found:
        return None
    try:
        return date(*(int(part) for part in found.groups()))
    except ValueError:
        return None
