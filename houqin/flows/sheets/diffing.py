"""What a sheet changes: compared with what was recorded from it before. Pure.

Equal facts (same unit, kind and key) are compared as sets of what they say, so that a line that moved, or a second
equal delivery on one day, is no change. The same line in two files counts once. What is left over pairs up as
corrections, then as new lines; lines of an earlier version of the same sheet that are gone are to be reversed.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, TypeAlias

Fact: TypeAlias = tuple[int, str, str]  # org, kind, key
Origin: TypeAlias = tuple[int, str, str]  # org, kind, source


@dataclass(frozen=True, slots=True)
class Incoming:
    """A line of this import."""

    row: Any
    org_id: int
    kind: str
    key: str
    digest: str
    source: str
    day: date | None = None

    @property
    def fact(self) -> Fact:
        """Which fact it is."""
        return self.org_id, self.kind, self.key

    @property
    def origin(self) -> Origin:
        """Which sheet it stands in."""
        return self.org_id, self.kind, self.source


@dataclass(frozen=True, slots=True)
class Known(Incoming):
    """A line of an earlier import; `row` is its RecordedRow."""


@dataclass
class Changes:
    """What is to be done."""

    unchanged: list[tuple[Incoming, Known]] = field(default_factory=list)
    changed: list[tuple[Incoming, Known]] = field(default_factory=list)
    created: list[Incoming] = field(default_factory=list)
    vanished: list[Known] = field(default_factory=list)
    twins: list[tuple[Incoming, Incoming]] = field(default_factory=list)  # the line, where else it stands


def compare(incoming: Sequence[Incoming], known: Sequence[Known]) -> Changes:
    """Sort every line into unchanged, changed, created or vanished."""
    changes = Changes()
    kept = _once(incoming, changes)
    now: dict[Fact, list[Incoming]] = _by_fact(kept)
    before: dict[Fact, list[Known]] = _by_fact(known)
    same_sheet = _successors(kept, known)
    gone: list[Known] = []
    for fact, rows in now.items():
        gone += _compare_fact(rows, before.pop(fact, []), same_sheet, changes)
    for rest in before.values():
        gone += rest
    changes.vanished = _really_gone(gone, kept, known, same_sheet, changes)
    return changes


def _by_fact(rows: Iterable[Any]) -> dict[Fact, list[Any]]:
    found: dict[Fact, list[Any]] = defaultdict(list)
    for row in rows:
        found[row.fact].append(row)
    return found


def _once(incoming: Sequence[Incoming], changes: Changes) -> list[Incoming]:
    """Of a line that stands in several files, as many as the file that has most of them."""
    counts: dict[tuple[Fact, str], Counter[str]] = defaultdict(Counter)
    first: dict[tuple[Fact, str, str], Incoming] = {}
    for row in incoming:
        counts[row.fact, row.digest][row.source] += 1
        first.setdefault((row.fact, row.digest, row.source), row)
    fullest = {same: max(sources, key=lambda each: sources[each]) for same, sources in counts.items()}
    kept = []
    for row in incoming:
        source = fullest[row.fact, row.digest]
        if row.source == source:
            kept.append(row)
        else:
            changes.twins.append((row, first[row.fact, row.digest, source]))
    return kept


def _compare_fact(
    rows: list[Incoming], before: list[Known], same_sheet: dict[Origin, Origin], changes: Changes
) -> list[Known]:
    """One fact: equals first, then corrections within a sheet; returns what nothing answers to."""
    left = list(before)
    open_rows = []
    for row in rows:
        match = next((each for each in left if each.digest == row.digest and each.source == row.source), None)
        match = match or next((each for each in left if each.digest == row.digest), None)
        if match:
            left.remove(match)
            changes.unchanged.append((row, match))
        else:
            open_rows.append(row)
    for row in open_rows:
        origin = same_sheet.get(row.origin, row.origin)
        match = next((each for each in left if each.origin == origin), None)
        if match:
            left.remove(match)
            changes.changed.append((row, match))
        else:
            changes.created.append(row)
    return left


def _successors(incoming: Sequence[Incoming], known: Sequence[Known]) -> dict[Origin, Origin]:
    """Sheets that carry on an earlier one under another file name: half of its lines or more stand in them."""
    present = {row.origin for row in incoming}
    earlier: dict[Origin, Counter[tuple[Fact, str]]] = defaultdict(Counter)
    for row in known:
        if row.origin not in present:
            earlier[row.origin][row.fact, row.digest] += 1
    lines: dict[Origin, Counter[tuple[Fact, str]]] = defaultdict(Counter)
    for each in incoming:
        lines[each.origin][each.fact, each.digest] += 1
    recorded = {row.origin for row in known}
    found: dict[Origin, Origin] = {}
    for origin, told in lines.items():
        if origin in recorded:
            continue
        for other, had in earlier.items():
            if other[:2] == origin[:2] and sum((told & had).values()) * 2 >= sum(had.values()):
                found[origin] = other
    return found


def _really_gone(
    gone: Sequence[Known],
    incoming: Sequence[Incoming],
    known: Sequence[Known],
    same_sheet: dict[Origin, Origin],
    changes: Changes,
) -> list[Known]:
    """A line has vanished when its own sheet came again and still is mostly the same sheet. A sheet of the same name
    about other days (a new month) takes nothing away."""
    carried_on = {row.origin for row in incoming} | set(same_sheet.values())
    answered = Counter(before.origin for _row, before in [*changes.unchanged, *changes.changed])
    had = Counter(row.origin for row in known)
    spans: dict[Origin, tuple[date, date]] = {}
    for row in incoming:
        if row.day:
            origin = same_sheet.get(row.origin, row.origin)
            low, high = spans.get(origin, (row.day, row.day))
            spans[origin] = (min(low, row.day), max(high, row.day))
    return [
        row
        for row in gone
        if row.origin in carried_on and _same_still(row, answered[row.origin], had[row.origin], spans.get(row.origin))
    ]


def _same_still(row: Known, answered: int, had: int, span: tuple[date, date] | None) -> bool:
    if row.day and span:
        return answered * 2 >= had or (answered > 0 and span[0] <= row.day <= span[1])
    return answered * 2 >= had
